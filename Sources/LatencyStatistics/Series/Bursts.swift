internal import Foundation

/// A stretch of the run with more large samples than chance puts there.
public struct Burst: Sendable, Equatable {
  /// Numbers of its first and last large sample.
  public var samples: ClosedRange<UInt64>
  /// Large samples in it.
  public var events: Int
  /// Of how many large samples in the run.
  public var total: Int
  /// Large samples expected there if they were spread evenly.
  public var expected: Double
  /// Poisson probability of as many in a window of this length, times the number of windows.
  public var pValue: Double
}

/// Finds bursts of events with the two-state automaton of Kleinberg 2002 (KDD, Bursty and Hierarchical
/// Structure in Streams), once for rates 16 times the mean and once for 3 times; what it finds must
/// also be improbable by the scan statistic's Poisson bound (Naus 1965, Journal of the American
/// Statistical Association 60).
///
/// `events` are sample numbers below `count`, ascending and distinct. Fewer than 5: none.
public func bursts(of events: [UInt64], in count: UInt64, significance: Double = 1e-4) -> [Burst] {
  guard events.count >= 5, count > UInt64(events.count) else { return [] }
  var found: [Burst] = []
  for factor in [16.0, 3.0] {
    for run in burstRuns(events, count, factor: factor) {
      let samples = events[run.lowerBound]...events[run.upperBound]
      if found.contains(where: { $0.samples.overlaps(samples) }) { continue }
      let share = (Double(samples.upperBound - samples.lowerBound) + 1) / Double(count)
      let expected = share * Double(events.count)
      // Given the first event of the window, as many others or more.
      let others = Double(run.count - 1)
      let pValue = (1 - upperIncompleteGamma(others, expected)) * Double(events.count)
      guard others >= 2, pValue < significance else { continue }
      found.append(
        Burst(
          samples: samples, events: run.count, total: events.count, expected: expected,
          pValue: min(1, max(0, pValue))))
    }
  }
  return found.sorted { $0.samples.lowerBound < $1.samples.lowerBound }
}

/// Index ranges of events in the automaton's upper state, by Viterbi's algorithm.
private func burstRuns(
  _ events: [UInt64], _ count: UInt64, factor: Double
) -> [ClosedRange<Int>] {
  let rate = Double(events.count) / Double(count)
  let climb = log(Double(events.count))
  var calm = 0.0
  var burst = climb
  // Whether each state was best reached from the burst state.
  var cameFromBurst: [(calm: Bool, burst: Bool)] = []
  for index in 1..<events.count {
    let gap = Double(events[index] - events[index - 1])
    let fromBurst = (calm: burst < calm, burst: burst <= calm + climb)
    let nextCalm = min(calm, burst) + rate * gap
    let nextBurst = min(burst, calm + climb) + factor * rate * gap - log(factor)
    cameFromBurst.append(fromBurst)
    calm = nextCalm
    burst = nextBurst
  }
  var runs: [ClosedRange<Int>] = []
  var inBurst = burst < calm
  // State of the gap before event `index`, from the last one back.
  for index in stride(from: events.count - 1, to: 0, by: -1) {
    if inBurst {
      if let last = runs.last, last.lowerBound == index {
        runs[runs.count - 1] = index - 1...last.upperBound
      } else {
        runs.append(index - 1...index)
      }
    }
    let from = cameFromBurst[index - 1]
    inBurst = inBurst ? from.burst : from.calm
  }
  return runs
}
