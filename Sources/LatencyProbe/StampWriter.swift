import Synchronization

/// Swift client for guests: writes stamps into the zone's stamp area. One writer per area.
///
/// `guests/include/hv_stamps.h` is the same for C. Nothing is allocated, nothing waits; when the
/// area is full the first entries are kept and the others counted as lost.
@safe
public struct StampWriter: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let capacity: UInt64
  private var written: UInt64 = 0
  private var lost: UInt64 = 0

  /// Clears the area and starts at its first entry. `period` and `deadline` of the measured task are
  /// in ticks, 0 for none; they are stored for the reader only.
  ///
  /// - Safety: `area` must be the zone's stamp memory, mapped writable as normal memory, 8-byte
  ///   aligned, `byteCount` bytes (at least 64) that nothing else uses while the writer lives.
  @unsafe
  public init(
    area: UnsafeMutableRawPointer, byteCount: Int, period: UInt64 = 0, deadline: UInt64 = 0
  ) {
    let capacity = StampAreaHeader.capacity(byteCount: byteCount)
    unsafe base = area
    self.capacity = UInt64(capacity)
    // SAFETY: the caller vouches for the area, which holds at least a header.
    unsafe area.storeBytes(
      of: StampAreaHeader(capacity: capacity, period: period, deadline: deadline),
      as: StampAreaHeader.self)
  }

  /// Stores one stamp; call it after the measured code has done its work, not before.
  @inline(__always)
  public mutating func write(_ stamp: Stamp) {
    guard written < capacity else {
      lost &+= 1
      // SAFETY: the header is inside the area.
      unsafe base.storeBytes(of: lost, toByteOffset: 24, as: UInt64.self)
      return
    }
    let offset = 64 &+ Int(truncatingIfNeeded: written) &* 32
    // SAFETY: `written` is below the capacity, computed from the area's size.
    unsafe base.storeBytes(of: stamp, toByteOffset: offset, as: Stamp.self)
    written &+= 1
    // SAFETY: aligned, inside the header, and written by this writer only. Release order: a reader
    // that sees the count sees the entry.
    unsafe (base + 16).assumingMemoryBound(to: Atomic<UInt64>.self).pointee
      .store(written, ordering: .releasing)
  }
}
