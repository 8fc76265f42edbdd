// What a reader asks of a histogram. Not for the hot path.

extension Histogram {
  /// Longest value recorded, exact; nil when nothing was recorded.
  public var maximum: UInt64? {
    if largest > Self.exactMaximum { return largest }
    var bin = Int(Self.exactMaximum)
    while bin >= 0 {
      if bins[bin] != 0 { return UInt64(bin) }
      bin -= 1
    }
    return nil
  }

  /// Bounds of the shortest value recorded (equal bounds: exact); nil when nothing was recorded.
  public var minimum: ClosedRange<UInt64>? {
    for bin in 0..<Self.binCount where bins[bin] != 0 {
      let bounds = Self.bounds(ofBin: bin)
      return bounds
    }
    return overflow == 0 ? nil : Self.limit...Swift.max(Self.limit, largest)
  }

  /// Occurrences found in the bins and in `overflow`; equals `count` unless a bin saturated or the
  /// record was damaged or copied while a CPU was writing it.
  public var binned: UInt64 {
    var total = UInt64(overflow)
    for bin in 0..<Self.binCount { total += UInt64(bins[bin]) }
    return total
  }

  /// Whether a bin or the overflow count stopped at its limit: quantiles are then wrong.
  public var isSaturated: Bool {
    if overflow == .max { return true }
    for bin in 0..<Self.binCount where bins[bin] == .max { return true }
    return false
  }

  /// Bounds of the value with 1-based rank `rank` in ascending order: nil when it lies in the
  /// overflow or past the last value.
  public func value(atRank rank: UInt64) -> ClosedRange<UInt64>? {
    var seen: UInt64 = 0
    for bin in 0..<Self.binCount {
      seen += UInt64(bins[bin])
      if seen >= rank { return Self.bounds(ofBin: bin) }
    }
    return nil
  }

  /// Adds what another histogram counted; bins saturate.
  public mutating func merge(_ other: Histogram) {
    count &+= other.count
    sum &+= other.sum
    largest = Swift.max(largest, other.largest)
    overflow = Self.saturatingSum(overflow, other.overflow)
    for bin in 0..<Self.binCount {
      bins[bin] = Self.saturatingSum(bins[bin], other.bins[bin])
    }
  }

  private static func saturatingSum(_ a: UInt32, _ b: UInt32) -> UInt32 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
