internal import Foundation

/// Generalized Pareto distribution of excesses over a threshold: the limit for peaks over threshold
/// (Pickands 1975, Annals of Statistics 3; Coles, An Introduction to Statistical Modeling of Extreme
/// Values, 2001, chapter 4).
///
/// `shape` is ξ: below 0 the tail ends at `endpoint`, at 0 it is exponential, above 0 it is heavy.
public struct GeneralizedPareto: Sendable, Equatable {
  public var shape: Double
  /// Above 0, in the unit of the samples.
  public var scale: Double

  /// Nil unless both are finite and the scale is above 0.
  public init?(shape: Double, scale: Double) {
    guard shape.isFinite, scale.isFinite, scale > 0 else { return nil }
    self.shape = shape
    self.scale = scale
  }

  /// Largest possible excess; nil: unbounded.
  public var endpoint: Double? { shape < 0 ? -scale / shape : nil }

  /// P(excess > x).
  public func survival(_ x: Double) -> Double {
    guard x > 0 else { return 1 }
    if abs(shape) < 1e-9 { return exp(-x / scale) }
    let inner = 1 + shape * x / scale
    return inner <= 0 ? 0 : exp(-log(inner) / shape)
  }

  /// P(excess <= x), exact near 0 also.
  public func cumulative(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    if abs(shape) < 1e-9 { return -expm1(-x / scale) }
    let inner = 1 + shape * x / scale
    return inner <= 0 ? 1 : -expm1(-log(inner) / shape)
  }

  /// ln P(excess <= x) and ln P(excess > x); minus infinity outside of the range.
  func logarithms(_ x: Double) -> (cumulative: Double, survival: Double) {
    guard x > 0 else { return (-.infinity, 0) }
    let inner = 1 + shape * x / scale
    guard inner > 0 else { return (0, -.infinity) }
    let survival = abs(shape) < 1e-9 ? -x / scale : -log(inner) / shape
    return (log(-expm1(survival)), survival)
  }

  /// The excess that is exceeded with this probability, in the open interval 0-1.
  public func excess(survival: Double) -> Double {
    abs(shape) < 1e-9 ? -scale * log(survival) : scale * expm1(-shape * log(survival)) / shape
  }

  /// ln of the likelihood of `excesses`; minus infinity when one is out of range.
  public func logLikelihood(_ excesses: [Double]) -> Double {
    var sum = 0.0
    for x in excesses {
      guard x >= 0 else { return -.infinity }
      if abs(shape) < 1e-9 {
        sum += x / scale
      } else {
        let inner = 1 + shape * x / scale
        guard inner > 0 else { return -.infinity }
        sum += (1 + 1 / shape) * log(inner)
      }
    }
    return -sum - Double(excesses.count) * log(scale)
  }

  /// Fit by probability-weighted moments: good for small samples and shapes below 0.5.
  ///
  /// Hosking and Wallis 1987, Technometrics 29, section 3, with the unbiased estimate of the moments.
  /// `ascending`: excesses in order. Nil for fewer than 3, and where the moments give no distribution
  /// (equal values).
  public static func weightedMoments(_ ascending: [Double]) -> GeneralizedPareto? {
    let n = Double(ascending.count)
    guard ascending.count >= 3 else { return nil }
    var first = 0.0
    var second = 0.0
    for (index, value) in ascending.enumerated() {
      first += value
      second += value * (n - 1 - Double(index)) / (n - 1)
    }
    first /= n
    second /= n
    let difference = first - 2 * second
    guard difference > 0 else { return nil }
    return GeneralizedPareto(
      shape: 2 - first / difference, scale: 2 * first * second / difference)
  }

  /// Fit by maximum likelihood, from the weighted moments on (Smith 1985, Biometrika 72).
  ///
  /// The likelihood is unbounded for shapes of -1 and below; the search stays above -0.5, where the
  /// estimate has its usual properties. Nil as in `weightedMoments`, or when nothing converged.
  public static func maximumLikelihood(_ ascending: [Double]) -> GeneralizedPareto? {
    guard let start = weightedMoments(ascending), let largest = ascending.last else { return nil }
    // A start inside of the range: the end point beyond the largest excess.
    let shape = min(0.8, max(-0.4, start.shape))
    let scale = max(start.scale, shape < 0 ? -shape * largest * 1.1 : 0)
    let best = minimum(from: [shape, log(scale)], steps: [0.1, 0.1]) { point in
      guard point[0] > -0.5, point[0] < 5,
        let candidate = GeneralizedPareto(shape: point[0], scale: exp(point[1]))
      else { return .infinity }
      return -candidate.logLikelihood(ascending)
    }
    return best.flatMap { GeneralizedPareto(shape: $0[0], scale: exp($0[1])) }
  }
}
