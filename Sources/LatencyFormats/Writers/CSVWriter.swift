public import LatencyReport

/// Distributions as CSV: a row for each bin, overflow last in its series with an empty `high`.
public enum CSVWriter {
  /// The text, with a heading. Values are in ticks; `ns_per_tick` is empty when ticks are no time.
  public static func write(_ dataset: Dataset) -> String {
    let scale = TickUnit(dataset.machine).nanosecondsPerTick.map { "\($0)" } ?? ""
    var lines = ["measurement,origin,low,high,count,ns_per_tick"]
    for series in dataset.series {
      let name = "\(quoted(series.measurement)),\(quoted(series.origin.name))"
      for point in series.distribution.points {
        lines.append(
          "\(name),\(point.bounds.lowerBound),\(point.bounds.upperBound),\(point.count),\(scale)")
      }
      if series.distribution.overflow > 0 {
        lines.append(
          "\(name),\(series.distribution.overflowBound),,\(series.distribution.overflow),\(scale)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// RFC 4180: quoted when it must be.
  static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
