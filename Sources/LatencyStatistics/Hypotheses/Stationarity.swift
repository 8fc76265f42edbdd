internal import Foundation

/// KPSS test for stationarity around a level: a small p-value says that the level moves.
///
/// Kwiatkowski, Phillips, Schmidt and Shin 1992, Journal of Econometrics 54: partial sums of the
/// deviations over a long-run variance with Bartlett weights; p-value from the exact limit rather than
/// the four tabulated values. `lags`: nil is their l4 = 4 (n / 100)^(1/4). Nil for fewer than 10
/// values, for constant values, and for values that are not finite.
public func stationarityTest(_ values: [Double], lags: Int? = nil) -> TestResult? {
  let count = values.count
  guard count >= 10, let deviations = centred(values) else { return nil }
  let n = Double(count)
  let bandwidth = min(count - 1, max(0, lags ?? Int(4 * pow(n / 100, 0.25))))
  var partial = 0.0
  var squares = 0.0
  for value in deviations {
    partial += value
    squares += partial * partial
  }
  var variance = autocovariance(deviations, 0)
  for lag in 0..<bandwidth {
    let weight = 1 - Double(lag + 1) / Double(bandwidth + 1)
    variance += 2 * weight * autocovariance(deviations, lag + 1)
  }
  guard variance > 0 else { return nil }
  let statistic = squares / (n * n * variance)
  return TestResult(statistic: statistic, pValue: brownianBridgeSurvival(statistic))
}

/// Ljung-Box test for independence: a small p-value says that near values depend on each other.
///
/// Ljung and Box 1978, Biometrika 65: Q = n (n + 2) sum of r_k^2 / (n - k), chi-squared with `lags`
/// degrees of freedom. `lags`: nil is min(10, n / 5) (Hyndman and Athanasopoulos, Forecasting,
/// section 5.4). Nil for fewer than 10 values, for constant values, and for values not finite.
public func independenceTest(_ values: [Double], lags: Int? = nil) -> TestResult? {
  let count = values.count
  guard count >= 10, let deviations = centred(values) else { return nil }
  let used = min(count - 1, max(1, lags ?? min(10, count / 5)))
  let variance = autocovariance(deviations, 0)
  let n = Double(count)
  var sum = 0.0
  for lag in 1...used {
    let correlation = autocovariance(deviations, lag) / variance
    sum += correlation * correlation / (n - Double(lag))
  }
  let statistic = n * (n + 2) * sum
  return TestResult(
    statistic: statistic, pValue: chiSquaredSurvival(statistic, degrees: Double(used)))
}

/// Mann-Kendall test for a monotonic trend, corrected for ties, with Sen's slope.
///
/// Mann 1945, Econometrica 13; ties as in Kendall, Rank Correlation Methods; slope: Sen 1968, Journal
/// of the American Statistical Association 63, the median slope of all pairs. Cost: n^2 / 2 pairs.
/// Nil for fewer than 8 values and for values not finite.
public func trendTest(_ values: [Double]) -> (test: TestResult, slope: Double)? {
  let count = values.count
  guard count >= 8, values.allSatisfy(\.isFinite) else { return nil }
  var score = 0
  var slopes: [Double] = []
  slopes.reserveCapacity(count * (count - 1) / 2)
  for later in 1..<count {
    for earlier in 0..<later {
      let difference = values[later] - values[earlier]
      score += difference > 0 ? 1 : difference < 0 ? -1 : 0
      slopes.append(difference / Double(later - earlier))
    }
  }
  slopes.sort()
  let n = Double(count)
  var variance = n * (n - 1) * (2 * n + 5)
  for size in tieSizes(values) { variance -= size * (size - 1) * (2 * size + 5) }
  variance /= 18
  let slope = (slopes[(slopes.count - 1) / 2] + slopes[slopes.count / 2]) / 2
  guard variance > 0 else { return (TestResult(statistic: 0, pValue: 1), 0) }
  let corrected = Double(score - score.signum())
  let z = corrected / variance.squareRoot()
  return (TestResult(statistic: z, pValue: 2 * normalSurvival(abs(z))), slope)
}

/// Ranks of values, ties sharing their mean rank: what makes the tests above indifferent to the
/// size of outliers (for KPSS: Pelagatti and Sen 2013, Journal of Econometrics 172).
public func midRanks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for index in start..<end { ranks[order[index]] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}

/// Sizes of groups of equal values, groups of one included.
func tieSizes(_ values: [Double]) -> [Double] {
  var sizes: [Double] = []
  var previous: Double?
  for value in values.sorted() {
    if value == previous { sizes[sizes.count - 1] += 1 } else { sizes.append(1) }
    previous = value
  }
  return sizes
}

/// Deviations from the mean; nil when a value is not finite or all are equal.
private func centred(_ values: [Double]) -> [Double]? {
  guard let first = values.first, values.allSatisfy(\.isFinite),
    values.contains(where: { $0 != first })
  else { return nil }
  let mean = values.reduce(0) { $0 + ($1 - first) } / Double(values.count) + first
  return values.map { $0 - mean }
}

private func autocovariance(_ deviations: [Double], _ lag: Int) -> Double {
  var sum = 0.0
  for index in lag..<deviations.count { sum += deviations[index] * deviations[index - lag] }
  return sum / Double(deviations.count)
}
