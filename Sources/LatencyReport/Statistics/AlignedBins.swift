public import LatencyStatistics

/// Two distributions on the same bins: where a bin of one overlaps bins of the other, they become one.
///
/// Nothing is assumed about where in a bin its samples lie. Values that either side only knows to be
/// in its overflow share the last bin with everything from that bound on.
struct AlignedBins {
  struct Bin {
    var bounds: ClosedRange<UInt64>
    var before: UInt64
    var after: UInt64
  }

  /// Ascending, disjoint.
  private(set) var bins: [Bin] = []
  /// First value of the last bin, if one side has overflow.
  let overflowBound: UInt64?

  init(_ before: Distribution, _ after: Distribution) {
    let bounds = [before, after].filter { $0.overflow > 0 }.map(\.overflowBound)
    overflowBound = bounds.min()
    var entries = before.points.map { Bin(bounds: $0.bounds, before: $0.count, after: 0) }
    entries += after.points.map { Bin(bounds: $0.bounds, before: 0, after: $0.count) }
    if let overflowBound {
      entries.append(
        Bin(bounds: overflowBound...UInt64.max, before: before.overflow, after: after.overflow))
    }
    entries.sort { $0.bounds.lowerBound < $1.bounds.lowerBound }
    for entry in entries {
      if let last = bins.last, last.bounds.upperBound >= entry.bounds.lowerBound {
        let upper = max(last.bounds.upperBound, entry.bounds.upperBound)
        bins[bins.count - 1].bounds = last.bounds.lowerBound...upper
        // Each side's counts fit together, which its own total shows.
        bins[bins.count - 1].before += entry.before
        bins[bins.count - 1].after += entry.after
      } else {
        bins.append(entry)
      }
    }
  }

  /// Both sides as counted values. A bin stands as its upper end, so that a bound within it counts as
  /// exceeded; the overflow stands as its bound.
  var counted: (before: CountedValues, after: CountedValues)? {
    let values = bins.map { bin in
      bin.bounds.upperBound == .max
        ? overflowBound.map { max($0, bin.bounds.lowerBound) } ?? .max
        : bin.bounds.upperBound
    }
    guard
      let before = CountedValues(
        ascending: zip(values, bins).lazy.map { (value: $0, count: $1.before) }),
      let after = CountedValues(
        ascending: zip(values, bins).lazy.map { (value: $0, count: $1.after) })
    else { return nil }
    return (before, after)
  }
}

extension RunComparison {
  /// Compares the distributions of two runs of the same measurement, in the same unit.
  public init(
    baseline: Distribution, candidate: Distribution, options: Options = Options()
  ) {
    guard let (before, after) = AlignedBins(baseline, candidate).counted else {
      self.init(
        baseline: Run(CountedValues([])), candidate: Run(CountedValues([])), options: options)
      return
    }
    self.init(
      baseline: Run(before, baseline), candidate: Run(after, candidate), options: options)
  }
}

extension RunComparison.Run {
  /// A maximum at the bound itself may be all that a source with overflow knows.
  fileprivate init(_ values: CountedValues, _ distribution: Distribution) {
    self.init(
      values, maximum: distribution.maximum,
      maximumIsBound: distribution.overflow > 0
        && distribution.maximum == distribution.overflowBound)
  }
}
