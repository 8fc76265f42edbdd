import Foundation

@testable import LatencyStatistics

/// Runs whose tail is known, the same every time.
struct Runs {
  var random: SeededGenerator

  init(_ seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// Independent samples: `base` and an exponential part with this mean, in whole ticks.
  mutating func exponential(_ count: Int, base: Double = 1000, mean: Double = 100) -> [UInt64] {
    (0..<count).map { _ in UInt64((base - mean * log(random.nextUnit())).rounded()) }
  }

  /// Independent samples whose tail has the shape `shape`.
  mutating func pareto(_ count: Int, shape: Double, scale: Double = 100) -> [UInt64] {
    guard let tail = GeneralizedPareto(shape: shape, scale: scale) else { return [] }
    return (0..<count).map { _ in
      UInt64((1000 + tail.excess(survival: random.nextUnit())).rounded())
    }
  }
}

/// Ascending values with their counts.
func counted(_ pairs: [(value: UInt64, count: UInt64)]) throws -> CountedValues {
  guard let values = CountedValues(ascending: pairs) else { throw NotCounted() }
  return values
}

/// The values do not ascend, or are too many.
struct NotCounted: Error {}
