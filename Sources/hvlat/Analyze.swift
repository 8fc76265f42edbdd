import ArgumentParser
import LatencyFormats
import LatencyReport
import LatencyStatistics

/// `hvlat analyze`: the report.
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report what records show: verdict, numbers, causes, tail, provenance, limits.",
    discussion: """
      Quantiles are given only when enough samples support them: p50 needs 20, p99 1,000, p99.9 \
      10,000, p99.99 100,000, pQ 10 / (1 - Q).

      Thresholds compare a metric (min, max, jitter, samples, overflow, misses, or a quantile such as \
      p99.95) with a whole number in the report's unit; on hardware ns, us or ms may follow. What \
      cannot be shown, such as a refused quantile, counts as hit. With a deadline or thresholds the \
      report begins with PASS or FAIL. Examples:

        hvlat analyze run.rec --threshold 'max<=4,p99<=4' --measurement timer-busy
        hvlat analyze cyclictest.txt --deadline 100us

      docs/hvlat.md says how to read each part.
      """)

  @Argument(
    help: "Records, or files of other tools (docs/formats.md); '-' reads standard input.")
  var files: [String]

  @OptionGroup
  var input: InputOptions

  @OptionGroup(title: "Exports")
  var export: Export

  @OptionGroup(title: "Limits")
  var limits: Limits

  @Option(help: "Quantiles to report, separated by commas, such as p50,p99.95.")
  var quantiles: String?

  @OptionGroup(title: "Intervals of quantiles")
  var intervals: Intervals

  @Option(
    name: .customLong("split-by"),
    help: "Take measurements apart by cpu, zone, reason (of exits) or phase (changes of level).")
  var split: Split?

  @Flag(help: "Print JSON, all values in ticks.")
  var json = false

  @Flag(help: "Print Markdown.")
  var markdown = false

  @Option(help: "Write the report as a page (HTML) here; '-' is standard output.")
  var html: String?

  @Flag(inversion: .prefixedNo, help: "Plot a histogram of each measurement.")
  var histograms = true

  @Option(help: "Columns of the report; by default those of the terminal, else of COLUMNS, or 80.")
  var width: Int?

  func validate() throws {
    if json && markdown { throw ValidationError("choose one of --json and --markdown") }
    try Output.requireOne([
      "--json": json, "--markdown": markdown, "--html": html == "-", "--csv": export.csv == "-",
      "--hgrm": export.hgrm == "-", "--hlog": export.hlog == "-",
      "--quantiles-csv": intervals.csv == "-",
    ])
  }

  func run() throws(ExitCode) {
    try Output.refuse(
      [
        "--html": html, "--csv": export.csv, "--hgrm": export.hgrm, "--hlog": export.hlog,
        "--quantiles-csv": intervals.csv,
      ], over: files)
    let thresholds = try limits.parsed()
    let quantiles = try parseQuantiles()
    let bootstrap = try intervals.parsed()
    if files.count > 1 && (export.isAsked || html != nil || intervals.csv != nil) {
      Input.complain("an export holds one file; export each of the \(files.count) files by itself")
      throw ExitCode(1)
    }
    var failed = false
    var hit = false
    var reports: [Report] = []
    for file in files {
      guard let dataset = Input.dataset(file, options: input.read) else {
        failed = true
        continue
      }
      try export.write(dataset, measurement: limits.measurement, zone: limits.zone)
      try writePage(dataset, thresholds, quantiles, bootstrap)
      let outcome = limits.judge(thresholds, dataset)
      switch outcome {
      case .none: break
      case .judged(let judgement): hit = hit || !judgement.hits.isEmpty
      case .impossible: failed = true
      }
      let options = Report.Options(
        quantiles: quantiles, split: split, judgement: outcome.judgement,
        deadline: thresholds.compactMap { $0.deadline(TickUnit(dataset.machine)) }.min(),
        confidence: intervals.share, bootstrap: bootstrap)
      let isShown = !export.isOnStandardOutput && html != "-" && intervals.csv != "-"
      guard json || isShown || intervals.csv != nil else { continue }
      let report = Report(dataset, options: options)
      if let csv = intervals.csv {
        let text = QuantileCSVWriter.write(report)
        try Output.write(Array(text.utf8), to: csv)
      }
      if json {
        reports.append(report)
      } else if isShown {
        try show(report, dataset, isFirst: file == files.first)
      }
    }
    if json { try printJSON(reports) }
    if failed { throw ExitCode(1) }
    if hit { throw ExitCode(2) }
  }

  private func show(_ report: Report, _ dataset: Dataset, isFirst: Bool) throws(ExitCode) {
    if !isFirst { try Output.print("\n") }
    let unit = TickUnit(dataset.machine)
    if markdown {
      try Output.print(MarkdownRenderer.render(report, unit: unit), terminator: "")
      return
    }
    let style = TextRenderer.Style(
      width: width ?? Terminal.width, color: Terminal.hasColor, histograms: histograms)
    try Output.print(TextRenderer.render(report, unit: unit, style: style), terminator: "")
  }

  private func writePage(
    _ dataset: Dataset, _ thresholds: [Threshold], _ quantiles: [Quantile],
    _ bootstrap: BlockBootstrap?
  ) throws(ExitCode) {
    guard let html else { return }
    var options = HTMLRenderer.Options()
    options.thresholds = thresholds
    options.measurement = limits.measurement
    options.zone = limits.zone
    options.confidence = intervals.share
    options.bootstrap = bootstrap
    options.quantiles = quantiles
    options.split = split
    try Output.write(Array(HTMLRenderer.render(dataset, options: options).utf8), to: html)
  }

  private func parseQuantiles() throws(ExitCode) -> [Quantile] {
    guard let quantiles else { return Quantile.all }
    var result: [Quantile] = []
    for name in quantiles.split(separator: ",", omittingEmptySubsequences: false) {
      guard let quantile = Quantile(String(name.filter { $0 != " " })) else {
        Input.complain(
          "quantile '\(name)': write p and a percentage with at most four decimals, such as p99.95")
        throw ExitCode(1)
      }
      if !result.contains(quantile) { result.append(quantile) }
    }
    return result
  }

  private func printJSON(_ reports: [Report]) throws(ExitCode) {
    let text: String
    do {
      text = try JSONRenderer.render(reports)
    } catch {
      Input.complain(error.description)
      throw ExitCode(1)
    }
    try Output.print(text)
  }
}
