import ArgumentParser
import LatencyReport

/// `hvlat validate`: is this a whole, undamaged, sealed record?
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check that files are whole and undamaged, and records sealed.",
    discussion: """
      Exit code 0: every file is a sealed record whose checksum is right. Oddities inside it, such \
      as stamps that make no sense, are printed as warnings; with --strict they fail too.
      """)

  @Argument(help: "Records or files of other tools; '-' reads standard input.")
  var files: [String]

  @Flag(help: "Accept what is not sealed: raw copies of the region, and files of other tools.")
  var unsealed = false

  @Flag(help: "Fail on warnings and rejected samples.")
  var strict = false

  @Flag(help: "Print JSON; reasons are still said on standard error.")
  var json = false

  /// What was found of a file.
  private struct Finding: Encodable {
    var file: String
    var isValid: Bool
    /// Absent: the file cannot be read.
    var isSealed: Bool?
    var warnings: [String] = []
  }

  func run() throws(ExitCode) {
    var failed = false
    var findings: [Finding] = []
    for file in files {
      guard let dataset = Input.dataset(file) else {
        findings.append(Finding(file: file, isValid: false))
        failed = true
        continue
      }
      var oddities = dataset.warnings
      for series in dataset.series {
        for (reason, count) in series.rejected.sorted(by: { $0.key < $1.key }) {
          oddities.append("\(series.measurement), \(series.origin.name): \(count) \(reason)")
        }
      }
      for oddity in oddities { Input.complain("\(file): warning: \(oddity)") }
      let isAccepted = dataset.isSealed || unsealed
      if !isAccepted { Input.complain("\(file): not sealed; --unsealed accepts it") }
      let isValid = isAccepted && (!strict || oddities.isEmpty)
      failed = failed || !isValid
      findings.append(
        Finding(file: file, isValid: isValid, isSealed: dataset.isSealed, warnings: oddities))
      if isValid && !json {
        try Output.print(
          "\(file): \(dataset.isSealed ? "sealed record, checksum right" : "whole, not sealed")")
      }
    }
    if json { try Output.printJSON(findings, as: "files") }
    if failed { throw ExitCode(1) }
  }
}
