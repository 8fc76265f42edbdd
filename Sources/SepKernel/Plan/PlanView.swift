/// A Plan in memory that has passed `PlanCheck`; only the check makes one.
///
/// All reads of a stored Plan go through this type, so the pointer arithmetic of the gate is in one
/// file. Each index is checked against the table's capacity, and a zone's against the zones present;
/// an index outside is a defect of the caller and traps.
@safe
public struct PlanView: BitwiseCopyable {
  let base: UnsafeRawPointer
  /// Zones present, and so the end of readable memory.
  public let zoneCount: Int

  // Offsets of the tables; `PlanLayoutTests` compares them with the structures.
  static let boardOffset = MemoryLayout<PlanHeader>.stride
  static let ramOffset = boardOffset + 40
  static let devicesOffset = ramOffset + Plan.ramCapacity * MemoryLayout<PlanRegion>.stride
  static let cpusOffset = boardOffset + MemoryLayout<PlanBoard>.stride
  static let linesOffset = cpusOffset + Plan.cpuCapacity * MemoryLayout<PlanCPU>.stride
  static let zonesOffset = Plan.prefixByteCount
  static let rangesOffset = 104
  static let payloadsOffset = rangesOffset + Plan.rangeCapacity * MemoryLayout<PlanRange>.stride

  /// - Precondition: `base` is 8-byte aligned and `Plan.byteCount(zones: zoneCount)` bytes from it are
  ///   readable and do not change as long as the view is used.
  @unsafe
  init(base: UnsafeRawPointer, zoneCount: Int) {
    unsafe self.base = base
    self.zoneCount = zoneCount
  }

  @inline(__always)
  private func load<T: BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
    // SAFETY: callers pass offsets of fields inside the readable bytes; all fields are aligned.
    unsafe base.load(fromByteOffset: offset, as: type)
  }

  /// The typed record. Only its first `zoneCount` zones are readable.
  @unsafe
  public var pointer: UnsafePointer<Plan> { unsafe base.assumingMemoryBound(to: Plan.self) }

  /// The whole header.
  public var header: PlanHeader { load(0, as: PlanHeader.self) }
  /// CPUs of the board.
  public var cpuCount: Int { Int(header.cpuCount) }
  /// One past the highest line that may be owned.
  public var lineCount: Int { Int(header.lineCount) }

  /// RAM regions of the board.
  public var ramCount: Int { Int(load(Self.boardOffset + 32, as: UInt32.self)) }
  /// Device windows of the board.
  public var deviceCount: Int { Int(load(Self.boardOffset + 36, as: UInt32.self)) }
  /// Where the interrupt controller is.
  public var interruptController: PlanInterruptController {
    // SAFETY: the board record lies in the prefix, which is readable.
    unsafe pointer.pointee.board.interruptController
  }
  /// First line that may be owned; lines below have no owner.
  public var firstSharedLine: Int { interruptController.knownKind?.firstSharedLine ?? lineCount }
  /// The UART that the kernel drives.
  public var uart: PlanUART {
    // SAFETY: as above.
    unsafe pointer.pointee.board.uart
  }
  /// Kernel image, Plan, payloads and table pool.
  public var kernel: PlanRegion {
    // SAFETY: as above.
    unsafe pointer.pointee.board.kernel
  }
  /// The pool of stage-2 tables.
  public var tables: PlanRegion {
    // SAFETY: as above.
    unsafe pointer.pointee.board.tables
  }
  /// The latency records; size 0: none.
  public var records: PlanRegion {
    // SAFETY: as above.
    unsafe pointer.pointee.board.records
  }
  /// Hz, or 0 for whatever the hardware says.
  public var counterFrequency: UInt64 {
    // SAFETY: as above.
    unsafe pointer.pointee.board.counterFrequency
  }
  /// Hz of the CPU cycles that latency records count; 0: they count ticks of the system counter.
  public var cycleFrequency: UInt64 {
    // SAFETY: as above.
    unsafe pointer.pointee.board.cycleFrequency
  }
  /// Samples of the board baseline on each CPU; 0: none.
  public var baselineSamples: UInt32 {
    // SAFETY: as above.
    unsafe pointer.pointee.board.baselineSamples
  }
  var boardReserved: UInt32 {
    // SAFETY: as above.
    unsafe pointer.pointee.board.reserved
  }

  /// Character `index` of the board's name.
  public func boardName(_ index: Int) -> UInt8 {
    precondition(index >= 0 && index < 32)
    return load(Self.boardOffset + index, as: UInt8.self)
  }

  /// RAM region `index`; zero beyond `ramCount`.
  public func ram(_ index: Int) -> PlanRegion {
    precondition(index >= 0 && index < Plan.ramCapacity)
    return load(Self.ramOffset + index * 16, as: PlanRegion.self)
  }

  /// Device window `index`; zero beyond `deviceCount`.
  public func device(_ index: Int) -> PlanRegion {
    precondition(index >= 0 && index < Plan.deviceCapacity)
    return load(Self.devicesOffset + index * 16, as: PlanRegion.self)
  }

  /// CPU `index`; nobody's beyond `cpuCount`.
  public func cpu(_ index: Int) -> PlanCPU {
    precondition(index >= 0 && index < Plan.cpuCapacity)
    return load(Self.cpusOffset + index * 16, as: PlanCPU.self)
  }

  /// Whether firmware starts CPUs and answers calls: AArch64 with PSCI, RISC-V with SBI.
  public var startsByFirmware: Bool { cpu(0).releaseAddress == 0 }

  /// Line `index`; nobody's beyond `lineCount`.
  public func line(_ index: Int) -> PlanLine {
    precondition(index >= 0 && index < Plan.lineCapacity)
    return load(Self.linesOffset + index * 2, as: PlanLine.self)
  }

  /// Zone `index`, below `zoneCount`.
  public func zone(_ index: Int) -> PlanZoneView {
    precondition(index >= 0 && index < zoneCount)
    // SAFETY: zone `index` is present, so its record is readable.
    return unsafe PlanZoneView(
      record: (base + Self.zonesOffset + index * MemoryLayout<PlanZone>.stride)
        .assumingMemoryBound(to: PlanZone.self))
  }

  /// The second word of a CPU's entry: the owner in the lowest byte, then all that is not the id.
  func cpuOwnerWord(_ index: Int) -> UInt64 {
    precondition(index >= 0 && index < Plan.cpuCapacity)
    return load(Self.cpusOffset + index * 16 + 8, as: UInt64.self)
  }

  /// Lines 4 x `index` to 4 x `index` + 3 in one word, the first in the lowest bits.
  @inline(__always)
  func fourLines(_ index: Int) -> UInt64 {
    load(Self.linesOffset + index * 8, as: UInt64.self)
  }

  /// Whether the bytes from `start` up to `end` are zero; both are multiples of 8 inside the Plan.
  func isZero(from start: Int, to end: Int) -> Bool {
    var bits: UInt64 = 0
    var offset = start
    while offset < end {
      bits |= load(offset, as: UInt64.self)
      offset += 8
    }
    return bits == 0
  }
}
