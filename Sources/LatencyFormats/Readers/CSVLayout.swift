import LatencyReport

/// Which columns of a CSV file mean what, found from its first lines.
///
/// Without a heading: one column is the value; three columns separated by semicolons are cpu, time in
/// seconds, value, as jittersamples of jitterdebugger writes them (jd_samples_csv.c). With a heading,
/// names decide.
struct CSVLayout: Equatable {
  var separator: UInt8
  var columnCount: Int
  var value: Int
  var time: Int?
  var cpu: Int?
  /// From the heading, such as `latency_us` or `latency (ns)`.
  var unit: TimeUnit?
  /// Of the time column; nil: times are not used.
  var timeUnit: TimeUnit?
  /// Whether the first line is a heading.
  var hasHeading: Bool
  /// Digits after the point of the values: most that the first lines show.
  var decimals = 0

  /// The layout; nil when the first line is neither numbers nor a heading with a value column.
  init?(_ lines: [ArraySlice<UInt8>]) {
    guard let first = lines.first else { return nil }
    let separators: [UInt8] = [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: ",")]
    separator = separators.first(where: first.contains) ?? UInt8(ascii: ",")
    let fields = Self.fields(first, separator)
    columnCount = fields.count
    hasHeading = !fields.allSatisfy { Self.isNumber($0) }
    value = 0
    if hasHeading {
      guard applyNames(fields.map { printable($0).lowercased() }) else { return nil }
    } else if columnCount == 3, separator == UInt8(ascii: ";") {
      (cpu, time, value, timeUnit) = (0, 1, 2, .seconds)
    } else if columnCount != 1 {
      return nil
    }
    let rows = lines.dropFirst(hasHeading ? 1 : 0)
    guard let row = rows.first.map({ Self.fields($0, separator) }), row.count == columnCount,
      Self.isNumber(row[value])
    else { return nil }
    for row in rows {
      if columnCount == 1, row.decimal != nil { continue }
      let fields = Self.fields(row, separator)
      guard fields.count > value, let number = FixedPoint(fields[value]) else { continue }
      decimals = max(decimals, number.decimals)
    }
  }

  static func fields(_ line: ArraySlice<UInt8>, _ separator: UInt8) -> [ArraySlice<UInt8>] {
    line.split(separator: separator, omittingEmptySubsequences: false).map { field in
      var field = field.drop { $0 == 0x20 || $0 == 0x22 }
      while let last = field.last, last == 0x20 || last == 0x22 { field.removeLast() }
      return field
    }
  }

  /// Digits with at most one point, and perhaps a minus before them; however many, so that a number which
  /// does not fit is not taken for a heading.
  static func isNumber(_ field: ArraySlice<UInt8>) -> Bool {
    let parts = (field.first == UInt8(ascii: "-") ? field.dropFirst() : field)
      .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count <= 2
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
  }

  private mutating func applyNames(_ names: [String]) -> Bool {
    let values = ["latency", "value", "duration", "jitter", "delay", "residency", "response"]
    let words = names.map { $0.split { !$0.isLetter && !$0.isNumber }.map(String.init) }
    let named = names.indices.filter { column in
      values.contains { names[column].contains($0) }
    }
    guard named.count == 1 || (named.isEmpty && names.count == 1) else { return false }
    value = named.first ?? 0
    unit = Self.unit(words[value])
    cpu = words.firstIndex { $0.first == "cpu" || $0.first == "core" || $0.first == "thread" }
    time = words.firstIndex { $0.contains("time") || $0.contains("timestamp") }
    if let column = time {
      timeUnit = column == value ? nil : Self.unit(words[column])
      if timeUnit == nil { time = nil }
    }
    if cpu == value { cpu = nil }
    return true
  }

  private static func unit(_ words: [String]) -> TimeUnit? {
    for word in words {
      switch word {
      case "ns", "nsec", "nanoseconds": return .nanoseconds
      case "us", "µs", "usec", "microseconds": return .microseconds
      case "ms", "msec", "milliseconds": return .milliseconds
      case "s", "sec", "seconds": return .seconds
      default: continue
      }
    }
    return nil
  }
}
