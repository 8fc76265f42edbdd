import ArgumentParser
import LatencyReport
import LatencyStatistics

/// How `hvlat analyze` says where quantiles lie.
struct Intervals: ParsableArguments {
  @Option(help: "Confidence of the intervals of quantiles, in percent.")
  var confidence = 95.0

  @Option(
    help: """
      Intervals from blocks of so many neighbouring samples as well, for samples that depend on each \
      other; 'auto': the cube root of their number. Needs samples in order.
      """)
  var bootstrap: String?

  @Option(help: "Seed of the bootstrap: the same one gives the same intervals.")
  var seed: UInt64 = 1

  @Option(
    name: .customLong("quantiles-csv"),
    help: "Write quantiles and their intervals as CSV to this file ('-': standard output).")
  var csv: String?

  /// The confidence as a fraction of 1.
  var share: Double { confidence / 100 }

  /// The bootstrap asked for. Throws exit code 1 after printing why.
  func parsed() throws(ExitCode) -> BlockBootstrap? {
    guard confidence >= 50, confidence < 100 else {
      Input.complain("confidence \(confidence): give a percentage from 50 to below 100, such as 99")
      throw ExitCode(1)
    }
    guard let bootstrap else { return nil }
    if bootstrap == "auto" { return BlockBootstrap(seed: seed) }
    guard let length = Int(bootstrap), length > 0 else {
      Input.complain("bootstrap '\(bootstrap)': give the samples of a block, or auto")
      throw ExitCode(1)
    }
    return BlockBootstrap(blockLength: length, seed: seed)
  }
}
