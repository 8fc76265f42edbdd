import LatencyProbe
import Testing

@testable import LatencyReport
@testable import LatencyStatistics

@Suite struct DistributionComparisonTests {
  /// Counts of a probe's histogram, 10 us in p99.9, then one sample. In ns.
  private func run(maximum: UInt64) -> Distribution {
    var histogram = Histogram()
    for index in 0..<100_000 { histogram.record(index % 500 == 0 ? 10_000 : 4000) }
    histogram.record(maximum)
    return Distribution(histogram)
  }

  @Test func equalQuantilesAndAnotherMaximum() throws {
    let quantile = try #require(Quantile("p99.9"))
    let baseline = run(maximum: 30_000)
    let candidate = run(maximum: 1_901_000)
    #expect(baseline.value(quantile) == candidate.value(quantile))
    let result = RunComparison(baseline: baseline, candidate: candidate)
    #expect(result.verdict == .worse)
    let maximum = RunComparison.Finding.Kind.maximum(
      before: 30_000, after: 1_901_000, rank: 1, isBound: false)
    #expect(result.findings.map(\.kind) == [maximum])
    #expect(RunComparison(baseline: baseline, candidate: baseline).verdict == .same)
    // Far beyond the histogram, but known exactly.
    #expect(
      RunComparison(baseline: baseline, candidate: run(maximum: 1 << 31)).verdict == .worse)
  }

  /// A histogram against the same samples one by one: no difference that bins could make.
  @Test func otherBinsAreNoDifference() {
    let values = (0..<20_000).map { UInt64($0 * 7919 % 9973) + 300 }
    var histogram = Histogram()
    for value in values { histogram.record(value) }
    let result = RunComparison(
      baseline: Distribution(values), candidate: Distribution(histogram))
    #expect(result.verdict == .same)
    #expect(result.body?.kolmogorovSmirnov.statistic == 0)
    #expect(
      ExactDifference(
        baseline: Distribution(values), candidate: Distribution(histogram)
      ).isEmpty)
  }

  @Test func overflowsAreAligned() throws {
    let short = try #require(
      Distribution(
        points: [.init(bounds: 1...1, count: 900)], overflow: 100, overflowBound: 10))
    let long = Distribution(
      [UInt64](repeating: 1, count: 900) + [UInt64](repeating: 12, count: 100))
    let bins = AlignedBins(short, long).bins
    #expect(bins.map(\.before) == [900, 100] && bins.map(\.after) == [900, 100])
    #expect(bins.last?.bounds == 10...UInt64.max)
    guard case .inconclusive = RunComparison(baseline: short, candidate: long).verdict else {
      Issue.record("an unknown maximum was compared")
      return
    }
  }

  @Test func emptyDistributions() {
    let empty = Distribution([])
    guard case .inconclusive = RunComparison(baseline: empty, candidate: empty).verdict else {
      Issue.record("nothing was compared with nothing")
      return
    }
    #expect(ExactDifference(baseline: empty, candidate: empty).isEmpty)
    #expect(!ExactDifference(baseline: empty, candidate: Distribution([1])).isEmpty)
  }
}

@Suite struct ExactDifferenceTests {
  private func distribution(_ counts: [UInt64: Int]) -> Distribution {
    Distribution(counts.flatMap { [UInt64](repeating: $0.key, count: $0.value) })
  }

