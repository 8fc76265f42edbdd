import LatencyReport
import Testing

@testable import LatencyFormats

@Suite struct MergeTests {
  @Test func everyFixtureWithItself() throws {
    for (format, bytes) in Fixtures.all {
      let one = try read(bytes)
      let both = try one.merged(with: one)
      for (sum, part) in zip(both.series, one.series) {
        #expect(sum.distribution.count == 2 * part.distribution.count, "\(format)")
        #expect(sum.distribution.overflow == 2 * part.distribution.overflow)
        #expect(sum.distribution.maximum == part.distribution.maximum)
        #expect(sum.distribution.points.map(\.bounds) == part.distribution.points.map(\.bounds))
        #expect(
          sum.distribution.points.map(\.count) == part.distribution.points.map { 2 * $0.count })
        #expect(sum.samples == nil)
      }
    }
  }

  @Test func refusals() throws {
    let one = try read(Fixtures.cyclictest)
    func refused(_ other: Dataset, _ expected: String) {
      let problem = #expect(throws: MergeProblem.self) { try one.merged(with: other) }
      #expect(problem?.description.contains(expected) == true, "\(problem?.description ?? "")")
    }
    refused(try read(Fixtures.cyclictest, unit: .nanoseconds), "counter frequency")
    refused(try read(Fixtures.cyclictestJSON), "board")
    refused(try read(Fixtures.cyclictestAll), "period")
    var other = one
    other.series.removeLast()
    refused(other, "only x has cyclictest of thread 1")
    other = one
    other.series[0].misses = 3
    refused(other, "deadline")
    other = one
    other.machine.imageHash = "0123"
    refused(other, "image")
    other = one
    other.series[1] = Series(
      measurement: "cyclictest", origin: .imported("thread 1"),
      distribution: Distribution(points: [.init(bounds: 50...50, count: 1)]))
    refused(other, "overflow begins at 43")
    other.series[1].distribution = Distribution(points: [.init(bounds: 4...7, count: 1)])
    refused(other, "bins differ")
    other.series[1].distribution = Distribution(points: [.init(bounds: 5...5, count: .max)])
    refused(other, "too many")
  }

  @Test func aFileWithoutUnitAsksForIt() throws {
    let (named, unnamed) = (try read("latency_us\n1\n2\n"), try read("latency\n1\n2\n"))
    for (one, two) in [(named, unnamed), (unnamed, named)] {
      let problem = #expect(throws: MergeProblem.self) { try one.merged(with: two) }
      #expect(problem?.description.contains("--unit") == true, "\(problem?.description ?? "")")
    }
    let said = try read("latency\n1\n2\n", unit: .microseconds)
    #expect(try named.merged(with: said).series.first?.distribution.count == 4)
  }

  /// The same bin of two runs, cut at two maxima, is one bin.
  @Test func lastBinsCutAtTheMaximum() throws {
    let a = Distribution(points: [.init(bounds: 992...1007, count: 3)], maximum: 1003)
    let b = Distribution(points: [.init(bounds: 992...1007, count: 4)], maximum: 995)
    let sum = try a.merged(with: b)
    #expect(sum.points == [.init(bounds: 992...1003, count: 7)])
    #expect(sum.maximum == 1003)
  }
}
