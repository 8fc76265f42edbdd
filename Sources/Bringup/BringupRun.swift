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
  /// One byte of the report, to wherever it can be read. Never waits long, never faults.
  func put(_ byte: UInt8)
  /// A line is complete: a chance to send it.
  func endLine()
  /// Makes a check and gives it back, whatever happens in it. What it has to say is in `line`.
  func perform(_ check: Check) -> CheckOutcome
  /// Reads what the last check said; also used to say why it did not return.
  func withLine<R>(_ body: (inout ReportLine) -> R) -> R
}

/// The report: one line before and one after each check, so that the last line of a machine that stood
/// still names the check that did not return. The format is in docs/bringup.md.
public struct BringupRun<Machine: BringupMachine> {
  private let machine: Machine
  private let list: CheckList
  private var counts = InlineArray<4, UInt64>(repeating: 0)
  /// What later checks would fail for as well.
  private var hasUART = true
  private var hasController = true
  /// Bit n: CPU n did not start.
  private var missing: UInt64 = 0

  public init(_ machine: Machine, _ list: CheckList) {
    self.machine = machine
    self.list = list
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
    put(UInt64(list.count))
    end()
    for number in 0..<list.count {
      guard let check = list[number] else { break }
      make(check)
    }
    put("bringup: end ok=")
    put(counts[0])
    put(" warn=")
    put(counts[1])
    put(" fail=")
    put(counts[2])
    put(" skip=")
    put(counts[3])
    end()
  }

  private mutating func make(_ check: Check) {
    begin(check)
    put(" start")
    end()
    machine.withLine { $0.clear() }
    let status = judge(check)
    counts[Int(status.rawValue)] += 1
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
    let status: CheckStatus
    switch machine.perform(check) {
    case .returned(let returned): status = returned
    case .ended(let fault):
      machine.withLine { $0.describe(fault) }
      status = .fail
    }
    guard status == .fail else { return status }
    if check.kind == .uart { hasUART = false }
    if check.kind == .interruptController { hasController = false }
    if check.kind == .cpuStart { missing |= 1 << UInt64(check.index & 63) }
    return status
  }

  /// Why the check is not made: one fault is reported once.
  private func obstacle(to check: Check) -> StaticString? {
    if check.kind.needsPlan, !machine.hasPlan { return "the plan check failed" }
    if check.kind.needsController, !hasController { return "the interrupt-controller check failed" }
    if check.kind == .uartReceive, !hasUART { return "the uart check failed" }
    if check.kind.multiplicity == .cpu, missing >> UInt64(check.index & 63) & 1 != 0 {
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
