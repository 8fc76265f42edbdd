import ArgumentParser

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

      Exit codes: 0 all is well; 1 a file cannot be read or judged; 2 a threshold or regression was \
      hit; 3 a comparison is inconclusive; 64 wrong use. docs/hvlat.md explains commands and reports.
      """,
    subcommands: [
      Analyze.self, Compare.self, Gate.self, History.self, Import.self, Record.self, Merge.self,
      Info.self, Validate.self,
    ])
}
