import Histogram
import LatencyReport

/// Counts samples by value in bounded memory, whatever the values.
///
/// Values below 2^20 ticks, and a million different larger ones, are counted exactly. With more than
/// that, an HdrHistogram of four digits takes the larger ones, in bins at most 1/16,384 wide; the maximum
/// stays exact.
struct Tally {
  private var dense: [UInt64]
  private var sparse: [UInt64: UInt64] = [:]
  private var coarse: Histogram<UInt64>?
  /// Samples of `coarseLimit` or more that are not in `sparse`.
  private var beyond: UInt64 = 0
  private(set) var count: UInt64 = 0
  private(set) var maximum: UInt64 = 0

  /// Values that have an element of `dense` at most.
  private static let denseLimit: UInt64 = 1 << 20
  /// Different larger values that are counted exactly.
  private static let sparseLimit = 1 << 20
  /// From here on the arithmetic of HdrHistogram overflows: such values share one bin. As ns, 146 years.
  private static let coarseLimit: UInt64 = 1 << 62

  /// Whether larger values share bins.
  var isCoarse: Bool { coarse != nil }

  /// Nothing counted; room for the first 4,096 values.
  init() { dense = [UInt64](repeating: 0, count: 1 << 12) }

  /// Counts one sample.
  @inline(__always)
  mutating func add(_ value: UInt64) {
    count &+= 1
    if value < UInt64(dense.count) {
      dense[Int(value)] &+= 1
    } else {
      addLarge(value)
    }
  }

  /// Counts samples.
  mutating func add(_ values: Span<UInt64>) {
    var next = 0
    while next < values.count {
      let first = next
      var table = dense.mutableSpan
      while next < values.count {
        let value = values[next]
        guard value < UInt64(table.count) else { break }
        table[Int(truncatingIfNeeded: value)] &+= 1
        next &+= 1
      }
      count &+= UInt64(next - first)
      if next < values.count {
        add(values[next])
        next += 1
      }
    }
  }

  @inline(never)
  private mutating func addLarge(_ value: UInt64) {
    maximum = max(maximum, value)
    // The table is never much larger than the number of samples, whatever their values: a small file
    // may name thousands of places.
    if value < Self.denseLimit, value / 16 < count + 256 {
      growDense(to: value)
      dense[Int(value)] &+= 1
    } else if isCoarse {
      addCoarse(value, 1)
    } else {
      sparse[value, default: 0] &+= 1
      if sparse.count > Self.sparseLimit { coarsen() }
    }
  }

  private mutating func growDense(to value: UInt64) {
    var size = dense.count
    while UInt64(size) <= value { size *= 2 }
    dense += [UInt64](repeating: 0, count: size - dense.count)
  }

  private mutating func coarsen() {
    coarse = Histogram<UInt64>(numberOfSignificantValueDigits: .four)
    growDense(to: Self.denseLimit - 1)
    for (value, count) in sparse {
      if value < Self.denseLimit {
        dense[Int(value)] &+= count
      } else {
        addCoarse(value, count)
      }
    }
    sparse = [:]
  }

  private mutating func addCoarse(_ value: UInt64, _ count: UInt64) {
    if value < Self.coarseLimit {
      coarse?.record(value, count: count)
    } else {
      beyond &+= count
    }
  }

  /// What was counted.
  var distribution: Distribution {
    var points: [Distribution.Point] = []
    for (value, count) in dense.enumerated() where count > 0 {
      points.append(.init(bounds: UInt64(value)...UInt64(value), count: count))
    }
    let largest = max(points.last?.bounds.upperBound ?? 0, maximum)
    for (value, count) in sparse.sorted(by: { $0.key < $1.key }) {
      points.append(.init(bounds: value...value, count: count))
    }
    if let coarse {
      // Not with its iterators: they add up values in 64 bits and trap when that overflows.
      var value = Self.denseLimit
      while value <= coarse.maxRecorded {
        let bounds = coarse.equivalentRangeForValue(value)
        let count = coarse.countForValue(value)
        if count > 0 { points.append(.init(bounds: bounds, count: count)) }
        value = bounds.upperBound + 1
      }
    }
    if beyond > 0 { points.append(.init(bounds: Self.coarseLimit...maximum, count: beyond)) }
    return Distribution(points: points, maximum: points.isEmpty ? nil : largest)
  }
}
