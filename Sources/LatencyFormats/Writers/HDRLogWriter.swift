import Histogram
public import LatencyReport

/// Datasets as an HdrHistogram log, format version 1.3: one interval for each series, tagged with its
/// name. Five significant digits: exact below 262,144 ticks, then to 10^-5.
public enum HDRLogWriter {
  /// The text. Values are ticks, upper ends of bins.
  ///
  /// Throws for series with overflow, and for values of 2^62 or more.
  public static func write(_ dataset: Dataset) throws(HGRMWriter.Problem) -> String {
    var text = "#[Logged with hvlat]\n#[Histogram log format version 1.3]\n"
    text += "#[StartTime: 0.000 (seconds since epoch), not recorded]\n"
    text +=
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"
    for series in dataset.series where series.distribution.count > 0 {
      let name = "\(series.measurement), \(series.origin.name)"
      guard series.distribution.overflow == 0 else {
        throw HGRMWriter.Problem(
          description:
            "\(name) has \(series.distribution.overflow) samples in overflow, which .hgrm"
            + " and .hlog cannot express; use --csv")
      }
      let maximum = series.distribution.points.last?.bounds.upperBound ?? 0
      guard maximum < 1 << 62 else {
        throw HGRMWriter.Problem(
          description: "\(name): \(maximum) ticks are too many for the format")
      }
      let tag = "\(series.measurement)/\(series.origin.name)".map {
        $0 == "," || $0 == " " || $0.isNewline ? "-" : $0
      }
      text += "Tag=\(String(tag)),0.000,0.000,\(maximum).000,\(encoded(series.distribution))\n"
    }
    return text
  }

  private static func encoded(_ distribution: Distribution) -> String {
    let highest = distribution.points.last?.bounds.upperBound ?? 0
    var histogram = Histogram<UInt64>(
      highestTrackableValue: max(2, highest), numberOfSignificantValueDigits: .five)
    for point in distribution.points {
      histogram.record(point.bounds.upperBound, count: point.count)
    }
    return HDRCodec.encode(histogram)
  }
}
