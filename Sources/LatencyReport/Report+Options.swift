public import LatencyStatistics

extension Report {
  /// What a report is to contain.
  public struct Options: Sendable {
    /// Ascending.
    public var quantiles: [Quantile]
    /// How measurements are taken apart or put together; nil: as the source has them.
    public var split: Split?
    /// How the limits fared that the user gave; nil: he gave none.
    public var judgement: Judgement?
    /// In ticks: the tail model, if there is one, says how probable a longer sample is.
    public var deadline: UInt64?
    /// How many of the longest samples of each measurement are listed.
    public var worst: Int
    /// Of the intervals of quantiles: in the open interval 0-1.
    public var confidence: Double
    /// How intervals of quantiles are found from blocks of neighbours; nil: not asked for.
    public var bootstrap: BlockBootstrap?

    /// Options; by default all quantiles of `Quantile.all`, intervals of 95 %, the five longest samples.
    public init(
      quantiles: [Quantile] = Quantile.all, split: Split? = nil, judgement: Judgement? = nil,
      deadline: UInt64? = nil, worst: Int = 5, confidence: Double = 0.95,
      bootstrap: BlockBootstrap? = nil
    ) {
      self.quantiles = quantiles.sorted { $0.millionths < $1.millionths }
      self.split = split
      self.judgement = judgement
      self.deadline = deadline
      self.worst = worst
      self.confidence = confidence
      self.bootstrap = bootstrap
    }
  }

  /// Limits and how they fared.
  public struct Judgement: Sendable, Equatable {
    /// As given.
    public var limits: [String]
    /// Why limits were hit; empty: all were kept.
    public var hits: [String]

    /// A judgement.
    public init(limits: [String], hits: [String]) {
      self.limits = limits
      self.hits = hits
    }
  }
}

extension Report.Verdict {
  /// The line a signature stands under: `PASS` or `FAIL`; nil without limits.
  public var judgement: String? {
    guard let passed else { return nil }
    let given = limits.joined(separator: ", ")
    return passed ? "PASS: \(given)" : "FAIL: \(hits.joined(separator: "; "))"
  }
}
