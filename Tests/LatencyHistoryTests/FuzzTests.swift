import Foundation
import GRDB
import LatencyReport
import LatencyStatistics
import Testing

@testable import LatencyHistory

/// Databases and baselines that somebody damaged, or made up: an error or an answer, never a crash. Seeded,
/// so that a failure comes again; the time is bounded by the number of rounds.
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
    var random = SeededGenerator(seed: 5)
    var read = 0
    for _ in 0..<300 {
      var damaged = whole
      for _ in 0...random.next() % 8 {
        let place = Int(random.next() % UInt64(damaged.count))
        damaged[place] = UInt8(truncatingIfNeeded: random.next())
      }
      try damaged.write(to: URL(fileURLWithPath: folder.database))
      guard let runs = try? HistoryStore(reading: folder.database).runs() else { continue }
      read += 1
      use(runs)
    }
    #expect(read > 20, "the damage was never past the header")
  }

  /// Distributions as JSON says them, with numbers at the ends of their ranges.
  @Test func madeUpDistributions() throws {
    let numbers: [UInt64] = [0, 1, 2, 255, 1 << 24, 1 << 62, 1 << 63, .max - 1, .max]
    var random = SeededGenerator(seed: 6)
    func any() -> UInt64 { numbers[Int(random.next() % UInt64(numbers.count))] }
    var runs: [HistoryRun] = []
    for id in 0..<400 as Range<Int64> {
      let points = (0..<random.next() % 5).map { _ in "[\(any()),\(any()),\(any())]" }
      let text =
        "{\"points\":[\(points.joined(separator: ","))],\"overflow\":\(any()),"
        + "\"overflowBound\":\(any()),\"maximum\":\(any())}"
      guard let distribution = StoredDistribution.read(Data(text.utf8)) else { continue }
      let dataset = id % 2 == 0 ? Runs.icount([1]) : Runs.hardware([1])
      runs.append(
        HistoryRun(
          id: id, date: "", source: "", key: HistoryKey(dataset, dataset.series[0]), imageHash: "",
          label: "", isBaseline: id % 7 == 0, distribution: distribution))
    }
    #expect(runs.count > 40)
    for start in stride(from: 0, to: runs.count - 12, by: 3) {
      use(Array(runs[start..<start + 12]))
    }
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
    var random = SeededGenerator(seed: 7)
    var read = 0
    for _ in 0..<3000 {
      var damaged = whole
      for _ in 0...random.next() % 3 {
        let place = Int(random.next() % UInt64(damaged.count))
        let piece = pieces[Int(random.next() % UInt64(pieces.count))]
        let end = min(damaged.count, place + Int(random.next() % 4))
        damaged.replaceSubrange(place..<end, with: piece.utf8)
      }
      guard let baselines = try? PathBaselines(json: Data(damaged)) else { continue }
      read += 1
      _ = baselines.check(["sgi": Distribution([90, 91])])
    }
    #expect(read > 20)
  }
}
