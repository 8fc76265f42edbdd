import Foundation
import Testing

/// The table that `Reference/generate.py` made with SciPy.
struct ReferenceTable: Decodable {
  struct Special: Decodable {
    var name: String
    var arguments: [Double]
    var value: Double
  }

  struct Interval: Decodable {
    var count: UInt64
    var quantile, confidence: Double
    /// 0: none.
    var lower, upper: UInt64
    var coverage: Double
  }

  struct TimeSeries: Decodable {
    var name: String
    var values: [UInt64]
    var ranks: [Double]
    var mean, deviation, kpss, kpssP, box, boxP, trend, trendP, slope: Double
  }

  struct ParetoFit: Decodable {
    var values, moments, likelihood: [Double]
    var logLikelihood, distance: Double
    var survival, excess: [Double]
  }

  struct ExtremeFit: Decodable {
    var values, moments, likelihood: [Double]
    var logLikelihood, distance: Double
    var points, survival, value: [Double]
  }

  struct TwoSamples: Decodable {
    var a, b: [UInt64]
    var distance, distanceP, distanceLimitP, rank, rankP, superiority: Double
  }

  struct Fisher: Decodable {
    var a, n, b, m: UInt64
    var moreInA, moreInB: Double
  }

  struct Dispersion: Decodable {
    var events: [UInt64]
    var count: UInt64
    var statistic, p: Double
  }

  struct Bootstrap: Decodable {
    var values: [UInt64]
    var length, replicates: Int
    var confidence: Double
    var seed: UInt64
    var quantiles, lower, upper: [Double]
  }

  struct Counted: Decodable {
    var values, found, largest: [UInt64]
    var quantiles: [Double]
    var minimum, maximum, jitter, above, bound: UInt64
  }

  struct Tail: Decodable {
    var kind: String
    var arguments: [Double]
    var value: Double
  }

  struct Disturbances: Decodable {
    struct Burst: Decodable {
      var events: [UInt64]
      var count, first, last: UInt64
      var pValue: Double
    }

    struct Step: Decodable {
      var values: [Double]
      var index: Int
      var before, after: Double
    }

    struct Period: Decodable {
      var events: [UInt64]
      var count: UInt64
      var period: Double
    }

    var burst: Burst
    var step: Step
    var periodic: Period
  }

  var special: [Special]
  var quantiles: [Interval]
  var series: [TimeSeries]
  var pareto: [ParetoFit]
  var extreme: [ExtremeFit]
  var twoSamples: [TwoSamples]
  var fisher: [Fisher]
  var dispersion: [Dispersion]
  var bootstrap: [Bootstrap]
  var counted: [Counted]
  var tails: [Tail]
  var contamination: Disturbances

  static func load() throws -> ReferenceTable {
    try JSONDecoder().decode(ReferenceTable.self, from: try data())
  }

  static func data() throws -> Data {
    let url = try #require(Bundle.module.url(forResource: "expected", withExtension: "json"))
    return try Data(contentsOf: url)
  }
}

/// Whether two numbers agree to a relative or, near 0, absolute tolerance.
func isClose(_ a: Double, _ b: Double, _ relative: Double = 1e-9, absolute: Double = 1e-12) -> Bool
{
  abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
}
