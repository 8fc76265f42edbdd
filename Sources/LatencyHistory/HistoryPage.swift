internal import LatencyReport
public import LatencyStatistics

/// Trends as a page: one picture for each key, its numbers in a table beside it.
public enum HistoryPage {
  /// The page as UTF-8 text.
  public static func render(_ trends: [HistoryTrend], source: String) -> String {
    let changed = trends.filter { !$0.changes.isEmpty }
    let title = "Latency history"
    let verdict =
      trends.isEmpty
      ? "No runs"
      : changed.isEmpty
        ? "No change found in \(counted(trends.count, "measurement"))"
        : "\(changed.count) of \(counted(trends.count, "measurement")) changed"
    let isEmulated = trends.contains { !$0.key.unit.isTime }
    return htmlPage(
      title: title,
      tag("header", [:], tag("h1", text: title), tag("p", ["class": "soft"], text: source)),
      tag(
        "section",
        [
          "id": "verdict", "class": "verdict \(changed.isEmpty ? "kept" : "open")",
          "aria-label": "Result",
        ], tag("strong", text: verdict)),
      isEmulated
        ? tag(
          "p", ["class": "emulated"],
          text: "Some of these numbers come from an emulator: path length, NOT latency.")
        : .markup(""),
      .join(trends.map(section)))
  }

  private static func section(_ trend: HistoryTrend) -> HTML {
    let unit = trend.key.unit
    let scale = unit.nanosecondsPerTick ?? 1
    let heading = tag("h2", text: trend.key.title)
    let values = trend.values.map { $0 * scale }
    guard let least = values.min(), let most = values.max() else {
      return tag(
        "section", [:], heading,
        tag("p", text: "No run has enough samples for \(trend.metric.rawValue)."))
    }
    var plot = HTMLPlot(
      x: HTMLAxis(linearFrom: 0, to: Double(values.count) + 1), y: HTMLAxis(covering: least...most),
      xLabel: "run, in the order they were added",
      yLabel: "\(trend.metric.rawValue), \(unit.name)")
    plot.width = 1240
    plot.height = 260
    let places = values.enumerated().map { (x: Double($0.offset + 1), y: $0.element) }
    var marks = [plot.line(places, class: "trace")]
    let changes = Set(trend.changes.map(\.index))
    for (index, run) in trend.runs.enumerated() {
      marks.append(
        plot.dot(
          places[index], class: changes.contains(index) ? "change" : "dot",
          name: "run \(run.id), \(run.date)\(run.label.isEmpty ? "" : ", \(run.label)"):"
            + " \(grouped(values[index])) \(unit.name)"))
    }
    let texts = trend.changes.map { tag("li", text: trend.text($0)) }
    return tag(
      "section", [:], heading,
      tag(
        "figure", [:],
        plot.render(
          title: trend.key.title, description: "\(trend.metric.rawValue) of each run", marks: marks),
        tag("details", [:], tag("summary", text: "The numbers as a table"), table(trend, values))),
      texts.isEmpty ? .markup("") : .element("ul", [:], texts))
  }

  private static func table(_ trend: HistoryTrend, _ values: [Double]) -> HTML {
    htmlTable(
      caption: "\(trend.metric.rawValue) in \(trend.key.unit.name)",
      head: ["run", "date", "label", "image", "", "samples", "value"],
      rows: trend.runs.enumerated().map { index, run in
        [
          "\(run.id)", run.date, run.label, String(run.imageHash.prefix(12)),
          run.isBaseline ? "baseline" : "", grouped(Double(run.distribution.count)),
          grouped(values[index]),
        ]
      }, text: [0, 1, 2, 3, 4])
  }
}

extension HistoryTrend {
  /// A change in words.
  public func text(_ change: ChangePoint) -> String {
    let unit = key.unit
    let scale = unit.nanosecondsPerTick ?? 1
    let run = runs[change.index]
    return "changed with run \(run.id) (\(run.date)"
      + (run.label.isEmpty ? "" : ", \(run.label)")
      + ", image \(run.imageHash.prefix(12))): mean of \(metric.rawValue)"
      + " \(grouped(change.meanBefore * scale)) -> \(grouped(change.meanAfter * scale)) \(unit.name)"
  }
}
