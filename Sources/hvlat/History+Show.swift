import ArgumentParser
import Foundation
import LatencyHistory
import LatencyReport
import LatencyStatistics

/// `hvlat history list`.
struct HistoryList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "One line for each run; * marks baselines.")

  @Argument(help: "The history.")
  var database: String

  @OptionGroup(title: "Runs")
  var selection: HistorySelection

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws(ExitCode) {
    let runs = try History.reading(database, selection.filter)
    if json {
      try Output.printJSON(runs.map { HistoryJSON.Run($0) }, as: "runs")
      return
    }
    for run in runs {
      let unit = run.key.unit
      let numbers = Statistics(run.distribution)
      let largest =
        numbers.maximum.map { (numbers.maximumIsBound ? ">=" : "") + unit.format($0) } ?? "-"
      try Output.print(
        "\(run.id)\(run.isBaseline ? "*" : "")  \(run.date)  \(run.imageHash.prefix(12))"
          + "  \(run.key.title): \(counted(numbers.samples, "sample")), max \(largest) \(unit.name)"
          + (run.label.isEmpty ? "" : "  [\(run.label)]"))
    }
    if runs.isEmpty { try Output.print("no runs") }
  }
}

/// `hvlat history show`.
struct HistoryShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "All numbers of runs, by the numbers `list` gives them.")

  @Argument(help: "The history.")
  var database: String

  @Argument(help: "Numbers of runs.")
  var ids: [Int64]

  @Flag(help: "Print JSON, with the distribution.")
  var json = false

  func run() throws(ExitCode) {
    let runs = try History.reading(database, HistoryFilter())
    var chosen: [HistoryRun] = []
    for id in ids {
      guard let run = runs.first(where: { $0.id == id }) else {
        Input.complain("\(database): there is no run \(id); `hvlat history list` shows them")
        throw ExitCode(1)
      }
      chosen.append(run)
    }
    if json {
      try Output.printJSON(chosen.map { HistoryJSON.Run($0, withRows: true) }, as: "runs")
      return
    }
    for run in chosen {
      let unit = run.key.unit
      try Output.print("run \(run.id)\(run.isBaseline ? ", baseline" : ""): \(run.key.title)")
      try Output.print("  \(run.date), \(run.source), image \(run.imageHash) \(run.label)")
      try Output.print(
        "  \(counted(run.distribution.count, "sample")), \(run.distribution.overflow) over, \(unit.name):"
      )
      for metric in HistoryTrend.Metric.allCases {
        let value = metric.value(run.distribution).map { $0 * (unit.nanosecondsPerTick ?? 1) }
        try Output.print(
          "  \(metric.rawValue) \(value.map { "\(($0 * 10).rounded() / 10)" } ?? "-")")
      }
    }
  }
}

/// What `history` prints for machines. Values are in the unit beside them.
enum HistoryJSON {
  struct Run: Encodable {
    var id: Int64
    var date: String
    var source: String
    var key: HistoryKey
    var imageHash: String
    var label: String
    var isBaseline: Bool
    /// Of `values` and `maximum`.
    var unit = "ticks"
    var statistics: Statistics
    var values: [PlotRow]?

    init(_ run: HistoryRun, withRows: Bool = false) {
      (id, date, source, key) = (run.id, run.date, run.source, run.key)
      (imageHash, label, isBaseline) = (run.imageHash, run.label, run.isBaseline)
      statistics = Statistics(run.distribution)
      if withRows { values = run.distribution.allRows(limit: .max) }
    }
  }

  struct Trend: Encodable {
    struct Change: Encodable {
      var run: Int64
      var before: Double
      var after: Double
      var pValue: Double
    }

    var key: HistoryKey
    var metric: String
    var unit: String
    var runs: [Int64]
    var values: [Double]
    var changes: [Change]

    init(_ trend: HistoryTrend) {
      let scale = trend.key.unit.nanosecondsPerTick ?? 1
      (key, metric, unit) = (trend.key, trend.metric.rawValue, trend.key.unit.name)
      runs = trend.runs.map(\.id)
      values = trend.values.map { $0 * scale }
      changes = trend.changes.map {
        Change(
          run: trend.runs[$0.index].id, before: $0.meanBefore * scale,
          after: $0.meanAfter * scale, pValue: $0.pValue)
      }
    }
  }
}
