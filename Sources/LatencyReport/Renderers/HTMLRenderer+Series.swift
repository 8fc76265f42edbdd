internal import Foundation
internal import LatencyStatistics

extension HTMLRenderer {
  /// The pictures of one series, its worst samples and its tail.
  func seriesSection(_ detail: SeriesDetail, number: Int) -> HTML {
    let series = detail.series
    let heading = tag("h2", text: "\(detail.part.measurement), \(detail.part.place)")
    let notes = HTML.join(series.notes.map { tag("p", ["class": "soft"], text: $0) })
    let id = "series-\(number)"
    guard series.distribution.count > 0 else {
      return tag("section", ["id": id], heading, notes, tag("p", text: "No samples."))
    }
    if let constant = detail.constant {
      return tag(
        "section", ["id": id], heading, notes,
        tag(
          "p",
          text: "All \(grouped(Double(series.distribution.count))) samples are"
            + " \(detail.named(Double(constant))): there is nothing to draw."))
    }
    return tag(
      "section", ["id": id], heading, notes,
      tag("div", ["class": "plots"], histogram(detail), survival(detail)),
      timeline(detail), worstCases(detail), tailText(detail))
  }

  /// The largest value that a limit allows in this series, in the report's unit; nil: none given.
  func limit(_ detail: SeriesDetail) -> Double? {
    let series = detail.series
    let isConcerned =
      switch series.origin {
      case .zone(let name), .imported(let name):
        (options.zone ?? name) == name
          && (options.measurement ?? series.measurement) == series.measurement
      case .kernel: options.zone == nil && options.measurement == series.measurement
      case .baseline: false
      }
    guard isConcerned else { return nil }
    return options.thresholds.filter { $0.metric == .maximum && $0.isUpper }
      .map { Double($0.value) }.min()
  }

  private func tailText(_ detail: SeriesDetail) -> HTML {
    let tails = [detail.report.tail, detail.report.tailOfMaxima]
    let heading = tag("h3", text: "Tail beyond the samples")
    if tails[0].refused == tails[1].refused, let refused = tails[0].refused {
      return heading.followed(by: tag("p", text: "No tail model: \(refused)."))
    }
    var lines = [
      tag(
        "p",
        text:
          "Estimates of the probability that one sample exceeds a value, for a future that is like"
          + " this run: no bounds.")
    ]
    for (tail, method) in zip(tails, TailModel.Method.allCases) {
      if let refused = tail.refused {
        lines.append(tag("p", text: "\(method.rawValue.capitalizedFirst): no model: \(refused)."))
        continue
      }
      let valid = tail.validFrom.map { "; valid from \(detail.named($0))" } ?? ""
      lines.append(
        tag("p", text: "\(tail.title.capitalizedFirst): \(tail.shapeText)\(valid)."))
      lines.append(
        .element(
          "ul", [:],
          tail.estimates.map { tag("li", text: tail.text($0, unit)) }
            + tail.warnings.map { tag("li", ["class": "warning"], text: "Warning: \($0).") }))
    }
    let gates = tails.flatMap { tail in
      tail.gates.map {
        [tail.method ?? "", $0.test, probability($0.pValue), trimmed($0.significance)]
      }
    }
    lines.append(
      tag(
        "details", [:], tag("summary", text: "Tests the models had to pass"),
        htmlTable(
          caption: "A p-value below its limit would have refused the model",
          head: ["model", "test", "p", "limit"], rows: gates, text: [0, 1])))
    return heading.followed(by: .join(lines))
  }
}

extension Threshold {
  /// Whether it bounds from above.
  var isUpper: Bool {
    switch comparison {
    case .atMost, .below: true
    case .equal, .atLeast: false
    }
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
