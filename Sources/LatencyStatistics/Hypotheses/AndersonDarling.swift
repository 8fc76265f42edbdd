/// Anderson-Darling distance of samples from a distribution: weighs the tails.
///
/// Anderson and Darling 1954, Journal of the American Statistical Association 49. `ascending` are the
/// samples in order, `logarithms` ln P(X <= x) and ln P(X > x). Nil without samples; infinite when a
/// sample is outside of the distribution's range. Where parameters were estimated from the same
/// samples, the null distribution depends on the family: p-values then come from `ParametricBootstrap`.
public func andersonDarling(
  _ ascending: [Double], logarithms: (Double) -> (cumulative: Double, survival: Double)
) -> Double? {
  let count = ascending.count
  guard count > 0 else { return nil }
  var sum = 0.0
  for (index, sample) in ascending.enumerated() {
    let (cumulative, survival) = logarithms(sample)
    sum += Double(2 * index + 1) * cumulative + Double(2 * (count - index) - 1) * survival
  }
  let result = -Double(count) - sum / Double(count)
  return result.isNaN ? .infinity : result
}
