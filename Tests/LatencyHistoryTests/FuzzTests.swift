import Foundation
import GRDB
import LatencyReport
import LatencyStatistics
import PlanTestSupport
import Testing

@testable import LatencyHistory

/// Databases and baselines that somebody damaged, or made up: an error or an answer, never a crash,
/// for a bounded time each (see `FuzzRun`).
@Suite struct HistoryFuzzTests {
  /// Everything the commands do with runs.
  private func use(_ runs: [HistoryRun]) {
    let results = HistoryGate.check(runs)
    _ = JUnitWriter.render(suite: "fuzz", results)
    _ = HTMLGatePage.render(title: "fuzz", source: "fuzz", notice: "", results)
    for metric in HistoryTrend.Metric.allCases {
      _ = HistoryPage.render(HistoryTrend.all(runs, metric: metric), source: "fuzz")
    }
    for run in runs { _ = Statistics(run.distribution) }
  }

  @Test func damagedDatabases() throws {
    let folder = try Folder()
    let store = try HistoryStore(writing: folder.database)
    for seed in 1...4 as ClosedRange<UInt64> {
      try store.add(Runs.hardware(Runs.noise(50, level: 100, seed: seed)), asBaseline: seed == 1)
      try store.add(Runs.icount([90, 90, 90 + seed]), asBaseline: seed == 1)
    }
    let whole = try #require(FileManager.default.contents(atPath: folder.database))
    let fuzz = FuzzRun("history database")
    var read = 0
    let rounds = try fuzz { random in
      var damaged = whole
      for _ in 0...random.next() % 8 {
        let place = Int(random.next() % UInt64(damaged.count))
        damaged[place] = UInt8(truncatingIfNeeded: random.next())
      }
      try damaged.write(to: URL(fileURLWithPath: folder.database))
      guard let runs = try? HistoryStore(reading: folder.database).runs() else { return }
      read += 1
      use(runs)
    }
    #expect(read > 0 || rounds < 50, "the damage was never past the header")
  }

  /// Distributions as JSON says them, with numbers at the ends of their ranges.
  @Test func madeUpDistributions() throws {
    let numbers: [UInt64] = [0, 1, 2, 255, 1 << 24, 1 << 62, 1 << 63, .max - 1, .max]
    let fuzz = FuzzRun("stored distribution")
    var runs: [HistoryRun] = []
    var id: Int64 = 0
    let rounds = fuzz { random in
      func any() -> UInt64 { numbers[Int(random.next() % UInt64(numbers.count))] }
      let points = (0..<random.next() % 5).map { _ in "[\(any()),\(any()),\(any())]" }
      let text =
        "{\"points\":[\(points.joined(separator: ","))],\"overflow\":\(any()),"
        + "\"overflowBound\":\(any()),\"maximum\":\(any())}"
      guard let distribution = StoredDistribution.read(Data(text.utf8)) else { return }
      let dataset = id % 2 == 0 ? Runs.icount([1]) : Runs.hardware([1])
      runs.append(
        HistoryRun(
          id: id, date: "", source: "", key: HistoryKey(dataset, dataset.series[0]), imageHash: "",
          label: "", isBaseline: id % 7 == 0, distribution: distribution))
      id += 1
      if id % 3 == 0 { use(runs.suffix(12)) }
    }
    #expect(id > 0 || rounds < 50)
  }

  /// Counts that together are no number of 64 bits.
  @Test func countsBeyondAllNumbers() {
    let half = UInt64.max / 2 + 1
    let text = "{\"points\":[[1,1,\(half)],[2,2,\(half)]],\"overflow\":0,\"overflowBound\":9}"
    #expect(StoredDistribution.read(Data(text.utf8)) == nil)
    #expect(Distribution(exactText: "1 x \(half), 2 x \(half)") == nil)
    #expect(Distribution(exactText: "1 x \(half), 2 x \(half - 1)")?.count == .max)
  }

  @Test func damagedBaselines() {
    let whole = Array(
      #"{"paths":{"sgi":{"measured":"90 x 10, 91 x 2","unit":"instructions","command":"c"}}}"#.utf8)
    let pieces = ["18446744073709551615", "18446744073709551616", "-1", "", " x ", ", ", "\"", "{"]
    let fuzz = FuzzRun("path baselines")
    var read = 0
    let rounds = fuzz { random in
      var damaged = whole
      for _ in 0...random.next() % 3 {
        let place = Int(random.next() % UInt64(damaged.count))
        let piece = pieces[Int(random.next() % UInt64(pieces.count))]
        let end = min(damaged.count, place + Int(random.next() % 4))
        damaged.replaceSubrange(place..<end, with: piece.utf8)
      }
      guard let baselines = try? PathBaselines(json: Data(damaged)) else { return }
      read += 1
      _ = baselines.check(["sgi": Distribution([90, 91])])
    }
    #expect(read > 0 || rounds < 50)
  }
}
