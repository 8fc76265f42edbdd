internal import Foundation

/// Where values lie on an axis, and where its labels go.
package struct HTMLAxis: Sendable {
  /// Ends of the axis, finite, `low` below `high`.
  package let low: Double
  package let high: Double
  package let isLogarithmic: Bool

  /// An axis from the smallest to the largest value: logarithmic when they differ by more than
  /// a factor of 30. On a logarithmic axis what is below 0.5 lies at 0.5.
  package init(covering values: ClosedRange<Double>) {
    let isWide = values.upperBound > 30 * max(values.lowerBound, 1)
    if isWide {
      self.init(
        logarithmicFrom: max(0.5, values.lowerBound / 1.25), to: values.upperBound * 1.25)
    } else {
      let margin = max(0.5, (values.upperBound - values.lowerBound) * 0.05)
      self.init(
        linearFrom: max(0, values.lowerBound - margin), to: values.upperBound + margin)
    }
  }

  /// A logarithmic axis between two values above 0.
  package init(logarithmicFrom low: Double, to high: Double) {
    self.low = low
    self.high = max(high, low * 10)
    isLogarithmic = true
  }

  /// A linear axis between two values.
  package init(linearFrom low: Double, to high: Double) {
    self.low = low
    self.high = high > low ? high : low + 1
    isLogarithmic = false
  }

  /// 0 at `low`, 1 at `high`; what lies outside is moved to the end.
  package func position(_ value: Double) -> Double {
    let place =
      isLogarithmic
      ? (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low))
      : (value - low) / (high - low)
    return place.isFinite ? min(1, max(0, place)) : 1
  }

  /// Round values on the axis, about three to nine.
  package var ticks: [Double] {
    isLogarithmic ? logarithmicTicks : linearTicks
  }

  private var logarithmicTicks: [Double] {
    let first = Int(log10(low).rounded(.down))
    let last = Int(log10(high).rounded(.up))
    let step = max(1, (last - first + 8) / 9)
    let decades = stride(from: first, through: last, by: step).map { pow(10, Double($0)) }
    let factors: [Double] = decades.count <= 4 ? [1, 2, 5] : [1]
    return decades.flatMap { decade in factors.map { $0 * decade } }.filter {
      $0 >= low * 0.999 && $0 <= high * 1.001
    }
  }

  private var linearTicks: [Double] {
    let rough = (high - low) / 6
    let decade = pow(10, log10(rough).rounded(.down))
    let step = decade * ([1, 2, 5].first { $0 * decade >= rough } ?? 10)
    guard step > 0, step.isFinite else { return [low] }
    // Ticks and instructions are whole: a step below 1 would label nothing.
    let whole = max(step, 1)
    return stride(from: (low / whole).rounded(.up) * whole, through: high, by: whole).map { $0 }
  }
}

/// A number with thin gaps between groups of three digits, at most two decimals.
package func grouped(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  let hundredths = Int64((abs(value) * 100).rounded())
  let digits = Array("\(hundredths / 100)")
  var result = value < 0 && hundredths > 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += "\u{2009}" }
    result.append(digit)
  }
  let fraction = hundredths % 100
  if fraction == 0 { return result }
  return result + "."
    + (fraction % 10 == 0 ? "\(fraction / 10)" : fraction < 10 ? "0\(fraction)" : "\(fraction)")
}

/// A power of ten as people write it: `10` and a raised exponent.
package func powerOfTen(_ exponent: Int) -> String {
  if exponent == 0 { return "1" }
  let raised: [Character: Character] = [
    "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
    "8": "⁸",
    "9": "⁹",
  ]
  return "10" + String("\(exponent)".map { raised[$0] ?? $0 })
}
