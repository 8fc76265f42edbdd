import LatencyProbe
import LatencyStatistics
import Testing

@testable import LatencyReport

@Suite struct QuantileTests {
  @Test(arguments: [
    ("p50", 500_000, "p50"), ("p0.5", 5000, "p0.5"), ("p99.9999", 999_999, "p99.9999"),
    ("p99.90", 999_000, "p99.9"), ("p05", 50_000, "p5"),
  ])
  func names(_ text: String, _ millionths: UInt64, _ name: String) throws {
    let quantile = try #require(Quantile(text))
    #expect(quantile.millionths == millionths)
    #expect(quantile.neededSamples == 10_000_000 / (1_000_000 - millionths))
    #expect(quantile.name == name || text == "p05")
  }

  @Test(arguments: [
    "", "p", "50", "p100", "p0", "p0.0", "p-1", "p99.", "p.9", "p99.99999", "p9e1", "q50", "p٩٩",
    "p 50", "p99.9.9", "p+50", "p18446744073709551616",
  ])
  func malformed(_ text: String) {
    #expect(Quantile(text) == nil)
  }

  @Test func namesOfReportedOnesAreReadBack() {
    for quantile in Quantile.all { #expect(Quantile(quantile.name) == quantile) }
    #expect(
      Quantile.all.map(\.neededSamples) == [20, 1000, 10_000, 100_000, 1_000_000, 10_000_000])
  }

  @Test func ranksWithoutRounding() throws {
    let quantile = try #require(Quantile("p99.9999"))
    #expect(quantile.rank(of: 10_000_000) == 9_999_990)
    #expect(quantile.rank(of: 1_000_001) == 1_000_000)
    #expect(quantile.rank(of: .max) <= .max)
  }
}

@Suite struct DistributionStatisticsTests {
  @Test func pointsAreJoined() {
    typealias Point = Distribution.Point
    let good = [Point(bounds: 0...4, count: 3), Point(bounds: 5...9, count: 0)]
    let distribution = Distribution(points: good, overflow: 2, overflowBound: 10)
    #expect(distribution.count == 5 && distribution.points.count == 1)
    #expect(distribution.maximum == 10 && distribution.maximumIsBound)
    #expect(Distribution(points: good, overflow: 2, overflowBound: 10, maximum: 77).maximum == 77)
    #expect(Distribution(points: good, maximum: 3).points.last?.bounds == 0...3)
    #expect(Distribution(points: good, maximum: 99).maximum == 4)
    #expect(Distribution(points: []).maximum == nil)
    let overlapping = [Point(bounds: 0...4, count: 1), Point(bounds: 4...5, count: 1)]
    #expect(Distribution(points: overlapping).points == [Point(bounds: 0...5, count: 2)])
    let many = [Point(bounds: 0...0, count: .max), Point(bounds: 1...1, count: 1)]
    #expect(Distribution(points: many).count == .max)
  }

  @Test func moments() throws {
    #expect(Distribution([]).moments == nil)
    let one = try #require(Distribution([7]).moments)
    #expect(one.mean == 7 && one.standardDeviation == nil && one.meanError == 0)
    let exact = try #require(Distribution([2, 4, 4, 4, 5, 5, 7, 9]).moments)
    #expect(exact.mean == 5)
    #expect(abs((exact.standardDeviation ?? 0) - (32.0 / 7).squareRoot()) < 1e-12)
    // Far from 0 nothing is lost.
    let far = try #require(Distribution([1 << 62, (1 << 62) + 1024]).moments)
    #expect(abs((far.standardDeviation ?? 0) - 1024 / 2.0.squareRoot()) < 1e-6)
    var histogram = Histogram()
    for _ in 0..<10 { histogram.record(1000) }
    histogram.record(1 << 30)
    let binned = try #require(Distribution(histogram).moments)
    #expect(binned.meanError > 0 && binned.hasOverflow)
  }

  @Test func boundsOfQuantiles() throws {
    let distribution = Distribution((1...1000).map { $0 })
    let median = try #require(distribution.bounds(of: Quantile.reported[0]))
    #expect(median.lower == 469 && median.upper == 532)
    #expect(median.coverage >= 0.95)
    #expect(distribution.bounds(of: Quantile.reported[2]) == nil)
    // Ten samples lie beyond p99: the interval reaches few of them.
    let high = try #require(distribution.bounds(of: Quantile.reported[1]))
    #expect((980...990).contains(high.lower ?? 0) && (991...1000).contains(high.upper ?? 0))
    // In the overflow nothing bounds from above.
    let point = Distribution.Point(bounds: 1...1, count: 500)
    let half = Distribution(points: [point], overflow: 500, overflowBound: 10)
    let open = try #require(half.bounds(of: Quantile.reported[0]))
    #expect(open.lower == 1 && open.upper == nil)
    let above = try #require(half.bounds(of: Quantile.reported[1]))
    #expect(above.lower == 10 && above.upper == nil)
  }

  @Test func tailOfADistribution() {
    #expect(throws: TailRefusal.unknownOrder) { try Distribution(Array(0..<5000)).tailModel() }
    #expect(throws: TailRefusal.constant(value: 3)) {
      try Distribution([UInt64](repeating: 3, count: 2000)).tailModel()
    }
    var histogram = Histogram()
    for value in 0..<5000 { histogram.record(UInt64(value)) }
    histogram.record(1 << 30)
    #expect(throws: TailRefusal.censored(samples: 1, bound: Histogram.limit)) {
      try Distribution(histogram).tailModel()
    }
  }
}
