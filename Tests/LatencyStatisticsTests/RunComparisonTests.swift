import Testing

@testable import LatencyStatistics

@Suite struct RunComparisonTests {
  private func compare(
    _ a: [UInt64], _ b: [UInt64], _ options: RunComparison.Options = RunComparison.Options()
  ) -> RunComparison {
    RunComparison(
      baseline: .init(CountedValues(a)), candidate: .init(CountedValues(b)), options: options)
  }

  /// 10^6 samples in ns with p99.9 = 10 us and the largest one as given.
  private func run(maximum: UInt64) throws -> CountedValues {
    try counted([
      (value: 4000, count: 600_000), (value: 6000, count: 398_000), (value: 10_000, count: 1500),
      (value: 20_000, count: 499), (value: maximum, count: 1),
    ])
  }

  /// The case that averages and quantiles miss.
  @Test func equalQuantileAndOneSampleOf1901Microseconds() throws {
    let a = try run(maximum: 30_000)
    let b = try run(maximum: 1_901_000)
    #expect(a.value(atQuantile: 0.999) == 10_000 && b.value(atQuantile: 0.999) == 10_000)
    let result = RunComparison(baseline: .init(a), candidate: .init(b))
    #expect(result.verdict == .worse)
    let maximum = RunComparison.Finding.Kind.maximum(
      before: 30_000, after: 1_901_000, rank: 1, isBound: false)
    #expect(result.findings == [.init(kind: maximum, direction: .worse, pValue: nil)])
    #expect(RunComparison(baseline: .init(b), candidate: .init(a)).verdict == .better)
    #expect(RunComparison(baseline: .init(a), candidate: .init(a)).verdict == .same)
  }

  @Test func sameDistributionIsSame() {
    var runs = Runs(51)
    for _ in 0..<20 {
      #expect(compare(runs.exponential(5000), runs.exponential(5000)).verdict == .same)
    }
  }

  /// Maxima of heavy tails differ by half and more from run to run.
  @Test func heavyTailsAreSeldomDifferent() {
    var runs = Runs(53)
    var different = 0
    for _ in 0..<20 {
      let result = compare(runs.pareto(3000, shape: 0.2), runs.pareto(3000, shape: 0.2))
      if result.verdict != .same { different += 1 }
    }
    #expect(different <= 2)
  }

  /// The same case with a tail that can be fitted.
  @Test func maximumFarBeyondAFittedTail() throws {
    var runs = Runs(54)
    let baseline = runs.pareto(20_000, shape: 0.1)
    var candidate = runs.pareto(20_000, shape: 0.1)
    candidate[777] = 190_100
    let result = compare(baseline, candidate)
    #expect(result.verdict == .worse)
    let chance = try #require(result.findings.first?.pValue)
    #expect(chance < 1e-4)
  }

