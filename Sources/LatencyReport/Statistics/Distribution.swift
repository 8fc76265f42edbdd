public import LatencyProbe

/// Ascending values with their counts: what statistics are computed from, exact where the source was.
public struct Distribution: Sendable, Equatable {
  /// Values from one bin: a single value where the bounds are equal.
  public struct Point: Sendable, Equatable {
    public var bounds: ClosedRange<UInt64>
    public var count: UInt64

    /// `count` samples in `bounds`.
    public init(bounds: ClosedRange<UInt64>, count: UInt64) {
      self.bounds = bounds
      self.count = count
    }
  }

  /// Ascending, disjoint, counts above 0.
  public private(set) var points: [Point]
  /// Samples of which only is known that they are `overflowBound` or more.
  public private(set) var overflow: UInt64
  public private(set) var overflowBound: UInt64
  /// Points and overflow together.
  public private(set) var count: UInt64
  /// Exact unless `maximumIsBound`; nil without samples.
  public private(set) var maximum: UInt64?
  /// The source counted overflow but not how long the longest was: it is `maximum` or more.
  public private(set) var maximumIsBound = false

  /// Exact samples, in any order.
  public init(_ values: [UInt64]) {
    points = []
    overflow = 0
    overflowBound = .max
    count = UInt64(values.count)
    let sorted = values.sorted()
    maximum = sorted.last
    for value in sorted {
      if let last = points.last, last.bounds.lowerBound == value {
        points[points.count - 1].count += 1
      } else {
        points.append(Point(bounds: value...value, count: 1))
      }
    }
  }

  /// The bins of a histogram; the last bin's bounds are narrowed to the maximum.
  public init(_ histogram: Histogram) {
    points = []
    overflow = UInt64(histogram.overflow)
    overflowBound = Histogram.limit
    count = histogram.binned
    // A damaged record may claim a maximum that contradicts its bins; `lowerBound` wins then.
    maximum = histogram.maximum
    for bin in 0..<Histogram.binCount where histogram.bins[bin] != 0 {
      points.append(
        Point(bounds: Histogram.bounds(ofBin: bin), count: UInt64(histogram.bins[bin])))
    }
    if overflow > 0 {
      maximum = Swift.max(maximum ?? 0, Histogram.limit)
    } else if let last = points.last {
      let limited = Swift.min(
        Swift.max(maximum ?? 0, last.bounds.lowerBound), last.bounds.upperBound)
      maximum = limited
      points[points.count - 1].bounds = last.bounds.lowerBound...limited
    } else {
      maximum = nil
    }
  }

  /// Bins and overflow of another tool. Points may come in any order; those that overlap become one.
  ///
  /// `maximum` nil: not known. Then it is the upper end of the last bin, or, with overflow, a bound.
  /// A maximum that contradicts the bins is raised to what they show. Counts saturate.
  public init(
    points unsorted: [Point], overflow: UInt64 = 0, overflowBound: UInt64 = .max,
    maximum known: UInt64? = nil
  ) {
    points = []
    self.overflow = overflow
    self.overflowBound = overflowBound
    count = overflow
    for point in unsorted.sorted(by: { $0.bounds.lowerBound < $1.bounds.lowerBound })
    where point.count > 0 {
      count = count.addingSaturating(point.count)
      if let last = points.last, last.bounds.upperBound >= point.bounds.lowerBound {
        let upper = Swift.max(last.bounds.upperBound, point.bounds.upperBound)
        points[points.count - 1].bounds = last.bounds.lowerBound...upper
        points[points.count - 1].count = last.count.addingSaturating(point.count)
      } else {
        points.append(point)
      }
    }
    if overflow > 0 {
      maximumIsBound = known.map { $0 < overflowBound } ?? true
      maximum = Swift.max(known ?? overflowBound, overflowBound)
    } else if let last = points.last {
      let limited = Swift.min(
        Swift.max(known ?? last.bounds.upperBound, last.bounds.lowerBound), last.bounds.upperBound)
      maximum = limited
      points[points.count - 1].bounds = last.bounds.lowerBound...limited
    } else {
      maximum = nil
    }
  }

  /// Samples in points and overflow; nil where that is no number of 64 bits: counts made up by somebody.
  public static func total(_ points: [Point], overflow: UInt64 = 0) -> UInt64? {
    var total = overflow
    for point in points {
      let (sum, carry) = total.addingReportingOverflow(point.count)
      guard !carry else { return nil }
      total = sum
    }
    return total
  }

  /// Bounds of the largest sample; nil without samples.
  public var maximumBounds: ClosedRange<UInt64>? {
    maximum.map { $0...(maximumIsBound ? .max : $0) }
  }

  /// Bounds of the smallest sample; nil without samples.
  public var minimum: ClosedRange<UInt64>? {
    if let first = points.first { return first.bounds }
    guard let maximum else { return nil }
    return overflowBound...Swift.max(overflowBound, maximum)
  }

  /// The value below or at which the fraction `quantile` of the samples lies: nearest rank, definition 1 of
  /// Hyndman and Fan 1996, The American Statistician 50.
  public func value(_ quantile: Quantile) -> QuantileValue {
    guard count >= quantile.neededSamples else {
      return .refused(needed: quantile.neededSamples)
    }
    let rank = quantile.rank(of: count)
    var seen: UInt64 = 0
    for point in points {
      seen = seen.addingSaturating(point.count)
      if seen >= rank { return .within(point.bounds) }
    }
    return .atLeast(overflowBound)
  }
}

/// What can be said of a quantile.
public enum QuantileValue: Sendable, Equatable {
  /// It lies in these bounds; equal bounds: exact.
  case within(ClosedRange<UInt64>)
  /// It lies in the overflow: this many ticks or more.
  case atLeast(UInt64)
  /// Too few samples: `needed` would do.
  case refused(needed: UInt64)
}
