/// The verdict over two runs of the same measurement: body, tail and largest samples, each judged by a
/// test and by whether the difference matters.
///
/// At 10^6 samples every difference is significant, so that a finding also needs a practical size; and
/// one sample in 10^6 is never significant, so that the largest samples are judged by size. Two
/// runs with p99.9 = 10 us and maxima of 30 us and 1,901 us are not the same run.
public struct RunComparison: Sendable, Equatable {
  /// One run.
  public struct Run: Sendable {
    public var values: CountedValues
    /// Largest sample; nil: that of `values`.
    public var maximum: UInt64?
    /// Whether the largest sample is only known to be at least `maximum`.
    public var maximumIsBound: Bool

    /// Larger values hold more than `values` knows when the source had an overflow.
    public init(_ values: CountedValues, maximum: UInt64? = nil, maximumIsBound: Bool = false) {
      self.values = values
      self.maximum = maximum ?? values.values.last
      self.maximumIsBound = maximumIsBound
    }
  }

  /// What counts as a difference.
  public struct Options: Sendable, Equatable {
    /// Of each family of tests, after Holm's correction.
    public var significance = 0.01
    /// Bounds whose exceedances are compared besides the baseline's own quantiles: deadlines.
    public var bounds: [UInt64] = []
    /// A quantile of the body must move by this share.
    public var relativeShift = 0.05
    /// And by at least this much; the largest samples too.
    public var absoluteShift: UInt64 = 1
    /// Superiority beyond 0.5 by this much, "small" of Vargha and Delaney, or distribution functions
    /// twice as far apart.
    public var superiority = 0.06
    /// Exceedances must become this many times as frequent, or as rare.
    public var rateRatio = 2.0
    /// The largest samples must grow, or shrink, by this factor.
    public var maximumRatio = 1.5
    /// And must be less probable than this by the tail of the other run, where that has one that can be
    /// fitted: heavy tails have maxima that differ by much from run to run.
    public var maximumChance = 0.01

    /// The defaults.
    public init() {}
  }

  public enum Verdict: Sendable, Equatable {
    /// No difference that matters.
    case same
    /// At least one finding for the better and none for the worse.
    case better
    /// At least one finding for the worse.
    case worse
    /// Not enough was measured to say `same` or `better`.
    case inconclusive(String)
  }

  public enum Direction: String, Sendable {
    case better, worse
  }

  /// One difference that matters.
  public struct Finding: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
      /// The quantile that moved most: 0.5, 0.9 or 0.99.
      case body(quantile: Double, before: UInt64, after: UInt64)
      /// Samples above a bound.
      case exceedances(ExceedanceTable, bound: UInt64)
      /// The largest sample; of runs of different length, the sample with the same share above it.
      case maximum(before: UInt64, after: UInt64, rank: UInt64, isBound: Bool)
      /// Median of the ten largest samples.
      case largest(before: UInt64, after: UInt64)
    }

    public var kind: Kind
    public var direction: Direction
    /// Holm-corrected; of a maximum, the probability that the other run's tail reaches it; nil: judged
    /// by size alone.
    public var pValue: Double?
  }

  /// The numbers of the body tests.
  public struct Body: Sendable, Equatable {
    public var kolmogorovSmirnov: TestResult
    public var mannWhitney: TestResult
    /// Probability that a candidate's sample is larger than one of the baseline, ties counting half.
    public var superiority: Double
  }

  public var verdict: Verdict
  public var findings: [Finding]
  /// Nil when a run is empty.
  public var body: Body?
  /// All bounds that were tested, with corrected p-values for more and for fewer exceedances.
  public var bounds: [BoundTest]

  /// Exceedances of one bound.
  public struct BoundTest: Sendable, Equatable {
    public var bound: UInt64
    public var table: ExceedanceTable
    public var pValueMore: Double
    public var pValueFewer: Double
  }
}
