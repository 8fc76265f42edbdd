internal import Foundation

// Special functions that the C library lacks. All are total: outside their domain they return the
// limit or nan, never trap.

/// ln Γ(x) for x > 0.
func logGamma(_ x: Double) -> Double {
  let (value, _): (Double, Int) = lgamma(x)
  return value
}

/// ln of the number of ways to choose `k` of `n`.
func logChoose(_ n: Double, _ k: Double) -> Double {
  logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}

/// Regularised incomplete beta function I_x(a, b), for a, b > 0.
///
/// Continued fraction of NIST DLMF 8.17.22, evaluated by the modified Lentz algorithm
/// (Thompson and Barnett 1986), on the side of x = (a + 1) / (a + b + 2) where it converges fast.
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  let logFront =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
  let front = exp(logFront)
  return x < (a + 1) / (a + b + 2)
    ? front * betaFraction(x, a, b) / a : 1 - front * betaFraction(1 - x, b, a) / b
}

private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var result = d
  // Needs about sqrt(max(a, b)) steps: the limit is enough for 10^10 samples.
  for step in 1...200_000 {
    let m = Double(step)
    for term in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 + term * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + term / c
      if abs(c) < tiny { c = tiny }
      result *= d * c
    }
    if abs(d * c - 1) < 1e-15 { break }
  }
  return result
}

/// P(B <= k) for a binomial B of `n` trials with success probability `p` (NIST DLMF 8.17.5), by the
/// normal limit where the standard deviation is above 10,000: exact to four digits there, while the
/// logarithms of the beta function lose theirs.
func binomialCumulative(_ k: Double, _ n: Double, _ p: Double) -> Double {
  guard k >= 0 else { return 0 }
  guard k < n else { return 1 }
  let deviation = (n * p * (1 - p)).squareRoot()
  if deviation > 10_000 { return normalSurvival((n * p - k - 0.5) / deviation) }
  return incompleteBeta(1 - p, n - k, k + 1)
}

/// Upper regularised incomplete gamma function Q(a, x), for a > 0: series of NIST DLMF 8.7.1 below
/// x = a + 1, continued fraction of DLMF 8.9.2 above.
func upperIncompleteGamma(_ a: Double, _ x: Double) -> Double {
  guard x > 0 else { return 1 }
  let front = exp(a * log(x) - x - logGamma(a))
  if x < a + 1 {
    var term = 1 / a
    var sum = term
    var n = a
    for _ in 0..<100_000 where term > sum * 1e-16 {
      n += 1
      term *= x / n
      sum += term
    }
    return max(0, 1 - front * sum)
  }
  var b = x + 1 - a
  var c = 1e300
  var d = 1 / b
  var result = d
  for step in 1...100_000 {
    let i = Double(step)
    let factor = -i * (i - a)
    b += 2
    d = factor * d + b
    d = 1 / (abs(d) < 1e-300 ? 1e-300 : d)
    c = b + factor / c
    if abs(c) < 1e-300 { c = 1e-300 }
    result *= d * c
    if abs(d * c - 1) < 1e-15 { break }
  }
  return front * result
}

/// P(X > x) for a chi-squared X with `degrees` degrees of freedom.
func chiSquaredSurvival(_ x: Double, degrees: Double) -> Double {
  upperIncompleteGamma(degrees / 2, x / 2)
}

/// P(Z > z) for a standard normal Z.
func normalSurvival(_ z: Double) -> Double { erfc(z / 2.0.squareRoot()) / 2 }

/// P(sqrt(n) D > x) in the limit: Kolmogorov 1933, with the theta function's other series below 1,
/// where it converges faster (Marsaglia, Tsang and Wang 2003, Journal of Statistical Software 8/18).
func kolmogorovSurvival(_ x: Double) -> Double {
  guard x > 0.04 else { return 1 }
  var sum = 0.0
  if x < 1 {
    for k in 1...20 {
      let odd = Double(2 * k - 1)
      sum += exp(-odd * odd * .pi * .pi / (8 * x * x))
    }
    return 1 - (2 * Double.pi).squareRoot() / x * sum
  }
  for k in 1...20 {
    let term = exp(-2 * Double(k * k) * x * x)
    sum += k % 2 == 1 ? term : -term
  }
  return min(1, 2 * sum)
}

/// P(W > x) for the limit of the Cramér-von Mises statistic, the integral of a squared Brownian
/// bridge, which is also the limit of the KPSS statistic.
///
/// Smirnov's formula (Anderson and Darling 1952, Annals of Mathematical Statistics 23, section 4);
/// the substitution by a cosine removes the square-root poles at the ends of each interval.
func brownianBridgeSurvival(_ x: Double) -> Double {
  guard x > 0.01 else { return 1 }
  let steps = 64
  var sum = 0.0
  for j in 1...40 {
    let start = Double(2 * j - 1) * .pi
    guard x * start * start / 2 < 60 else { break }
    var part = 0.0
    for step in 0..<steps {
      let phi = (Double(step) + 0.5) * .pi / Double(steps)
      let offset = .pi * (1 - cos(phi)) / 2
      let theta = start + offset
      let root = (theta / sin(offset)).squareRoot()
      part += root * exp(-x * theta * theta / 2) * 2 / theta * .pi / 2 * sin(phi)
    }
    part *= .pi / Double(steps)
    sum += j % 2 == 1 ? part : -part
  }
  return min(1, max(0, sum / .pi))
}
