@testable import Bringup

/// What a judgement says: the status and the text it wrote.
func said(_ body: (inout ReportLine) -> CheckStatus) -> (status: CheckStatus, text: String) {
  var line = ReportLine()
  let status = body(&line)
  return (status, text(of: line))
}

/// A line as it is printed.
func text(of line: borrowing ReportLine) -> String {
  var bytes: [UInt8] = []
  line.write { bytes.append($0) }
  return String(decoding: bytes, as: UTF8.self)
}

/// A machine whose checks end as they are told; it keeps what is printed.
final class FakeMachine: BringupMachine {
  var hasPlan = true
  var hasCounter = true
  var hasController = true
  /// CPUs without a part of the interrupt controller.
  var withoutInterface: [Int] = []

  func hasInterface(_ cpu: Int) -> Bool { !withoutInterface.contains(cpu) }
  var outcomes: [String: CheckOutcome] = [:]
  private(set) var performed: [Check] = []
  private(set) var lines: [String] = []
  private var open: [UInt8] = []
  private var line = ReportLine()

  static func name(_ check: Check) -> String {
    var bytes: [UInt8] = []
    forEachByte(of: check.kind.name) { bytes.append($0) }
    let name = String(decoding: bytes, as: UTF8.self)
    return check.kind.multiplicity == .once ? name : "\(name).\(check.index)"
  }

  func put(_ byte: UInt8) { open.append(byte) }

  func endLine() {
    lines.append(String(decoding: open, as: UTF8.self))
    open = []
  }

  func perform(_ check: Check) -> CheckOutcome {
    performed.append(check)
    line.add("seen", 1)
    return outcomes[Self.name(check)] ?? .returned(.ok)
  }

  var whenKept: (BringupProgress) -> Void = { _ in }

  func keep(_ progress: BringupProgress) { whenKept(progress) }

  func withLine<R>(_ body: (inout ReportLine) -> R) -> R { body(&line) }

  /// The whole report of a board called `board`.
  func report(cpus: Int = 2, caches: Int = 1) -> [String] {
    let name = Array("board".utf8)
    var run = BringupRun(
      self, BringupProgress(CheckList(cpuCount: cpus, cacheLevels: caches)))
    run.run { $0 < name.count ? name[$0] : 0 }
    return lines
  }
}
