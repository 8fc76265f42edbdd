/// What differs between two distributions that should be the same to the last sample: runs under
/// icount, where a tick counts instructions and any difference is another path.
public struct ExactDifference: Sendable, Equatable, Codable {
  /// A value, or a bin of values, whose count changed.
  public struct Bin: Sendable, Equatable, Codable {
    /// Smallest value of the bin, in ticks.
    public var low: UInt64
    /// Largest; equal to `low`: a single value.
    public var high: UInt64
    public var before: UInt64
    public var after: UInt64
  }

  /// Ascending. The samples of an overflow share the bin whose `high` is the largest 64-bit value.
  public var bins: [Bin]
  /// Ticks that were added to every sample (below 0: taken away), if that is all that changed.
  public var shift: Int64?
  public var samplesBefore: UInt64
  public var samplesAfter: UInt64
  public var maximumBefore: UInt64?
  public var maximumAfter: UInt64?
  /// Whether bins were wider than one value: equal counts then do not prove equal samples.
  public var hasWideBins: Bool

  /// Compares all counts, and the maxima.
  public init(baseline: Distribution, candidate: Distribution) {
    let aligned = AlignedBins(baseline, candidate).bins
    bins = aligned.filter { $0.before != $0.after }.map {
      Bin(
        low: $0.bounds.lowerBound, high: $0.bounds.upperBound, before: $0.before, after: $0.after)
    }
    hasWideBins = aligned.contains { $0.bounds.lowerBound != $0.bounds.upperBound }
    samplesBefore = baseline.count
    samplesAfter = candidate.count
    maximumBefore = baseline.maximum
    maximumAfter = candidate.maximum
    shift = bins.isEmpty ? nil : Self.shift(baseline, candidate)
  }

  /// Whether nothing changed.
  public var isEmpty: Bool { bins.isEmpty && maximumBefore == maximumAfter }

  /// Whether only the number of samples differs: the same paths in the same proportion within
  /// `tolerance`, such as runs that were stopped at another moment. 0: exactly.
  public func isSameShape(tolerance: Double = 0) -> Bool {
    guard samplesBefore > 0, samplesAfter > 0 else { return samplesBefore == samplesAfter }
    return maximumBefore == maximumAfter
      && bins.allSatisfy {
        let before = Double($0.before) / Double(samplesBefore)
        let after = Double($0.after) / Double(samplesAfter)
        return ($0.before == 0) == ($0.after == 0) && abs(before - after) <= tolerance
      }
  }

  private static func shift(_ a: Distribution, _ b: Distribution) -> Int64? {
    guard let first = a.points.first?.bounds.lowerBound,
      let moved = b.points.first?.bounds.lowerBound,
      a.points.count == b.points.count, a.overflow == 0, b.overflow == 0
    else { return nil }
    let grows = moved >= first
    let distance = grows ? moved - first : first - moved
    for (before, after) in zip(a.points, b.points) {
      guard before.bounds.lowerBound == before.bounds.upperBound,
        after.bounds.lowerBound == after.bounds.upperBound, before.count == after.count
      else { return nil }
      let (low, high) =
        grows
        ? (before.bounds.lowerBound, after.bounds.lowerBound)
        : (after.bounds.lowerBound, before.bounds.lowerBound)
      guard high >= low, high - low == distance else { return nil }
    }
    return Int64(exactly: distance).map { grows ? $0 : -$0 }
  }
}
