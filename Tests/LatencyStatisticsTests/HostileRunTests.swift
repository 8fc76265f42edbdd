import Testing

@testable import LatencyStatistics

/// Whatever was measured: an answer or a refusal, never a crash and never a number that is none.
@Suite struct HostileRunTests {
  static let runs: [(name: String, samples: [UInt64])] = {
    var random = SeededGenerator(seed: 71)
    let count = 3000
    return [
      ("zeros", [UInt64](repeating: 0, count: count)),
      ("extremes", (0..<count).map { $0 % 2 == 0 ? 0 : .max }),
      ("one outlier", (0..<count).map { $0 == 1500 ? .max : 5 }),
      ("rising", (0..<count).map { UInt64($0) }),
      ("falling", (0..<count).map { UInt64(count - $0) }),
      ("powers of two", (0..<count).map { 1 << UInt64($0 % 64) }),
      ("any bits", (0..<count).map { _ in random.next() }),
      ("near the limit", (0..<count).map { _ in .max - random.next() % 1000 }),
      ("two values", (0..<count).map { _ in random.next() % 2 }),
      ("late block", (0..<count).map { $0 < 2990 ? 7 : 1 << 60 }),
      ("sawtooth", (0..<count).map { UInt64($0 % 17) << 40 }),
      ("wide", (0..<count).map { _ in 1 << (random.next() % 64) }),
    ]
  }()

  @Test(arguments: runs.map(\.name))
  func everythingHasAnAnswer(_ name: String) throws {
    let samples = try #require(Self.runs.first { $0.name == name }?.samples)
    let sketch = SampleSketch(samples)
    for method in TailModel.Method.allCases {
      for estimator in TailEstimator.allCases {
        var options = TailModel.Options()
        options.method = method
        options.estimator = estimator
        options.replicates = 19
        // Gates that let everything pass: the fits themselves must hold.
        for significance in [0.01, 0] {
          options.significance = significance
          guard let model = try? TailModel(sketch, options: options) else { continue }
          for value in [0, 1, 1e6, 1e19, 1e300] {
            guard let estimate = model.exceedanceProbability(at: value) else { continue }
            #expect((0...1).contains(estimate.probability), "\(value)")
            #expect(estimate.lower <= estimate.upper && (0...1).contains(estimate.upper))
          }
          #expect(model.shape.isFinite)
        }
      }
    }
    for finding in Contamination(sketch).findings {
      #expect(finding.samples.upperBound < UInt64(samples.count))
      if case .periodic(let periodicity, _) = finding.kind {
        #expect(periodicity.period >= 1 && (0...1).contains(periodicity.strength))
      }
    }
    let run = RunComparison.Run(CountedValues(samples))
    #expect(RunComparison(baseline: run, candidate: run).verdict == .same)
    for (_, others) in Self.runs {
      let other = RunComparison.Run(CountedValues(others))
      let result = RunComparison(baseline: run, candidate: other)
      #expect(result.findings.allSatisfy { ($0.pValue ?? 0) >= 0 && ($0.pValue ?? 0) <= 1 })
      let body = try #require(result.body)
      #expect((0...1).contains(body.superiority))
      #expect((0...1).contains(body.mannWhitney.pValue))
    }
  }

  @Test func testsOfNoDataGiveNothing() {
    #expect(stationarityTest([]) == nil && independenceTest([]) == nil)
    #expect(stationarityTest([Double](repeating: 2, count: 50)) == nil)
    #expect(independenceTest([1, .nan] + [Double](repeating: 2, count: 50)) == nil)
    #expect(stationarityTest([1, .infinity] + [Double](repeating: 2, count: 50)) == nil)
    #expect(trendTest([1, 2, 3]) == nil && trendTest([.nan] + [Double](0..<20)) == nil)
    #expect(trendTest([Double](repeating: 1, count: 20))?.test.pValue == 1)
    #expect(GeneralizedPareto.weightedMoments([1, 1, 1, 1])?.scale.isFinite != false)
    #expect(GeneralizedExtremeValue.weightedMoments([1, 1, 1, 1]) == nil)
    #expect(GeneralizedPareto(shape: .nan, scale: 1) == nil)
    #expect(GeneralizedPareto(shape: 0, scale: 0) == nil)
    #expect(QuantileInterval(quantile: 1, count: 10, confidence: 0.9) == nil)
    #expect(QuantileInterval(quantile: 0.5, count: 0, confidence: 0.9) == nil)
    for count in [UInt64(100_000_000), 10_000_000_000, .max] {
      let interval = QuantileInterval(quantile: 0.5, count: count, confidence: 0.95)
      #expect(abs((interval?.coverage ?? 0) - 0.95) < 0.001, "\(count)")
    }
    #expect(CountedValues([]).value(atQuantile: 0.5) == nil)
    #expect(CountedValues([3]).value(atQuantile: .nan) == nil)
    #expect(CountedValues([3, 4]).value(atQuantile: 0) == 3)
    #expect(CountedValues([3, 4]).value(atQuantile: 1) == 4)
    #expect(bursts(of: [1, 2, 3], in: 100).isEmpty)
    #expect(periodicity(of: [1, 2, 3], in: 100) == nil)
    #expect(dispersionTest([1, 2, 3], of: 100) == nil)
    #expect(ExceedanceTable(2, of: 1, 0, of: 1) == nil)
    #expect(ExceedanceTable(0, of: .max, 0, of: 1) == nil)
    let half = UInt64.max / 2
    #expect(ExceedanceTable(half, of: half, 0, of: half)?.pValueMoreInA == 0)
    #expect(ExceedanceTable(0, of: 0, 0, of: 5)?.rateRatio == 1)
  }
}

extension [Double] {
  fileprivate init(_ range: Range<Int>) { self = range.map { Double($0) } }
}
