import ArgumentParser
import LatencyFormats
import LatencyReport

/// `hvlat analyze`: the report.
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report what records show: verdict, numbers, exits, provenance, limits.",
    discussion: """
      Quantiles are given only when enough samples support them: p50 needs 20, p99 1,000, p99.9 \
      10,000, p99.99 100,000.

      Thresholds compare a metric (min, p50, p99, p99.9, p99.99, max, jitter, samples, overflow, \
      misses) with a whole number in the report's unit; on hardware ns, us or ms may follow. What \
      cannot be shown, such as a refused quantile, counts as hit. Example:

        hvlat analyze run.rec --threshold 'max<=4,p99<=4' --measurement timer-busy
      """)

  @Argument(
    help: "Records, or files of other tools (docs/formats.md); '-' reads standard input.")
  var files: [String]

  @Option(help: "Unit of values whose file does not name one: ns, us, ms or s.")
  var unit: TimeUnit?

  @OptionGroup(title: "Exports")
  var export: Export

  @Flag(help: "Print JSON, all values in ticks.")
  var json = false

  @Option(help: "Limits separated by commas, such as 'max<=4,misses==0'. May be repeated.")
  var threshold: [String] = []

  @Option(help: "Check thresholds on this measurement only, such as timer-busy.")
  var measurement: String?

  @Option(help: "Check thresholds on this zone only.")
  var zone: String?

  @Flag(inversion: .prefixedNo, help: "Plot a histogram of each measurement.")
  var histograms = true

  @Option(help: "Columns of the report; by default those of the terminal, or 80.")
  var width: Int?

  func run() throws(ExitCode) {
    let thresholds = try parseThresholds()
    if files.count > 1 && export.isAsked {
      Input.complain("an export holds one file; export each of the \(files.count) files by itself")
      throw ExitCode(64)
    }
    var failed = false
    var hit = false
    var reports: [Report] = []
    for (index, file) in files.enumerated() {
      guard let dataset = Input.dataset(file, options: ReadOptions(unit: unit)) else {
        failed = true
        continue
      }
      try export.write(dataset, measurement: measurement, zone: zone)
      if json {
        reports.append(Report(dataset))
      } else if !export.isOnStandardOutput {
        if index > 0 { print("\n") }
        let style = TextRenderer.Style(
          width: width ?? Terminal.width, color: Terminal.hasColor, histograms: histograms)
        print(TextRenderer.render(dataset, style: style), terminator: "")
      }
      switch check(thresholds, dataset) {
      case .kept: break
      case .hit: hit = true
      case .impossible: failed = true
      }
    }
    if json { try printJSON(reports) }
    if failed { throw ExitCode(1) }
    if hit { throw ExitCode(2) }
  }

  private func parseThresholds() throws(ExitCode) -> [Threshold] {
    do {
      var thresholds: [Threshold] = []
      for text in threshold { thresholds += try Threshold.parse(text) }
      return thresholds
    } catch {
      Input.complain(error.description)
      throw ExitCode(64)
    }
  }

  private enum Outcome { case kept, hit, impossible }

  private func check(_ thresholds: [Threshold], _ dataset: Dataset) -> Outcome {
    do {
      let hits = try Threshold.hits(
        thresholds, in: dataset, measurement: measurement, zone: zone)
      for hit in hits { Input.complain("\(dataset.source): threshold hit: \(hit)") }
      return hits.isEmpty ? .kept : .hit
    } catch {
      Input.complain("\(dataset.source): \(error.description)")
      return .impossible
    }
  }

  private func printJSON(_ reports: [Report]) throws(ExitCode) {
    do {
      print(try JSONRenderer.render(reports))
    } catch {
      Input.complain(error.description)
      throw ExitCode(1)
    }
  }
}