  @Test func bodyShift() {
    var runs = Runs(52)
    let slower = runs.exponential(5000, base: 1100)
    let result = compare(runs.exponential(5000), slower)
    #expect(result.verdict == .worse)
    #expect(
      result.findings.contains {
        if case .body = $0.kind { $0.direction == .worse } else { false }
      })
    #expect((result.body?.superiority ?? 0) > 0.7)
    #expect(compare(slower, runs.exponential(5000)).verdict == .better)
  }

  /// 10,000 samples of each of 1,000 values.
  private static func uniform(from low: UInt64) -> CountedValues? {
    let pairs: [(value: UInt64, count: UInt64)] = (0..<1000).map { (low + $0, 10_000) }
    return CountedValues(ascending: pairs)
  }

  /// At this size any difference is significant; one of 0.3 % does not matter.
  @Test func significantIsNotEnough() throws {
    let a = try #require(
      Self.uniform(from: 1000))
    let b = try #require(
      Self.uniform(from: 1003))
    let result = RunComparison(baseline: .init(a), candidate: .init(b))
    #expect((result.body?.mannWhitney.pValue ?? 1) < 1e-6)
    #expect(result.verdict == .same)
  }

  /// A quantile at the edge of a step moves by much though hardly a sample did.
  @Test func quantileAtAnEdge() throws {
    let a = try counted([(value: 10, count: 9_910_000), (value: 12, count: 90_000)])
    let b = try counted([(value: 10, count: 9_890_000), (value: 12, count: 110_000)])
    #expect(a.value(atQuantile: 0.99) == 10 && b.value(atQuantile: 0.99) == 12)
    let result = RunComparison(baseline: .init(a), candidate: .init(b))
    #expect((result.body?.mannWhitney.pValue ?? 1) < 1e-6)
    #expect(result.verdict == .same)
  }

  /// More samples between p99.9 and the maximum: neither body nor maximum shows it.
  @Test func moreExceedances() throws {
    let a = try counted([(value: 10, count: 99_900), (value: 50, count: 100)])
    let b = try counted([(value: 10, count: 99_500), (value: 50, count: 500)])
    let result = RunComparison(baseline: .init(a), candidate: .init(b))
    #expect(result.verdict == .worse)
    let finding = try #require(result.findings.first)
    guard case .exceedances(let table, bound: 10) = finding.kind else {
      Issue.record("\(finding)")
      return
    }
    #expect(table.exceedancesA == 100 && table.exceedancesB == 500)
    #expect((finding.pValue ?? 1) < 1e-20)
  }

  @Test func deadlineIsABound() {
    var options = RunComparison.Options()
    options.bounds = [50]
    let a = [UInt64](repeating: 10, count: 980) + [UInt64](repeating: 60, count: 20)
    let b = [UInt64](repeating: 10, count: 950) + [UInt64](repeating: 60, count: 50)
    #expect(compare(a, b, options).bounds.map(\.bound) == [50, 60])
    #expect(compare(a, b, options).verdict == .worse)
  }

  @Test func overflow() {
    let values = CountedValues((0..<1000).map { UInt64($0 % 10) })
    let known = RunComparison.Run(values)
    let unknown = RunComparison.Run(values, maximum: 100, maximumIsBound: true)
    #expect(RunComparison(baseline: known, candidate: unknown).verdict == .worse)
    #expect(RunComparison(baseline: unknown, candidate: known).verdict == .better)
    guard case .inconclusive = RunComparison(baseline: unknown, candidate: unknown).verdict else {
      Issue.record("two unknown maxima were compared")
      return
    }
  }

  @Test func emptySmallAndHugeRuns() throws {
    for (a, b) in [([], []), ([1], []), ([], [1]), ([1, 2], [1, 2])] as [([UInt64], [UInt64])] {
      guard case .inconclusive = compare(a, b).verdict else {
        Issue.record("\(a) \(b)")
        continue
      }
    }
    let half = UInt64.max / 2
    let pairs: [(value: UInt64, count: UInt64)] = [(0, half), (.max, half)]
    let huge = try #require(CountedValues(ascending: pairs))
    #expect(RunComparison(baseline: .init(huge), candidate: .init(huge)).verdict == .same)
    #expect(throws: (any Error).self) { try counted([(0, .max), (1, 1)]) }
    #expect(throws: (any Error).self) { try counted([(1, 1), (1, 1)]) }
  }

  /// A longer run reaches further: that is no regression, but it is not nothing either.
  @Test func longerCandidate() {
    var short = [UInt64](repeating: 10, count: 1000)
    short[500] = 20
    var long = [UInt64](repeating: 10, count: 100_000)
    for index in 0..<50 { long[index * 100] = 20 }
    long[77] = 90
    guard case .inconclusive(let why) = compare(short, long).verdict else {
      Issue.record("\(compare(short, long))")
      return
    }
    #expect(why.contains("100 times as long"))
  }
}