  @Test func oneInstructionMore() {
    let difference = ExactDifference(
      baseline: distribution([62: 100, 90: 3]), candidate: distribution([63: 100, 91: 3]))
    #expect(!difference.isEmpty)
    #expect(difference.shift == 1)
    #expect(
      difference.bins == [
        .init(low: 62, high: 62, before: 100, after: 0),
        .init(low: 63, high: 63, before: 0, after: 100),
        .init(low: 90, high: 90, before: 3, after: 0),
        .init(low: 91, high: 91, before: 0, after: 3),
      ])
    #expect(difference.maximumBefore == 90 && difference.maximumAfter == 91)
    #expect(!difference.isSameShape(tolerance: 1))
    let back = ExactDifference(
      baseline: distribution([63: 1]), candidate: distribution([62: 1]))
    #expect(back.shift == -1)
  }

  @Test func oneSampleElsewhere() {
    let difference = ExactDifference(
      baseline: distribution([62: 100]), candidate: distribution([62: 99, 80: 1]))
    #expect(difference.shift == nil)
    #expect(
      difference.bins == [
        .init(low: 62, high: 62, before: 100, after: 99),
        .init(low: 80, high: 80, before: 0, after: 1),
      ])
  }

  @Test func sameIsEmpty() {
    let same = distribution([1: 5, 7: 2])
    let difference = ExactDifference(baseline: same, candidate: same)
    #expect(difference.isEmpty && difference.shift == nil && !difference.hasWideBins)
  }

  /// Twice as long a run of the same paths.
  @Test func sameShape() {
    let difference = ExactDifference(
      baseline: distribution([1: 5, 7: 2]), candidate: distribution([1: 10, 7: 4]))
    #expect(!difference.isEmpty && difference.isSameShape())
    let other = ExactDifference(
      baseline: distribution([1: 5, 7: 2]), candidate: distribution([1: 11, 7: 3]))
    #expect(!other.isSameShape() && other.isSameShape(tolerance: 0.1))
  }

  /// Equal bins, but the maximum in the widest one is another.
  @Test func maximumWithinABin() {
    var a = Histogram()
    var b = Histogram()
    for value in [UInt64(1000), 1001] { a.record(value) }
    for value in [UInt64(1000), 1003] { b.record(value) }
    let difference = ExactDifference(baseline: Distribution(a), candidate: Distribution(b))
    #expect(difference.bins.isEmpty && !difference.isEmpty && difference.hasWideBins)
  }

  @Test func extremeShifts() {
    let difference = ExactDifference(
      baseline: distribution([0: 1]), candidate: distribution([.max: 1]))
    #expect(difference.shift == nil && difference.bins.count == 2)
  }
}

@Suite struct FindingTextTests {
  private let unit = TickUnit.nanoseconds(perTick: 16)

  @Test func comparison() throws {
    let maximum = RunComparison.Finding(
      kind: .maximum(before: 30, after: 1901, rank: 1, isBound: false), direction: .worse,
      pValue: nil)
    #expect(maximum.text(unit) == "worse: maximum: 480 -> 30416 ns")
    let table = try #require(ExceedanceTable(1, of: 1000, 9, of: 1000))
    let more = RunComparison.Finding(
      kind: .exceedances(table, bound: 5), direction: .worse, pValue: 0.0107)
    #expect(
      more.text(.instructions)
        == "worse: above 5 instructions: 1 of 1000 samples -> 9 of 1000, p = 0.011")
    let body = RunComparison.Finding(
      kind: .body(quantile: 0.99, before: 4, after: 3), direction: .better, pValue: 1e-30)
    #expect(body.text(.instructions) == "better: p99: 4 -> 3 instructions, p = 1.0e-30")
  }

  @Test func contamination() {
    let drift = Contamination.Finding(
      kind: .drift(change: -2.5, pValue: 0), samples: 0...999, times: nil)
    #expect(drift.text(unit) == "drift: the mean moves by -40 ns over samples 0-999, p = 0")
    let periodic = Contamination.Finding(
      kind: .periodic(Periodicity(period: 123.44, strength: 0.5, pValue: 2e-9), time: nil),
      samples: 0...9, times: nil)
    #expect(
      periodic.text(unit)
        == "periodic: large samples come back every 123.4 samples, strength 50 %, p = 2.0e-9")
  }

  @Test func estimateNeverClaimsMore() {
    let estimate = TailModel.Estimate(
      probability: 1.25e-9, lower: 0, upper: 3e-8, confidence: 0.95, isExtrapolated: true,
      isFarExtrapolated: false)
    #expect(
      estimate.text
        == "estimate: 1.3e-9 per sample (0 to 3.0e-8 at 95 % confidence); never reached in the run")
    var zero = estimate
    zero.probability = 0
    zero.isFarExtrapolated = true
    #expect(zero.text.contains("no proof") && zero.text.contains("far beyond"))
  }
}
