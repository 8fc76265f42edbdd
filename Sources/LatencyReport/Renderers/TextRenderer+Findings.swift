import LatencyStatistics

// What follows from the samples beyond their table: spread, longest samples, order, tail.

extension TextRenderer {
  /// Jitter, mean and deviation.
  func spreadLines() -> [String] {
    guard report.measurements.contains(where: { $0.statistics.mean != nil }) else { return [] }
    return grouped(["jitter", "mean", "deviation"]) { series in
      let statistics = series.statistics
      let isBound = statistics.overflow > 0
      return [
        jitter(statistics), (isBound ? ">=" : "") + (statistics.mean.map(mean) ?? "-"),
        statistics.standardDeviation.map(mean) ?? "-",
      ]
    }
  }

  /// Where quantiles lie: where repeating the run would give other samples.
  func intervalLines() -> [String] {
    let rows = report.intervalRows
    let bodies = rows.map { row in
      row.intervals.map { $0?.text(unit.format) ?? "-" }
    }
    var lines: [String] = []
    for (index, row) in rows.enumerated() {
      let place = "\(row.measurement), \(row.origin)"
      if index == 0 || place != "\(rows[index - 1].measurement), \(rows[index - 1].origin)" {
        lines.append(place)
      }
      let cells = zip(report.intervalQuantiles, bodies[index]).map { "\($0) \($1)" }
      lines += indented("\(row.method): \(cells.joined(separator: ", "))", by: 2)
    }
    return lines + report.intervalNotes.flatMap { wrap($0, hanging: 2) }
  }

  func worstLines() -> [String] {
    var lines: [String] = []
    for series in report.measurements {
      guard !series.worst.isEmpty else { continue }
      lines.append("\(series.measurement), \(series.origin)")
      // Neighbours with the same cause share it.
      var index = 0
      while index < series.worst.count {
        let cause = series.worst[index].cause
        let alike = series.worst[index...].prefix { $0.cause == cause }
        lines += indented(alike.map(place).joined(separator: ", "), by: 2)
        lines += indented("cause: " + cause.text, by: 4)
        index += alike.count
      }
    }
    return lines
  }

  private func place(_ sample: WorstSample) -> String {
    var text = unit.format(sample.ticks)
    if let number = sample.sample { text += " (sample \(number)" }
    if let time = sample.time, report.unit.timebase == "hardware" { text += " at \(seconds(time))" }
    return sample.sample == nil ? text : text + ")"
  }

  func orderLines() -> [String] {
    gathered { series in
      let reason = series.order.reason
      if series.order.findings.isEmpty {
        if let reason { return ["not assessed: \(reason)"] }
        return ["clean: no burst, drift, step or period found (no proof that there was none)"]
      }
      return (reason.map { [$0] } ?? []) + series.order.findings.map(\.text)
    }
  }

  func tailLines() -> [String] {
    gathered { series in
      let models = [series.tail, series.tailOfMaxima]
      if models[0].refused == models[1].refused, let refused = models[0].refused {
        return ["no model: \(refused)"]
      }
      return zip(models, TailModel.Method.allCases).flatMap { tail, method -> [String] in
        if let refused = tail.refused { return ["\(method.rawValue): no model: \(refused)"] }
        return ["\(tail.title): \(tail.shapeText)"]
          + (tail.estimates.map { tail.text($0, unit) } + tail.warnings.map { "warning: \($0)" })
          .map { "- " + $0 }
      }
    }
  }

  /// Lines for each measurement; measurements with the same lines share them.
  private func gathered(_ body: (Report.SeriesReport) -> [String]) -> [String] {
    var groups: [(members: [Report.SeriesReport], lines: [String])] = []
    for series in report.measurements {
      let lines = body(series)
      if let index = groups.firstIndex(where: { $0.lines == lines }) {
        groups[index].members.append(series)
      } else {
        groups.append(([series], lines))
      }
    }
    return groups.flatMap { group in
      wrap(names(group.members)) + group.lines.flatMap { indented($0, by: 2) }
    }
  }

  /// Measurements by place; all of them in two words.
  private func names(_ members: [Report.SeriesReport]) -> String {
    if members.count > 1, members.count == report.measurements.count { return "all measurements" }
    var places: [(place: String, names: [String])] = []
    for series in members {
      if let last = places.last, last.place == series.origin {
        places[places.count - 1].names.append(series.measurement)
      } else {
        places.append((series.origin, [series.measurement]))
      }
    }
    return places.map { "\($0.names.joined(separator: ", ")) (\($0.place))" }.joined(
      separator: "; ")
  }

  /// Breaks a line `count` columns from the left; continuation lines are two further.
  private func indented(_ text: String, by count: Int) -> [String] {
    wrap(text, hanging: 2, width: style.width - count).map {
      String(repeating: " ", count: count) + $0
    }
  }
}
