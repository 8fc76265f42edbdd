import LatencyStatistics

extension Report {
  /// Where quantiles lie, from blocks of neighbouring samples drawn again and again: samples need not be
  /// independent beyond the length of a block.
  public struct BootstrapReport: Sendable, Codable, Equatable {
    /// Why there is none; the rest is absent then.
    public var refused: String?
    /// Samples in a block.
    public var blockLength: Int?
    public var replicates: Int?
    /// The same seed gives the same intervals.
    public var seed: UInt64?
    /// By name of the quantile; those that the samples support.
    public var quantiles: [String: Interval] = [:]

    /// In ticks.
    public struct Interval: Sendable, Codable, Equatable {
      public var lower: UInt64
      public var upper: UInt64
    }
  }
}

extension Report.BootstrapReport {
  init(_ series: Series, _ bootstrap: BlockBootstrap, isTime: Bool, options: Report.Options) {
    self.init()
    guard isTime else {
      refused = "the values are no time: running again would not draw from the same distribution"
      return
    }
    guard let samples = series.samples else {
      refused =
        "only a histogram is known, which has no order: blocks of neighbours cannot be drawn from it"
      return
    }
    guard samples.omitted == 0 else {
      refused =
        "the file keeps the order of \(samples.values.count) samples and not of \(samples.omitted)"
        + " more: analyse the original file"
      return
    }
    let count = samples.values.count
    let length = bootstrap.length(forRunOf: count)
    let asked = options.quantiles.filter { $0.neededSamples <= UInt64(count) }
    guard count / 2 >= length, !asked.isEmpty else {
      refused =
        asked.isEmpty
        ? "\(count) samples support none of the quantiles"
        : "\(count) samples are fewer than two blocks of \(length)"
      return
    }
    let found = bootstrap.intervals(of: samples.values, confidence: options.confidence) {
      replicate in
      asked.map { quantile in
        Double(replicate.value(atRank: quantile.rank(of: replicate.count)) ?? 0)
      }
    }
    blockLength = length
    replicates = bootstrap.replicates
    seed = bootstrap.seed
    for (quantile, interval) in zip(asked, found ?? []) {
      quantiles[quantile.name] = Interval(
        lower: UInt64(exactly: interval.lower) ?? 0, upper: UInt64(exactly: interval.upper) ?? .max)
    }
  }

  /// How it was done; nil where it was not.
  var method: String? {
    guard let blockLength, let replicates, let seed else { return nil }
    return "blocks of \(blockLength) samples, \(replicates) replicates, seed \(seed)"
  }
}
