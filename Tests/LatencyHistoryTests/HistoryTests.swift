import Foundation
import GRDB
import LatencyProbe
import LatencyReport
import LatencyStatistics
import Testing

@testable import LatencyHistory

/// A folder that vanishes with the test.
final class Folder {
  let path = "/tmp/hvlat-history-\(UUID().uuidString.prefix(8))"
  var database: String { path + "/h.db" }

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs as boards and emulators give them.
enum Runs {
  static func icount(_ values: [UInt64], load: String = "") -> Dataset {
    var machine = Machine(name: "virt", ticksPerSecond: 62_500_000)
    machine.timebase = .icount
    machine.icountShift = 4
    return dataset(machine, values, load)
  }

  static func hardware(_ values: [UInt64], load: String = "") -> Dataset {
    dataset(Machine(name: "board", ticksPerSecond: 1_000_000_000), values, load)
  }

  private static func dataset(_ machine: Machine, _ values: [UInt64], _ load: String) -> Dataset {
    Dataset(
      source: "run.csv", machine: machine,
      provenance: load.isEmpty ? [] : [ProvenanceItem("load", load)],
      series: [
        Series(
          measurement: "timer", origin: .imported("cpu 0"), distribution: Distribution(values))
      ], warnings: [])
  }

  static func noise(_ count: Int, level: UInt64, seed: UInt64) -> [UInt64] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in level + random.next() % 200 + random.next() % 200 }
  }
}

@Suite struct HistoryStoreTests {
  @Test func writtenAndReadAgain() throws {
    let folder = try Folder()
    var dataset = Runs.icount([90, 90, .max], load: "idle")
    dataset.series.append(
      Series(
        measurement: "over", origin: .zone("rt"),
        distribution: Distribution(
          points: [.init(bounds: 256...263, count: 5)], overflow: 2, overflowBound: 1 << 24)))
    let ids = try HistoryStore(writing: folder.database)
      .add(dataset, label: "a'b; DROP TABLE run;--", asBaseline: true)
    #expect(ids == [1, 2])
    let runs = try HistoryStore(reading: folder.database).runs()
    #expect(runs.map(\.distribution) == dataset.series.map(\.distribution))
    #expect(runs[0].key == HistoryKey(dataset, dataset.series[0]) && runs[0].isBaseline)
    #expect(runs[0].label == "a'b; DROP TABLE run;--" && runs[0].key.unit == .instructions)
    #expect(runs[1].distribution.maximumIsBound)
  }

  @Test func filters() throws {
    let folder = try Folder()
    let store = try HistoryStore(writing: folder.database)
    try store.add(Runs.icount([1]))
    try store.add(Runs.hardware([1], load: "x"))
    var filter = HistoryFilter()
    filter.board = "board"
    #expect(try store.runs(filter).map(\.id) == [2])
    filter.load = "y"
    #expect(try store.runs(filter).isEmpty)
  }

  @Test func controlsDoNotComeBack() throws {
    let folder = try Folder()
    try HistoryStore(writing: folder.database).add(Runs.icount([1]), label: "a\n::error::\u{1b}[2J")
    let label = try HistoryStore(reading: folder.database).runs().first?.label
    #expect(label == "a\u{fffd}::error::\u{fffd}[2J")
  }

  @Test func missing() throws {
    let folder = try Folder()
    #expect(throws: HistoryError.missing(path: folder.database)) {
      try HistoryStore(reading: folder.database)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.database))
    #expect(throws: HistoryError.self) { try HistoryStore(writing: folder.path + "/no/h.db") }
    #expect(throws: HistoryError.isFolder(path: folder.path)) {
      try HistoryStore(reading: folder.path)
    }
    #expect(throws: HistoryError.isFolder(path: folder.path)) {
      try HistoryStore(writing: folder.path)
    }
  }

  @Test(arguments: [
    "this is a text file, long enough to have a header of a database, and then some more of it......",
    "SQLite format 3\u{0}" + String(repeating: "\u{7f}", count: 200),
  ])
  func notADatabase(content: String) throws {
    let folder = try Folder()
    try Data(content.utf8).write(to: URL(fileURLWithPath: folder.database))
    for isReadOnly in [true, false] {
      #expect(throws: HistoryError.notDatabase(path: folder.database)) {
        try HistoryStore(folder.database, isReadOnly: isReadOnly, patience: 0.1)
      }
    }
    #expect(FileManager.default.contents(atPath: folder.database) == Data(content.utf8))
  }

  @Test func databaseOfSomethingElse() throws {
    let folder = try Folder()
    try DatabaseQueue(path: folder.database).write {
      try $0.execute(sql: "CREATE TABLE run (id INTEGER)")
    }
    let before = FileManager.default.contents(atPath: folder.database)
    for isReadOnly in [true, false] {
      #expect(throws: HistoryError.notHistory(path: folder.database)) {
        try HistoryStore(folder.database, isReadOnly: isReadOnly, patience: 0.1)
      }
    }
    #expect(FileManager.default.contents(atPath: folder.database) == before)
  }

  @Test(arguments: [
    ("PRAGMA user_version = 9", "later version"),
    ("PRAGMA application_id = 5", "a database of something else"),
    ("ALTER TABLE run DROP COLUMN label", "something else"),
    ("UPDATE run SET distribution = 'x'", "run 1 holds no samples"),
    (
      "UPDATE run SET distribution = '{\"points\":[[5,3,1]],\"overflow\":0,\"overflowBound\":0}'",
      "run 1"
    ),
    ("UPDATE run SET distribution = 7", "run 1 holds"),
    (
      "UPDATE run SET distribution = '{\"points\":[[1,1,9223372036854775808],[2,2,9223372036854775808]],"
        + "\"overflow\":0,\"overflowBound\":9}'", "run 1 holds no samples"
    ),
  ])
  func wrongSchema(row: (sql: String, text: String)) throws {
    let folder = try Folder()
    try HistoryStore(writing: folder.database).add(Runs.icount([1]))
    try DatabaseQueue(path: folder.database).write { try $0.execute(sql: row.sql) }
    let error = #expect(throws: HistoryError.self) {
      try HistoryStore(reading: folder.database).runs()
    }
    #expect(error?.description.contains(row.text) == true, "\(String(describing: error))")
  }

  @Test func locked() throws {
    let folder = try Folder()
    try HistoryStore(writing: folder.database).add(Runs.icount([1]))
    let other = try DatabaseQueue(path: folder.database)
    try other.inDatabase { database in
      try database.execute(sql: "BEGIN EXCLUSIVE")
      defer { try? database.execute(sql: "ROLLBACK") }
      #expect(throws: HistoryError.locked(path: folder.database)) {
        try HistoryStore(folder.database, isReadOnly: true, patience: 0.1)
      }
    }
  }

  @Test func truncated() throws {
    let folder = try Folder()
    try HistoryStore(writing: folder.database).add(
      Runs.hardware(Runs.noise(5000, level: 1000, seed: 1)))
    let whole = try #require(FileManager.default.contents(atPath: folder.database))
    for length in stride(from: 1, to: whole.count, by: 997) {
      try whole.prefix(length).write(to: URL(fileURLWithPath: folder.database))
      #expect(throws: HistoryError.self) { try HistoryStore(reading: folder.database).runs() }
    }
  }
}

