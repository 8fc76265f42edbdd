import ArgumentParser
import LatencyReport

/// `hvlat merge`: several runs of the same measurement as one record.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add the histograms of runs that were measured alike.",
    discussion: """
      Every count of the result is the sum of the counts of the files. Files that differ in machine, \
      image, clock, tool, load or series, or whose bins cut across each other, are refused with the \
      reason. The order of samples is not kept.
      """)

  @Argument(help: "Two or more files, of any format `hvlat analyze` reads.")
  var files: [String]

  @OptionGroup
  var input: InputOptions

  @OptionGroup
  var output: RecordOutput

  func validate() throws {
    guard files.count >= 2 else { throw ValidationError("merge needs two or more files") }
  }

  func run() throws(ExitCode) {
    try Output.refuse(["-o": output.output], over: files)
    var merged: Dataset?
    for file in files {
      guard let dataset = Input.dataset(file, options: input.read) else { throw ExitCode(1) }
      guard let sum = merged else {
        merged = dataset
        continue
      }
      do {
        merged = try sum.merged(with: dataset)
      } catch {
        Input.complain("\(file): cannot be merged with \(sum.source): \(error.description)")
        throw ExitCode(1)
      }
    }
    guard var result = merged else { throw ExitCode(1) }
    result.provenance.append(ProvenanceItem("merged", "\(files.count) files"))
    try output.write(result)
  }
}
