internal import Foundation
internal import LatencyStatistics

extension HTMLRenderer {
  /// How often each value occurred, counts on a logarithmic axis.
  func histogram(_ detail: SeriesDetail) -> HTML {
    guard let axis = valueAxis(detail) else { return .markup("") }
    let distribution = detail.series.distribution
    let rows = distribution.bars(isLogarithmic: axis.isLogarithmic)
    let most = rows.map(\.count).max() ?? 1
    let scale = detail.scale
    let plot = HTMLPlot(
      x: axis, y: HTMLAxis(logarithmicFrom: 0.7, to: Double(most) * 1.3),
      xLabel: unit.name, yLabel: "samples")
    let names = rows.map { label($0, detail) }
    var marks = rows.enumerated().map { index, row in
      plot.bar(
        from: Double(row.low) * scale, to: Double(row.high ?? row.low) * scale,
        height: Double(row.count),
        name: "\(names[index]) \(unit.name): \(grouped(Double(row.count))) samples")
    }
    if let limit = limit(detail) { marks.append(plot.upright(limit, name: "limit")) }
    return figure(
      "Histogram", "Bars: samples in each range, logarithmic.",
      plot.render(
        title: "Histogram of \(detail.part.measurement)",
        description: "Samples by value, counts on a logarithmic axis", marks: marks),
      htmlTable(
        caption: "Samples by value", head: [unit.name, "samples"],
        rows: zip(names, rows).map { [$0, grouped(Double($1.count))] }))
  }

  private func label(_ row: PlotRow, _ detail: SeriesDetail) -> String {
    guard let high = row.high else { return "≥ " + detail.text(Double(row.low)) }
    return row.low == high
      ? detail.text(Double(row.low))
      : detail.text(Double(row.low)) + " to " + detail.text(Double(high))
  }

  /// Share of the samples at or above each value, down to 10^-7, with the tail model over it.
  func survival(_ detail: SeriesDetail) -> HTML {
    guard
      let axis = valueAxis(
        detail, reaching: detail.models.compactMap { $0.value(exceededWith: 1e-7) }.min())
    else { return .markup("") }
    let distribution = detail.series.distribution
    let scale = detail.scale
    let models = detail.models.map { (method: $0.method, curve: modelCurve($0, detail)) }
      .filter { !$0.curve.isEmpty }
    let plot = HTMLPlot(
      x: axis, y: HTMLAxis(logarithmicFrom: 1e-7, to: 1), xLabel: unit.name,
      yLabel: "share of samples at or above",
      yText: { powerOfTen(Int(log10($0).rounded())) })
    var marks: [HTML] = []
    for (method, curve) in models {
      marks.append(
        plot.band(
          lower: curve.map { ($0.value, $0.lower) }, upper: curve.map { ($0.value, $0.upper) },
          class: "band \(method.style)"))
    }
    marks.append(
      plot.level(1 / Double(distribution.count), class: "single", name: "one sample"))
    marks.append(plot.line(steps(distribution, plot, scale), class: "trace"))
    for (method, curve) in models {
      marks.append(
        plot.line(curve.map { ($0.value, $0.probability) }, class: "model \(method.style)"))
    }
    if let last = distribution.maximum {
      let share = Double(max(1, distribution.overflow)) / Double(distribution.count)
      marks.append(
        plot.dot(
          (Double(last) * scale, share),
          name: "largest: \(distribution.maximumIsBound ? "at least " : "")"
            + detail.named(Double(last))))
    }
    if let limit = limit(detail) { marks.append(plot.upright(limit, name: "limit")) }
    return figure(
      "Complementary distribution",
      "Solid: what was measured; bins at their upper end."
        + models.map { " \($0.method.line): estimated by \($0.method.rawValue)." }.joined()
        + (models.isEmpty ? "" : " Shaded: how uncertain that is."),
      plot.render(
        title: "Complementary distribution of \(detail.part.measurement)",
        description: "Share of samples at or above each value, logarithmic down to 10^-7",
        marks: marks), survivalTable(detail))
  }

