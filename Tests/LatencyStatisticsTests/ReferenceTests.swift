import Foundation
import Testing

@testable import LatencyStatistics

/// Everything that has an independent implementation, against it.
@Suite struct ReferenceTests {
  let table: ReferenceTable

  init() throws { table = try ReferenceTable.load() }

  @Test func specialFunctions() {
    for point in table.special {
      let x = point.arguments
      let value =
        switch point.name {
        case "beta": incompleteBeta(x[0], x[1], x[2])
        case "gamma": upperIncompleteGamma(x[0], x[1])
        case "normal": normalSurvival(x[0])
        case "kolmogorov": kolmogorovSurvival(x[0])
        default: brownianBridgeSurvival(x[0])
        }
      #expect(isClose(value, point.value, 1e-8), "\(point.name) \(x): \(value) \(point.value)")
    }
  }

  @Test func quantileIntervals() throws {
    for expected in table.quantiles {
      let interval = try #require(
        QuantileInterval(
          quantile: expected.quantile, count: expected.count, confidence: expected.confidence))
      #expect(interval.lower ?? 0 == expected.lower)
      #expect(interval.upper ?? 0 == expected.upper)
      #expect(isClose(interval.coverage, expected.coverage))
    }
  }

  @Test func bootstrap() throws {
    for expected in table.bootstrap {
      let bootstrap = BlockBootstrap(
        blockLength: expected.length, replicates: expected.replicates, seed: expected.seed)
      let intervals = try #require(
        bootstrap.intervals(of: expected.values, confidence: expected.confidence) { replicate in
          expected.quantiles.map { Double(replicate.value(atQuantile: $0) ?? 0) }
        })
      #expect(intervals.map(\.lower) == expected.lower)
      #expect(intervals.map(\.upper) == expected.upper)
    }
  }

  @Test func moments() throws {
    for series in table.series {
      let counted = CountedValues(series.values)
      #expect(isClose(try #require(counted.mean), series.mean))
      #expect(isClose(try #require(counted.standardDeviation), series.deviation))
    }
  }

  @Test func orderStatistics() {
    for expected in table.counted {
      let counted = CountedValues(expected.values)
      #expect(expected.quantiles.map { counted.value(atQuantile: $0) } == expected.found)
      #expect(counted.values.first == expected.minimum && counted.values.last == expected.maximum)
      #expect((counted.values.last ?? 0) - (counted.values.first ?? 0) == expected.jitter)
      #expect(counted.largest(10) == expected.largest)
      #expect(counted.exceedances(above: expected.bound) == expected.above)
    }
  }

  /// What a report says of a deadline: the probability per sample.
  @Test func exceedanceProbabilities() throws {
    for expected in table.tails {
      let x = expected.arguments
      let fit: TailModel.Fit =
        expected.kind == "peaks"
        ? .peaks(
          try #require(GeneralizedPareto(shape: x[0], scale: x[1])), threshold: x[2], rate: x[3])
        : .maxima(
          try #require(GeneralizedExtremeValue(shape: x[0], location: x[1], scale: x[2])),
          length: x[3])
      let probability = fit.exceedanceProbability(at: x[4])
      #expect(isClose(probability, expected.value, 1e-8, absolute: 1e-18), "\(expected)")
    }
  }

  @Test func disturbances() throws {
    let expected = table.contamination
    let burst = try #require(bursts(of: expected.burst.events, in: expected.burst.count).first)
    #expect(burst.samples == expected.burst.first...expected.burst.last)
    #expect(isClose(burst.pValue, expected.burst.pValue, 1e-6), "\(burst)")
    let step = expected.step
    let change = try #require(ChangePointDetector().changePoints(in: step.values).first)
    #expect(change.index == step.index)
    #expect(isClose(change.meanBefore, step.before) && isClose(change.meanAfter, step.after))
    let periodic = expected.periodic
    let found = try #require(periodicity(of: periodic.events, in: periodic.count))
    #expect(isClose(found.period, periodic.period, 1e-3), "\(found)")
  }

  @Test func stationarityIndependenceTrend() throws {
    for series in table.series {
      let values = series.values.map { Double($0) }
      let kpss = try #require(stationarityTest(values))
      #expect(isClose(kpss.statistic, series.kpss))
      #expect(isClose(kpss.pValue, series.kpssP, 1e-6), "\(series.name)")
      let box = try #require(independenceTest(values))
      #expect(isClose(box.statistic, series.box))
      #expect(isClose(box.pValue, series.boxP, 1e-8))
      let trend = try #require(trendTest(values))
      #expect(isClose(trend.test.statistic, series.trend))
      #expect(isClose(trend.test.pValue, series.trendP))
      #expect(isClose(trend.slope, series.slope))
      #expect(midRanks(values) == series.ranks)
    }
  }

  /// KPSS as tabulated by its authors.
  @Test func tabulatedCriticalValues() {
    for (statistic, p) in [(0.347, 0.1), (0.463, 0.05), (0.574, 0.025), (0.739, 0.01)] {
      #expect(isClose(brownianBridgeSurvival(statistic), p, 0.05))
    }
  }

  @Test func generalizedPareto() throws {
    for expected in table.pareto {
      let fit = try #require(GeneralizedPareto.weightedMoments(expected.values))
      #expect(isClose(fit.shape, expected.moments[0], 1e-8, absolute: 1e-10))
      #expect(isClose(fit.scale, expected.moments[1], 1e-8))
      for (x, survival) in zip([0.5, 5, 50], expected.survival) {
        #expect(isClose(fit.survival(x), survival))
        #expect(isClose(fit.cumulative(x), 1 - survival))
      }
      for (p, excess) in zip([0.5, 1e-3, 1e-6], expected.excess) {
        #expect(isClose(fit.excess(survival: p), excess))
      }
      let distance = andersonDarling(expected.values, logarithms: fit.logarithms)
      #expect(isClose(try #require(distance), expected.distance, 1e-7))
      let likely = try #require(GeneralizedPareto.maximumLikelihood(expected.values))
      #expect(isClose(likely.logLikelihood(expected.values), expected.logLikelihood, 1e-9))
      #expect(isClose(likely.shape, expected.likelihood[0], 1e-4, absolute: 1e-5))
      #expect(isClose(likely.scale, expected.likelihood[1], 1e-4))
    }
  }

  @Test func generalizedExtremeValue() throws {
    for expected in table.extreme {
      let fit = try #require(GeneralizedExtremeValue.weightedMoments(expected.values))
      #expect(isClose(fit.shape, expected.moments[0], 1e-7, absolute: 1e-9))
      #expect(isClose(fit.location, expected.moments[1], 1e-8, absolute: 1e-9))
      #expect(isClose(fit.scale, expected.moments[2], 1e-8))
      for (x, survival) in zip(expected.points, expected.survival) {
        #expect(isClose(fit.survival(x), survival, 1e-7))
      }
      for (p, value) in zip([0.1, 0.999], expected.value) {
        #expect(isClose(fit.value(cumulative: p), value, 1e-7))
      }
      let distance = andersonDarling(expected.values, logarithms: fit.logarithms)
      #expect(isClose(try #require(distance), expected.distance, 1e-6))
      let likely = try #require(GeneralizedExtremeValue.maximumLikelihood(expected.values))
      #expect(isClose(likely.logLikelihood(expected.values), expected.logLikelihood, 1e-9))
      #expect(isClose(likely.shape, expected.likelihood[0], 1e-4, absolute: 1e-5))
      #expect(isClose(likely.location, expected.likelihood[1], 1e-4, absolute: 1e-4))
      #expect(isClose(likely.scale, expected.likelihood[2], 1e-4))
    }
  }

  @Test func twoSamples() throws {
    for expected in table.twoSamples {
      let a = CountedValues(expected.a)
      let b = CountedValues(expected.b)
      let distance = try #require(kolmogorovSmirnovTest(a, b))
      #expect(isClose(distance.statistic, expected.distance))
      #expect(isClose(distance.pValue, expected.distanceP, 1e-8))
      // SciPy's limit takes another correction for small samples.
      #expect(isClose(distance.pValue, expected.distanceLimitP, 0.15, absolute: 0.01))
      let rank = try #require(mannWhitneyTest(a, b))
      #expect(isClose(rank.test.statistic, expected.rank))
      #expect(isClose(rank.test.pValue, expected.rankP))
      #expect(isClose(rank.superiority, expected.superiority))
    }
  }

  @Test func fisherExact() throws {
    for expected in table.fisher {
      let counts = try #require(
        ExceedanceTable(expected.a, of: expected.n, expected.b, of: expected.m))
      // Logarithms of factorials of 10^8 cost digits.
      #expect(isClose(counts.pValueMoreInB, expected.moreInB, 1e-5), "\(expected)")
      #expect(isClose(counts.pValueMoreInA, expected.moreInA, 1e-5), "\(expected)")
    }
  }

  @Test func dispersion() throws {
    for expected in table.dispersion {
      let result = try #require(dispersionTest(expected.events, of: expected.count))
      #expect(isClose(result.statistic, expected.statistic))
      #expect(isClose(result.pValue, expected.p))
    }
  }

  /// The interpreter of a virtual environment in build/scipy: see `Reference/generate.py`.
  static let python = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../build/scipy/bin/python").standardizedFileURL

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: python.path),
      "needs SciPy in build/scipy, which `scripts/setup --develop` takes from PyPI"))
  func theTableIsWhatSciPySays() throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Reference/generate.py")
    let process = Process()
    process.executableURL = Self.python
    process.arguments = [script.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let made = try JSONSerialization.jsonObject(with: output)
    let kept = try JSONSerialization.jsonObject(with: try ReferenceTable.data())
    expectSame(made, kept, path: "")
  }

  /// Numbers may differ in digits that depend on the version of the mathematics library.
  private func expectSame(_ a: Any, _ b: Any, path: String) {
    if let a = a as? [String: Any], let b = b as? [String: Any] {
      #expect(a.keys.sorted() == b.keys.sorted(), "\(path)")
      for (key, value) in a {
        if let other = b[key] { expectSame(value, other, path: path + "." + key) }
      }
    } else if let a = a as? [Any], let b = b as? [Any] {
      #expect(a.count == b.count, "\(path)")
      for (index, pair) in zip(a, b).enumerated() {
        expectSame(pair.0, pair.1, path: "\(path)[\(index)]")
      }
    } else if let a = a as? String, let b = b as? String {
      #expect(a == b, "\(path)")
    } else if let a = a as? Double, let b = b as? Double {
      #expect(isClose(a, b, 1e-5, absolute: 1e-6), "\(path): made \(a), kept \(b)")
    } else {
      Issue.record("\(path): made \(a), kept \(b)")
    }
  }
}
