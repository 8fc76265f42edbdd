/// One zone of a Plan that has passed `PlanCheck`; see `PlanView`.
@safe
public struct PlanZoneView: BitwiseCopyable {
  let record: UnsafePointer<PlanZone>

  /// - Precondition: the whole record is readable and does not change as long as the view is used.
  @unsafe
  init(record: UnsafePointer<PlanZone>) {
    unsafe self.record = record
  }

  // SAFETY, for every read below: the initialiser's caller vouched for the whole record.

  /// Character `index`, 0-15, of the name; NUL after its end.
  public func name(_ index: Int) -> UInt8 {
    precondition(index >= 0 && index < 16)
    return unsafe UnsafeRawPointer(record).load(fromByteOffset: index, as: UInt8.self)
  }
  /// The name's 16 bytes as two little-endian words: equal names have equal words.
  var nameWords: (UInt64, UInt64) {
    let raw = unsafe UnsafeRawPointer(record)
    return unsafe (raw.load(as: UInt64.self), raw.load(fromByteOffset: 8, as: UInt64.self))
  }
  /// A `PlanZoneKind` raw value; `kind` after the check.
  var rawKind: UInt8 { unsafe record.pointee.kind }
  /// What the zone is. `nil` in no Plan that passed the check.
  public var kind: PlanZoneKind? { PlanZoneKind(rawValue: rawKind) }
  /// How it starts and what it sees.
  public var flags: PlanZoneFlags { PlanZoneFlags(rawValue: unsafe record.pointee.flags) }
  var reserved: UInt8 { unsafe record.pointee.reserved0 }
  /// CPUs it owns.
  public var cpuCount: Int { Int(unsafe record.pointee.cpuCount) }
  /// First instruction, guest-physical.
  public var entry: UInt64 { unsafe record.pointee.entry }
  /// Argument `index`, 0-3, of the first instruction.
  public func argument(_ index: Int) -> UInt64 { unsafe record.pointee.arguments[index] }
  /// Its emulated UART, guest-physical; meaningful with `.console`.
  public var consoleGuest: UInt64 { unsafe record.pointee.consoleGuest }
  /// The line of its emulated UART.
  public var consoleLine: UInt32 { unsafe record.pointee.consoleLine }
  /// The line that the kernel raises for the stimulus measurement; 0: none.
  public var stimulusLine: UInt32 { unsafe record.pointee.stimulusLine }
  /// Base `index`, 0-1, of the zone's interrupt controller, guest-physical.
  public func interruptControllerGuest(_ index: Int) -> UInt64 {
    unsafe record.pointee.interruptControllerGuest[index]
  }
  /// Memory ranges it has.
  public var rangeCount: Int { Int(unsafe record.pointee.rangeCount) }
  /// Payloads it has.
  public var payloadCount: Int { Int(unsafe record.pointee.payloadCount) }

  /// Range `index`; zero beyond `rangeCount`.
  public func range(_ index: Int) -> PlanRange {
    precondition(index >= 0 && index < Plan.rangeCapacity)
    return unsafe UnsafeRawPointer(record).load(
      fromByteOffset: PlanView.rangesOffset + index * MemoryLayout<PlanRange>.stride,
      as: PlanRange.self)
  }

  /// Payload `index`; zero beyond `payloadCount`.
  public func payload(_ index: Int) -> PlanPayload {
    precondition(index >= 0 && index < Plan.payloadCapacity)
    return unsafe UnsafeRawPointer(record).load(
      fromByteOffset: PlanView.payloadsOffset + index * MemoryLayout<PlanPayload>.stride,
      as: PlanPayload.self)
  }
}
