import LatencyReport

/// Counts samples by value in bounded memory, whatever the values.
///
/// Values below 2^20 ticks, and a million different larger ones, are counted exactly. With more than
/// that, larger values share bins at most 1/2,048 wide; the maximum stays exact.
struct Tally {
  private var dense: [UInt64]
  private var sparse: [UInt64: UInt64] = [:]
  private(set) var isCoarse = false
  private(set) var count: UInt64 = 0
  private(set) var maximum: UInt64 = 0

  /// Values that have an element of `dense` at most.
  private static let denseLimit: UInt64 = 1 << 20
  /// Different larger values that are counted exactly.
  private static let sparseLimit = 1 << 20

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

  @inline(never)
  private mutating func addLarge(_ value: UInt64) {
    maximum = max(maximum, value)
    // The table is never much larger than the number of samples, whatever their values: a small file
    // may name thousands of places.
    if value < Self.denseLimit, value / 16 < count + 256 {
      var size = dense.count
      while UInt64(size) <= value { size *= 2 }
      dense += [UInt64](repeating: 0, count: size - dense.count)
      dense[Int(value)] &+= 1
      return
    }
    sparse[isCoarse ? Self.bin(value).lowerBound : value, default: 0] &+= 1
    if !isCoarse && sparse.count > Self.sparseLimit {
      isCoarse = true
      var bins: [UInt64: UInt64] = [:]
      for (value, count) in sparse { bins[Self.bin(value).lowerBound, default: 0] += count }
      sparse = bins
    }
  }

  private static func bin(_ value: UInt64) -> ClosedRange<UInt64> {
    let width = UInt64(1) << UInt64(52 - min(52, value.leadingZeroBitCount))
    let low = value / width * width
    return low...low + (width - 1)
  }

  /// What was counted.
  var distribution: Distribution {
    var points: [Distribution.Point] = []
    for (value, count) in dense.enumerated() where count > 0 {
      points.append(.init(bounds: UInt64(value)...UInt64(value), count: count))
    }
    var largest = points.last?.bounds.upperBound ?? 0
    for (value, count) in sparse.sorted(by: { $0.key < $1.key }) {
      points.append(.init(bounds: isCoarse ? Self.bin(value) : value...value, count: count))
    }
    largest = max(largest, maximum)
    return Distribution(points: points, maximum: points.isEmpty ? nil : largest)
  }
}
