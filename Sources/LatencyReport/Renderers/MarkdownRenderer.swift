/// Reports as Markdown, for merge requests and wikis: the verdict, the numbers, and what they do not show.
public enum MarkdownRenderer {
  /// A report; `unit`: that of the dataset it was made of.
  public static func render(_ report: Report, unit: TickUnit) -> String {
    var lines = ["# \(escaped(report.title))", ""]
    if let judgement = report.verdict.judgement { lines += ["**\(escaped(judgement))**", ""] }
    lines += [escaped(report.verdict.text), "", escaped(report.unit.meaning), ""]
    lines += report.warnings.map { "- Warning: \(escaped($0))" }
    if !report.warnings.isEmpty { lines.append("") }
    lines += ["## Measurements (\(escaped(report.unit.name)))", ""]
    lines += measurements(report, unit)
    lines += intervals(report, unit)
    let worst = report.measurements.flatMap { series in
      series.worst.prefix(1).map {
        "- \(escaped(series.measurement)), \(escaped(series.origin)): \(unit.format($0.ticks));"
          + " cause: \(escaped($0.cause.text))"
      }
    }
    if !worst.isEmpty { lines += ["", "## Longest samples", ""] + worst }
    let findings = report.measurements.flatMap { series in
      series.order.findings.map {
        "- \(escaped(series.measurement)), \(escaped(series.origin)): \(escaped($0.text))"
          + (series.order.reason.map { " (\(escaped($0)))" } ?? "")
      }
    }
    if !findings.isEmpty { lines += ["", "## Order of the samples", ""] + findings }
    let tails = report.measurements.flatMap { series in
      [series.tail, series.tailOfMaxima].flatMap { tail -> [String] in
        let place = "- \(escaped(series.measurement)), \(escaped(series.origin)): "
        return
          (tail.estimates.map { "\(tail.method ?? ""): \(tail.text($0, unit))" }
          + tail.warnings.map { "warning: \($0)" }).map { place + escaped($0) }
      }
    }
    if !tails.isEmpty { lines += ["", "## Tail beyond the samples", ""] + tails }
    lines += ["", "## Provenance", "", "| | |", "|---|---|"]
    lines.append("| source | \(escaped(report.source)) |")
    lines += report.provenance.map { "| \(escaped($0.key)) | \(escaped($0.value)) |" }
    lines += ["", "## What this does not show", ""]
    lines += report.notShown.map { "- \(escaped($0))" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func measurements(_ report: Report, _ unit: TickUnit) -> [String] {
    let names = report.quantiles
    let head =
      ["measurement", "place", "samples", "over", "min"] + names
      + ["max", "mean", "deviation"]
    var lines = [row(head), row(head.indices.map { $0 < 2 ? "---" : "--:" })]
    for series in report.measurements {
      let statistics = series.statistics
      func fraction(_ ticks: Double?) -> String {
        ticks.map { "\(($0 * (unit.nanosecondsPerTick ?? 1) * 10).rounded() / 10)" } ?? "-"
      }
      let quantiles = names.map { name -> String in
        guard let quantile = statistics.quantiles[name] else { return "-" }
        if let ticks = quantile.ticks {
          return (quantile.exact == false ? "≤ " : "") + unit.format(ticks)
        }
        return quantile.atLeast.map { "≥ \(unit.format($0))" } ?? "-"
      }
      let minimum = statistics.minimum.map {
        (statistics.minimumIsBound ? "≥ " : "") + unit.format($0)
      }
      let maximum = statistics.maximum.map {
        (statistics.maximumIsBound ? "≥ " : "") + unit.format($0)
      }
      lines.append(
        row(
          [
            escaped(series.measurement), escaped(series.origin), "\(statistics.samples)",
            "\(statistics.overflow)", minimum ?? "-",
          ] + quantiles + [
            maximum ?? "-", (statistics.overflow > 0 ? "≥ " : "") + fraction(statistics.mean),
            fraction(statistics.standardDeviation),
          ]))
    }
    return lines
  }

  /// Where quantiles lie; nothing where there are no intervals.
  private static func intervals(_ report: Report, _ unit: TickUnit) -> [String] {
    let notes = report.intervalNotes
    if notes.isEmpty { return [] }
    var lines = ["", "## Where quantiles lie, \(report.confidenceText) confidence", ""]
    let rows = report.intervalRows
    if !rows.isEmpty {
      let head = ["measurement", "place", "by"] + report.intervalQuantiles
      lines += [row(head), row(head.indices.map { $0 < 3 ? "---" : "--:" })]
      lines += rows.map { one in
        row(
          [one.measurement, one.origin, one.method].map(escaped)
            + one.intervals.map { $0?.text(unit.format) ?? "-" })
      }
      lines.append("")
    }
    return lines + notes.map { "- \(escaped($0))" }
  }

  /// A row of a table; cells are escaped already.
  static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  /// Text from files must not become markup.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_[]<>|#".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
