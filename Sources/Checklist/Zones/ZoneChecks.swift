package import Boards
package import LatencyReport
import SepKernel
import LatencyProbe

/// The tier with zones: records and console logs of runs.
package struct ZoneChecks {
  let board: Board
  let system: ChecklistSystem.PlannedFacts?
  let runs: [RunEvidence]
  let records: [Dataset]

  /// `system`: whose Plan the records must have.
  package init(
    board: Board, system: ChecklistSystem.PlannedFacts?, runs: [RunEvidence], records: [Dataset]
  ) {
    self.board = board
    self.system = system
    self.runs = runs.filter { !$0.isEmpty }
    self.records = records.filter { !$0.zones.isEmpty }
  }

  /// Zones of the system and of the records, in this order.
  package static func zoneNames(
    _ system: ChecklistSystem.PlannedFacts?, _ records: [Dataset]
  ) -> [String] {
    var names = system?.zones.map(\.name) ?? []
    for zone in records.flatMap(\.zones) where !names.contains(zone.name) {
      names.append(zone.name)
    }
    return names
  }

  /// The records' own item, and those of each zone; without zones one for each entry.
  package func items() -> [ChecklistItem] {
    let names = Self.zoneNames(system, records)
    guard !names.isEmpty else {
      return Catalogue.Zones.all.map {
        ChecklistItem($0, .notChecked, "neither a system nor the record of a run was given")
      }
    }
    let realTime = names.filter(isRealTime)
    return [recordsItem(), kernelLog()] + names.map(directDelivery) + names.map(restart)
      + realTime.map(besideAttacker)
      + realTime.map { latency($0, isLoaded: false) } + realTime.map { latency($0, isLoaded: true) }
  }

  private func isRealTime(_ name: String) -> Bool {
    system?.zones.contains { $0.name == name && $0.isRealTime } ?? false
      || records.contains { $0.zones.contains { $0.name == name && $0.kind == "zoneR" } }
  }

  private func recordsItem() -> ChecklistItem {
    let entry = Catalogue.Zones.records
    guard !records.isEmpty else { return ChecklistItem(entry, .notChecked, "no record was given") }
    var wrong: [String] = []
    var odd: [String] = []
    for record in records {
      if record.machine.board != board.name {
        wrong.append("\(record.source) is of board \(record.machine.board)")
      }
      let checksum = sixteenDigits(record.machine.planChecksum)
      if let system, checksum != system.checksum {
        odd.append("\(record.source) is of plan \(checksum), the system's is \(system.checksum)")
      }
      if !record.isSealed { odd.append("\(record.source) is not sealed") }
      if record.lostStamps > 0 { odd.append("\(record.source) lost \(record.lostStamps) stamps") }
    }
    let all = wrong + odd
    return ChecklistItem(
      entry, !wrong.isEmpty ? .fail : !odd.isEmpty ? .warn : .ok,
      all.isEmpty ? "\(records.count) sealed" : all.joined(separator: "; "),
      source: records.map(\.source).joined(separator: ", "))
  }

  private func kernelLog() -> ChecklistItem {
    let entry = Catalogue.Zones.kernelLog
    guard !runs.isEmpty else {
      return ChecklistItem(entry, .notChecked, "no log of a run with zones was given")
    }
    let wrong = runs.flatMap { run in
      ((run.panic.map { ["panic: \($0)"] } ?? []) + run.complaints).map { "\(run.name): \($0)" }
    }
    return ChecklistItem(
      entry, wrong.isEmpty ? .ok : .fail,
      wrong.isEmpty ? "\(runs.count) runs without" : shortened(wrong),
      source: runs.map(\.name).joined(separator: ", "))
  }

  /// Exits because of an interrupt on the zone's CPUs, in records; exits during its timer measurements,
  /// in logs.
  private func directDelivery(_ zone: String) -> ChecklistItem {
    let entry = Catalogue.Zones.directDelivery
    var found: [String] = []
    var sources: [String] = []
    var exits: UInt64 = 0
    var isKnown = false
    var silent: [String] = []
    for record in records {
      // Each timer sample of the zone is an interrupt it took.
      let taken = record.series.filter {
        $0.origin == .zone(zone) && $0.measurement.hasPrefix("timer-")
      }.reduce(UInt64(0)) { $0.addingSaturating($1.distribution.count) }
      guard taken > 0 else { continue }
      isKnown = true
      let count = record.cpus.filter { $0.zone == zone }.flatMap(\.reasons).filter {
        $0.reason == "interrupt"
      }.reduce(UInt64(0)) { $0.addingSaturating($1.residency.count) }
      exits = exits.addingSaturating(count)
      found.append("\(taken) timer interrupts, \(count) exits for an interrupt")
      sources.append(record.source)
    }
    for run in runs {
      for result in run.zones[zone]?.results ?? [] where result.name.hasPrefix("timer-") {
        guard let count = result.fields.number("exits") else {
          silent.append(Self.silence(result, run))
          continue
        }
        isKnown = true
        exits = exits.addingSaturating(count)
        found.append("\(result.name): \(count) exits")
        if sources.last != run.name { sources.append(run.name) }
      }
    }
    guard isKnown else {
      return ChecklistItem(
        entry, subject: zone, .notChecked, "no record or log shows interrupts it took",
        advice: "Run it with a record in which it stamps its timer interrupts (docs/hv.md).")
    }
    // riscv-plic-spec 1.0.0 knows no guests: the kernel takes a line's interrupt and passes it on.
    let isBySoftware = board.interruptController.kind == .plic
    let verdict: Verdict =
      exits > 0 && !isBySoftware ? .fail : exits > 0 || !silent.isEmpty ? .warn : .ok
    return ChecklistItem(
      entry, subject: zone, verdict, shortened(silent + found),
      source: sources.joined(separator: ", "))
  }

  /// Said of a measurement without the number that it is looked at for.
  private static func silence(_ result: RunEvidence.Result, _ run: RunEvidence) -> String {
    "\(run.name): \(result.name) does not say how many exits it had"
  }

  private func restart(_ zone: String) -> ChecklistItem {
    let entry = Catalogue.Zones.restart
    let starts = records.flatMap(\.zones).filter { $0.name == zone }.map(\.starts).max() ?? 0
    let times = runs.compactMap { $0.zones[zone]?.restarts }.max() ?? 0
    let named = runs.filter { $0.zones[zone] != nil }.map(\.name)
    if let refused = runs.compactMap({ $0.zones[zone]?.refused }).first {
      return ChecklistItem(
        entry, subject: zone, .fail, "the kernel refused it: \(refused)",
        source: named.joined(separator: ", "), advice: "Do what the kernel's message says.")
    }
    // A CPU that could not be taken back: the zone never starts again (docs/architecture.md, "Waiting").
    if let stuck = runs.compactMap({ $0.zones[zone]?.failed }).first(where: {
      $0.contains("stuck-cpu")
    }) {
      return ChecklistItem(
        entry, subject: zone, .fail, stuck, source: named.joined(separator: ", "))
    }
    let restarts = max(UInt64(clamping: times), starts > 0 ? starts - 1 : 0)
    guard restarts > 0 else {
      return ChecklistItem(entry, subject: zone, .notChecked, "no run restarted it")
    }
    return ChecklistItem(
      entry, subject: zone, .ok, "\(restarts) restarts",
      source: (named + records.filter { $0.zones.contains { $0.name == zone } }.map(\.source))
        .joined(separator: ", "))
  }

  private func besideAttacker(_ zone: String) -> ChecklistItem {
    let entry = Catalogue.Zones.attacker
    let attacked = runs.filter { $0.attackers.contains { $0 != zone } && $0.zones[zone] != nil }
    guard !attacked.isEmpty else {
      return ChecklistItem(entry, subject: zone, .notChecked, "no log has it beside `attacker`")
    }
    var wrong: [String] = []
    var odd: [String] = []
    var attacks = 0
    for run in attacked {
      if let panic = run.panic { wrong.append("\(run.name): the kernel panicked: \(panic)") }
      for attacker in run.attackers where attacker != zone {
        let one = run.zones[attacker] ?? RunEvidence.Zone()
        attacks += one.attacks + one.fatalAttacks
        if one.attackFailures > 0 {
          wrong.append("\(run.name): \(one.attackFailures) wrong answers to \(attacker)")
        }
      }
      let own = run.zones[zone] ?? RunEvidence.Zone()
      if own.restarts > 0 || own.starts > 1 { wrong.append("\(run.name): it was restarted") }
      if let failed = own.failed { wrong.append("\(run.name): it failed: \(failed)") }
      if own.results.isEmpty { odd.append("\(run.name): it reports no measurement") }
      odd += own.results.filter {
        $0.name.hasPrefix("timer-") && $0.fields.number("exits") == nil
      }.map { Self.silence($0, run) }
      wrong += own.results.filter { $0.fields.number("exits").map { $0 > 0 } ?? false }
        .filter { $0.name.hasPrefix("timer-") && board.interruptController.kind != .plic }
        .map { "\(run.name): \($0.name) had \($0.fields.text("exits") ?? "") exits" }
    }
    let all = wrong + odd
    return ChecklistItem(
      entry, subject: zone, !wrong.isEmpty ? .fail : !odd.isEmpty ? .warn : .ok,
      all.isEmpty ? "\(attacks) attacks beside it, no exit and no restart" : shortened(all),
      source: attacked.map(\.name).joined(separator: ", "))
  }

  /// The first few of many sentences.
  func shortened(_ texts: [String]) -> String {
    (texts.prefix(6) + (texts.count > 6 ? ["and \(texts.count - 6) more"] : [])).joined(
      separator: "; ")
  }
}

/// As a Plan's checksum is printed.
package func sixteenDigits(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