@Suite struct BootstrapTests {
  @Test func intervalHoldsTheMean() throws {
    var runs = Runs(61)
    let samples = runs.exponential(1000)
    let bootstrap = BlockBootstrap(replicates: 199)
    let interval = try #require(bootstrap.interval(of: samples, confidence: 0.95) { $0.mean })
    #expect(interval.blockLength == 10)
    #expect(interval.lower < 1100 && 1100 < interval.upper)
    #expect(interval.upper - interval.lower < 30)
    #expect(bootstrap.interval(of: samples, confidence: 0.95) { $0.mean } == interval)
  }

  /// What blocks are for: neighbours that resemble each other.
  @Test func dependenceWidensIt() throws {
    var runs = Runs(62)
    let samples = runs.exponential(250).flatMap { [$0, $0, $0, $0] }
    let single = BlockBootstrap(blockLength: 1, replicates: 199)
    let blocks = BlockBootstrap(blockLength: 20, replicates: 199)
    let narrow = try #require(single.interval(of: samples, confidence: 0.95) { $0.mean })
    let wide = try #require(blocks.interval(of: samples, confidence: 0.95) { $0.mean })
    #expect(wide.upper - wide.lower > 1.5 * (narrow.upper - narrow.lower))
  }

  /// 100 runs whose p90 is known, each sample depending on the one before: the share of the intervals
  /// of 90 % that hold it. Taken for independent, the same samples promise too much.
  @Test func coversTheQuantileOfDependentSamples() throws {
    var random = SeededGenerator(seed: 63)
    // Standard normal quantile 0.9, times the deviation of the stationary process.
    let known = 10_000 + 1000 * 1.281_551_6 / (1 - 0.7 * 0.7).squareRoot()
    var covered = 0
    var ranksCovered = 0
    for run in 0..<100 as Range<UInt64> {
      var state = random.nextNormal() / (1 - 0.7 * 0.7).squareRoot()
      let samples = (0..<1000).map { _ -> UInt64 in
        state = 0.7 * state + random.nextNormal()
        return UInt64(10_000 + 1000 * state)
      }
      let bootstrap = BlockBootstrap(replicates: 199, seed: run)
      let interval = try #require(
        bootstrap.interval(of: samples, confidence: 0.9) {
          $0.value(atQuantile: 0.9).map { Double($0) }
        })
      if interval.lower <= known, known <= interval.upper { covered += 1 }
      let ranks = try #require(QuantileInterval(quantile: 0.9, count: 1000, confidence: 0.9))
      let counted = CountedValues(samples)
      let lower = try #require(ranks.lower.flatMap { counted.value(atRank: $0) })
      let upper = try #require(ranks.upper.flatMap { counted.value(atRank: $0) })
      if Double(lower) <= known, known <= Double(upper) { ranksCovered += 1 }
    }
    // Binomial around 90 with a deviation of 3; blocks of 10 cannot hold all of the dependence.
    #expect((80...97).contains(covered), "\(covered)")
    #expect(ranksCovered < covered - 8, "\(ranksCovered)")
  }

  @Test func refusals() {
    let bootstrap = BlockBootstrap(replicates: 19)
    #expect(bootstrap.interval(of: [], confidence: 0.9) { $0.mean } == nil)
    #expect(bootstrap.interval(of: [1], confidence: 0.9) { $0.mean } == nil)
    #expect(bootstrap.interval(of: [1, 2, 3, 4, 5], confidence: 1) { $0.mean } == nil)
    #expect(bootstrap.interval(of: [1, 2, 3, 4, 5], confidence: 0.9) { _ in .nan } == nil)
    let constant = bootstrap.interval(of: [3, 3, 3, 3, 3], confidence: 0.9) { $0.mean }
    #expect(constant?.lower == 3 && constant?.upper == 3)
  }

  @Test func holm() {
    let adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005])
    for (value, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) {
      #expect(isClose(value, expected))
    }
    #expect(holmAdjusted([]) == [])
  }
}
