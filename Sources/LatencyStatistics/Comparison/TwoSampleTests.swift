internal import Foundation

/// Kolmogorov-Smirnov test of two samples: the largest distance of their distribution functions.
///
/// Limit distribution with Stephens' correction for small samples (Stephens 1970, Journal of the Royal
/// Statistical Society B 32), effective size n m / (n + m). With ties, as ticks have, the p-value is
/// too large rather than too small (Noether 1963). Nil when a sample is empty.
public func kolmogorovSmirnovTest(_ a: CountedValues, _ b: CountedValues) -> TestResult? {
  guard a.count > 0, b.count > 0 else { return nil }
  var distance = 0.0
  forEachValue(a, b) { _, seenA, _, seenB, _ in
    let difference = Double(seenA) / Double(a.count) - Double(seenB) / Double(b.count)
    distance = max(distance, abs(difference))
  }
  let root = (Double(a.count) / (1 + Double(a.count) / Double(b.count))).squareRoot()
  let scaled = (root + 0.12 + 0.11 / root) * distance
  return TestResult(statistic: distance, pValue: kolmogorovSurvival(scaled))
}

/// Mann-Whitney test of two samples, corrected for ties and continuity, with its effect size.
///
/// Mann and Whitney 1947, Annals of Mathematical Statistics 18; variance with ties: Lehmann,
/// Nonparametrics, 1975, section 1.4. The normal approximation wants about 8 samples on each side.
/// `superiority` is the probability that a sample of `b` is larger than one of `a`, ties counting half
/// (Vargha and Delaney 2000, Journal of Educational and Behavioral Statistics 25): 0.5 is no effect,
/// beyond 0.56 small, 0.64 medium, 0.71 large, the same below 0.5. Cliff's delta is 2 A - 1.
/// Nil when a sample is empty.
public func mannWhitneyTest(
  _ a: CountedValues, _ b: CountedValues
) -> (test: TestResult, superiority: Double)? {
  guard a.count > 0, b.count > 0 else { return nil }
  let n = Double(a.count)
  let m = Double(b.count)
  // Shares rather than counts: products of counts do not fit in 64 bits.
  var superiority = 0.0
  var tied = 0.0
  forEachValue(a, b) { _, seenA, countA, _, countB in
    let below = Double(seenA - countA) + Double(countA) / 2
    superiority += Double(countB) * below
    let share = (Double(countA) + Double(countB)) / (n + m)
    tied += share * share * share
  }
  superiority = min(1, superiority / n / m)
  let total = n + m
  // (t^3 - t) over all ties, divided by N (N - 1) N.
  let correction = (tied * total * total - 1) / (total * total - 1)
  let variance = n * m / 12 * (total + 1) * (1 - correction)
  guard variance > 0, variance.isFinite else {
    return (TestResult(statistic: superiority * n * m, pValue: 1), superiority)
  }
  let distance = max(0, abs(superiority - 0.5) * n * m - 0.5)
  let p = 2 * normalSurvival(distance / variance.squareRoot())
  return (TestResult(statistic: superiority * n * m, pValue: p), superiority)
}

/// Calls `body` for every value of either sample, ascending, with the samples seen so far and the
/// samples of just this value.
private func forEachValue(
  _ a: CountedValues, _ b: CountedValues,
  _ body: (_ value: UInt64, _ seenA: UInt64, _ countA: UInt64, _ seenB: UInt64, _ countB: UInt64) ->
    Void
) {
  var indexA = 0
  var indexB = 0
  var seenA: UInt64 = 0
  var seenB: UInt64 = 0
  while indexA < a.values.count || indexB < b.values.count {
    let headA = indexA < a.values.count ? a.values[indexA] : nil
    let headB = indexB < b.values.count ? b.values[indexB] : nil
    let value = min(headA ?? .max, headB ?? .max)
    var countA: UInt64 = 0
    var countB: UInt64 = 0
    if headA == value {
      countA = a.count(at: indexA)
      seenA = a.cumulative[indexA]
      indexA += 1
    }
    if headB == value {
      countB = b.count(at: indexB)
      seenB = b.cumulative[indexB]
      indexB += 1
    }
    body(value, seenA, countA, seenB, countB)
  }
}
