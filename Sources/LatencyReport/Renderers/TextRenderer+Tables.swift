extension TextRenderer {
  /// One table for all places, so that columns line up; a heading line for each place.
  func measurementLines() -> [String] {
    if report.measurements.isEmpty {
      return ["nothing: no CPU block, baseline or stamp in the record"]
    }
    var result = grouped(
      ["samples", "over", "min"] + shownQuantiles + ["max"], { cells($0.statistics) })
    result += report.measurements.flatMap { remarks($0) }.flatMap { wrap($0, hanging: 2) }
    let refused =
      report.measurements.map(\.statistics) + report.exits.flatMap { $0.reasons.map(\.statistics) }
    let names = shownQuantiles
    if refused.contains(where: { one in names.contains { one.quantiles[$0]?.refused != nil } }) {
      let needs = shownQuantiles.compactMap(Quantile.init).map {
        "\($0.name) needs \($0.neededSamples)"
      }
      result += wrap(
        "-: refused, too few samples to support the quantile (\(needs.joined(separator: ", ")))",
        hanging: 2)
    }
    return result
  }

  /// Quantiles that get a column: those asked for, without the ones beyond p99.99 that no measurement
  /// has the samples for.
  var shownQuantiles: [String] {
    report.quantiles.filter { name in
      Quantile(name).map { $0.millionths <= 999_900 } ?? true
        || report.measurements.contains { $0.statistics.quantiles[name]?.refused == nil }
    }
  }

  /// A row for each measurement under a heading for each place. Columns that do not fit the width
  /// follow in a second table.
  func grouped(
    _ head: [String], _ cells: (Report.SeriesReport) -> [String]
  ) -> [String] {
    let rows = [[""] + head] + report.measurements.map { ["  " + $0.measurement] + cells($0) }
    var result: [String] = []
    for columns in columnGroups(rows) {
      if !result.isEmpty { result.append("") }
      let lines = table(rows.map { row in [row[0]] + columns.map { row[$0] } }, leftColumns: 1)
      result.append(lines[0])
      for (index, series) in report.measurements.enumerated() {
        if index == 0 || report.measurements[index - 1].origin != series.origin {
          result.append(series.origin)
        }
        result.append(lines[index + 1])
      }
    }
    return result
  }

  /// Columns after the first, in groups that fit the width beside it; at least one in each.
  private func columnGroups(_ rows: [[String]]) -> [Range<Int>] {
    func width(_ column: Int) -> Int { rows.map { $0[column].count }.max() ?? 0 }
    var groups: [Range<Int>] = []
    var start = 1
    var used = width(0)
    for column in 1..<(rows.first?.count ?? 1) {
      if column > start, used + 2 + width(column) > style.width {
        groups.append(start..<column)
        start = column
        used = width(0)
      }
      used += 2 + width(column)
    }
    return groups + [start..<(rows.first?.count ?? 1)]
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
    ] + shownQuantiles.map { cell(statistics.quantiles[$0]) } + [
      value(statistics.maximum, isBound: statistics.maximumIsBound, sign: ">=")
    ]
  }

  /// Its jitter as it is printed.
  func jitter(_ statistics: Statistics) -> String {
    value(
      statistics.jitter, isBound: statistics.minimumIsBound || statistics.maximumIsBound,
      sign: statistics.maximumIsBound ? ">=" : "<=")
  }

  private func cell(_ quantile: Statistics.QuantileReport?) -> String {
    if let ticks = quantile?.ticks {
      return value(ticks, isBound: quantile?.exact == false, sign: "<=")
    }
    if let bound = quantile?.atLeast { return ">=" + unit.format(bound) }
    return "-"
  }

  func value(_ ticks: UInt64?, isBound: Bool = false, sign: String = "") -> String {
    ticks.map { (isBound ? sign : "") + unit.format($0) } ?? "-"
  }

  func mean(_ ticks: Double) -> String {
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
  func wrap(_ text: String, hanging: Int = 0, width: Int? = nil) -> [String] {
    let limit = width ?? style.width
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty && line.count + 1 + word.count > limit
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
