import ArgumentParser
import LatencyReport

/// What a file holds, without statistics, for programs.
struct FileSummary: Encodable {
  struct Measurement: Encodable {
    var measurement: String
    var origin: String
    var samples: UInt64
  }

  var file: String
  var title: String
  var isSealed: Bool
  var unit: Report.Unit
  var machine: Report.MachineReport
  var zones: [ZoneSummary]
  var measurements: [Measurement]
  var provenance: [ProvenanceItem]
  var warnings: [String]

  init(_ dataset: Dataset, file: String) {
    let report = Report(dataset)
    self.file = file
    (title, isSealed, unit) = (report.title, report.isSealed, report.unit)
    (machine, zones) = (report.machine, report.zones)
    measurements = report.measurements.map {
      Measurement(
        measurement: $0.measurement, origin: $0.origin, samples: $0.statistics.samples)
    }
    (provenance, warnings) = (report.provenance, report.warnings)
  }
}

/// Where a command writes a record, and whether it says in JSON what it wrote.
struct RecordOutput: ParsableArguments {
  @Option(name: .shortAndLong, help: "The record to write; '-' writes standard output.")
  var output: String

  @Flag(help: "Print what was written as JSON.")
  var json = false

  func validate() throws {
    if json && output == "-" {
      throw ValidationError("--json and the record cannot both go to standard output")
    }
  }

  /// Writes the record. Throws exit code 1 after printing why that failed.
  func write(_ dataset: Dataset) throws(ExitCode) {
    try Output.write(dataset, to: output)
    var written = dataset
    written.isSealed = true
    try say(written)
  }

  /// Writes the bytes of a record.
  func write(_ bytes: [UInt8]) throws(ExitCode) {
    try Output.write(bytes, to: output)
    guard json, let dataset = try? RecordReader.read(bytes, source: output) else { return }
    try say(dataset)
  }

  private func say(_ dataset: Dataset) throws(ExitCode) {
    if json { try Output.printJSON([FileSummary(dataset, file: output)], as: "files") }
  }
}
