internal import LatencyStatistics

extension HTMLRenderer {
  /// How the numbers were made.
  func methodSection(_ details: [SeriesDetail]) -> HTML {
    var lines = [report.unit.meaning]
    let load = report.provenance.first { $0.key == "load" }?.value
    lines.append(
      load.map { "Load while measuring: \($0)." }
        ?? "The load while measuring was not recorded.")
    var seen: Set<String> = []
    for detail in details {
      let text = detail.method
      if seen.insert(text).inserted { lines.append(text) }
    }
    for series in dataset.series {
      let place = "\(series.measurement), \(series.origin.name)"
      if series.warmUp > 0 { lines.append("\(place): \(series.warmUp) warm-up samples left out.") }
      for (reason, count) in series.rejected.sorted(by: { $0.key < $1.key }) {
        lines.append("\(place): \(count) samples rejected, \(reason).")
      }
    }
    return tag(
      "section", ["id": "method"], tag("h2", text: "How it was measured"),
      .element("ul", [:], lines.map { tag("li", text: $0) }))
  }

  /// What must not be concluded.
  func notShownSection(_ details: [SeriesDetail]) -> HTML {
    var lines = report.notShown
    if details.contains(where: { !$0.models.isEmpty }) {
      lines.append(
        "A bound from a tail model: it is an estimate for a future that is like this run, the same"
          + " load and the same states of caches and devices.")
    }
    return tag(
      "section", ["id": "limits"], tag("h2", text: "What this does not show"),
      .element("ul", [:], lines.map { tag("li", text: $0) }))
  }
}
