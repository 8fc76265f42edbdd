import Synchronization

/// When the kernel raised a zone's stimulus line: the latest 4,096 times.
///
/// The guest stamps its handler with `Measurement.stimulus`; a reader pairs each stamp with the
/// first raise not yet answered before it, so raises that merged while pending count once. Written
/// by whichever CPU raises the line; part of the record format.
public struct StimulusRing: BitwiseCopyable, Sendable {
  /// `magicValue` once the kernel has initialised it.
  public var magic: UInt64
  /// Index of the zone.
  public var zone: UInt32
  /// Entries in the ring.
  public var capacity: UInt32
  /// Raises since the zone's latest start; number n (from 1) is in slot (n - 1) modulo `capacity`.
  public var raised: UInt64
  /// Zero.
  public var reserved: InlineArray<5, UInt64>
  /// The ring.
  public var entries: InlineArray<4096, StimulusEntry>

  /// "HVSTIMUL" read as a little-endian integer.
  public static let magicValue: UInt64 = 0x4c55_4d49_5453_5648
  /// Entries in the ring, a power of two.
  public static let entryCount = 4096

  /// An empty ring, for hosts and tests.
  public init(zone: UInt32 = 0) {
    magic = Self.magicValue
    self.zone = zone
    capacity = UInt32(Self.entryCount)
    raised = 0
    reserved = InlineArray(repeating: 0)
    entries = InlineArray(repeating: StimulusEntry(sequence: 0, tick: 0))
  }

  /// Notes one raise at `tick`; any CPU may call it, concurrently. Call it before the line is made
  /// pending.
  ///
  /// - Safety: `ring` must point to the zone's initialised ring.
  @unsafe
  public static func note(_ ring: UnsafeMutablePointer<StimulusRing>, tick: UInt64) {
    let raw = UnsafeMutableRawPointer(ring)
    // SAFETY: `raised` is at offset 16, aligned, and only ever accessed atomically by the kernel.
    let sequence = unsafe (raw + 16).assumingMemoryBound(to: Atomic<UInt64>.self).pointee
      .wrappingAdd(1, ordering: .relaxed).oldValue
    let slot = Int(truncatingIfNeeded: sequence) & (entryCount &- 1)
    // SAFETY: `slot` is below `entryCount`; the entries start at offset 64.
    _ = unsafe (raw + 64 + slot &* 16).initializeMemory(
      as: StimulusEntry.self, to: StimulusEntry(sequence: sequence &+ 1, tick: tick))
  }
}

/// One raise.
public struct StimulusEntry: BitwiseCopyable, Sendable {
  /// Number of the raise, from 1; 0: the slot was never used.
  public var sequence: UInt64
  /// Counter tick just before the line was made pending.
  public var tick: UInt64

  /// An entry as the kernel stores it.
  @inlinable
  public init(sequence: UInt64, tick: UInt64) {
    self.sequence = sequence
    self.tick = tick
  }
}
