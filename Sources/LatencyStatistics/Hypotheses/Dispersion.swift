/// Whether events fall evenly on a run: a small p-value says that they come in clusters or that their
/// rate moves.
///
/// Index of dispersion of the counts in equal intervals, chi-squared (Cox and Lewis, The Statistical
/// Analysis of Series of Events, 1966, section 6.3), with the variance of drawing without repeats.
/// `events` are sample numbers below `count`, ascending. Nil for fewer than 20 events or when every
/// sample is one.
public func dispersionTest(_ events: [UInt64], of count: UInt64) -> TestResult? {
  guard events.count >= 20, count > UInt64(events.count) else { return nil }
  // About five events are expected in each interval.
  let intervals = min(events.count / 5, 200)
  var counts = [Double](repeating: 0, count: intervals)
  for event in events {
    let position = Double(event) / Double(count) * Double(intervals)
    counts[min(intervals - 1, Int(position))] += 1
  }
  let expected = Double(events.count) / Double(intervals)
  let share = Double(events.count) / Double(count)
  let squares = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) }
  let statistic = squares / (expected * (1 - share))
  return TestResult(
    statistic: statistic, pValue: chiSquaredSurvival(statistic, degrees: Double(intervals - 1)))
}
