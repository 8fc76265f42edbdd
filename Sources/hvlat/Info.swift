import ArgumentParser
import LatencyReport

/// `hvlat info`: what a record is, without statistics.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what files contain: machine, zones, measurements, provenance.")

  @Argument(help: "Records or files of other tools; '-' reads standard input.")
  var files: [String]

  @OptionGroup
  var input: InputOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws(ExitCode) {
    var failed = false
    var summaries: [FileSummary] = []
    for file in files {
      guard let dataset = Input.dataset(file, options: input.read) else {
        failed = true
        continue
      }
      if json {
        summaries.append(FileSummary(dataset, file: file))
        continue
      }
      let report = Report(dataset)
      try Output.print("\(file): \(report.title)")
      try Output.print(
        "  sealed: \(report.isSealed ? "yes" : "no"), timebase: \(report.unit.timebase)")
      if report.isImported {
        try Output.print("  resolution: \(report.resolutionText)")
      } else {
        try Output.print(
          "  cpu: \(report.machine.cpuModel), counter: \(report.machine.counterFrequency) Hz")
        try Output.print(
          "  plan: \(report.machine.planChecksum), image: \(report.machine.imageHash)")
      }
      for zone in report.zones {
        try Output.print(
          "  zone \(zone.name): \(zone.kind), cpus \(zone.cpus), \(zone.starts) starts")
      }
      for series in report.measurements {
        try Output.print(
          "  \(series.measurement), \(series.origin): \(counted(series.statistics.samples, "sample"))"
        )
      }
      for cpu in dataset.cpus {
        guard let log = cpu.log else { continue }
        try Output.print(
          "  exit log of cpu \(cpu.index): the latest \(log.exits.count) of \(log.logged) exits")
      }
      for item in report.provenance { try Output.print("  \(item.key): \(item.value)") }
      for warning in report.warnings { try Output.print("  warning: \(warning)") }
    }
    if json { try Output.printJSON(summaries, as: "files") }
    if failed { throw ExitCode(1) }
  }
}
