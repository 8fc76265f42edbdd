internal import LatencyProbe
public import LatencyStatistics

/// The report as one page for whoever has to sign: verdict first, then where the numbers come from, the
/// numbers, their pictures, and what they do not show.
///
/// The page loads nothing and runs nothing; each picture has its numbers in a table beside it.
public struct HTMLRenderer: Sendable {
  /// What the page is to say besides what the data says.
  public struct Options: Sendable {
    /// Deadlines and other limits the verdict is given on.
    public var thresholds: [Threshold] = []
    /// Measurement and zone the thresholds are for; nil: as in `Threshold.hits`.
    public var measurement: String?
    public var zone: String?
    /// Quantiles of the table, and of intervals.
    public var quantiles = Quantile.all
    /// How measurements are taken apart or put together; nil: as the source has them.
    public var split: Split?
    /// Confidence of the intervals of quantiles, 0-1.
    public var confidence = 0.95
    /// Also intervals from blocks of neighbours; nil: none.
    public var bootstrap: BlockBootstrap?

    /// No thresholds.
    public init() {}
  }

  let dataset: Dataset
  let report: Report
  let unit: TickUnit
  let options: Options

  /// The page as UTF-8 text. Cost: tail models, about a second for each series in order.
  public static func render(_ dataset: Dataset, options: Options = Options()) -> String {
    let unit = TickUnit(dataset.machine)
    let report = Report(
      dataset,
      options: .init(
        quantiles: options.quantiles, split: options.split,
        deadline: options.thresholds.compactMap { $0.deadline(unit) }.min(), worst: 10,
        confidence: options.confidence, bootstrap: options.bootstrap))
    return HTMLRenderer(dataset: dataset, report: report, unit: unit, options: options).page()
  }

  private func page() -> String {
    // What zones felt comes before what the kernel did.
    let parts = Array(zip(dataset.parts(by: options.split), report.measurements))
    let ranked = (0..<3).flatMap { rank in parts.filter { $0.0.series.origin.rank == rank } }
    let details = ranked.map { SeriesDetail($0.0, $0.1, unit: unit) }
    return htmlPage(
      title: "\(report.title) - \(dataset.source)",
      tag(
        "header", [:], tag("h1", text: report.title),
        tag("p", ["class": "soft"], text: headline)),
      verdict(), timebaseNote(), navigation(), provenanceSection(), numbersSection(details),
      intervalSection(),
      .join(details.enumerated().map { seriesSection($0.element, number: $0.offset) }),
      exitSection(), methodSection(details), notShownSection(details))
  }

  /// What was measured, in a line.
  private var headline: String {
    let samples = dataset.series.reduce(0.0) { $0 + Double($1.distribution.count) }
    return
      "\(dataset.source): \(dataset.series.count) series, \(grouped(samples)) sample\(samples == 1 ? "" : "s")"
  }

  /// Whether the numbers are from no real machine.
  var isEmulated: Bool {
    switch dataset.machine.timebase {
    case .hardware: false
    case .icount, .emulated, .unknown: true
    }
  }

  private func timebaseNote() -> HTML {
    tag("p", ["class": isEmulated ? "emulated" : "soft"], text: report.unit.meaning)
      .followed(
        by: .join(report.warnings.map { tag("p", ["class": "warning"], text: "Warning: \($0)") }))
  }

  private func navigation() -> HTML {
    var places = [("#provenance", "Provenance"), ("#numbers", "Numbers")]
    if !dataset.series.isEmpty { places.append(("#series-0", "Pictures")) }
    if !report.exits.isEmpty { places.append(("#exits", "Kernel exits")) }
    places += [("#method", "How it was measured"), ("#limits", "What this does not show")]
    return .element(
      "nav", ["aria-label": "Parts of the report"],
      places.map { tag("a", ["href": $0.0], text: $0.1) })
  }
}

extension Series.Origin {
  /// Place on the page.
  fileprivate var rank: Int {
    switch self {
    case .zone, .imported: 0
    case .baseline: 1
    case .kernel: 2
    }
  }
}
