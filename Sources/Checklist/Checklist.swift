package import Boards
package import LatencyReport

/// The whole list of a board: what was found, and of what.
package struct Checklist: Sendable {
  /// A line of provenance.
  package struct Origin: Sendable, Equatable, Encodable {
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// What a list is made of.
  package struct Input: Sendable {
    package var board: Board
    /// What the kernel's header says it occupies; nil: none is built.
    package var kernelBytes: UInt64?
    package var system: ChecklistSystem?
    /// Console logs and their names; what is in them decides what they are good for.
    package var logs: [(name: String, bytes: [UInt8])] = []
    package var records: [Dataset] = []
    /// What names these inputs: tool, date, hashes.
    package var provenance: [Origin] = []

    package init(board: Board) { self.board = board }
  }

  package let board: Board
  package let provenance: [Origin]
  /// Tier by tier, each in the catalogue's order.
  package let items: [ChecklistItem]

  /// Looks at everything in `input`.
  package init(_ input: Input) {
    board = input.board
    let facts = input.system?.facts
    let zones = ZoneChecks.zoneNames(facts, input.records)
    let logs = input.logs.map { ConsoleLog($0.bytes, name: $0.name, zones: zones) }
    let bringUps = logs.map { BringUpLog($0) }
    let runs = logs.map { RunEvidence($0) }
    let silent = zip(bringUps, runs).filter { $0.isEmpty && $1.isEmpty }.map(\.0.name)
    items =
      StaticChecks(board: input.board, kernelBytes: input.kernelBytes, system: input.system).items()
      + BoardChecks(
        board: input.board, logs: bringUps, silent: silent, records: input.records
      ).items()
      + ZoneChecks(
        board: input.board, system: facts, runs: runs,
        records: input.records
      ).items()
    provenance = input.provenance
  }

  /// How many items have this verdict.
  package func count(_ verdict: Verdict) -> Int { items.count { $0.verdict == verdict } }

  /// The worst of all; `notChecked` before `warn`: what was not looked at cannot be signed for.
  package var verdict: Verdict {
    [.fail, .notChecked, .warn].first { count($0) > 0 } ?? .ok
  }

  /// One sentence above everything else.
  package var headline: String {
    let counts = [
      (Verdict.fail, "fail"), (.notChecked, "not checked"), (.warn, "to be judged"), (.ok, "ok"),
    ].filter { count($0.0) > 0 }.map { "\(count($0.0)) \($0.1)" }.joined(separator: ", ")
    let word =
      switch verdict {
      case .fail: "FAIL"
      case .notChecked: "INCOMPLETE"
      case .warn: "COMPLETE, to be judged"
      case .ok: "COMPLETE"
      }
    return "\(word): \(counts), of \(items.count)"
  }

  /// What must be said of a board that is a program; nil: it is hardware.
  package var notice: String? {
    board.emulator.map {
      "This board is \($0.program) on a host: nothing here is a statement about hardware, and no "
        + "number in it is time."
    }
  }

  /// 2 if an item fails, else 0 (docs/hv.md, "Exit codes").
  package var exitCode: Int32 { count(.fail) > 0 ? 2 : 0 }
}
