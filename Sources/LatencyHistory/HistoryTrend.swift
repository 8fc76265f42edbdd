public import LatencyReport
public import LatencyStatistics

/// One number of comparable runs, and where it changed.
public struct HistoryTrend: Sendable, Equatable {
  /// What is followed.
  public enum Metric: String, Sendable, CaseIterable {
    case minimum = "min"
    case mean, p50, p99
    case p999 = "p99.9"
    case p9999 = "p99.99"
    case maximum = "max"

    /// In ticks, the upper end of a bin; of a maximum in the overflow, its bound. Nil: refused, or in
    /// the overflow.
    public func value(_ distribution: Distribution) -> Double? {
      switch self {
      case .minimum: distribution.minimum.map { Double($0.lowerBound) }
      case .maximum: distribution.maximum.map { Double($0) }
      case .mean: distribution.moments?.mean
      case .p50, .p99, .p999, .p9999:
        if let quantile = Quantile(rawValue),
          case .within(let bounds) = distribution.value(quantile)
        {
          Double(bounds.upperBound)
        } else {
          nil
        }
      }
    }
  }

  public var key: HistoryKey
  public var metric: Metric
  /// Runs that have the number, in the order they were added.
  public var runs: [HistoryRun]
  /// Of `runs`, in ticks.
  public var values: [Double]
  /// `index` is that of the first run after the change. Needs ten runs or more.
  public var changes: [ChangePoint]

  /// Trends of all keys among `runs`, in the order of their first run.
  public static func all(_ runs: [HistoryRun], metric: Metric) -> [HistoryTrend] {
    var order: [HistoryKey] = []
    let groups = Dictionary(grouping: runs, by: \.key)
    for run in runs where !order.contains(run.key) { order.append(run.key) }
    return order.map { HistoryTrend(key: $0, metric: metric, runs: groups[$0] ?? []) }
  }

  private init(key: HistoryKey, metric: Metric, runs: [HistoryRun]) {
    let known = runs.compactMap { run in metric.value(run.distribution).map { (run, $0) } }
    self.key = key
    self.metric = metric
    self.runs = known.map(\.0)
    values = known.map(\.1)
    changes = ChangePointDetector().changePoints(in: values)
  }
}
