import ArgumentParser
import Foundation
import Workbench

/// The command: subcommands only.
@main
struct HVLat: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hvlat",
    abstract: "Read latency records, ours and those of other tools, and report on them.",
    discussion: """
      A record is the file `hv run --record FILE` writes, or a raw dump of the record region; \
      docs/record-format.md defines it, docs/measuring.md explains the measurements. Files of \
      cyclictest, rtla, jitterdebugger, OSADL and HdrHistogram, and CSV, are recognised by their \
      content (docs/formats.md).

      Exit codes: 0 all is well; 1 an error: wrong use, or a file cannot be read or judged; 2 a threshold \
      or a regression was hit. docs/hvlat.md explains commands and reports.
      """,
    version: "0.1",
    subcommands: [
      Analyze.self, Compare.self, Gate.self, History.self, Import.self, Record.self, Merge.self,
      Info.self, Validate.self,
    ])

  /// As the parser's own, but that wrong use is an error like any other: 1, as of rtla, not 64.
  static func main() {
    DescriptorIO.occupyStandardDescriptors()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      let message = fullMessage(for: error) + "\n"
      if exitCode(for: error).isSuccess {
        do { try Output.print(message, terminator: "") } catch { Foundation.exit(error.rawValue) }
      } else {
        DescriptorIO.writeAll(STDERR_FILENO, Array(message.utf8))
        Foundation.exit(1)
      }
    }
  }
}
