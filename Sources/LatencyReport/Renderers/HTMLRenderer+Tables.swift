internal import LatencyStatistics

extension HTMLRenderer {
  /// Where the numbers come from.
  func provenanceSection() -> HTML {
    let machine = report.machine
    var rows = [["source", report.source + (report.isSealed ? "" : " (not a sealed record)")]]
    let name = machine.board.isEmpty ? "not named" : machine.board
    if report.isImported {
      rows += [["from", name], ["resolution", report.resolutionText]]
    } else {
      rows.append(["board", name])
      if !machine.isUnknown { rows.append(["CPU", machine.cpuModel]) }
      rows.append([
        "counter",
        machine.counterFrequency == 0
          ? "frequency unknown" : "\(grouped(Double(machine.counterFrequency))) Hz",
      ])
    }
    rows.append(["timebase", report.unit.timebase])
    rows += report.provenance.map { [$0.key, $0.value] }
    if !machine.isUnknown {
      rows += [["plan checksum", machine.planChecksum], ["image hash", machine.imageHash]]
    }
    if let shift = machine.icountShift { rows.append(["icount shift", "\(shift)"]) }
    for zone in report.zones {
      let cpus = zone.cpus.map(String.init).joined(separator: ", ")
      rows.append([
        "zone \(zone.name)",
        "\(zone.kind) on CPU \(cpus.isEmpty ? "-" : cpus), \(zone.starts) \(zone.starts == 1 ? "start" : "starts")",
      ])
    }
    return tag(
      "section", ["id": "provenance"], tag("h2", text: "Provenance"),
      htmlTable(
        caption: "What was measured, where, and by what", head: ["what", "value"], rows: rows,
        text: [0, 1]))
  }

  /// One row for each series.
  func numbersSection(_ details: [SeriesDetail]) -> HTML {
    // Columns only very long runs can fill stay away until one does.
    let quantiles = options.quantiles.filter { quantile in
      !Quantile.onlyOfLongRuns.contains(quantile)
        || dataset.series.contains { $0.distribution.count >= quantile.neededSamples }
    }
    // A column for what nobody counted would only push the others off the paper.
    let hasMisses = details.contains { $0.series.misses != nil }
    let rows = details.map {
      row($0, Statistics($0.series.distribution), quantiles).dropLast(hasMisses ? 0 : 1)
    }
    let needs = quantiles.map { "\($0.name) \(grouped(Double($0.neededSamples)))" }
    return tag(
      "section", ["id": "numbers"], tag("h2", text: "Numbers"),
      htmlTable(
        caption: "All values in \(unit.name)",
        head: ["measurement", "where", "samples", "over", "min"] + quantiles.map(\.name)
          + ["max", "mean", "deviation", "jitter"] + (hasMisses ? ["misses"] : []),
        rows: rows.map(Array.init), text: [0, 1]),
      tag(
        "p", ["class": "soft"],
        text: "over: samples too long for what counted them. ≤ and ≥: known only as a bound."
          + " -: not shown; a quantile needs about ten samples beyond it"
          + " (\(needs.joined(separator: ", "))). max: the longest that was seen. deviation:"
          + " standard deviation. jitter: max less min."))
  }

  /// Where quantiles lie, where repeating the run would give other samples.
  func intervalSection() -> HTML {
    let notes = report.intervalNotes
    if notes.isEmpty { return .markup("") }
    let rows = report.intervalRows.map { row in
      [row.measurement, row.origin, row.method]
        + row.intervals.map { $0?.text { value($0) } ?? "-" }
    }
    return tag(
      "section", ["id": "intervals"], tag("h2", text: "Where quantiles lie"),
      rows.isEmpty
        ? .markup("")
        : htmlTable(
          caption: "Bounds of quantiles with \(report.confidenceText) confidence, in \(unit.name)",
          head: ["measurement", "where", "by"] + report.intervalQuantiles, rows: rows,
          text: [0, 1, 2]),
      .join(notes.map { tag("p", ["class": "soft"], text: $0) }))
  }

  private func row(
    _ detail: SeriesDetail, _ statistics: Statistics, _ quantiles: [Quantile]
  ) -> [String] {
    let series = detail.series
    let moments = series.distribution.moments
    let isLower = moments?.hasOverflow == true ? "≥" : ""
    let isNear = (moments?.meanError ?? 0) > 0 ? "≈" : isLower
    return [
      detail.part.measurement, detail.part.place, grouped(Double(statistics.samples)),
      grouped(Double(statistics.overflow)),
      value(statistics.minimum, statistics.minimumIsBound ? "≥" : ""),
    ] + quantiles.map { quantile(series.distribution.value($0)) } + [
      value(statistics.maximum, statistics.maximumIsBound ? "≥" : ""),
      moments.map { isNear + detail.text($0.mean) } ?? "-",
      moments?.standardDeviation.map { isNear + detail.text($0) } ?? "-",
      value(
        statistics.jitter,
        statistics.maximumIsBound ? "≥" : statistics.minimumIsBound ? "≤" : ""),
      series.misses.map { "\($0)" } ?? "-",
    ]
  }

  private func quantile(_ value: QuantileValue) -> String {
    switch value {
    case .within(let bounds):
      self.value(bounds.upperBound, bounds.lowerBound == bounds.upperBound ? "" : "≤")
    case .atLeast(let bound): self.value(bound, "≥")
    case .refused: "-"
    }
  }

  private func value(_ ticks: UInt64?, _ sign: String = "") -> String {
    ticks.map { sign + grouped(Double($0) * (unit.nanosecondsPerTick ?? 1)) } ?? "-"
  }

  /// What the kernel took from each CPU.
  func exitSection() -> HTML {
    if report.exits.isEmpty { return .markup("") }
    var rows: [[String]] = []
    for cpu in report.exits {
      for reason in cpu.reasons {
        let numbers = reason.statistics
        rows.append([
          "CPU \(cpu.cpu)", cpu.zone ?? "-", reason.reason, grouped(Double(numbers.samples)),
          value(numbers.minimum, numbers.minimumIsBound ? "≥" : ""),
          value(numbers.maximum, numbers.maximumIsBound ? "≥" : ""),
          grouped(reason.mean * (unit.nanosecondsPerTick ?? 1)),
        ])
      }
      if cpu.reasons.isEmpty {
        rows.append(["CPU \(cpu.cpu)", cpu.zone ?? "-", "none", "0", "-", "-", "-"])
      }
    }
    let longest = report.exits.compactMap { cpu in
      cpu.longest.map {
        tag(
          "li",
          text: "CPU \(cpu.cpu): longest exit \(value($0.ticks)) \(unit.name), reason \($0.reason),"
            + " guest at \(hexadecimal($0.pc))"
            + (cpu.probeCost > 0 ? "; counting an exit costs \(value(cpu.probeCost))" : ""))
      }
    }
    return tag(
      "section", ["id": "exits"], tag("h2", text: "Kernel exits"),
      htmlTable(
        caption: "Time from trap entry to return, in \(unit.name)",
        head: ["CPU", "zone", "reason", "exits", "min", "max", "mean"], rows: rows, text: [0, 1, 2]),
      .element("ul", [:], longest))
  }
}
