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
  /// Exact; nil without samples.
  public private(set) var maximum: UInt64?

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

  /// Points of a source that had bins of its own, with samples it only knows to be `overflowBound` or
  /// more. `maximum`: the largest sample where the source says it.
  ///
  /// Nil unless points ascend without overlap, below `overflowBound` when there is overflow, and all
  /// counts together fit in 64 bits. Points without samples are left out; a maximum that contradicts
  /// the last point is drawn into it.
  public init?(
    points: [Point], overflow: UInt64 = 0, overflowBound: UInt64 = .max, maximum: UInt64? = nil
  ) {
    var total = overflow
    var previous: UInt64?
    for point in points {
      if let previous, point.bounds.lowerBound <= previous { return nil }
      previous = point.bounds.upperBound
      let (sum, isTooMany) = total.addingReportingOverflow(point.count)
      guard !isTooMany else { return nil }
      total = sum
    }
    if overflow > 0, let previous, previous >= overflowBound { return nil }
    self.points = points.filter { $0.count > 0 }
    self.overflow = overflow
    self.overflowBound = overflowBound
    count = total
    if overflow > 0 {
      self.maximum = Swift.max(maximum ?? overflowBound, overflowBound)
    } else if let last = self.points.last {
      let limited = Swift.min(
        Swift.max(maximum ?? last.bounds.upperBound, last.bounds.lowerBound),
        last.bounds.upperBound)
      self.maximum = limited
      self.points[self.points.count - 1].bounds = last.bounds.lowerBound...limited
    } else {
      self.maximum = nil
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

  /// Bounds of the smallest sample; nil without samples.
  public var minimum: ClosedRange<UInt64>? {
    if let first = points.first { return first.bounds }
    guard let maximum else { return nil }
    return overflowBound...Swift.max(overflowBound, maximum)
  }

  /// The value below or at which the fraction `quantile` of the samples lies (nearest rank).
  public func value(_ quantile: Quantile) -> QuantileValue {
    guard count >= quantile.neededSamples else {
      return .refused(needed: quantile.neededSamples)
    }
    let rank = quantile.rank(of: count)
    var seen: UInt64 = 0
    for point in points {
      seen += point.count
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
