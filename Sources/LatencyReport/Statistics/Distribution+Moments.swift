public import LatencyStatistics

/// Mean and standard deviation of a distribution, in ticks.
public struct Moments: Sendable, Equatable {
  /// Of the middles of the bins; exact where bins are single values.
  public var mean: Double
  /// Largest error of `mean` that the width of the bins allows; 0: exact.
  public var meanError: Double
  /// With n - 1; nil below two samples. Like `mean` of the middles of bins.
  public var standardDeviation: Double?
  /// Whether samples in the overflow were taken as its bound: mean and deviation are then lower
  /// bounds at best, and only the first for certain.
  public var hasOverflow: Bool
}

extension Distribution {
  /// Mean and standard deviation; nil without samples. Two passes, against cancellation (Chan, Golub and
  /// LeVeque 1983, The American Statistician 37).
  public var moments: Moments? {
    guard count > 0 else { return nil }
    let n = Double(count)
    // Distances from the smallest value, so that large values cost no digits.
    let origin = points.first.map { min($0.bounds.lowerBound, overflowBound) } ?? overflowBound
    var values = points.map { point in
      let half = Double(point.bounds.upperBound - point.bounds.lowerBound) / 2
      return (middle: Double(point.bounds.lowerBound - origin) + half, count: Double(point.count))
    }
    if overflow > 0 { values.append((Double(overflowBound - origin), Double(overflow))) }
    let mean = values.reduce(0) { $0 + $1.middle * $1.count } / n
    let squares = values.reduce(0) { $0 + ($1.middle - mean) * ($1.middle - mean) * $1.count }
    let widths = points.reduce(0) {
      $0 + Double($1.bounds.upperBound - $1.bounds.lowerBound) / 2 * Double($1.count)
    }
    return Moments(
      mean: Double(origin) + mean, meanError: widths / n,
      standardDeviation: count >= 2 ? (squares / (n - 1)).squareRoot() : nil,
      hasOverflow: overflow > 0)
  }

  /// Where a quantile lies with a given confidence, whatever the distribution: see `QuantileInterval`.
  public struct QuantileBounds: Sendable, Equatable {
    /// Nil: no sample is small enough to bound it.
    public var lower: UInt64?
    /// Nil: no sample is large enough, or that sample is in the overflow.
    public var upper: UInt64?
    /// Probability that the bounds enclose the quantile, for independent samples.
    public var coverage: Double
  }

  /// Distribution-free bounds of a quantile; bins give their outer ends. Nil where the quantile
  /// itself is refused.
  public func bounds(of quantile: Quantile, confidence: Double = 0.95) -> QuantileBounds? {
    guard count >= quantile.neededSamples,
      let interval = QuantileInterval(
        quantile: quantile.fraction, count: count, confidence: confidence)
    else { return nil }
    return QuantileBounds(
      lower: interval.lower.map { bounds(atRank: $0)?.lowerBound ?? overflowBound },
      upper: interval.upper.flatMap { bounds(atRank: $0)?.upperBound },
      coverage: interval.coverage)
  }

  /// An extreme value model of the samples, whose order a distribution does not know: refused unless
  /// the options accept that. `TailModel(_: SampleSketch)` is for samples in order.
  public func tailModel(
    options: TailModel.Options = TailModel.Options()
  ) throws(TailRefusal) -> TailModel {
    try TailModel(
      ascending: points.map { (bounds: $0.bounds, count: $0.count) },
      censored: overflow > 0 ? (samples: overflow, bound: overflowBound) : nil, options: options)
  }

  /// Nil: in the overflow or past the last sample.
  private func bounds(atRank rank: UInt64) -> ClosedRange<UInt64>? {
    var seen: UInt64 = 0
    for point in points {
      seen = seen.addingSaturating(point.count)
      if seen >= rank { return point.bounds }
    }
    return nil
  }
}
