/// The record's checksum: FNV-1a over 64-bit little-endian words.
///
/// Guards against damage and truncation, not against an adversary.
public struct RecordChecksum: BitwiseCopyable, Sendable {
  /// The checksum of the words added so far.
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The checksum of nothing.
  public init() {}

  /// Adds one word.
  @inline(__always)
  public mutating func add(_ word: UInt64) {
    // &*: the multiplication is modulo 2^64 by definition of FNV.
    value = (value ^ word) &* 0x0000_0100_0000_01b3
  }

  /// Checksum of a whole record (a multiple of 8 bytes), its checksum field read as zero.
  public static func of(_ bytes: Span<UInt8>) -> UInt64 {
    var sum = RecordChecksum()
    // SAFETY: bytes have no invalid values as integers.
    let words = unsafe bytes.bytes
    for index in 0..<words.byteCount / 8 {
      // SAFETY: the load ends at or before the last whole word of the span; UInt64 has no invalid
      // values and the load may be unaligned.
      let word = unsafe words.unsafeLoadUnaligned(
        fromUncheckedByteOffset: index * 8, as: UInt64.self)
      sum.add(index * 8 == RecordHeader.checksumOffset ? 0 : UInt64(littleEndian: word))
    }
    return sum.value
  }
}
