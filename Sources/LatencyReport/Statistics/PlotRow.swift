/// One row of a printed histogram.
public struct PlotRow: Sendable, Equatable, Codable {
  /// Smallest value of the row, in ticks.
  public var low: UInt64
  /// Largest value of the row; nil: no upper bound is known.
  public var high: UInt64?
  public var count: UInt64
}

extension Distribution {
  /// The samples in at most `limit` rows or so: one for each value when there are few, otherwise
  /// rows of equal relative width, as fine as fits. Rows without samples are left out.
  public func plotRows(limit: Int = 16) -> [PlotRow] {
    var rows = points.map {
      PlotRow(low: $0.bounds.lowerBound, high: $0.bounds.upperBound, count: $0.count)
    }
    // 2^subBits rows for each power of two; at 0 there are at most 64 rows.
    var subBits: UInt64 = 9
    while rows.count > limit, subBits > 0 {
      subBits -= 1
      rows = grouped(subBits: subBits)
    }
    if overflow > 0 { rows.append(PlotRow(low: overflowBound, high: nil, count: overflow)) }
    return rows
  }

  /// A row for each value or bin, overflow last; nil when there would be more than `limit`.
  public func allRows(limit: Int = 1024) -> [PlotRow]? {
    points.count > limit ? nil : plotRows(limit: limit)
  }

  private func grouped(subBits: UInt64) -> [PlotRow] {
    var rows: [PlotRow] = []
    for point in points {
      let value = point.bounds.lowerBound
      let exponent = UInt64(63 - min(63, value.leadingZeroBitCount))
      let shift = exponent > subBits ? exponent - subBits : 0
      let low = (value >> shift) << shift
      let high = low + ((1 << shift) - 1)
      if let last = rows.last, last.low == low {
        rows[rows.count - 1].count = last.count.addingSaturating(point.count)
      } else {
        rows.append(PlotRow(low: low, high: high, count: point.count))
      }
    }
    return rows
  }
}