  /// Corners of the measured curve, no more than the drawing can show.
  private func steps(_ distribution: Distribution, _ plot: HTMLPlot, _ scale: Double)
    -> [(x: Double, y: Double)]
  {
    var corners: [(x: Double, y: Double)] = [(plot.x.low, 1)]
    let count = Double(distribution.count)
    var above = count
    var drawn = -1.0
    for (index, point) in distribution.points.enumerated() {
      let value = Double(point.bounds.upperBound) * scale
      let after = above - Double(point.count)
      if plot.across(value) - drawn > 0.3 || index == distribution.points.count - 1 {
        corners.append((value, above / count))
        drawn = plot.across(value)
      }
      if after > 0 { corners.append((value, after / count)) }
      above = after
      if corners.count > 4, corners.suffix(3).allSatisfy({ plot.across($0.x) == drawn }) {
        corners.remove(at: corners.count - 2)
      }
    }
    if distribution.overflow > 0 {
      let bound = Double(distribution.overflowBound) * scale
      let share = Double(distribution.overflow) / count
      corners += [(bound, share), (Double(distribution.maximum ?? 0) * scale, share)]
    }
    return corners
  }

  /// The tail model from where it is valid to 10^-7, in the report's unit.
  private func modelCurve(_ model: TailModel, _ detail: SeriesDetail) -> [(
    value: Double, probability: Double, lower: Double, upper: Double
  )] {
    stride(from: -0.5, through: -7, by: -0.125).compactMap { exponent in
      guard let value = model.value(exceededWith: pow(10, exponent)), value.isFinite,
        let estimate = model.exceedanceProbability(at: value), estimate.probability > 0
      else { return nil }
      return (
        value * detail.scale, estimate.probability, max(1e-7, estimate.lower),
        max(1e-7, estimate.upper)
      )
    }
  }

  private func survivalTable(_ detail: SeriesDetail) -> HTML {
    let distribution = detail.series.distribution
    var divisor: UInt64 = 1
    let rows = (0...7).map { decade -> [String] in
      let share = pow(10, -Double(decade))
      let measured = distribution.largest(distribution.count / divisor).map { bound(detail, $0) }
      divisor *= 10
      let models = detail.models.map {
        $0.value(exceededWith: share).map { detail.text($0) } ?? "-"
      }
      return [powerOfTen(-decade), measured ?? "-"] + models
    }
    return htmlTable(
      caption: "Value that this share of the samples reaches (\(unit.name))",
      head: ["share", "measured"] + detail.models.map { "\($0.method.rawValue) (estimate)" },
      rows: rows)
  }

  private func bound(_ detail: SeriesDetail, _ bounds: ClosedRange<UInt64>) -> String {
    if bounds.upperBound == .max { return "≥" + detail.text(Double(bounds.lowerBound)) }
    return (bounds.lowerBound == bounds.upperBound ? "" : "≤")
      + detail.text(Double(bounds.upperBound))
  }

  /// A picture with its caption, and its numbers to open below it.
  func figure(_ name: String, _ caption: String, _ drawing: HTML, _ table: HTML) -> HTML {
    tag(
      "figure", [:], tag("figcaption", [:], tag("strong", text: name + ". "), .text(caption)),
      drawing,
      tag("details", [:], tag("summary", text: "\(name): the numbers as a table"), table))
  }
}

extension HTMLRenderer {
  /// The axis of values for both distributions, as far as the limit and `reaching` (ticks) where these
  /// are not so far that the samples would shrink to nothing; nil without samples.
  func valueAxis(_ detail: SeriesDetail, reaching: Double? = nil) -> HTMLAxis? {
    let distribution = detail.series.distribution
    guard let first = distribution.minimum?.lowerBound, let last = distribution.maximum else {
      return nil
    }
    let low = Double(first) * detail.scale
    return HTMLAxis(
      covering:
        low...farthest(
          max(low, Double(last) * detail.scale), limit(detail), reaching.map { $0 * detail.scale }))
  }

  /// The largest of `last` and those others that are at most four times as large.
  func farthest(_ last: Double, _ others: Double?...) -> Double {
    max(last, others.compactMap { $0 }.filter { $0 <= 4 * last }.max() ?? last)
  }
}

extension TailModel.Method {
  /// Class of what is drawn of it.
  fileprivate var style: String {
    switch self {
    case .peaksOverThreshold: "peaks"
    case .blockMaxima: "maxima"
    }
  }

  /// How it is drawn.
  fileprivate var line: String {
    switch self {
    case .peaksOverThreshold: "Dashed"
    case .blockMaxima: "Dotted"
    }
  }
}

extension Distribution {
  /// Bounds of the sample with this rank from above, 1 for the largest; nil when there is none.
  func largest(_ rank: UInt64) -> ClosedRange<UInt64>? {
    guard rank > 0, rank <= count else { return nil }
    if rank <= overflow { return overflowBound...UInt64.max }
    var seen = overflow
    for point in points.reversed() {
      seen = seen.addingSaturating(point.count)
      if seen >= rank { return point.bounds }
    }
    return nil
  }
}
