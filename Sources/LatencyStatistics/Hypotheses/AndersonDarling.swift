internal import Foundation

/// Anderson-Darling distance of samples from a distribution: weighs the tails.
///
/// Anderson and Darling 1954, Journal of the American Statistical Association 49. `ascending` are the
/// samples in order. Nil without samples; infinite when a sample is outside of the distribution's
/// range. Where parameters were estimated from the same samples, the null distribution depends on the
/// family: p-values then come from `ParametricBootstrap`.
public func andersonDarling(
  _ ascending: [Double], cumulative: (Double) -> Double, survival: (Double) -> Double
) -> Double? {
  let count = ascending.count
  guard count > 0 else { return nil }
  var sum = 0.0
  for index in 0..<count {
    let low = log(cumulative(ascending[index]))
    let high = log(survival(ascending[count - 1 - index]))
    sum += Double(2 * index + 1) * (low + high)
  }
  let result = -Double(count) - sum / Double(count)
  return result.isNaN ? .infinity : result
}
