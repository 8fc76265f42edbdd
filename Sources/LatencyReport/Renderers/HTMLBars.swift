internal import Foundation

extension Distribution {
  /// At most about 64 rows of the same width on their axis, the edges whole ticks, those without samples
  /// left out; the source's own bins where these are too wide for that.
  func bars(isLogarithmic: Bool) -> [PlotRow] {
    guard points.count > 64, let first = points.first?.bounds.lowerBound,
      let last = points.last?.bounds.upperBound
    else { return plotRows(limit: 64) }
    let edges = Self.edges(from: first, to: last, isLogarithmic: isLogarithmic)
    var rows: [PlotRow] = []
    var edge = 0
    for point in points {
      while edge + 1 < edges.count, edges[edge + 1] <= point.bounds.lowerBound { edge += 1 }
      let high = edge + 1 < edges.count ? edges[edge + 1] - 1 : last
      if point.bounds.upperBound > high { return plotRows(limit: 64) }
      if let row = rows.last, row.low == edges[edge] {
        rows[rows.count - 1].count = row.count.addingSaturating(point.count)
      } else {
        rows.append(PlotRow(low: edges[edge], high: high, count: point.count))
      }
    }
    if overflow > 0 { rows.append(PlotRow(low: overflowBound, high: nil, count: overflow)) }
    return rows
  }

  /// First values of the rows, ascending, the first one `first`.
  private static func edges(from first: UInt64, to last: UInt64, isLogarithmic: Bool) -> [UInt64] {
    let rows = 64.0
    let low = max(1, Double(first))
    let ratio = isLogarithmic ? pow(max(2, Double(last) / low), 1 / rows) : 0
    let step = max(1, (last - first) / 64 + ((last - first) % 64 == 0 ? 0 : 1))
    var edges = [first]
    for row in 1..<Int(rows) {
      let edge =
        isLogarithmic
        ? UInt64(exactly: (low * pow(ratio, Double(row))).rounded()) ?? last
        : first.addingSaturating(step.multipliedReportingOverflow(by: UInt64(row)).partialValue)
      if edge > edges[edges.count - 1], edge <= last { edges.append(edge) }
    }
    return edges
  }
}
