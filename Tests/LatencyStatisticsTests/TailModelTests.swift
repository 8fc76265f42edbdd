import Foundation
import Testing

@testable import LatencyStatistics

@Suite struct TailModelTests {
  private func refusal(
    _ samples: [UInt64], _ options: TailModel.Options = TailModel.Options()
  ) -> TailRefusal? {
    do throws(TailRefusal) {
      _ = try TailModel(SampleSketch(samples), options: options)
      return nil
    } catch {
      return error
    }
  }

  private func options(
    _ method: TailModel.Method, _ estimator: TailEstimator
  ) -> TailModel.Options {
    var options = TailModel.Options()
    options.method = method
    options.estimator = estimator
    options.replicates = estimator == .maximumLikelihood ? 39 : 99
    return options
  }

  /// An exponential tail is known: P(X > x) = exp(-(x - 1000) / 100).
  @Test(arguments: TailModel.Method.allCases, TailEstimator.allCases)
  func knownTailIsEstimated(_ method: TailModel.Method, _ estimator: TailEstimator) throws {
    var runs = Runs(11)
    let samples = runs.exponential(20_000)
    let model = try TailModel(SampleSketch(samples), options: options(method, estimator))
    // Values with probabilities 10^-4 and 10^-6.
    for (value, truth) in [(1921.0, 1e-4), (2381.6, 1e-6)] {
      let estimate = try #require(model.exceedanceProbability(at: value))
      #expect(estimate.lower <= truth && truth <= estimate.upper, "\(value): \(estimate)")
      #expect(estimate.lower <= estimate.probability && estimate.probability <= estimate.upper)
      #expect(estimate.isExtrapolated == (value > Double(samples.max() ?? 0)))
      let back = try #require(model.value(exceededWith: estimate.probability))
      #expect(isClose(back, value, 1e-6))
    }
    #expect(abs(model.shape) < 0.25)
    #expect(model.exceedanceProbability(at: 0) == nil)
    #expect(model.gates.allSatisfy { $0.isPassed })
    #expect(model.gates.contains { $0.kind == .fit })
    // The interval of an exponential tail's shape holds 0.
    #expect(
      model.warnings.contains {
        if case .unboundedTail = $0 { true } else { false }
      })
  }

  @Test func boundedTailHasAnEnd() throws {
    var runs = Runs(3)
    let model = try TailModel(SampleSketch(runs.pareto(20_000, shape: -0.4, scale: 400)))
    let end = try #require(model.fit.endpoint)
    #expect((1900...2300).contains(end))
    #expect(
      !model.warnings.contains {
        if case .unboundedTail = $0 { true } else { false }
      })
    let beyond = try #require(model.exceedanceProbability(at: 1e6))
    #expect(beyond.probability == 0 && beyond.isFarExtrapolated && beyond.isExtrapolated)
  }

  @Test func sameSeedSameModel() throws {
    var runs = Runs(4)
    let sketch = SampleSketch(runs.exponential(3000))
    var other = TailModel.Options()
    other.seed = 2
    #expect(try TailModel(sketch) == TailModel(sketch))
    #expect(try TailModel(sketch).replicates != TailModel(sketch, options: other).replicates)
  }

  @Test func refusesWhatCannotBeModelled() {
    #expect(refusal([]) == .tooFewSamples(have: 0, needed: 1000))
    #expect(refusal([5, 5, 6]) == .tooFewSamples(have: 3, needed: 1000))
    #expect(refusal([UInt64](repeating: 7, count: 5000)) == .constant(value: 7))
    #expect(refusal([UInt64](repeating: .max, count: 5000)) == .constant(value: .max))
    var options = TailModel.Options()
    options.method = .blockMaxima
    var runs = Runs(5)
    #expect(
      refusal(runs.exponential(2000), options) == .tooFewSamples(have: 2000, needed: 2550))
  }

  @Test func refusesTicksTooCoarse() {
    var random = SeededGenerator(seed: 9)
    let samples = (0..<20_000).map { _ in random.next() % 100 == 0 ? UInt64(3) : 2 }
    guard case .quantised(let distinct, 10)? = refusal(samples) else {
      Issue.record("\(String(describing: refusal(samples)))")
      return
    }
    #expect(distinct < 10)
    var options = TailModel.Options()
    options.method = .blockMaxima
    #expect(refusal(samples, options) == .quantised(distinct: 2, needed: 10))
  }

  @Test(arguments: TailModel.Method.allCases)
  func refusesDrift(_ method: TailModel.Method) {
    var runs = Runs(6)
    let samples = runs.exponential(20_000).enumerated().map { $1 + UInt64($0 / 50) }
    var options = TailModel.Options()
    options.method = method
    guard case .gate(let gate)? = refusal(samples, options) else {
      Issue.record("drift was modelled")
      return
    }
    #expect(gate.kind == .levelStationary)
    #expect(gate.result.pValue < 0.01)
  }

  @Test func refusesClusters() {
    var runs = Runs(7)
    var samples = runs.exponential(20_000)
    // Twelve neighbours each time, at no regular distance.
    for start in stride(from: 300, to: 19_000, by: 777) {
      for index in start + start % 61..<start + start % 61 + 12 { samples[index] += 700 }
    }
    guard case .gate(let gate)? = refusal(samples) else {
      Issue.record("clusters were modelled")
      return
    }
    #expect([.exceedancesEven, .excessesIndependent, .levelStationary].contains(gate.kind))
  }

  /// Steps with noise, as retries make them: at no threshold a tail without gaps.
  @Test(arguments: TailModel.Method.allCases)
  func refusesWhatDoesNotFit(_ method: TailModel.Method) {
    var random = SeededGenerator(seed: 10)
    let samples = (0..<20_000).map { _ in
      UInt64(random.next().trailingZeroBitCount) * 1000 + random.next() % 20
    }
    guard case .gate(let gate)? = refusal(samples, options(method, .weightedMoments)) else {
      Issue.record("steps were modelled")
      return
    }
    #expect(gate.kind == .fit)
    #expect(gate.result.pValue < 0.05)
  }

  /// One sample far beyond all others is no tail that can be continued: a model through it would call
  /// improbable what has just happened.
  @Test func refusesOneSampleFarBeyond() {
    var runs = Runs(14)
    var samples = runs.exponential(20_000)
    samples[12_345] = 1_901_000
    guard let refusal = refusal(samples) else {
      Issue.record("an outlier was modelled")
      return
    }
    #expect(refusal.description.contains("far beyond the others"), "\(refusal)")
  }

  /// Random data must not be refused much more often than the levels of the tests allow.
  @Test func seldomRefusesGoodData() {
    var runs = Runs(12)
    var options = TailModel.Options()
    options.replicates = 39
    let refused = (0..<40).filter { _ in refusal(runs.exponential(2000), options) != nil }.count
    #expect(refused <= 6)
  }

  @Test func unknownOrderIsRefusedUnlessAccepted() throws {
    var runs = Runs(13)
    let counted = CountedValues(runs.exponential(20_000))
    let bins = counted.values.indices.map {
      (bounds: counted.values[$0]...counted.values[$0], count: counted.count(at: $0))
    }
    #expect(throws: TailRefusal.unknownOrder) { try TailModel(ascending: bins) }
    var options = TailModel.Options()
    options.acceptsUnknownOrder = true
    let model = try TailModel(ascending: bins, options: options)
    #expect(model.warnings.first == .orderNotTested)
    #expect(model.gates.map(\.kind) == [.fit])
    #expect(throws: TailRefusal.censored(samples: 3, bound: 5000)) {
      try TailModel(ascending: bins, censored: (samples: 3, bound: 5000), options: options)
    }
    // Hostile counts.
    let huge = [(bounds: UInt64(1)...1, count: UInt64.max), (bounds: 2...2, count: .max)]
    #expect(throws: TailRefusal.self) { try TailModel(ascending: huge, options: options) }
  }

  @Test func refusalsAndWarningsAreSentences() {
    let gate = TailGate(
      kind: .fit, result: TestResult(statistic: 3, pValue: 0.0123), significance: 0.05)
    let refusals: [TailRefusal] = [
      .tooFewSamples(have: 1, needed: 2), .tooFewExceedances(have: 1, needed: 2),
      .constant(value: 1), .censored(samples: 1, bound: 2), .quantised(distinct: 1, needed: 2),
      .unknownOrder, .gate(gate), .noFit(.weightedMoments), .noFit(.maximumLikelihood),
      .tooHeavy(shape: 1, limit: 0.5),
    ]
    #expect(refusals.allSatisfy { !$0.description.isEmpty && !$0.description.contains("WCET") })
    #expect(TailRefusal.gate(gate).description.contains("p = 0.0123, limit 0.05"))
  }
}
