internal import Foundation

/// Generalized extreme value distribution: the limit for maxima of blocks (Jenkinson 1955, Quarterly
/// Journal of the Royal Meteorological Society 81; Coles 2001, chapter 3).
///
/// `shape` is ξ: below 0 bounded (Weibull), 0 Gumbel, above 0 heavy (Fréchet).
public struct GeneralizedExtremeValue: Sendable, Equatable {
  public var shape: Double
  public var location: Double
  /// Above 0.
  public var scale: Double

  /// Nil unless all are finite and the scale is above 0.
  public init?(shape: Double, location: Double, scale: Double) {
    guard shape.isFinite, location.isFinite, scale.isFinite, scale > 0 else { return nil }
    self.shape = shape
    self.location = location
    self.scale = scale
  }

  /// Largest possible value; nil: unbounded.
  public var endpoint: Double? { shape < 0 ? location - scale / shape : nil }

  /// -ln P(maximum <= x).
  public func negativeLogCumulative(_ x: Double) -> Double {
    let standard = (x - location) / scale
    if abs(shape) < 1e-9 { return exp(-standard) }
    let inner = 1 + shape * standard
    if inner <= 0 { return shape < 0 ? 0 : .infinity }
    return exp(-log(inner) / shape)
  }

  /// P(maximum <= x).
  public func cumulative(_ x: Double) -> Double { exp(-negativeLogCumulative(x)) }

  /// P(maximum > x), exact where it is small also.
  public func survival(_ x: Double) -> Double { -expm1(-negativeLogCumulative(x)) }

  /// ln P(maximum <= x) and ln P(maximum > x); minus infinity outside of the range.
  func logarithms(_ x: Double) -> (cumulative: Double, survival: Double) {
    let reduced = negativeLogCumulative(x)
    return (-reduced, log(-expm1(-reduced)))
  }

  /// The value below which a maximum lies with this probability, in the open interval 0-1.
  public func value(cumulative: Double) -> Double {
    let reduced = -log(cumulative)
    return abs(shape) < 1e-9
      ? location - scale * log(reduced) : location + scale * expm1(-shape * log(reduced)) / shape
  }

  /// ln of the likelihood of `maxima`; minus infinity when one is out of range.
  public func logLikelihood(_ maxima: [Double]) -> Double {
    var sum = 0.0
    for x in maxima {
      let standard = (x - location) / scale
      if abs(shape) < 1e-9 {
        sum += standard + exp(-standard)
      } else {
        let inner = 1 + shape * standard
        guard inner > 0 else { return -.infinity }
        let logInner = log(inner)
        sum += (1 + 1 / shape) * logInner + exp(-logInner / shape)
      }
    }
    return -sum - Double(maxima.count) * log(scale)
  }

  /// Fit by probability-weighted moments (Hosking, Wallis and Wood 1985, Technometrics 27), the
  /// equation for the shape solved rather than approximated.
  ///
  /// `ascending`: maxima in order. Nil for fewer than 4, and where the moments give no distribution.
  public static func weightedMoments(_ ascending: [Double]) -> GeneralizedExtremeValue? {
    let n = Double(ascending.count)
    guard let origin = ascending.first, ascending.count >= 4 else { return nil }
    var b0 = 0.0
    var b1 = 0.0
    var b2 = 0.0
    for (index, sample) in ascending.enumerated() {
      let value = sample - origin
      let i = Double(index)
      b0 += value
      b1 += value * i / (n - 1)
      b2 += value * i * (i - 1) / ((n - 1) * (n - 2))
    }
    b0 /= n
    b1 /= n
    b2 /= n
    let second = 2 * b1 - b0
    guard second > 0 else { return nil }
    let ratio = (3 * b2 - b0) / second
    guard let k = shapeParameter(ratio) else { return nil }
    let scale: Double
    let location: Double
    if abs(k) < 1e-7 {
      scale = second / log(2)
      location = b0 - 0.577_215_664_901_532_9 * scale
    } else {
      let gamma = exp(logGamma(1 + k))
      scale = second * k / (gamma * -expm1(-k * log(2)))
      location = b0 + scale * (gamma - 1) / k
    }
    return GeneralizedExtremeValue(shape: -k, location: location + origin, scale: scale)
  }

  /// Solves (1 - 3^-k) / (1 - 2^-k) = ratio, which falls in k, by bisection; Hosking's k is -ξ.
  private static func shapeParameter(_ ratio: Double) -> Double? {
    func value(_ k: Double) -> Double {
      abs(k) < 1e-12 ? log(3) / log(2) : expm1(-k * log(3)) / expm1(-k * log(2))
    }
    var low = -0.999
    var high = 20.0
    guard ratio < value(low), ratio > value(high) else { return nil }
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if value(middle) > ratio { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Fit by maximum likelihood, from the weighted moments on (Prescott and Walden 1980, Biometrika
  /// 67), with shapes above -0.5 (Smith 1985). Nil as in `weightedMoments`, or without convergence.
  public static func maximumLikelihood(_ ascending: [Double]) -> GeneralizedExtremeValue? {
    guard let moments = weightedMoments(ascending), let low = ascending.first,
      let high = ascending.last
    else { return nil }
    let shape = min(0.8, max(-0.4, moments.shape))
    var scale = moments.scale
    // A start inside of the range.
    while shape * (low - moments.location) / scale <= -0.95
      || shape * (high - moments.location) / scale <= -0.95
    { scale *= 1.2 }
    let width = moments.scale
    let start = [shape, 0, log(scale / width)]
    func candidate(_ point: [Double]) -> GeneralizedExtremeValue? {
      GeneralizedExtremeValue(
        shape: point[0], location: moments.location + width * point[1],
        scale: width * exp(point[2]))
    }
    let best = minimum(from: start, steps: [0.1, 0.1, 0.1]) { point in
      guard point[0] > -0.5, point[0] < 5, let candidate = candidate(point) else {
        return .infinity
      }
      return -candidate.logLikelihood(ascending)
    }
    return best.flatMap(candidate)
  }
}
