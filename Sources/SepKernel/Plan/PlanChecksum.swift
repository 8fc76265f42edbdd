/// The Plan's checksum: FNV-1a over 64-bit little-endian words instead of bytes.
///
/// It guards against damage and truncation, not against an adversary; `PlanCheck` is what a forged
/// Plan has to pass. Cost: about four instructions for each 8 bytes, so that checking a Plan stays a small
/// part of the boot path.
public struct PlanChecksum: BitwiseCopyable {
  /// The checksum of the words added so far.
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The checksum of nothing.
  public init() {}

  /// Adds the next word.
  @inline(__always)
  public mutating func add(_ word: UInt64) {
    // &*: the multiplication is modulo 2^64 by definition of FNV.
    value = (value ^ word) &* 0x0000_0100_0000_01b3
  }

  /// Checksum of a stored Plan; `checksumOffset` (the field itself) is read as zero. Bytes after the
  /// last whole word are not covered: a Plan has none.
  @_optimize(size)
  public static func of(_ bytes: RawSpan) -> UInt64 {
    // SAFETY: the pointer is used only inside the closure, and only for the span's bytes.
    unsafe bytes.withUnsafeBytes { unsafe of($0) }
  }

  /// The same for memory the kernel was given: `@_noLocks` code may not hold a `RawSpan`.
  ///
  /// - Parameter bytes: readable, 8-byte aligned.
  @unsafe
  @_optimize(size)
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sum = PlanChecksum()
    let end = bytes.count & ~7
    var offset = 0
    // The header, then four words at a time: this loop is the largest part of the check.
    while offset < min(end, 64) {
      sum.add(offset == checksumOffset ? 0 : unsafe word(bytes, offset))
      offset &+= 8
    }
    while offset < end & ~31 {
      sum.add(unsafe word(bytes, offset))
      sum.add(unsafe word(bytes, offset &+ 8))
      sum.add(unsafe word(bytes, offset &+ 16))
      sum.add(unsafe word(bytes, offset &+ 24))
      offset &+= 32
    }
    while offset < end {
      sum.add(unsafe word(bytes, offset))
      offset &+= 8
    }
    return sum.value
  }

  @unsafe @inline(__always)
  @_optimize(size)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    // SAFETY: the caller passes offsets of whole words inside `bytes`.
    unsafe bytes.load(fromByteOffset: offset, as: UInt64.self)
  }

  /// Offset of `PlanHeader.checksum`.
  public static let checksumOffset = 32
}
