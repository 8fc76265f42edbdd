/// Why a check did not return.
public struct CheckFault: Equatable, Sendable {
  /// What kind of end.
  public enum Kind: UInt8, Sendable {
    /// An exception: `syndrome` is ESR_EL2 or scause, `address` FAR_EL2 or stval.
    case exception
    /// An exception that names no instruction: an SError.
    case asynchronous
    /// The watchdog ended it.
    case timeout
  }
  public var kind: Kind
  public var syndrome: UInt64
  public var address: UInt64
  /// Distance of the instruction from the start of the image.
  public var offset: UInt64

  public init(kind: Kind, syndrome: UInt64 = 0, address: UInt64 = 0, offset: UInt64 = 0) {
    self.kind = kind
    self.syndrome = syndrome
    self.address = address
    self.offset = offset
  }
}

/// What came of a check.
public enum CheckOutcome: Sendable {
  case returned(CheckStatus)
  case ended(CheckFault)
}

/// The machine a bring-up looks at.
public protocol BringupMachine {
  /// Whether the Plan was accepted and can be used.
  var hasPlan: Bool { get }
  /// Whether the counter counts, as far as is known.
  var hasCounter: Bool { get }
  /// Whether the interrupt controller is there, and a CPU's part of it.
  var hasController: Bool { get }
  func hasInterface(_ cpu: Int) -> Bool
  /// One byte of the report, to wherever it can be read. Never waits long, never faults.
  func put(_ byte: UInt8)
  /// A line is complete: a chance to send it.
  func endLine()
  /// Makes a check and gives it back, whatever happens in it. What it has to say is in `line`.
  func perform(_ check: Check) -> CheckOutcome
  /// Keeps how far the report is, for another CPU to go on should this one not come back from a check.
  func keep(_ progress: BringupProgress)
  /// Reads what the last check said; also used to say why it did not return.
  func withLine<R>(_ body: (inout ReportLine) -> R) -> R
}

/// How far a report is: all that another CPU needs to go on with it.
public struct BringupProgress: Sendable {
  let list: CheckList
  /// The check that is being made, or the next one.
  var number = 0
  var counts = InlineArray<4, UInt64>(repeating: 0)
  /// What later checks would fail for as well.
  var hasUART = true
  var hasController = true
  /// Bit n: CPU n did not start.
  var missing: UInt64 = 0

  public init(_ list: CheckList) { self.list = list }
}

/// The report: one line before and one after each check, so that the last line of a machine that stood
/// still names the check that did not return. The format is in docs/bringup.md.
public struct BringupRun<Machine: BringupMachine> {
  private let machine: Machine
  private var progress: BringupProgress

  public init(_ machine: Machine, _ progress: BringupProgress) {
    self.machine = machine
    self.progress = progress
  }

  /// All checks, whatever they do.
  public mutating func run(boardName: (Int) -> UInt8) {
    put("bringup: begin board=")
    for index in 0..<32 {
      let byte = boardName(index)
      // A damaged Plan's name shall not damage the report.
      guard byte > 0x20, byte < 0x7f else { break }
      machine.put(byte)
    }
    put(" checks=")
    put(UInt64(progress.list.count))
    end()
    proceed()
  }

  /// The rest of a report whose CPU did not come back from the check it was at.
  public mutating func goOn(after fault: CheckFault) {
    guard let check = progress.list[progress.number] else { return }
    machine.withLine {
      $0.describe(fault)
      $0.note("this CPU did not come back: another one goes on")
    }
    note(.fail, of: check)
    finish(check, .fail)
    proceed()
  }

  private mutating func proceed() {
    while let check = progress.list[progress.number] { make(check) }
    put("bringup: end ok=")
    put(progress.counts[0])
    put(" warn=")
    put(progress.counts[1])
    put(" fail=")
    put(progress.counts[2])
    put(" skip=")
    put(progress.counts[3])
    end()
  }

  private mutating func make(_ check: Check) {
    begin(check)
    put(" start")
    end()
    machine.withLine { $0.clear() }
    finish(check, judge(check))
  }

  private mutating func finish(_ check: Check, _ status: CheckStatus) {
    progress.counts[Int(status.rawValue)] += 1
    progress.number += 1
    begin(check)
    put(" ")
    put(status.name)
    machine.withLine { line in line.write { machine.put($0) } }
    end()
  }

  private mutating func judge(_ check: Check) -> CheckStatus {
    if let reason = obstacle(to: check) {
      machine.withLine { $0.note(reason) }
      return .skip
    }
    machine.keep(progress)
    let status: CheckStatus
    switch machine.perform(check) {
    case .returned(let returned): status = returned
    case .ended(let fault):
      machine.withLine { $0.describe(fault) }
      status = .fail
    }
    note(status, of: check)
    return status
  }

  private mutating func note(_ status: CheckStatus, of check: Check) {
    guard status == .fail else { return }
    if check.kind == .uart { progress.hasUART = false }
    // It also fails when only some CPUs have their part of it.
    if check.kind == .interruptController { progress.hasController = machine.hasController }
    if check.kind == .cpuStart { progress.missing |= 1 << UInt64(check.index & 63) }
  }

  /// Why the check is not made: one fault is reported once.
  private func obstacle(to check: Check) -> StaticString? {
    if check.kind.needsPlan, !machine.hasPlan { return "the plan check failed" }
    if check.kind.needsCounter, !machine.hasCounter { return "the counter stands still" }
    if check.kind.needsController, !progress.hasController {
      return "the interrupt-controller check failed"
    }
    if check.kind.needsController, check.kind.multiplicity == .cpu,
      !machine.hasInterface(check.index)
    {
      return "this CPU has no part of the interrupt controller"
    }
    if check.kind == .uartReceive, !progress.hasUART { return "the uart check failed" }
    if check.kind.multiplicity == .cpu,
      progress.missing >> UInt64(check.index & 63) & 1 != 0
    {
      return "this CPU did not start"
    }
    return nil
  }

  private func begin(_ check: Check) {
    put("bringup: ")
    put(check.kind.name)
    if check.kind.multiplicity != .once {
      put(".")
      put(UInt64(check.index))
    }
  }

  private func put(_ text: StaticString) { forEachByte(of: text) { machine.put($0) } }
  private func put(_ value: UInt64) { forEachDigit(of: value) { machine.put($0) } }

  private func end() {
    machine.put(13)
    machine.put(10)
    machine.endLine()
  }
}
