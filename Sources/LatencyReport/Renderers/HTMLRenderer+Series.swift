internal import Foundation
internal import LatencyStatistics

extension HTMLRenderer {
  /// The pictures of one series, its worst samples and its tail.
  func seriesSection(_ detail: SeriesDetail, number: Int) -> HTML {
    let series = detail.series
    let heading = tag("h2", text: "\(series.measurement), \(series.origin.name)")
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
    if let refusal = detail.refusal {
      return tag("p", ["class": "soft"], text: "No tail model: \(refusal).")
    }
    guard let model = detail.model else { return .markup("") }
    let fitted =
      "Estimate, not a bound. \(model.method.rawValue.capitalizedFirst), fitted to"
      + " \(model.fitted) values by \(model.estimator.rawValue); shape"
      + " \(rounded(model.shape)) (\(rounded(model.shapeInterval.lower)) to"
      + " \(rounded(model.shapeInterval.upper)) at \(grouped(model.confidence * 100)) % confidence),"
      + " valid from \(detail.named(model.validFrom))."
    var lines = [tag("p", text: fitted)]
    if let limit = limit(detail),
      let estimate = model.exceedanceProbability(at: limit / detail.scale)
    {
      lines.append(
        tag("p", text: "Above the limit of \(grouped(limit)) \(unit.name): \(estimate.text)."))
    }
    lines += model.warnings.map { tag("p", ["class": "warning"], text: "Warning: \($0).") }
    let gates = model.gates.map {
      [$0.kind.rawValue, $0.kind.test, probability($0.result.pValue), rounded($0.significance)]
    }
    lines.append(
      tag(
        "details", [:], tag("summary", text: "Tests the model had to pass"),
        htmlTable(
          caption: "A p-value below its limit would have refused the model",
          head: ["condition", "test", "p", "limit"], rows: gates, text: [0, 1])))
    return tag("h3", text: "Tail").followed(by: .join(lines))
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

/// Three decimals.
private func rounded(_ value: Double) -> String { trimmed((value * 1000).rounded() / 1000) }
