public import ArgumentParser
public import LatencyHistory
import LatencyReport

/// `hvlat history`: runs of many builds.
struct History: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep runs in a SQLite file: list them, see trends, hold new ones to a baseline.",
    discussion: """
      Runs are comparable when board, measurement, place, load and timebase are the same; the \
      image is what changes between them. In CI:

        hvlat history add runs.db run.hvlat --label "$COMMIT"
        hvlat history gate runs.db --junit junit.xml

      The first run, and each one whose change is meant, is added with --baseline.
      """,
    subcommands: [
      HistoryAdd.self, HistoryList.self, HistoryShow.self, HistoryTrendCommand.self,
      HistoryGateCommand.self,
    ])

  /// Opens a history; prints the reason and ends with 1 when that fails.
  static func reading(_ path: String, _ filter: HistoryFilter) throws(ExitCode) -> [HistoryRun] {
    try orExit { () throws(HistoryError) in try HistoryStore(reading: path).runs(filter) }
  }

  static func orExit<Value>(_ body: () throws(HistoryError) -> Value) throws(ExitCode) -> Value {
    do { return try body() } catch {
      Input.complain(error.description)
      throw ExitCode(1)
    }
  }
}

/// Which runs of a history.
struct HistorySelection: ParsableArguments {
  @Option(help: "Only runs on this board.")
  var board: String?

  @Option(help: "Only this measurement, such as timer-busy.")
  var measurement: String?

  @Option(help: "Only this place, such as 'zone rt-control'.")
  var place: String?

  @Option(help: "Only runs under this load.")
  var load: String?

  /// As the library has it.
  var filter: HistoryFilter {
    var filter = HistoryFilter()
    (filter.board, filter.measurement, filter.place, filter.load) = (
      board, measurement, place, load
    )
    return filter
  }
}

/// `hvlat history add`.
struct HistoryAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add each measurement of files; all of a file or nothing of it.")

  @Argument(help: "The history; made when it is not there.")
  var database: String

  @Argument(help: "Records, or files of other tools.")
  var files: [String]

  @Flag(help: "Later runs are held to these.")
  var baseline = false

  @Option(help: "A text to keep with the runs, such as the commit.")
  var label = ""

  @OptionGroup
  var input: InputOptions

  @Option(help: "The board, for files that do not name it.")
  var board: String?

  @Option(help: "What else was running, for files that do not say.")
  var load: String?

  @Flag(help: "Print what was added as JSON.")
  var json = false

  /// What became of a file.
  private struct Added: Encodable {
    var file: String
    var runs: [Int64]
  }

  func run() throws(ExitCode) {
    try Output.refuse(["history": database], over: files)
    var datasets: [Dataset] = []
    for file in files {
      guard var dataset = Input.dataset(file, options: input.read) else { throw ExitCode(1) }
      try complete(&dataset)
      datasets.append(dataset)
    }
    let store = try History.orExit { () throws(HistoryError) in
      try HistoryStore(writing: database)
    }
    var added: [Added] = []
    for dataset in datasets {
      let ids = try History.orExit { () throws(HistoryError) in
        try store.add(dataset, label: label, asBaseline: baseline)
      }
      added.append(Added(file: dataset.source, runs: ids))
      if json { continue }
      let runs = ids.count == 1 ? "run \(ids[0])" : "runs \(ids.first ?? 0)-\(ids.last ?? 0)"
      try Output.print(
        ids.isEmpty ? "\(dataset.source): no samples, nothing added" : "\(dataset.source): \(runs)")
    }
    if json { try Output.printJSON(added, as: "files") }
  }
}

extension HistoryAdd {
  /// Adds what the file does not say. What a record says itself is not overwritten.
  private func complete(_ dataset: inout Dataset) throws(ExitCode) {
    if let load {
      if let known = dataset.provenance.first(where: { $0.key == "load" }), known.value != load {
        Input.complain("\(dataset.source): was recorded under load '\(known.value)'; omit --load")
        throw ExitCode(1)
      }
      dataset.provenance.append(ProvenanceItem("load", load))
    }
    if let board {
      guard !dataset.isSealed || dataset.machine.board == board else {
        Input.complain(
          "\(dataset.source): was recorded on '\(dataset.machine.board)'; omit --board")
        throw ExitCode(1)
      }
      dataset.machine.board = board
    }
  }
}

/// `hvlat history trend`.
struct HistoryTrendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "Where a number changed from run to run.",
    discussion: """
      Changes are found by an energy statistic and a permutation test, which need ten comparable \
      runs. Runs too short for a quantile are left out.
      """)

  @Argument(help: "The history.")
  var database: String

  @OptionGroup(title: "Runs")
  var selection: HistorySelection

  @Option(help: "min, mean, p50, p99, p99.9, p99.99 or max.")
  var metric = HistoryTrend.Metric.p99

  @Option(help: "Write a page (HTML) here; '-' is standard output.")
  var html: String?

  @Flag(help: "Print JSON, values in the unit named there.")
  var json = false

  func validate() throws { try Output.requireOne(["--json": json, "--html": html == "-"]) }

  func run() throws(ExitCode) {
    try Output.refuse(["--html": html], over: [database])
    let runs = try History.reading(database, selection.filter)
    let trends = HistoryTrend.all(runs, metric: metric)
    if let html {
      try Output.write(Array(HistoryPage.render(trends, source: database).utf8), to: html)
    }
    if json {
      try Output.printJSON(trends.map(HistoryJSON.Trend.init), as: "trends")
    } else if html != "-" {
      for trend in trends {
        try Output.print(
          "\(trend.key.title): \(trend.metric.rawValue) of \(counted(trend.values.count, "run"))")
        for change in trend.changes { try Output.print("  " + trend.text(change)) }
        if trend.changes.isEmpty {
          try Output.print(trend.values.count < 10 ? "  ten runs are needed" : "  no change found")
        }
      }
      if trends.isEmpty { try Output.print("no runs") }
    }
  }
}

/// `hvlat history gate`.
struct HistoryGateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Hold the latest run of each measurement to its baseline.",
    discussion: """
      Instructions (icount) are compared exactly, time by statistics: body, exceedances and the \
      largest samples. Exit codes: 0 no regression; 2 a regression; 1 something could not be \
      judged, such as a measurement without baseline (0 with --allow-inconclusive).
      """)

  @Argument(help: "The history.")
  var database: String

  @OptionGroup(title: "Runs")
  var selection: HistorySelection

  @Flag(help: "End with 0 when something could not be judged, such as the first run of all.")
  var allowInconclusive = false

  @OptionGroup(title: "Results")
  var outputs: CheckOutputs

  func run() throws(ExitCode) {
    try outputs.refuse(over: [database])
    let runs = try History.reading(database, selection.filter)
    guard !runs.isEmpty else {
      Input.complain("\(database): no such runs, so nothing can be judged; `hvlat history list`")
      throw ExitCode(1)
    }
    let isEmulated = runs.contains { !$0.key.unit.isTime }
    try outputs.write(
      HistoryGate.check(runs), title: "Latency against its baselines", source: database,
      notice: isEmulated ? "Some numbers come from an emulator: path length, NOT latency." : "",
      allowsInconclusive: allowInconclusive)
  }
}

extension HistoryTrend.Metric: ExpressibleByArgument {}
