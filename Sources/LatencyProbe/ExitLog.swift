/// The latest exits of one CPU with the time of each: what a reader needs to say what ran inside a gap.
///
/// Holds exits that ran the full trap path or did not return to the guest, and not those of the short
/// path, which no log may lengthen (docs/decisions/0013-exit-log.md). Only the CPU itself writes it;
/// part of the record format.
public struct ExitLog: BitwiseCopyable, Sendable {
  /// `magicValue` once the kernel has initialised it.
  public var magic: UInt64
  /// Index of the CPU in the Plan.
  public var cpu: UInt32
  /// Entries in the ring.
  public var capacity: UInt32
  /// Exits logged since boot; number n (from 1) is in slot (n - 1) modulo `capacity`. Stored after the
  /// entry.
  public var logged: UInt64
  /// Zero.
  public var reserved: InlineArray<5, UInt64>
  /// The ring.
  public var entries: InlineArray<1024, ExitLogEntry>

  /// "HVEXITLG" read as a little-endian integer.
  public static let magicValue: UInt64 = 0x474c_5449_5845_5648
  /// Entries in the ring, a power of two.
  public static let entryCount = 1024

  /// An empty log, for hosts and tests; the kernel writes the header in place.
  public init(cpu: UInt32 = 0) {
    magic = Self.magicValue
    self.cpu = cpu
    capacity = UInt32(Self.entryCount)
    logged = 0
    reserved = InlineArray(repeating: 0)
    entries = InlineArray(repeating: ExitLogEntry(end: 0, ticks: 0, reason: .other, pc: 0))
  }

  /// Logs one exit. Call it through the `UnsafeMutablePointer` of the CPU's own log, after the counter
  /// was read for `entry`: what it costs is in no residency.
  @inlinable @inline(__always)
  public mutating func note(_ entry: ExitLogEntry) {
    let slot = Int(truncatingIfNeeded: logged) & (Self.entryCount &- 1)
    // SAFETY: masked to the size of the ring.
    unsafe entries[unchecked: slot] = entry
    logged = logged &+ 1
  }
}

/// One exit.
public struct ExitLogEntry: BitwiseCopyable, Sendable {
  /// Counter when the kernel was done with it.
  public var end: UInt64
  /// Ticks since the trap; of `ExitReason.revoked` since the revocation.
  public var ticks: UInt64
  /// `ExitReason` raw value.
  public var reason: UInt64
  /// Guest program counter.
  public var pc: UInt64

  /// An entry as the kernel stores it.
  @inlinable @inline(__always)
  public init(end: UInt64, ticks: UInt64, reason: ExitReason, pc: UInt64) {
    self.end = end
    self.ticks = ticks
    self.reason = UInt64(truncatingIfNeeded: reason.rawValue)
    self.pc = pc
  }
}
