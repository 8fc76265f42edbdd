internal import Foundation

/// Ranks between whose samples a quantile lies with a given confidence, whatever the distribution.
///
/// The number of samples at or below the quantile q is binomial, so the order statistics with ranks
/// `lower` and `upper` enclose it with probability P(lower <= B < upper) (David and Nagaraja, Order
/// Statistics, 3rd edition 2003, section 7.1; Hahn and Meeker, Statistical Intervals, 1991, section
/// 5.2). Each side errs with at most half of what the confidence leaves. For values with ties (ticks)
/// the coverage is at least that. It assumes independent samples: for dependent ones see
/// `BlockBootstrap`.
public struct QuantileInterval: Sendable, Equatable {
  /// 1-based rank; nil: no sample is small enough to bound the quantile from below.
  public var lower: UInt64?
  /// 1-based rank; nil: no sample is large enough to bound it from above.
  public var upper: UInt64?
  /// Probability that the ranks enclose the quantile, at least what was asked where both exist.
  public var coverage: Double

  /// `quantile` and `confidence` in the open interval 0-1; nil otherwise or without samples.
  ///
  /// Cost: about 2 log2(count) evaluations of the incomplete beta function.
  public init?(quantile: Double, count: UInt64, confidence: Double) {
    guard count > 0, quantile > 0, quantile < 1, confidence > 0, confidence < 1 else { return nil }
    let n = Double(count)
    let tail = (1 - confidence) / 2
    func cumulative(_ k: UInt64) -> Double { binomialCumulative(Double(k), n, quantile) }
    // Largest rank r with P(B <= r - 1) <= tail, and smallest with P(B <= r - 1) >= 1 - tail.
    let tooLow = Self.firstIndex(below: count) { cumulative($0) > tail }
    lower = tooLow == 0 ? nil : tooLow
    let enough = Self.firstIndex(below: count) { cumulative($0) >= 1 - tail }
    upper = enough == count ? nil : enough + 1
    let above = upper.map { cumulative($0 - 1) } ?? 1
    let below = lower.map { cumulative($0 - 1) } ?? 0
    coverage = above - below
  }

  /// Smallest index in `0..<limit` for which a condition holds that stays true once it is; else `limit`.
  private static func firstIndex(below limit: UInt64, where holds: (UInt64) -> Bool) -> UInt64 {
    var low: UInt64 = 0
    var high = limit
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