@Suite struct HistoryTrendTests {
  private func runs(_ datasets: [Dataset], baseline: Int? = nil) throws -> [HistoryRun] {
    let folder = try Folder()
    let store = try HistoryStore(writing: folder.database)
    for (index, dataset) in datasets.enumerated() {
      try store.add(dataset, label: "build \(index)", asBaseline: index == baseline)
    }
    return try store.runs()
  }

  @Test func findsTheBuildThatChanged() throws {
    let levels: [UInt64] =
      [UInt64](repeating: 5000, count: 12) + [UInt64](repeating: 5600, count: 9)
    let datasets = levels.enumerated().map {
      Runs.hardware(Runs.noise(2000, level: $0.element, seed: UInt64($0.offset)))
    }
    let trend = try #require(HistoryTrend.all(try runs(datasets), metric: .p99).first)
    #expect(trend.changes.map(\.index) == [12])
    #expect(trend.text(trend.changes[0]).hasPrefix("changed with run 13 ("))
    let page = HistoryPage.render([trend], source: "<db>")
    #expect(page.contains("1 of 1 measurements changed") && page.contains("class=\"change\""))
    #expect(page.contains("&lt;db&gt;") && !page.contains("<script"))
  }

  @Test func quietIsQuiet() throws {
    let datasets = (0..<20).map { Runs.hardware(Runs.noise(2000, level: 5000, seed: $0)) }
    let trend = try #require(HistoryTrend.all(try runs(datasets), metric: .p99).first)
    #expect(trend.changes.isEmpty)
    #expect(HistoryPage.render([trend], source: "").contains("No change found in 1"))
  }

  @Test func keysAreApart() throws {
    let trends = HistoryTrend.all(
      try runs([Runs.icount([1]), Runs.icount([2], load: "x"), Runs.hardware([3])]),
      metric: .maximum)
    #expect(trends.map(\.values) == [[1], [2], [3]])
    #expect(HistoryTrend.all(try runs([Runs.icount([1])]), metric: .p99).first?.values == [])
    #expect(HistoryPage.render([], source: "").contains("No runs"))
  }

  @Test func gateCountsInstructions() throws {
    let same = [UInt64](repeating: 90, count: 100)
    let check = { (last: [UInt64], baseline: Int?) in
      HistoryGate.check(try runs([Runs.icount(same), Runs.icount(last)], baseline: baseline))
    }
    #expect(try check(same, 0).map(\.state) == [.passed])
    let failed = try check(same.dropLast() + [91], 0)
    #expect(failed.map(\.state) == [.failed], "one sample, one instruction")
    #expect(failed[0].details.last?.hasPrefix("baseline: run 1, ") == true)
    #expect(try check(same, nil).map(\.state) == [.undecided])
    #expect(try check(same, 1).map(\.state) == [.undecided])
  }

  @Test func gateJudgesTime() throws {
    let base = Runs.hardware(Runs.noise(20_000, level: 5000, seed: 1))
    let check = { (level: UInt64) in
      HistoryGate.check(
        try runs(
          [base, Runs.hardware(Runs.noise(20_000, level: level, seed: 2))], baseline: 0)
      ).map(\.state)
    }
    #expect(try check(5000) == [.passed])
    #expect(try check(6000) == [.failed])
    var emulated = Runs.hardware([1, 2, 3])
    emulated.machine.timebase = .emulated
    #expect(
      HistoryGate.check(try runs([emulated, emulated], baseline: 0)).map(\.state) == [.undecided])
  }
}
