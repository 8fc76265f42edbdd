package import Boards
package import LatencyReport
import SepKernel

/// The tier of the bring-up image: its log, compared with the board's facts once more, and baselines
/// of records.
package struct BoardChecks {
  let board: Board
  let logs: [BringUpLog]
  /// Captures in which neither the image nor a kernel says anything.
  let silent: [String]
  let records: [Dataset]

  /// `logs` of runs with zones do no harm; `silent` are names of those that are of nothing.
  package init(board: Board, logs: [BringUpLog], silent: [String] = [], records: [Dataset]) {
    self.silent = silent
    self.board = board
    self.logs = logs.filter { !$0.isEmpty }
    self.records = records
  }

  /// The log's own item, one for each check that was made, and one for each that should have been.
  package func items() -> [ChecklistItem] {
    guard let log = logs.last else {
      return [withoutLog] + expected.map { withRecord(missing($0, nil)) }
    }
    var items = [logItem(log)]
    var unseen = expected
    for check in log.checks {
      unseen.removeAll { $0.id == check.id }
      items.append(item(check, in: log))
    }
    // The CPU that boots starts the others and is not started itself.
    let starts = unseen.filter { $0.entry == Catalogue.Board.cpuStart }
    if starts.count == 1 { unseen.removeAll { $0 == starts[0] } }
    items += unseen.map { missing($0, log) }
    return items.map(withRecord).sorted { order($0) < order($1) }
  }

  /// A board that was started and said nothing is not one that nobody started.
  private var withoutLog: ChecklistItem {
    guard let name = silent.last else {
      return ChecklistItem(
        Catalogue.Board.log, .notChecked, "no log of the bring-up image was given")
    }
    return ChecklistItem(
      Catalogue.Board.log, .fail, "it has no line of the image or of a kernel", source: name,
      advice:
        "The board was silent: it is not started in EL2 or HS-mode, loads the image elsewhere, or has its "
        + "UART elsewhere. Read the image's report out of memory (docs/porting.md), or capture the right line."
    )
  }

  private struct Expected: Equatable {
    var entry: CatalogueEntry
    var subject: String?
    var id: String { subject.map { "\(entry.id).\($0)" } ?? entry.id }
  }

  /// What a whole log has on this board. How many caches there are only the board knows.
  private var expected: [Expected] {
    Catalogue.Board.all.filter {
      $0 != Catalogue.Board.log && $0.architectures.contains(board.architecture)
    }.flatMap { entry -> [Expected] in
      switch entry.subject {
      case .none: [Expected(entry: entry)]
      case .cpu: board.cpus.indices.map { Expected(entry: entry, subject: "\($0)") }
      case .level, .zone: []
      }
    }
  }

  private func missing(_ expected: Expected, _ log: BringUpLog?) -> ChecklistItem {
    let found =
      log == nil
      ? "no log of the bring-up image was given" : "the log says nothing of it"
    return ChecklistItem(expected.entry, subject: expected.subject, .notChecked, found)
  }

  /// A check of the image that this version has no knowledge of.
  private static func unknown(_ id: String) -> CatalogueEntry {
    CatalogueEntry(
      id, .board, "A check this version does not know",
      why: "The bring-up image is newer than the tool, or the line is damaged.",
      advice: "Use the tool that belongs to the image.")
  }

  private func item(_ check: BringUpLog.Check, in log: BringUpLog) -> ChecklistItem {
    let source = "\(log.name):\(check.line)"
    let known = Catalogue.entry(for: check.id).flatMap { $0.tier == .board ? $0 : nil }
    let entry = known ?? Self.unknown(check.id)
    let subject =
      known == nil ? nil : check.id.split(separator: ".").dropFirst().first.map(String.init)
    guard let result = check.result else {
      return hung(check, entry, subject, source, log)
    }
    let comparison = BoardComparison(board: board, subject: subject).compare(entry.id, result)
    let text = [result.fields.text, result.note].filter { !$0.isEmpty }.joined(separator: "; ")
    var verdict = result.state.verdict
    for finding in comparison where verdict != .notChecked {
      verdict = verdict.worse(finding.verdict)
    }
    if known == nil { verdict = verdict == .notChecked ? .notChecked : verdict.worse(.warn) }
    let found = ([text.isEmpty ? "no values" : text] + comparison.map(\.text)).joined(
      separator: "; ")
    return ChecklistItem(entry, subject: subject, verdict, found, source: source)
  }

  private func hung(
    _ check: BringUpLog.Check, _ entry: CatalogueEntry, _ subject: String?, _ source: String,
    _ log: BringUpLog
  ) -> ChecklistItem {
    guard !check.isFollowed else {
      return ChecklistItem(
        entry, subject: subject, .fail,
        "it was begun and its result is not in the log, though others came after it",
        source: source,
        advice:
          "The line was lost or damaged: capture the console again. If it is missing again, the "
          + "check failed without a word.")
    }
    let after =
      check.after.isEmpty ? "" : "; what came after: " + check.after.joined(separator: " / ")
    return ChecklistItem(
      entry, subject: subject, .fail, "did not return; the board hung here\(after)", source: source,
      advice: "What this check touches does not answer, or firmware kept the CPU. \(entry.advice)")
  }

  private func logItem(_ log: BringUpLog) -> ChecklistItem {
    var wrong: [String] = []
    var odd: [String] = []
    if let name = log.board {
      if name != board.name { wrong.append("it is the log of \(name)") }
    } else {
      odd.append("its beginning is missing")
    }
    if let end = log.end {
      for (name, state) in [
        ("ok", BringUpResult.State.ok), ("warn", .warn), ("fail", .fail), ("skip", .skip),
      ] {
        let seen = log.checks.count { $0.result?.state == state }
        if end[name] != UInt64(seen) {
          wrong.append("the board counted \(end[name] ?? 0) \(name), the log has \(seen)")
        }
      }
    } else {
      wrong.append("`bringup: end` is missing: the board stopped, or the capture did")
    }
    let results = log.checks.count { $0.result != nil }
    if let announced = log.announced, announced != UInt64(results) {
      wrong.append("\(announced) checks were announced, \(results) have a result")
    }
    if log.board != nil, log.announced == nil {
      odd.append("its beginning does not say how many checks there are")
    }
    if log.checks.contains(where: { $0.result == nil }) { odd.append("a check has no result") }
    if log.damagedCount > 0 {
      odd.append("\(log.damagedCount) damaged lines, the first is \(log.damaged.first ?? 0)")
    }
    if log.isCut { odd.append("it ends within a line") }
    if !log.abandoned.isEmpty {
      wrong.append(
        "the board began \(log.beginnings) times; it had stopped in "
          + log.abandoned.joined(separator: ", "))
    } else if log.beginnings > 1 {
      odd.append("it has \(log.beginnings) runs, of which the last counts")
    }
    if !log.repeated.isEmpty {
      odd.append(
        "more than one result of \(log.repeated.joined(separator: ", ")): the worst counts")
    }
    odd += silent.map { "\($0) has no line of the image or of a kernel" }
    let all = wrong + odd
    return ChecklistItem(
      Catalogue.Board.log, !wrong.isEmpty ? .fail : !odd.isEmpty ? .warn : .ok,
      all.isEmpty ? "\(results) checks, whole" : all.joined(separator: "; "), source: log.name)
  }

  /// A baseline item with what records have of it.
  private func withRecord(_ item: ChecklistItem) -> ChecklistItem {
    guard item.entry == Catalogue.Board.baseline,
      let cpu = item.id.split(separator: ".").last.flatMap({ Int($0) })
    else { return item }
    var item = item
    for record in records {
      let unit = TickUnit(record.machine)
      for series in record.series where series.origin == .baseline(cpu: cpu) {
        let summary = LatencySummary(series, unit)
        guard series.distribution.count > 0 else { continue }
        let isUnknown = item.verdict == .notChecked
        item.verdict = (isUnknown ? .ok : item.verdict).worse(summary.verdict)
        item.found = (isUnknown ? "" : item.found + "; ") + summary.text
        item.source = (isUnknown ? "" : item.source + ", ") + record.source
      }
    }
    return item
  }

  /// The catalogue's order, then by number.
  private func order(_ item: ChecklistItem) -> (Int, Int, String) {
    let place = Catalogue.Board.all.firstIndex { $0 == item.entry } ?? Catalogue.Board.all.count
    let number = item.id.split(separator: ".").dropFirst().first.flatMap { Int($0) } ?? 0
    return (place, number, item.id)
  }
}
