internal import Foundation
internal import LatencyStatistics

extension HTMLRenderer {
  /// Samples in the order they were taken, with what disturbed them.
  func timeline(_ detail: SeriesDetail) -> HTML {
    guard let samples = detail.series.samples, !samples.values.isEmpty else {
      return tag(
        "p", ["class": "soft"],
        text: "Not shown over time: the source does not keep the order of the samples.")
    }
    let values = samples.values
    let scale = detail.scale
    guard let least = values.min(), let most = values.max() else { return .markup("") }
    let columns = Self.columns(values)
    let vertical = HTMLAxis(
      covering: Double(least) * scale...farthest(Double(most) * scale, limit(detail)))
    var plot = HTMLPlot(
      x: HTMLAxis(linearFrom: 0, to: Double(max(1, values.count - 1))), y: vertical,
      xLabel: "sample number", yLabel: unit.name)
    plot.width = 1240
    plot.height = 260
    var marks = detail.findings.map {
      plot.stretch(
        from: Double($0.samples.lowerBound), to: Double($0.samples.upperBound),
        name: $0.text(unit))
    }
    marks.append(
      plot.extent(
        columns.map { (Double($0.first), Double($0.low) * scale, Double($0.high) * scale) }))
    for worst in Self.outstanding(detail) {
      marks.append(
        plot.dot(
          (Double(worst), Double(values[worst]) * scale),
          name: "sample \(worst): \(detail.named(Double(values[worst])))"))
    }
    if let limit = limit(detail) {
      marks.append(plot.level(limit, class: "limit", name: "limit"))
    }
    let rows = columns.groups(of: max(1, (columns.count + 31) / 32)).map { group in
      [
        "\(group[0].first) to \(group[group.count - 1].last)",
        detail.text(Double(group.map(\.low).min() ?? 0)),
        detail.text(Double(group.map(\.high).max() ?? 0)),
      ]
    }
    let omitted =
      samples.omitted == 0
      ? "" : " The last \(grouped(Double(samples.omitted))) samples were not kept in order."
    return figure(
      "Over time",
      "Line: smallest to largest sample of each stretch; dots: the largest ten.\(omitted)",
      plot.render(
        title: "\(detail.series.measurement) over time",
        description: "Smallest and largest sample of each stretch of the run", marks: marks),
      htmlTable(
        caption: "Smallest and largest sample (\(unit.name))",
        head: ["samples", "smallest", "largest"], rows: rows)
    ).followed(by: disturbances(detail))
  }

  private func disturbances(_ detail: SeriesDetail) -> HTML {
    if detail.findings.isEmpty { return .markup("") }
    let emulation = dataset.emulatedPattern
    return tag(
      "p", ["class": emulation == nil ? "warning" : "soft"],
      text: emulation.map { $0.prefix(1).uppercased() + $0.dropFirst() + ":" }
        ?? "Something other than the measured path shaped this run:"
    ).followed(by: .element("ul", [:], detail.findings.map { tag("li", text: $0.text(unit)) }))
  }

  /// The largest samples, with what is known of their cause.
  func worstCases(_ detail: SeriesDetail) -> HTML {
    let isOrdered = detail.series.samples?.values.isEmpty == false
    return tag("h3", text: "Worst cases").followed(
      by: htmlTable(
        caption: "The longest that were seen (\(unit.name))",
        head: ["value", isOrdered ? "where in the run" : "samples", "cause"],
        rows: isOrdered ? orderedWorst(detail) : binnedWorst(detail),
        text: isOrdered ? [0, 1, 2] : [0, 2]))
  }

  private func orderedWorst(_ detail: SeriesDetail) -> [[String]] {
    let series = detail.series
    guard let samples = series.samples else { return [] }
    return Self.outstanding(detail).map { index in
      let time =
        index < samples.times.count
        ? ", at \(grouped(Double(samples.times[index]) / 1e9)) s" : ""
      let cause = options.causes.first {
        $0.measurement == series.measurement && $0.origin == series.origin.name
          && $0.sample == UInt64(index)
      }
      return [
        detail.text(Double(samples.values[index])), "sample \(index)\(time)",
        cause?.text ?? "not known",
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

  /// Numbers of the ten largest samples, without those that are nothing but the usual value.
  private static func outstanding(_ detail: SeriesDetail) -> [Int] {
    let values = detail.series.samples?.values ?? []
    let half = detail.series.distribution.largest(UInt64(values.count + 1) / 2)?.upperBound ?? 0
    return worst(values, 10).filter { values[$0] > half }
  }

  /// Numbers of the largest samples, largest first, the first of equal ones.
  static func worst(_ values: [UInt64], _ count: Int) -> [Int] {
    var chosen: [Int] = []
    for index in values.indices {
      if chosen.count == count, values[index] <= values[chosen[count - 1]] { continue }
      let place = chosen.firstIndex { values[$0] < values[index] } ?? chosen.count
      chosen.insert(index, at: place)
      if chosen.count > count { chosen.removeLast() }
    }
    return chosen
  }

  /// Neighbouring samples, at most 1,000 stretches.
  private static func columns(_ values: [UInt64]) -> [(
    first: Int, last: Int, low: UInt64, high: UInt64
  )] {
    let length = max(1, (values.count + 999) / 1000)
    return stride(from: 0, to: values.count, by: length).map { first in
      let last = min(first + length, values.count) - 1
      let part = values[first...last]
      return (first, last, part.min() ?? 0, part.max() ?? 0)
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

extension Array {
  /// Runs of `size` elements, the last one shorter.
  fileprivate func groups(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
