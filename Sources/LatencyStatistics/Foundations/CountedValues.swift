internal import Foundation

/// Samples as ascending distinct values with the number of times each occurred.
///
/// All tests on unordered samples work on this, so that 10^8 samples cost what their distinct values
/// cost. Values are ticks, nanoseconds or whatever the caller counts in.
public struct CountedValues: Sendable, Equatable {
  /// Ascending, distinct.
  public let values: [UInt64]
  /// Samples up to and including the value of the same index.
  public let cumulative: [UInt64]

  /// Samples in any order. Cost: one sort.
  public init(_ samples: [UInt64]) {
    var values: [UInt64] = []
    var cumulative: [UInt64] = []
    var seen: UInt64 = 0
    for value in samples.sorted() {
      seen += 1
      if values.last == value {
        cumulative[cumulative.count - 1] = seen
      } else {
        values.append(value)
        cumulative.append(seen)
      }
    }
    self.values = values
    self.cumulative = cumulative
  }

  /// Values with counts. Nil unless the values ascend strictly and the total fits in 64 bits; counts
  /// of 0 are left out.
  public init?(ascending pairs: some Sequence<(value: UInt64, count: UInt64)>) {
    var values: [UInt64] = []
    var cumulative: [UInt64] = []
    var seen: UInt64 = 0
    var previous: UInt64?
    for (value, count) in pairs {
      if let previous, value <= previous { return nil }
      previous = value
      guard count > 0 else { continue }
      let (sum, overflow) = seen.addingReportingOverflow(count)
      guard !overflow else { return nil }
      seen = sum
      values.append(value)
      cumulative.append(sum)
    }
    self.values = values
    self.cumulative = cumulative
  }

  /// Samples.
  public var count: UInt64 { cumulative.last ?? 0 }

  /// Times the value with this index occurred.
  public func count(at index: Int) -> UInt64 {
    cumulative[index] - (index == 0 ? 0 : cumulative[index - 1])
  }

  /// The value with 1-based rank `rank` in ascending order; nil when there is none. Cost: logarithmic.
  public func value(atRank rank: UInt64) -> UInt64? {
    guard rank >= 1, rank <= count else { return nil }
    let index = firstIndex { cumulative[$0] >= rank }
    return values[index]
  }

  /// The value below or at which this fraction of the samples lies: nearest rank, definition 1 of Hyndman
  /// and Fan 1996, The American Statistician 50. Nil without samples and for fractions outside 0-1. Not
  /// refused for small samples: the caller knows.
  public func value(atQuantile quantile: Double) -> UInt64? {
    guard count > 0, quantile >= 0, quantile <= 1 else { return nil }
    // A little less, so that 0.999 of 10^6 is not rounded up to the next rank.
    let rank = (quantile * Double(count) - 1e-6).rounded(.up)
    return value(atRank: min(count, max(1, UInt64(exactly: rank) ?? count)))
  }

  /// Samples above `bound`. Cost: logarithmic.
  public func exceedances(above bound: UInt64) -> UInt64 {
    let index = firstIndex { values[$0] > bound }
    return count - (index == 0 ? 0 : cumulative[index - 1])
  }

  /// The `k` largest samples, largest first, repeats included: upper order statistics (David and Nagaraja,
  /// Order Statistics, 3rd edition 2003).
  public func largest(_ k: Int) -> [UInt64] {
    var result: [UInt64] = []
    for index in values.indices.reversed() {
      let wanted = k - result.count
      guard wanted > 0 else { break }
      let times = Int(clamping: count(at: index))
      result.append(contentsOf: repeatElement(values[index], count: min(wanted, times)))
    }
    return result
  }

  /// Arithmetic mean; nil without samples.
  public var mean: Double? {
    guard let first = values.first else { return nil }
    // About the smallest value, so that large offsets cost no digits.
    var sum = 0.0
    for index in values.indices { sum += Double(values[index] - first) * Double(count(at: index)) }
    return Double(first) + sum / Double(count)
  }

  /// Standard deviation with n - 1; nil below two samples. Two passes (Chan, Golub and LeVeque 1983, The
  /// American Statistician 37).
  public var standardDeviation: Double? {
    guard count >= 2, let first = values.first, let mean else { return nil }
    let offset = mean - Double(first)
    var sum = 0.0
    for index in values.indices {
      let difference = Double(values[index] - first) - offset
      sum += difference * difference * Double(count(at: index))
    }
    return (sum / Double(count - 1)).squareRoot()
  }

  private func firstIndex(where holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
