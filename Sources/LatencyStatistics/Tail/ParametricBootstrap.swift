internal import Foundation

/// Fits of samples drawn from a fit: the uncertainty of its parameters, and the distribution of the
/// Anderson-Darling statistic when parameters were estimated (Stute, González Manteiga and Presedo
/// Quindimil 1993, Metrika 40).
struct ParametricBootstrap<Distribution> {
  /// Of the fit itself.
  var statistic: Double
  /// Share of replicates that fit no better, counting the original as one.
  var pValue: Double
  var replicates: [Distribution]

  /// Nil when the statistic of the fit is not finite or when most replicates have no fit.
  ///
  /// - Parameters:
  ///   - draw: the value for a uniform number in 0-1, rising.
  ///   - estimate: a fit of ascending values.
  ///   - distance: Anderson-Darling statistic of ascending values.
  init?(
    _ fit: Distribution, of ascending: [Double], replicates wanted: Int, seed: UInt64,
    draw: (Double) -> Double, estimate: ([Double]) -> Distribution?,
    distance: (Distribution, [Double]) -> Double?
  ) {
    guard let statistic = distance(fit, ascending), statistic.isFinite else { return nil }
    var random = SeededGenerator(seed: seed)
    var replicates: [Distribution] = []
    var worse = 0
    for _ in 0..<max(19, wanted) {
      // Ascending uniform numbers as normalised sums of exponential ones (Devroye, Non-Uniform
      // Random Variate Generation, 1986, section V.3): no sort.
      var sums: [Double] = []
      sums.reserveCapacity(ascending.count)
      var sum = 0.0
      for _ in ascending {
        sum -= log(random.nextUnit())
        sums.append(sum)
      }
      sum -= log(random.nextUnit())
      let values = sums.map { draw($0 / sum) }
      guard let refit = estimate(values), let other = distance(refit, values) else { continue }
      replicates.append(refit)
      if other >= statistic { worse += 1 }
    }
    guard replicates.count * 2 > max(19, wanted) else { return nil }
    self.statistic = statistic
    self.replicates = replicates
    pValue = Double(worse + 1) / Double(replicates.count + 1)
  }
}

extension SeededGenerator {
  /// A standard normal number (Box and Muller 1958).
  mutating func nextNormal() -> Double {
    (-2 * log(nextUnit())).squareRoot() * cos(2 * .pi * nextUnit())
  }
}
