internal import Foundation
internal import LatencyStatistics

extension HTMLRenderer {
  /// Samples in the order they were taken, with what disturbed them.
  func timeline(_ detail: SeriesDetail) -> HTML {
    guard let run = detail.run, let least = run.minimum, let most = run.maximum else {
      return tag(
        "p", ["class": "soft"],
        text: "Not shown over time: the source does not keep the order of the samples.")
    }
    let scale = detail.scale
    let stretches = run.stretches(atMost: 1000)
    let vertical = HTMLAxis(
      covering: Double(least) * scale...farthest(Double(most) * scale, limit(detail)))
    var plot = HTMLPlot(
      x: HTMLAxis(linearFrom: 0, to: Double(max(2, run.count) - 1)), y: vertical,
      xLabel: "sample number", yLabel: unit.name)
    plot.width = 1240
    plot.height = 260
    var marks = detail.report.order.findings.map {
      plot.stretch(from: Double($0.firstSample), to: Double($0.lastSample), name: $0.text)
    }
    marks.append(
      plot.extent(
        stretches.map {
          (Double($0.samples.lowerBound), Double($0.low) * scale, Double($0.high) * scale)
        }))
    for worst in outstanding(detail) {
      marks.append(
        plot.dot(
          (Double(worst.sample ?? 0), Double(worst.ticks) * scale),
          name: "sample \(worst.sample ?? 0): \(detail.named(Double(worst.ticks)))"))
    }
    if let limit = limit(detail) {
      marks.append(plot.level(limit, class: "limit", name: "limit"))
    }
    let rows = run.stretches(atMost: 32).map { stretch in
      [
        "\(stretch.samples.lowerBound) to \(stretch.samples.upperBound)",
        detail.text(Double(stretch.low)), detail.text(Double(stretch.high)),
      ]
    }
    let omitted =
      detail.omitted == 0
      ? "" : " The last \(grouped(Double(detail.omitted))) samples were not kept in order."
    return figure(
      "Over time",
      "Line: smallest to largest sample of each stretch; dots: the largest ten.\(omitted)",
      plot.render(
        title: "\(detail.part.measurement) over time",
        description: "Smallest and largest sample of each stretch of the run", marks: marks),
      htmlTable(
        caption: "Smallest and largest sample (\(unit.name))",
        head: ["samples", "smallest", "largest"], rows: rows)
    ).followed(by: disturbances(detail))
  }

  private func disturbances(_ detail: SeriesDetail) -> HTML {
    let order = detail.report.order
    guard !order.findings.isEmpty else {
      let text =
        order.reason.map { "Bursts, drift, steps and periods were not looked for: \($0)." }
        ?? "No burst, drift, step or period was found, which is no proof that there was none."
      return tag("p", ["class": "soft"], text: text)
    }
    return tag(
      "p", ["class": order.reason == nil ? "warning" : "soft"],
      text: order.reason.map { $0.prefix(1).uppercased() + $0.dropFirst() + ":" }
        ?? "Something other than the measured path shaped this run:"
    ).followed(by: .element("ul", [:], order.findings.map { tag("li", text: $0.text) }))
  }

  /// The largest samples, with what is known of their cause.
  func worstCases(_ detail: SeriesDetail) -> HTML {
    let isOrdered = detail.series.sketch != nil
    return tag("h3", text: "Worst cases").followed(
      by: htmlTable(
        caption: "The longest that were seen (\(unit.name))",
        head: ["value", isOrdered ? "where in the run" : "samples", "cause"],
        rows: isOrdered ? orderedWorst(detail) : binnedWorst(detail),
        text: isOrdered ? [0, 1, 2] : [0, 2]))
  }

  private func orderedWorst(_ detail: SeriesDetail) -> [[String]] {
    var before: String?
    return outstanding(detail).map { worst in
      // An emulator's times are no times of anything.
      let time = unit.isTime ? worst.time.map { ", at \(grouped(Double($0) / 1e9)) s" } : nil
      let cause = worst.cause.text == before ? "as above" : worst.cause.text
      before = worst.cause.text
      return [
        detail.text(Double(worst.ticks)), "sample \(worst.sample ?? 0)\(time ?? "")", cause,
      ]
    }
  }

  private func binnedWorst(_ detail: SeriesDetail) -> [[String]] {
    let distribution = detail.series.distribution
    var rows: [[String]] = []
    if distribution.overflow > 0 {
      rows.append([
        "≥" + detail.text(Double(distribution.overflowBound)),
        grouped(Double(distribution.overflow)), "not known",
      ])
    }
    for (index, point) in distribution.points.reversed().prefix(5 - rows.count).enumerated() {
      // The end of the last bin is the maximum itself.
      let isLast = index == 0 && distribution.overflow == 0
      let isExact =
        point.bounds.lowerBound == point.bounds.upperBound || (isLast && point.count == 1)
      rows.append([
        (isExact ? "" : "≤") + detail.text(Double(point.bounds.upperBound)),
        grouped(Double(point.count)),
        (isLast ? longestExit(detail.series.origin) : nil) ?? "not known",
      ])
    }
    return rows
  }

  /// What the kernel says of its own longest stay on a CPU.
  private func longestExit(_ origin: Series.Origin) -> String? {
    switch origin {
    case .kernel(let index):
      dataset.cpus.first { $0.index == index }?.longest.map {
        "exit for \($0.reason), guest at \(hexadecimal($0.pc))"
      }
    case .zone, .baseline, .imported: nil
    }
  }

  /// The ten largest samples, without those that are nothing but the usual value; none where the order
  /// is not known of all.
  private func outstanding(_ detail: SeriesDetail) -> [WorstSample] {
    let distribution = detail.series.distribution
    let half =
      distribution.largest(distribution.count / 2 + distribution.count % 2)?.upperBound ?? 0
    return detail.report.worst.filter { $0.sample != nil && $0.ticks > half }
  }
}

extension SampleSketch {
  /// Neighbouring samples with their extremes.
  fileprivate typealias Stretch = (samples: ClosedRange<UInt64>, low: UInt64, high: UInt64)

  /// The run as at most `limit` stretches.
  fileprivate func stretches(atMost limit: Int) -> [Stretch] {
    let size = max(1, (blocks.count + limit - 1) / limit)
    var first: UInt64 = 0
    return stride(from: 0, to: blocks.count, by: size).map { start in
      let part = blocks[start..<min(start + size, blocks.count)]
      let samples = part.reduce(0) { $0 + $1.samples }
      defer { first += samples }
      return (
        first...first + samples - 1, part.reduce(.max) { min($0, $1.minimum) },
        part.reduce(0) { max($0, $1.maximum) }
      )
    }
  }
}

extension HTMLPlot {
  /// Vertical lines from a smallest to a largest value, joined into one outline.
  func extent(_ columns: [(x: Double, low: Double, high: Double)]) -> HTML {
    var path = ""
    for column in columns {
      path += path.isEmpty ? "M" : "L"
      path += "\(coordinate(across(column.x))) \(coordinate(up(column.low)))"
      path += "V\(coordinate(up(column.high)))"
    }
    return tag("path", ["class": "trace", "d": path])
  }
}
