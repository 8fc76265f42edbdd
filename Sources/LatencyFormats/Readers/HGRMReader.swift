import LatencyReport

/// HdrHistogram percentile distributions (`.hgrm`), as text or CSV.
///
/// Facts from HdrHistogram_c, src/hdr_histogram.c (`hdr_percentiles_print`): columns Value,
/// Percentile, TotalCount, 1/(1-Percentile); the last row is percentile 1. TotalCount is cumulative,
/// so between two rows is only known how many samples lie in (previous value, value]. The file does
/// not name its unit.
struct HGRMReader: LineByLineReader {
  var lines: LineReader
  private var rows: [(value: UInt64, decimals: Int, total: UInt64)] = []
  private var latestPercentile = -1.0
  private var isCSV = false
  private var hasHeading = false
  private var footerTotal: UInt64?
  private static let rowLimit = 1 << 20
  /// Most digits after the point.
  private static let decimalLimit = 9

  init(lines: LineReader) { self.lines = lines }

  var soFar: String { counted(rows.count, "row") }

  /// Whether a line is the heading of such a file.
  static func isHeading(_ line: ArraySlice<UInt8>) -> Bool {
    let names = line.split { [0x20, 0x09, 0x2c, 0x22].contains($0) }.map(printable)
    return names == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"]
  }

  mutating func take(_ line: ArraySlice<UInt8>) throws(FormatError) {
    if line.allSatisfy({ $0 == 0x20 }) { return }
    if !hasHeading {
      guard Self.isHeading(line) else {
        throw error("no heading 'Value Percentile TotalCount ...'", "check the file or --from")
      }
      hasHeading = true
      isCSV = line.first == UInt8(ascii: "\"")
    } else if line.first == UInt8(ascii: "#") {
      try takeFooter(line)
    } else {
      try takeRow(line)
    }
  }

  private mutating func takeFooter(_ line: ArraySlice<UInt8>) throws(FormatError) {
    guard latestPercentile == 1 else {
      throw error("the summary comes before percentile 1", "rows are missing; get the file again")
    }
    let words = line.fields
    guard let count = words.firstIndex(where: { $0.elementsEqual("count".utf8) }) else { return }
    guard words.count > count + 2, let total = words[count + 2].filter({ $0 != 0x5d })[...].decimal
    else {
      throw error("no total count in \(line.quoted)", "the file is damaged; get it again")
    }
    footerTotal = total
  }

  private mutating func takeRow(_ line: ArraySlice<UInt8>) throws(FormatError) {
    let fields = isCSV ? line.split(separator: UInt8(ascii: ",")) : line.fields
    guard latestPercentile < 1, footerTotal == nil else {
      throw error("\(line.quoted) follows percentile 1", "give one run in each file")
    }
    guard fields.count >= 3, let value = FixedPoint(fields[0]),
      let percentile = Double(String(decoding: fields[1], as: UTF8.self)),
      let total = fields[2].decimal
    else {
      throw error("\(line.quoted) is no row", "the file is damaged; get it again")
    }
    guard percentile >= latestPercentile, percentile <= 1, total > 0,
      total >= rows.last?.total ?? 0
    else {
      throw error("percentile or count goes back", "give one run in each file")
    }
    latestPercentile = percentile
    rows.append((value.digits, value.decimals, total))
    guard rows.count <= Self.rowLimit else {
      throw error("more than \(Self.rowLimit) rows", "check that this is a percentile distribution")
    }
  }

  func draft(_ options: ReadOptions) throws(FormatError) -> Draft {
    guard latestPercentile == 1, let last = rows.last, isCSV || footerTotal != nil else {
      throw error("the file ends early", "it is cut off; get the whole file")
    }
    if let footerTotal, footerTotal != last.total {
      throw error(
        "the rows count \(last.total) samples, the summary \(footerTotal)",
        "rows are missing or changed; get the file again")
    }
    let decimals = rows.map(\.decimals).max() ?? 0
    var points: [Distribution.Point] = []
    var before: (value: UInt64, total: UInt64)?
    for row in rows {
      guard let value = FixedPoint.scaled(row.value, by: decimals - row.decimals),
        value >= before?.value ?? 0
      else {
        throw FormatError(
          .whole, "a value is too large or goes back", read: counted(rows.count, "row"),
          "the file is damaged; get it again")
      }
      if row.total > before?.total ?? 0 {
        let low = before.map { $0.value < value ? $0.value + 1 : value } ?? value
        points.append(.init(bounds: low...value, count: row.total - (before?.total ?? 0)))
      }
      before = (value, row.total)
    }
    let perSecond = options.unit.flatMap { FixedPoint.scaled($0.perSecond, by: decimals) } ?? 0
    var draft = Draft(.hgrm, ticksPerSecond: perSecond)
    if decimals > 0 {
      draft.note("tick", "10^-\(decimals) of the file's unit: values have \(decimals) decimals")
    }
    draft.series = [
      Series(
        measurement: "hgrm", origin: .imported("whole run"),
        distribution: Distribution(points: points),
        notes: ["between two rows only the number of samples is known; values are upper bounds"])
    ]
    return draft
  }
}

/// A decimal number as written: its digits, and how many of them follow the point.
struct FixedPoint {
  var digits: UInt64
  var decimals: Int

  /// Nil unless the text is digits with at most one point and nine decimals, and fits 64 bits.
  init?(_ text: ArraySlice<UInt8>) {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first?.decimal else { return nil }
    digits = whole
    decimals = 0
    guard parts.count == 2 else { return }
    guard parts[1].count <= 9, let fraction = parts[1].decimal,
      let scaled = Self.scaled(whole, by: parts[1].count)
    else { return nil }
    let (sum, carry) = scaled.addingReportingOverflow(fraction)
    guard !carry else { return nil }
    digits = sum
    decimals = parts[1].count
  }

  /// The number times 10^`power`; nil when it does not fit.
  static func scaled(_ value: UInt64, by power: Int) -> UInt64? {
    var result = value
    for _ in 0..<power {
      let (product, carry) = result.multipliedReportingOverflow(by: 10)
      guard !carry else { return nil }
      result = product
    }
    return result
  }
}
