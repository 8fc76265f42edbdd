/// What the kernel writes about one CPU: every exit from a zone, how long it kept the CPU, and why.
///
/// Only the CPU itself writes its block, so there are no locks and no atomics. Part of the record
/// format: field order and sizes are asserted by the tests; all-zero bytes after `magic` are a valid
/// empty block.
public struct CPUProbeBlock: BitwiseCopyable, Sendable {
  /// `magicValue` once the CPU has initialised its block; anything else: the CPU never came up.
  public var magic: UInt64
  /// What hardware calls the CPU (AArch64: MPIDR_EL1 affinity fields).
  public var hardwareID: UInt64
  /// Index of the CPU in the Plan.
  public var cpu: UInt32
  /// Index of the zone that owns the CPU, or `nobody`.
  public var zone: UInt32
  /// Ticks of one trial of `recordExit` between two counter reads, at boot: what counting adds to a
  /// residency. 0: not measured.
  public var probeCost: UInt64
  /// Guest program counter at the latest exit that did not return: stop, restart or fault. 0: none.
  public var lastPC: UInt64
  /// That exit: ticks << 8 | reason.
  public var lastExit: UInt64
  /// Longest exit in ticks.
  public var longestTicks: UInt64
  /// Guest program counter at the longest exit.
  public var longestPC: UInt64
  /// `ExitReason` of the longest exit; meaningful when `longestTicks` is not 0.
  public var longestReason: UInt64
  /// Zero.
  public var reserved: InlineArray<7, UInt64>
  /// Time from trap entry to return, by `ExitReason` raw value.
  public var residency: InlineArray<16, Histogram>

  /// "HVCPUBLK" read as a little-endian integer.
  public static let magicValue: UInt64 = 0x4b4c_4255_5043_5648
  /// `zone` of a CPU that no zone owns.
  public static let nobody: UInt32 = 0xffff_ffff

  /// An empty block, for hosts and tests; the kernel clears memory in place instead.
  public init(cpu: UInt32 = 0, zone: UInt32 = nobody, hardwareID: UInt64 = 0) {
    magic = Self.magicValue
    self.hardwareID = hardwareID
    self.cpu = cpu
    self.zone = zone
    probeCost = 0
    lastPC = 0
    lastExit = 0
    longestTicks = 0
    longestPC = 0
    longestReason = 0
    reserved = InlineArray(repeating: 0)
    residency = InlineArray(repeating: Histogram())
  }

  /// Counts one exit that kept the CPU for `ticks` and had interrupted the guest at `pc`.
  ///
  /// Call it on the way out of the kernel through the `UnsafeMutablePointer` of the CPU's own block.
  /// Its cost, and how to count it: docs/measuring.md, "The four measurements".
  @inlinable @inline(__always)
  public mutating func recordExit(
    reason: ExitReason, ticks: UInt64, pc: @autoclosure () -> UInt64
  ) {
    // SAFETY: raw values of `ExitReason` are below the sixteen slots; the tests check the last one.
    unsafe residency[unchecked: Int(truncatingIfNeeded: reason.rawValue)].record(ticks)
    if ticks > longestTicks {
      longestTicks = ticks
      longestPC = pc()
      longestReason = UInt64(truncatingIfNeeded: reason.rawValue)
    }
  }

  /// Keeps a recorded exit that does not return to the guest in `lastPC` and `lastExit`.
  @inlinable
  public mutating func noteFinalExit(reason: ExitReason, ticks: UInt64, pc: UInt64) {
    lastPC = pc
    lastExit = ticks &<< 8 | UInt64(truncatingIfNeeded: reason.rawValue)
  }

  /// Exits of this CPU for one reason so far.
  @inlinable
  public func exitCount(_ reason: ExitReason) -> UInt64 {
    residency[Int(truncatingIfNeeded: reason.rawValue)].count
  }

  /// Exits of this CPU so far, all reasons: sixteen loads.
  @inlinable
  public var exitCount: UInt64 {
    var total: UInt64 = 0
    for slot in 0..<ExitReason.slotCount { total = total &+ residency[slot].count }
    return total
  }
}

extension UnsafeMutablePointer<CPUProbeBlock> {
  /// Exits so far for the `ExitReason` with this raw value, or all for all ones; nil when there is no such
  /// reason. What the hypercall EXIT_COUNT answers. Through the pointer: a block is too large to copy.
  public func exitCount(reason: UInt64) -> UInt64? {
    if reason == ~0 { return unsafe pointee.exitCount }
    guard reason < 16, let known = ExitReason(rawValue: UInt8(truncatingIfNeeded: reason)) else {
      return nil
    }
    return unsafe pointee.exitCount(known)
  }
}
