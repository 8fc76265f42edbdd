import ArgumentParser
import Foundation
import LatencyReport

/// `hvlat gate`: path lengths against recorded ones.
struct Gate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare path lengths with recorded ones; one instruction is a difference.",
    discussion: """
      BASELINES is a JSON file: { "paths": { NAME: { "measured": "90 x 1000", "unit": \
      "instructions", "command": "how to measure it" } } }. NAME is a measurement of the records, \
      or one given by --value. The comparison is exact equality of the distribution, so it is for \
      records with timebase icount; others are refused (`hvlat compare`, `hvlat history gate`).

      Exit codes: 0 all as recorded; 2 a path changed, has no baseline, or was not measured; 1 a \
      file cannot be read. docs/jitter-gate.md shows this in CI.
      """)

  @Argument(help: "Recorded path lengths (JSON).")
  var baselines: String

  @Argument(help: "Records made now.")
  var records: [String] = []

  @Option(help: "A number not in a record: NAME=VALUE or NAME='VALUE x COUNT, ...'. Repeatable.")
  var value: [String] = []

  @Option(help: "A path to leave out. Repeatable.")
  var ignore: [String] = []

  @Option(help: "Only what this zone stamped; by default all zones.")
  var zone: String?

  @OptionGroup(title: "Results")
  var outputs: CheckOutputs

  func run() throws(ExitCode) {
    try outputs.refuse(over: [baselines] + records)
    guard let data = FileManager.default.contents(atPath: baselines) else {
      Input.complain("\(baselines): cannot be opened; check the name and the permissions")
      throw ExitCode(1)
    }
    let recorded: PathBaselines
    do { recorded = try PathBaselines(json: data) } catch {
      Input.complain("\(baselines): \(error.description)")
      throw ExitCode(1)
    }
    let (paths, boards) = try measured()
    let results = recorded.check(paths, ignored: Set(ignore))
    try outputs.write(
      results,
      title: (["Path lengths against their baselines"] + boards.sorted()).joined(separator: ", "),
      source: ([baselines] + records).joined(separator: ", "),
      notice: "Instructions executed in an emulator: path length, NOT latency.")
  }

  /// What was measured, and the boards it was measured on, as the records name them.
  private func measured() throws(ExitCode) -> ([String: Distribution], boards: Set<String>) {
    var paths: [String: Distribution] = [:]
    var boards: Set<String> = []
    func add(_ name: String, _ distribution: Distribution, _ source: String) throws(ExitCode) {
      guard paths.updateValue(distribution, forKey: name) == nil else {
        Input.complain("\(source): '\(name)' was measured twice; choose one with --zone")
        throw ExitCode(1)
      }
    }
    for text in value {
      guard let sign = text.firstIndex(of: "="),
        let distribution = Distribution(exactText: String(text[text.index(after: sign)...]))
      else {
        Input.complain("--value '\(text)': write NAME=VALUE or NAME='VALUE x COUNT, ...'")
        throw ExitCode(1)
      }
      try add(String(text[..<sign]), distribution, "--value")
    }
    for record in records {
      guard let dataset = Input.dataset(record) else { throw ExitCode(1) }
      guard TickUnit(dataset.machine) == .instructions else {
        Input.complain(
          "\(record): its ticks are not instructions; compare it with `hvlat compare` instead")
        throw ExitCode(1)
      }
      if !dataset.machine.board.isEmpty { boards.insert(dataset.machine.board) }
      for series in dataset.series {
        guard case .zone(let name) = series.origin, zone == nil || zone == name else { continue }
        try add(series.measurement, series.distribution, record)
      }
    }
    return (paths, boards)
  }
}
