/// Two runs of the same measurements: what changed, and whether that is a regression.
///
/// Under icount a tick counts instructions and every run repeats, so distributions are compared by
/// exact equality. On hardware they are compared statistically (`RunComparison`).
public struct Comparison: Sendable, Codable, Equatable {
  /// Over all measurements, or of one.
  public enum Verdict: String, Sendable, Codable, CaseIterable {
    /// No change, or none that matters.
    case same
    case better
    /// Exact comparison only: some samples became shorter and others longer, the maximum did not grow.
    case mixed
    case worse
    /// Too little was measured, or not in both runs.
    case inconclusive
  }

  public var format = "hvlat-comparison"
  public var version = 1
  public var baseline: String
  public var candidate: String
  /// The worst of all measurements: worse, mixed, inconclusive, better, same.
  public var verdict: Verdict
  /// `exact` or `statistical`.
  public var method: String
  public var unit: Report.Unit
  public var measurements: [Measured]
  /// What differs between the runs besides their samples.
  public var warnings: [String]

  /// One measurement in both runs.
  public struct Measured: Sendable, Codable, Equatable {
    public var measurement: String
    public var origin: String
    public var verdict: Verdict
    /// Why it is inconclusive, or what a reader must know of the verdict.
    public var reason: String?
    /// What changed, in words.
    public var findings: [Finding]
    /// Nil: only in the other run.
    public var before: Statistics?
    public var after: Statistics?
    /// Every bin whose count changed; only of exact comparisons.
    public var exact: ExactDifference?
    /// Only of statistical comparisons.
    public var tests: Tests?
  }

  /// One change that matters.
  public struct Finding: Sendable, Codable, Equatable {
    /// `body`, `exceedances`, `maximum`, `largest` or `path`.
    public var kind: String
    /// `better`, `worse` or `changed`.
    public var direction: String
    public var text: String
    /// Nil: judged by size alone.
    public var pValue: Double?
  }

  /// The numbers of the tests, corrected for their number.
  public struct Tests: Sendable, Codable, Equatable {
    public var kolmogorovSmirnov: Double
    public var kolmogorovSmirnovP: Double
    public var mannWhitneyP: Double
    /// Probability that a sample of the candidate is longer, ties counting half.
    public var superiority: Double
    public var bounds: [Bound]

    /// Samples above a bound.
    public struct Bound: Sendable, Codable, Equatable {
      public var ticks: UInt64
      public var before: UInt64
      public var after: UInt64
      public var pValueMore: Double
      public var pValueFewer: Double
    }
  }

  /// Why two runs cannot be compared.
  public struct Refusal: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String
  }

  /// What to compare.
  public struct Options: Sendable {
    /// Only this measurement, or this zone or place.
    public var measurement: String?
    public var zone: String?
    /// Statistical comparisons count samples above it.
    public var deadline: UInt64?

    /// Options; by default all measurements are compared.
    public init(measurement: String? = nil, zone: String? = nil, deadline: UInt64? = nil) {
      self.measurement = measurement
      self.zone = zone
      self.deadline = deadline
    }
  }
}

extension Comparison.Verdict {
  /// Which of two verdicts decides.
  var severity: Int {
    switch self {
    case .same: 0
    case .better: 1
    case .inconclusive: 2
    case .mixed: 3
    case .worse: 4
    }
  }
}
