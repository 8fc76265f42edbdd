import LatencyReport
import Testing

@testable import LatencyFormats

@Suite struct WriterTests {
  @Test func csv() throws {
    let lines = CSVWriter.write(try read(Fixtures.cyclictest)).split(separator: "\n")
    #expect(lines.first == "measurement,origin,low,high,count,ns_per_tick")
    #expect(lines.contains("cyclictest,thread 0,41,41,1,1000.0"))
    #expect(lines.last == "cyclictest,thread 1,43,,3,1000.0", "overflow has no upper end")
    #expect(lines.count == 1 + 4 + 4)
  }

  /// What is written reads back: percentiles bin by bin.
  @Test func hgrm() throws {
    let series = try #require(try read(Fixtures.cyclictest).series("thread 0"))
    let back = try read(try HGRMWriter.write(series), unit: .microseconds)
    let distribution = try #require(back.series("whole run")).distribution
    #expect(distribution.points.map(\.bounds.upperBound) == [5, 6, 9, 41])
    #expect(distribution.points.map(\.count) == [100, 700, 150, 1])
    #expect(distribution.maximum == 41)
  }

  /// Exact below 2^18 ticks, to 10^-5 above, one tag for each series.
  @Test func hlog() throws {
    let values: [UInt64] = [0, 1, 12, 262_143, 262_144, 5_000_001, 1 << 40]
    let dataset = try read(values.map { "\($0)\n" }.joined())
    let text = try HDRLogWriter.write(dataset)
    let back = try #require(try read(text).series("tag samples/all-samples")).distribution
    #expect(back.count == 7)
    #expect(
      Array(back.points.map(\.bounds).prefix(4)) == [0...0, 1...1, 12...12, 262_143...262_143])
    for (value, point) in zip(values, back.points) {
      #expect(point.bounds.contains(value))
      #expect(point.bounds.upperBound - point.bounds.lowerBound <= value / 100_000)
    }
  }

  /// Neither format can say "this long or longer", so overflow is refused and not rounded down.
  @Test func overflowIsRefused() throws {
    let dataset = try read(Fixtures.cyclictest)
    let series = try #require(dataset.series("thread 1"))
    let problem = #expect(throws: HGRMWriter.Problem.self) { try HGRMWriter.write(series) }
    #expect(problem?.description.contains("--csv") == true)
    #expect(throws: HGRMWriter.Problem.self) { try HDRLogWriter.write(dataset) }
  }
}
