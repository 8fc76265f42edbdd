/// The Plan's checksum: FNV-1a over 64-bit little-endian words instead of bytes.
///
/// It guards against damage and truncation, not against an adversary; `PlanCheck` is what a forged
/// Plan has to pass. Cost: four instructions for each 8 bytes, so that checking a Plan stays a small
/// part of the boot path.
public struct PlanChecksum: BitwiseCopyable {
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  @inline(__always)
  public mutating func add(_ word: UInt64) {
    // &*: the multiplication is modulo 2^64 by definition of FNV.
    value = (value ^ word) &* 0x0000_0100_0000_01b3
  }

  /// Checksum of a stored Plan; `checksumOffset` (the field itself) is read as zero.
  public static func of(_ bytes: RawSpan) -> UInt64 {
    var sum = PlanChecksum()
    let words = bytes.byteCount / 8
    for index in 0..<words {
      let word = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index * 8, as: UInt64.self)
      sum.add(index * 8 == checksumOffset ? 0 : word)
    }
    return sum.value
  }

  /// Offset of `PlanHeader.checksum`.
  public static let checksumOffset = 32
}
