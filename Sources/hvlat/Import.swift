import ArgumentParser
import LatencyFormats
import LatencyReport

/// `hvlat import`: another tool's file as a record.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn another tool's file into a sealed record.",
    discussion: """
      The record holds all that `hvlat analyze` uses of the file, so analysing either gives the same \
      numbers. docs/formats.md says what is used of each format and what it cannot tell. Example:

        cyclictest -h 400 -q -D 10m > run.txt
        hvlat import --from cyclictest run.txt -o run.hvlat
      """)

  @Option(
    help: "Format of the file: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
  var from: Format?

  @OptionGroup
  var input: InputOptions

  @Argument(help: "The file; '-' reads standard input.")
  var file: String

  @OptionGroup
  var output: RecordOutput

  func run() throws(ExitCode) {
    try Output.refuse(["-o": output.output], over: [file])
    guard let dataset = Input.dataset(file, as: from, options: input.read) else {
      throw ExitCode(1)
    }
    for warning in dataset.warnings { Input.complain("\(file): warning: \(warning)") }
    try output.write(dataset)
  }
}
