/// Fixed log-linear histogram of durations in counter ticks: 3,104 bytes, no allocation.
///
/// Values up to 255 have a bin each, so that under `-icount` every path length can be read back
/// exactly. Above that each power of two is cut into 32 bins (relative width at most 1/32) up to
/// 2^24 - 1 ticks; anything longer is counted in `overflow` and only bounded by `largest`.
///
/// The structure is part of the record format: every field little endian at the offset its
/// declaration order gives, no padding. All-zero bytes are a valid empty histogram.
public struct Histogram: BitwiseCopyable, Sendable {
  /// Values recorded.
  public var count: UInt64
  /// Sum of all values in ticks, modulo 2^64.
  public var sum: UInt64
  /// Largest value above `exactMaximum`, 0 when there is none; see `maximum`.
  ///
  /// Smaller maxima are exact in the bins, so the common path need not compare.
  public var largest: UInt64
  /// Values of `limit` ticks or more, saturating.
  public var overflow: UInt32
  /// Zero.
  public var reserved: UInt32
  /// Occurrences by bin, saturating; `bin(of:)` and `bounds(ofBin:)` say which values.
  public var bins: InlineArray<768, UInt32>

  /// Number of bins.
  public static let binCount = 768
  /// Largest value that has a bin of its own.
  public static let exactMaximum: UInt64 = 255
  /// First value that no bin holds.
  public static let limit: UInt64 = 1 << 24

  /// Nothing recorded yet.
  public init() {
    count = 0
    sum = 0
    largest = 0
    overflow = 0
    reserved = 0
    bins = InlineArray(repeating: 0)
  }

  /// Counts one duration.
  ///
  /// Cost on AArch64, counted in the disassembly (Swift 6.3.1, -O): 12 instructions for values up to
  /// `exactMaximum`, 22 above, no calls.
  @inlinable @inline(__always)
  public mutating func record(_ ticks: UInt64) {
    // &+: both wrap after centuries of 62.5 MHz ticks; a check would cost the hot path.
    count = count &+ 1
    sum = sum &+ ticks
    if ticks <= Self.exactMaximum {
      increment(Int(truncatingIfNeeded: ticks))
    } else {
      recordLong(ticks)
    }
  }

  /// The part of `record` for values that share a bin. Inlined: a call would make the trap path save
  /// registers for a case it hardly ever takes.
  @inlinable @inline(__always)
  mutating func recordLong(_ ticks: UInt64) {
    if ticks > largest { largest = ticks }
    if ticks < Self.limit {
      increment(Self.bin(of: ticks))
    } else if overflow != .max {
      overflow &+= 1
    }
  }

  /// Counts one more in `bin`, unless it is full.
  @inlinable @inline(__always)
  mutating func increment(_ bin: Int) {
    // SAFETY: `bin` is at most `exactMaximum`, or comes from `bin(of:)` for a value below `limit`;
    // both are below `binCount`, which the tests check for every power of two and its neighbours.
    let old = unsafe bins[unchecked: bin]
    unsafe bins[unchecked: bin] = old &+ (old == .max ? 0 : 1)
  }

  /// Index of the bin for a value below `limit`; with larger values the result is no bin.
  @inlinable @inline(__always)
  public static func bin(of ticks: UInt64) -> Int {
    guard ticks > exactMaximum else { return Int(truncatingIfNeeded: ticks) }
    // The highest five bits after the leading one choose among 32 bins of the power of two.
    let exponent = 63 &- ticks.leadingZeroBitCount
    return 32 &* (exponent &- 1) &+ Int(truncatingIfNeeded: ticks &>> UInt64(exponent &- 5))
  }

  /// Smallest and largest value counted in a bin. `bin` must be in `0..<binCount`.
  public static func bounds(ofBin bin: Int) -> ClosedRange<UInt64> {
    precondition(bin >= 0 && bin < binCount)
    guard bin > Int(exactMaximum) else { return UInt64(bin)...UInt64(bin) }
    let exponent = (bin - 256) / 32 + 8
    let lower = UInt64(32 + bin % 32) << UInt64(exponent - 5)
    return lower...(lower + (1 << UInt64(exponent - 5)) - 1)
  }
}
