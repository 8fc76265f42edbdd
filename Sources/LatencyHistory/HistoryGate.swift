public import LatencyReport
internal import LatencyStatistics

/// The latest run of each key against the latest one that was recorded as baseline before it.
public enum HistoryGate {
  /// One result for each key. Instructions are compared exactly, time by statistics; what an emulator
  /// without icount measured is not comparable. A key without baseline, or without a run after it, is
  /// undecided.
  public static func check(_ runs: [HistoryRun]) -> [CheckResult] {
    var order: [HistoryKey] = []
    let groups = Dictionary(grouping: runs, by: \.key)
    for run in runs where !order.contains(run.key) { order.append(run.key) }
    return order.compactMap { key in groups[key].flatMap { check(key, $0) } }
  }

  private static func check(_ key: HistoryKey, _ runs: [HistoryRun]) -> CheckResult? {
    guard let latest = runs.last else { return nil }
    let place = [key.place, key.board, key.load].filter { !$0.isEmpty }.joined(separator: ", ")
    func undecided(_ message: String) -> CheckResult {
      CheckResult(name: key.measurement, place: place, state: .undecided, message: message)
    }
    guard let baseline = runs.last(where: \.isBaseline) else {
      return undecided("no baseline: add one with `hvlat history add --baseline`")
    }
    guard latest.id != baseline.id else {
      return undecided("no run after the baseline, run \(baseline.id)")
    }
    let unit = key.unit
    var result: CheckResult
    switch unit {
    case .instructions:
      result = CheckResult(
        name: key.measurement, place: place,
        difference: ExactDifference(
          baseline: baseline.distribution, candidate: latest.distribution), unit: unit)
    case .nanoseconds:
      result = CheckResult(
        name: key.measurement, place: place,
        comparison: RunComparison(
          baseline: baseline.distribution, candidate: latest.distribution), unit: unit)
    case .ticks: return undecided("\(unit.name) cannot be compared between runs")
    }
    result.details.append(
      "baseline: run \(baseline.id), \(baseline.date), image \(baseline.imageHash);"
        + " now: run \(latest.id), \(latest.date), image \(latest.imageHash)")
    return result
  }
}
