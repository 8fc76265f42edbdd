/// Everything a report says, computed once; the text and JSON renderers print the same facts.
///
/// All values are in ticks; `unit` says what a tick is.
public struct Report: Sendable, Codable, Equatable {
  public var format = "hvlat-report"
  public var version = 1
  public var source: String
  public var title: String
  /// The first line a reader needs.
  public var verdict: Verdict
  public var unit: Unit
  /// Names of the quantiles of all statistics, ascending as asked for.
  public var quantiles: [String]
  /// Of the intervals of quantiles, 0-1.
  public var confidence: Double
  public var machine: MachineReport
  public var isSealed: Bool
  public var zones: [ZoneSummary]
  public var measurements: [SeriesReport]
  public var exits: [CPUReport]
  public var provenance: [ProvenanceItem]
  public var warnings: [String]
  /// What must not be concluded from the numbers.
  public var notShown: [String]

  /// Deadline misses over all measurements that have a deadline.
  public struct Verdict: Sendable, Codable, Equatable {
    /// nil: no deadline was measured.
    public var deadlineMisses: UInt64?
    /// Cycles that were recorded and had a deadline.
    public var cycles: UInt64
    public var text: String
    /// Whether all limits given were kept; nil: none was given.
    public var passed: Bool?
    /// The limits, as given.
    public var limits: [String] = []
    /// Why limits were hit.
    public var hits: [String] = []
  }

  /// What one tick is.
  public struct Unit: Sendable, Codable, Equatable {
    public var name: String
    /// On hardware only.
    public var nanosecondsPerTick: Double?
    /// `hardware`, `icount`, `emulated` or `unknown`.
    public var timebase: String
    /// What that means for the numbers, in words.
    public var meaning: String
  }

  public struct MachineReport: Sendable, Codable, Equatable {
    public var board: String
    public var cpuModel: String
    public var counterFrequency: UInt64
    public var icountShift: UInt32?
    public var planChecksum: String
    public var imageHash: String

    /// Whether no kernel of ours said what it ran on: another tool's file.
    public var isUnknown: Bool {
      cpuModel == "0x0" && planChecksum == "0x0" && imageHash.allSatisfy { $0 == "0" }
    }
  }

  /// Whether it is of another tool's file.
  public var isImported: Bool { machine.isUnknown && unit.timebase == "hardware" }

  /// The steps of an imported file's values, in words.
  public var resolutionText: String {
    unit.nanosecondsPerTick.map { "\(trimmed($0)) ns" } ?? "not named by the file"
  }

  /// Exits of one CPU.
  public struct CPUReport: Sendable, Codable, Equatable {
    public var cpu: Int
    public var hardwareID: String
    public var zone: String?
    public var total: UInt64
    public var probeCost: UInt64
    public var longest: ExitEvent?
    public var last: ExitEvent?
    public var reasons: [ReasonReport]
  }

  public struct ReasonReport: Sendable, Codable, Equatable {
    public var reason: String
    public var statistics: Statistics
    /// Mean residency in ticks.
    public var mean: Double
    /// As in `SeriesReport`.
    public var values: [PlotRow]?
  }

  /// One measurement in one place.
  public struct SeriesReport: Sendable, Codable, Equatable {
    public var measurement: String
    public var origin: String
    public var statistics: Statistics
    /// Intervals of quantiles that neighbours may depend on each other in; nil: not asked for.
    public var bootstrap: BootstrapReport?
    public var misses: UInt64?
    public var warmUp: UInt64
    public var rejected: [String: UInt64]
    public var notes: [String]
    /// For a plot: about 16 rows at most.
    public var histogram: [PlotRow]
    /// Every value that occurred (or bin, where the source had bins); nil when there are more than
    /// 1,024. Under icount these are the exact path lengths.
    public var values: [PlotRow]?
    /// The tail by peaks over threshold, or why there is no model of it.
    public var tail: TailReport
    /// The same by block maxima.
    public var tailOfMaxima: TailReport
    /// Whether something came and went during the run.
    public var order: OrderReport
    /// The longest samples, longest first, and what may have caused them; none when all are equal.
    public var worst: [WorstSample]
  }
}

/// Numbers of one distribution, in ticks.
public struct Statistics: Sendable, Codable, Equatable {
  public var samples: UInt64
  /// Samples too long for the histogram that counted them.
  public var overflow: UInt64
  /// Lower bound of the smallest sample; exact unless `minimumIsBound`.
  public var minimum: UInt64?
  public var minimumIsBound: Bool
  /// Exact unless `maximumIsBound`.
  public var maximum: UInt64?
  /// The longest overflow is not known: it took `maximum` or more, so `jitter` is a lower bound too.
  public var maximumIsBound: Bool
  /// Maximum minus minimum.
  public var jitter: UInt64?
  /// Of the middles of bins; exact where `meanError` is 0. A lower bound when there is overflow.
  public var mean: Double?
  /// Largest error of `mean` that the width of the bins allows.
  public var meanError: Double?
  /// With n - 1; nil below two samples and where there is overflow.
  public var standardDeviation: Double?
  /// By name, such as `p99.9`.
  public var quantiles: [String: QuantileReport]

  /// A quantile: one of `ticks` (an upper bound unless `exact`), `atLeast` and `refused` is set.
  public struct QuantileReport: Sendable, Codable, Equatable {
    public var ticks: UInt64?
    public var exact: Bool?
    public var atLeast: UInt64?
    /// Why it is not reported.
    public var refused: String?
    /// Bounds that enclose the quantile with probability `coverage`, at least `Report.confidence` where
    /// there are both, if samples are independent; nil: no sample bounds it, or repeating the run would
    /// give the same samples.
    public var lower: UInt64?
    public var upper: UInt64?
    public var coverage: Double?
  }

  /// The numbers of `distribution`; `confidence` of the bounds of quantiles, nil: they get none.
  public init(
    _ distribution: Distribution, quantiles asked: [Quantile] = Quantile.all,
    confidence: Double? = nil
  ) {
    samples = distribution.count
    overflow = distribution.overflow
    let bounds = distribution.minimum
    minimum = bounds?.lowerBound
    minimumIsBound = bounds.map { $0.lowerBound != $0.upperBound } ?? false
    maximum = distribution.maximum
    maximumIsBound = distribution.maximumIsBound
    if let minimum, let maximum, maximum >= minimum { jitter = maximum - minimum }
    let moments = distribution.moments
    mean = moments?.mean
    meanError = moments?.meanError
    standardDeviation = moments?.hasOverflow == true ? nil : moments?.standardDeviation
    quantiles = [:]
    for quantile in asked {
      var entry =
        switch distribution.value(quantile) {
        case .within(let bounds):
          QuantileReport(
            ticks: bounds.upperBound, exact: bounds.lowerBound == bounds.upperBound)
        case .atLeast(let bound): QuantileReport(atLeast: bound)
        case .refused(let needed):
          QuantileReport(
            refused: "needs \(needed) samples, has \(distribution.count)")
        }
      if let confidence,
        let bounds = distribution.bounds(of: quantile, confidence: confidence)
      {
        (entry.lower, entry.upper, entry.coverage) = (bounds.lower, bounds.upper, bounds.coverage)
      }
      quantiles[quantile.name] = entry
    }
  }
}
