/// Which values share a count of an HdrHistogram.
///
/// Facts from the HdrHistogram documentation (hdrhistogram.org, "Internals"): the first 2 x half
/// counts are one unit wide; after them each `half` counts are twice as wide as the `half` before.
///
/// Not hdrhistogram-swift's `Histogram`, with which the tests compare, as a log is another's: an impossible
/// range is a precondition there, a line of 60 bytes that names a wide range and five digits takes 47 MiB
/// of counts, and which values the count with a number has, which is all a log says, is not public.
struct HDRGeometry: Hashable {
  let lowest: UInt64
  let highest: UInt64
  let digits: Int
  /// Power of two that a unit is: the largest not above `lowest`.
  private let unitBits: UInt64
  /// Counts in the upper half of a bucket, a power of two.
  private let half: Int
  private let halfBits: UInt64

  /// Nil unless `lowest` is 1 or more, `highest` at least twice that, digits 0 to 5, and every value
  /// fits 63 bits.
  init?(lowest: UInt64, highest: UInt64, digits: Int) {
    guard lowest >= 1, lowest <= UInt64.max / 4, highest >= 2 * lowest, highest < 1 << 63,
      (0...5).contains(digits)
    else { return nil }
    self.lowest = lowest
    self.highest = highest
    self.digits = digits
    unitBits = UInt64(63 - lowest.leadingZeroBitCount)
    var needed = 2
    for _ in 0..<digits { needed *= 10 }
    var bits: UInt64 = 1
    while 1 << bits < needed { bits += 1 }
    halfBits = bits - 1
    half = 1 << Int(halfBits)
    guard unitBits + halfBits <= 61 else { return nil }
  }

  /// Counts an array for all values has.
  var countsLength: Int {
    var buckets = 1
    var limit = UInt64(2 * half) << unitBits
    while limit <= highest, limit < 1 << 63 {
      limit <<= 1
      buckets += 1
    }
    return (buckets + 1) * half
  }

  /// Values of the count with this index; nil when they do not fit 64 bits.
  func bounds(_ index: Int) -> ClosedRange<UInt64>? {
    guard index >= 0 else { return nil }
    let bucket = index < 2 * half ? 0 : UInt64(index / half - 1)
    let sub = index < 2 * half ? index : index % half + half
    let shift = bucket + unitBits
    guard shift < 64, UInt64(sub).leadingZeroBitCount > shift else { return nil }
    let low = UInt64(sub) << shift
    return low...low + ((1 << shift) - 1)
  }
}
