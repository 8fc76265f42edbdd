/// A quantile, in millionths so that ranks are computed without rounding.
public struct Quantile: Sendable, Equatable, Hashable {
  /// 1-999,999.
  public let millionths: UInt64

  /// Name in tables, JSON and thresholds.
  public let name: String

  /// The quantiles of every report.
  public static let reported = [
    Quantile(permyriad: 5000, name: "p50"), Quantile(permyriad: 9900, name: "p99"),
    Quantile(permyriad: 9990, name: "p99.9"), Quantile(permyriad: 9999, name: "p99.99"),
  ]

  /// Those of every report, and the further ones that only long runs can fill.
  public static let all = reported + onlyOfLongRuns

  /// Those that need a million samples and more.
  static let onlyOfLongRuns = [
    Quantile(millionths: 999_990, name: "p99.999"), Quantile(millionths: 999_999, name: "p99.9999"),
  ]

  /// `permyriad`: 1-9,999, in hundredths of a percent.
  init(permyriad: UInt64, name: String) {
    self.init(millionths: permyriad * 100, name: name)
  }

  private init(millionths: UInt64, name: String) {
    self.millionths = millionths
    self.name = name
  }

  /// A quantile as users write it: `p` and a percentage above 0 and below 100 with at most four
  /// decimals, such as `p99.95`. Nil for anything else. Zeros at the end of the fraction are dropped
  /// from the name.
  public init?(_ text: String) {
    let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
    guard text.hasPrefix("p"), (1...2).contains(parts.count),
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      parts[0].utf8.count <= 2, let whole = UInt64(parts[0])
    else { return nil }
    var decimals = parts.count == 2 ? String(parts[1]) : ""
    while decimals.hasSuffix("0") { decimals.removeLast() }
    guard decimals.utf8.count <= 4 else { return nil }
    let padded = decimals + String(repeating: "0", count: 4 - decimals.utf8.count)
    guard let fraction = UInt64(padded), whole * 10_000 + fraction > 0 else { return nil }
    millionths = whole * 10_000 + fraction
    name = decimals.isEmpty ? "p\(whole)" : "p\(whole).\(decimals)"
  }

  /// In hundredths of a percent, rounded down.
  public var permyriad: UInt64 { millionths / 100 }

  /// As a fraction of 1.
  public var fraction: Double { Double(millionths) / 1e6 }

  /// Samples below which the quantile is not reported: 10 / (1 - q), so that about ten samples are
  /// expected beyond it.
  public var neededSamples: UInt64 { 10_000_000 / (1_000_000 - millionths) }

  /// 1-based rank among `count` samples.
  func rank(of count: UInt64) -> UInt64 {
    let whole = count / 1_000_000 * millionths
    return whole + (count % 1_000_000 * millionths + 999_999) / 1_000_000
  }
}
