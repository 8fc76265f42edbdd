import Foundation
public import LatencyReport

/// A distribution in HdrHistogram's percentile format (`.hgrm`), one row for each bin, so that nothing
/// but the order of samples is lost and HdrHistogram's plotters read it.
public enum HGRMWriter {
  /// Why a distribution cannot be written.
  public struct Problem: Error, Equatable, CustomStringConvertible {
    public let description: String
  }

  /// The text; values are ticks, upper ends of bins.
  ///
  /// Throws for a distribution with overflow: the format has no way to say "this long or longer".
  public static func write(_ series: Series) throws(Problem) -> String {
    let distribution = series.distribution
    let name = "\(series.measurement), \(series.origin.name)"
    guard distribution.count > 0 else {
      throw Problem(description: "\(name) has no samples to write")
    }
    guard distribution.overflow == 0 else {
      throw Problem(
        description:
          "\(name) has \(distribution.overflow) samples in overflow, which .hgrm and .hlog"
          + " cannot express; use --csv")
    }
    var text = padded(["Value", "Percentile", "TotalCount", "1/(1-Percentile)"]) + "\n\n"
    let total = Double(distribution.count)
    var seen: UInt64 = 0
    var (sum, squares) = (0.0, 0.0)
    for point in distribution.points {
      seen += point.count
      let value =
        Double(point.bounds.lowerBound / 2 + point.bounds.upperBound / 2)
        + Double(point.bounds.lowerBound % 2 + point.bounds.upperBound % 2) / 2
      sum += value * Double(point.count)
      squares += value * value * Double(point.count)
      let isLast = seen == distribution.count
      // Rounding must not make an earlier row look like the last.
      let quantile = isLast ? 1 : min(Double(seen) / total, 0.999_999_999_999)
      text += padded([
        "\(point.bounds.upperBound)", String(format: "%.12f", quantile), "\(seen)",
        isLast ? "inf" : String(format: "%.2f", 1 / (1 - quantile)),
      ])
      text += "\n"
    }
    let mean = sum / total
    let deviation = max(0, squares / total - mean * mean).squareRoot()
    text += String(format: "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean, deviation)
    text += "#[Max     = \(pad("\(distribution.maximum ?? 0)", 12)), Total count    ="
    text += " \(pad("\(distribution.count)", 12))]\n"
    text +=
      "#[Buckets = \(pad("1", 12)), SubBuckets     = \(pad("\(distribution.points.count)", 12))]\n"
    return text
  }

  private static func padded(_ cells: [String]) -> String {
    zip(cells, [12, 14, 10, 14]).map { pad($0, $1) }.joined(separator: " ")
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
