/// A limit such as `p99<=4`, checked against a measurement.
public struct Threshold: Sendable, Equatable, CustomStringConvertible {
  /// What is compared.
  public enum Metric: Sendable, Equatable {
    case samples, overflow, misses, minimum, maximum, jitter
    case quantile(Quantile)
  }

  /// How it is compared.
  public enum Comparison: String, Sendable {
    case atMost = "<="
    case below = "<"
    case equal = "=="
    case atLeast = ">="
  }

  public let metric: Metric
  public let comparison: Comparison
  /// In the report's unit, or in nanoseconds when the text had a time suffix.
  public let value: UInt64
  /// Whether the text had `ns`, `us` or `ms`.
  public let isTime: Bool
  /// As the user wrote it.
  public let description: String

  /// Why a text is no threshold, or cannot be applied.
  public struct Problem: Error, Equatable, CustomStringConvertible {
    public let description: String
  }

  /// Thresholds separated by commas: METRIC OPERATOR NUMBER[ns|us|ms].
  public static func parse(_ text: String) throws(Problem) -> [Threshold] {
    var result: [Threshold] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      result.append(try Threshold(String(part.filter { $0 != " " })))
    }
    return result
  }

  /// Largest number of ticks that keeps a limit on the maximum; nil: it limits something else.
  public func deadline(_ unit: TickUnit) -> UInt64? {
    guard metric == .maximum else { return nil }
    let ticks = (Double(value) / (unit.nanosecondsPerTick ?? 1)).rounded(.down)
    let limit = unit.isTime ? UInt64(exactly: ticks) ?? .max : value
    switch comparison {
    case .atMost: return limit
    case .below: return limit > 0 ? limit - 1 : 0
    case .equal, .atLeast: return nil
    }
  }

  private init(_ text: String) throws(Problem) {
    let signs: Set<Character> = ["<", "=", ">"]
    let name = String(text.prefix { !signs.contains($0) })
    let sign = String(text.dropFirst(name.count).prefix { signs.contains($0) })
    let number = text.dropFirst(name.count + sign.count)
    guard let comparison = Comparison(rawValue: sign) else {
      throw Problem(
        description: "threshold '\(text)': write METRIC<=NUMBER; operators are <=, <, == and >=")
    }
    guard let metric = Self.metric(name) else {
      throw Problem(
        description:
          "threshold '\(text)': '\(name)' is none of min, max, jitter, samples, overflow,"
          + " misses, nor a quantile such as p99.95")
    }
    let digits = number.prefix { $0.isASCII && $0.isNumber }
    let scales: [String: UInt64] = ["": 1, "ns": 1, "us": 1000, "ms": 1_000_000]
    let suffix = String(number.dropFirst(digits.count))
    guard let scale = scales[suffix], let plain = UInt64(digits) else {
      throw Problem(
        description: "threshold '\(text)': '\(number)' is no whole number, plain or with ns, us, ms"
      )
    }
    let (value, overflow) = plain.multipliedReportingOverflow(by: scale)
    guard !overflow else {
      throw Problem(description: "threshold '\(text)': the number is too large")
    }
    self.metric = metric
    self.comparison = comparison
    self.value = value
    isTime = !suffix.isEmpty
    description = text
  }

  private static func metric(_ name: String) -> Metric? {
    switch name {
    case "samples": .samples
    case "overflow": .overflow
    case "misses": .misses
    case "min": .minimum
    case "max": .maximum
    case "jitter": .jitter
    default: Quantile(name).map(Metric.quantile)
    }
  }
}
