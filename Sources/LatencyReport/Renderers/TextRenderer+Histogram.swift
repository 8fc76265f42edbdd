import Foundation

extension TextRenderer {
  /// A plot for each measurement with samples.
  func histogramSections() -> [String] {
    var lines: [String] = []
    for series in report.measurements where !series.histogram.isEmpty {
      lines += [
        "", "\(series.measurement), \(series.origin) (\(report.unit.name); bars: log of count)",
      ]
      lines += plot(series.histogram)
    }
    return lines
  }

  private func plot(_ rows: [PlotRow]) -> [String] {
    let labels = rows.map(label)
    let counts = rows.map { "\($0.count)" }
    let labelWidth = labels.map(\.count).max() ?? 0
    let countWidth = counts.map(\.count).max() ?? 0
    let barWidth = max(8, style.width - labelWidth - countWidth - 6)
    let scale = log(Double(rows.map(\.count).max() ?? 1) + 1)
    return rows.indices.map { index in
      let length = Int((log(Double(rows[index].count) + 1) / scale * Double(barWidth)).rounded())
      let bar = String(repeating: "#", count: max(1, min(barWidth, length)))
      let left = String(repeating: " ", count: labelWidth - labels[index].count) + labels[index]
      let count = String(repeating: " ", count: countWidth - counts[index].count) + counts[index]
      return "  \(left)  \(count) \(bar)"
    }
  }

  private func label(_ row: PlotRow) -> String {
    guard let high = row.high else { return ">=\(unit.format(row.low))" }
    return row.low == high
      ? unit.format(row.low) : "\(unit.format(row.low))-\(unit.format(high))"
  }
}
