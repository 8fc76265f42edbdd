/// Reports for people: verdict first, then numbers, their origin, and what they do not show.
public struct TextRenderer: Sendable {
  /// How to print.
  public struct Style: Sendable {
    /// Columns, at least 60.
    public var width: Int
    /// Whether to use terminal colours.
    public var color: Bool
    public var histograms: Bool

    /// A style; widths below 60 are raised to 60.
    public init(width: Int = 80, color: Bool = false, histograms: Bool = true) {
      self.width = max(60, width)
      self.color = color
      self.histograms = histograms
    }
  }

  let report: Report
  let unit: TickUnit
  let style: Style

  /// The report on a dataset as text, each line ended by LF.
  public static func render(_ dataset: Dataset, style: Style) -> String {
    render(Report(dataset), unit: TickUnit(dataset.machine), style: style)
  }

  /// A report as text, each line ended by LF; `unit`: that of the dataset it was made of.
  public static func render(_ report: Report, unit: TickUnit, style: Style) -> String {
    let renderer = TextRenderer(report: report, unit: unit, style: style)
    return renderer.lines().map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  private func lines() -> [String] {
    var lines = [report.title, String(repeating: "=", count: min(style.width, report.title.count))]
    if let judgement = report.verdict.judgement {
      lines += wrap(judgement, hanging: 2).map { colored($0, isGood: report.verdict.passed) }
    }
    lines += wrap(report.verdict.text).map {
      colored($0, isGood: report.verdict.deadlineMisses.map { $0 == 0 })
    }
    lines += wrap(report.unit.meaning)
    for warning in report.warnings { lines += wrap("Warning: \(warning)") }
    lines += section("What was measured", machineLines())
    lines += section("Measurements (\(report.unit.name))", measurementLines())
    lines += section("Spread (\(report.unit.name))", spreadLines())
    lines += section(
      "Where quantiles lie, \(report.confidenceText) confidence (\(report.unit.name))",
      intervalLines())
    if style.histograms { lines += histogramSections() }
    lines += section("Longest samples", worstLines())
    lines += section("Order of the samples", orderLines())
    lines += section("Tail beyond the samples", tailLines())
    lines += section("Kernel exits (residency in \(report.unit.name))", exitLines())
    lines += section("Provenance", provenanceLines())
    lines += section(
      "What this does not show", report.notShown.flatMap { wrap("- \($0)", hanging: 2) })
    return lines
  }

  private func section(_ title: String, _ body: [String]) -> [String] {
    body.isEmpty ? [] : ["", title, String(repeating: "-", count: title.count)] + body
  }

  private func machineLines() -> [String] {
    let machine = report.machine
    var lines = [
      "source     \(report.source)\(report.isSealed ? "" : " (not sealed)")",
      report.isImported
        ? "from       \(machine.board), resolution \(report.resolutionText)"
        : "board      \(machine.board)\(machine.isUnknown ? "" : ", \(machine.cpuModel)"), counter"
          + " \(machine.counterFrequency) Hz",
    ]
    for zone in report.zones {
      let cpus = zone.cpus.map(String.init).joined(separator: ",")
      lines.append(
        "zone       \(zone.name) (\(zone.kind)) on cpu \(cpus.isEmpty ? "-" : cpus),"
          + " \(zone.starts) starts")
    }
    return lines
  }

  private func provenanceLines() -> [String] {
    var items = report.provenance
    if !report.machine.isUnknown {
      items.append(ProvenanceItem("plan-checksum", report.machine.planChecksum))
      items.append(ProvenanceItem("image-hash", report.machine.imageHash))
    }
    if let shift = report.machine.icountShift {
      items.append(ProvenanceItem("icount-shift", "\(shift)"))
    }
    let width = min(20, items.map(\.key.count).max() ?? 0)
    return items.flatMap { item in
      wrap("\(pad(item.key, width))  \(item.value)", hanging: width + 2)
    }
  }

  private func colored(_ verdict: String, isGood: Bool?) -> String {
    guard style.color, let isGood else { return verdict }
    return "\u{1b}[\(isGood ? 32 : 31)m\(verdict)\u{1b}[0m"
  }
}
