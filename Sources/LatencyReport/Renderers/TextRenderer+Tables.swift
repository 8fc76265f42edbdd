extension TextRenderer {
  /// One table for all places, so that columns line up; a heading line for each place.
  func measurementLines() -> [String] {
    if report.measurements.isEmpty {
      return ["nothing: no CPU block, baseline or stamp in the record"]
    }
    let rows = report.measurements.map { ["  " + $0.measurement] + cells($0.statistics) }
    let head = ["", "samples", "over", "min"] + Quantile.reported.map(\.name) + ["max", "jitter"]
    let lines = table([head] + rows, leftColumns: 1)
    var result = [lines[0]]
    for (index, series) in report.measurements.enumerated() {
      if index == 0 || report.measurements[index - 1].origin != series.origin {
        result.append(series.origin)
      }
      result.append(lines[index + 1])
    }
    result += report.measurements.flatMap { remarks($0) }.flatMap { wrap($0, hanging: 2) }
    let refused =
      report.measurements.map(\.statistics) + report.exits.flatMap { $0.reasons.map(\.statistics) }
    if refused.contains(where: { $0.quantiles.values.contains { $0.refused != nil } }) {
      let needs = Quantile.reported.map { "\($0.name) needs \($0.neededSamples)" }
      result += wrap(
        "-: refused, too few samples to support the quantile (\(needs.joined(separator: ", ")))",
        hanging: 2)
    }
    return result
  }

  func exitLines() -> [String] {
    var rows = [["cpu", "zone", "reason", "exits", "min", "p50", "p99", "max", "mean"]]
    var remarks: [String] = []
    for cpu in report.exits {
      let zone = cpu.zone ?? "-"
      for reason in cpu.reasons {
        let statistics = reason.statistics
        rows.append([
          "\(cpu.cpu)", zone, reason.reason, "\(statistics.samples)",
          value(statistics.minimum, isBound: statistics.minimumIsBound, sign: ">="),
          cell(statistics.quantiles["p50"]), cell(statistics.quantiles["p99"]),
          value(statistics.maximum), mean(reason.mean),
        ])
      }
      rows.append(["\(cpu.cpu)", zone, "all", "\(cpu.total)", "", "", "", "", ""])
      if let longest = cpu.longest {
        remarks.append(
          "cpu \(cpu.cpu): longest exit \(unit.format(longest.ticks)) (\(longest.reason), guest pc"
            + " \(hexadecimal(longest.pc)))"
            + (cpu.probeCost > 0 ? "; counting an exit costs \(unit.format(cpu.probeCost))" : ""))
      }
    }
    return rows.count == 1
      ? [] : table(rows, leftColumns: 3) + remarks.flatMap { wrap($0, hanging: 2) }
  }

  private func remarks(_ series: Report.SeriesReport) -> [String] {
    let place = "\(series.measurement), \(series.origin)"
    var lines: [String] = []
    if let misses = series.misses {
      lines.append("\(place): \(misses) deadline misses")
    }
    if series.warmUp > 0 { lines.append("\(place): \(series.warmUp) warm-up samples left out") }
    for (reason, count) in series.rejected.sorted(by: { $0.key < $1.key }) {
      lines.append("\(place): \(count) samples rejected, \(reason)")
    }
    for note in series.notes { lines.append("\(place): \(note)") }
    return lines
  }

  private func cells(_ statistics: Statistics) -> [String] {
    [
      "\(statistics.samples)", "\(statistics.overflow)",
      value(statistics.minimum, isBound: statistics.minimumIsBound, sign: ">="),
    ] + Quantile.reported.map { cell(statistics.quantiles[$0.name]) } + [
      value(statistics.maximum, isBound: statistics.maximumIsBound, sign: ">="),
      value(
        statistics.jitter, isBound: statistics.minimumIsBound || statistics.maximumIsBound,
        sign: statistics.maximumIsBound ? ">=" : "<="),
    ]
  }

  private func cell(_ quantile: Statistics.QuantileReport?) -> String {
    if let ticks = quantile?.ticks {
      return value(ticks, isBound: quantile?.exact == false, sign: "<=")
    }
    if let bound = quantile?.atLeast { return ">=" + unit.format(bound) }
    return "-"
  }

  private func value(_ ticks: UInt64?, isBound: Bool = false, sign: String = "") -> String {
    ticks.map { (isBound ? sign : "") + unit.format($0) } ?? "-"
  }

  private func mean(_ ticks: Double) -> String {
    let scaled = (ticks * (unit.nanosecondsPerTick ?? 1) * 10).rounded() / 10
    return "\(scaled)"
  }

  /// Columns as wide as their cells, two blanks between; the first `leftColumns` flush left.
  private func table(_ rows: [[String]], leftColumns: Int) -> [String] {
    let columns = rows.first?.count ?? 0
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        column < leftColumns
          ? pad(cell, widths[column])
          : String(repeating: " ", count: widths[column] - cell.count) + cell
      }.joined(separator: "  ")
    }
  }

  func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Breaks a line at blanks to the style's width; continuation lines are indented.
  func wrap(_ text: String, hanging: Int = 0) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty && line.count + 1 + word.count > style.width
        && line.contains(where: { $0 != " " })
      {
        lines.append(line)
        line = String(repeating: " ", count: hanging) + word
      } else {
        line +=
          (line.isEmpty && lines.isEmpty && word.isEmpty ? "" : line.isEmpty ? "" : " ") + word
      }
    }
    return lines + [line]
  }
}
