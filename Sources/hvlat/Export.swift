import ArgumentParser
import LatencyFormats
import LatencyReport

/// Where `hvlat analyze` writes distributions for other tools.
struct Export: ParsableArguments {
  @Option(help: "Write all bins as CSV to this file ('-': standard output).")
  var csv: String?

  @Option(help: "Write an HdrHistogram percentile distribution; of one measurement.")
  var hgrm: String?

  @Option(help: "Write an HdrHistogram log with one tagged histogram for each measurement.")
  var hlog: String?

  /// Whether anything is to be written.
  var isAsked: Bool { csv != nil || hgrm != nil || hlog != nil }

  /// Whether the report itself is left out, because an export goes to standard output.
  var isOnStandardOutput: Bool { [csv, hgrm, hlog].contains("-") }

  /// Writes what was asked for. Throws exit code 1 after printing why.
  func write(_ dataset: Dataset, measurement: String?, zone: String?) throws(ExitCode) {
    var chosen = dataset
    chosen.series = dataset.series.filter { series in
      (measurement == nil || measurement == series.measurement)
        && (zone == nil || series.origin.name == zone || series.origin == zone.map { .zone($0) })
    }
    if let csv { try Output.write(Array(CSVWriter.write(chosen).utf8), to: csv) }
    if let hlog {
      try write(to: hlog, dataset) { () throws(HGRMWriter.Problem) in
        try HDRLogWriter.write(chosen)
      }
    }
    guard let hgrm else { return }
    guard chosen.series.count == 1, let series = chosen.series.first else {
      let names = dataset.series.map { "\($0.measurement) (\($0.origin.name))" }
      Input.complain(
        "\(dataset.source): --hgrm holds one measurement; choose with --measurement and --zone among "
          + names.joined(separator: ", "))
      throw ExitCode(1)
    }
    try write(to: hgrm, dataset) { () throws(HGRMWriter.Problem) in try HGRMWriter.write(series) }
  }

  private func write(
    to path: String, _ dataset: Dataset, _ text: () throws(HGRMWriter.Problem) -> String
  ) throws(ExitCode) {
    let bytes: [UInt8]
    do {
      bytes = Array(try text().utf8)
    } catch {
      Input.complain("\(dataset.source): \(error.description)")
      throw ExitCode(1)
    }
    try Output.write(bytes, to: path)
  }
}
