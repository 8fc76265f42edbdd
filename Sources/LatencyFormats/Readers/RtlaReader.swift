import LatencyReport

/// Text that `rtla timerlat hist` and `rtla osnoise hist` write.
///
/// Facts from Linux, tools/tracing/rtla/src/timerlat_hist.c (`timerlat_hist_header`,
/// `timerlat_print_stats`, `timerlat_print_summary`, `timerlat_print_stats_all`), osnoise_hist.c
/// (`osnoise_read_trace_hist`, `osnoise_print_stats`, `osnoise_print_summary`) and
/// Documentation/tools/rtla/rtla-timerlat-hist.rst. CPUs without samples have no column, rows of
/// zeros are left out, and the bucket size is not printed.
struct RtlaReader: LineByLineReader {
  private struct Column {
    var histogram: ToolHistogram
    var kind: String
  }

  private enum Part { case preamble, rows, summary, all, after }

  var lines: LineReader
  private var part = Part.preamble
  private var unit: TimeUnit?
  private var tool = ""
  private var duration: String?
  private var columns: [Column] = []
  private var indices: [UInt64] = []
  private var gcd: UInt64 = 0
  private var cellCount = 0
  private var summary: [String: [UInt64?]] = [:]
  private var allKinds: [String] = []
  private var all: [String: [UInt64?]] = [:]
  private var trailing = 0

  private static let summaryKeys = ["over:", "count:", "min:", "avg:", "max:"]
  private static let cellLimit = 1 << 24

  init(lines: LineReader) { self.lines = lines }

  var soFar: String { "\(counted(indices.count, "row")) of \(counted(columns.count, "column"))" }

  mutating func take(_ line: ArraySlice<UInt8>) throws(FormatError) {
    let fields = line.fields
    guard let first = fields.first else { return }
    if line.hasPrefix("# RTLA ") || first.elementsEqual("Index".utf8) {
      guard part == .preamble else {
        throw error("a second histogram begins", "give one run in each file")
      }
    }
    if line.first == UInt8(ascii: "#"), part == .preamble {
      try takeHeading(line, fields)
    } else if first.elementsEqual("Index".utf8) {
      try takeColumns(fields)
      part = .rows
    } else if part == .rows, first.decimal != nil {
      try takeRow(fields)
    } else if first.elementsEqual("ALL:".utf8), part == .summary {
      allKinds = fields.dropFirst().map(printable)
      part = .all
    } else if part != .preamble,
      let key = Self.summaryKeys.first(where: { first.elementsEqual($0.utf8) })
    {
      try takeSummary(key, fields.dropFirst())
    } else if part == .summary || part == .all || part == .after {
      try takeTrailing(line)
    } else if part != .preamble || !(0x41...0x5a).contains((line.first ?? 0) & ~0x20) {
      // Before the histogram only messages, which start with a letter.
      throw error("\(line.quoted) is no line of rtla hist", "give one run in each file")
    }
  }

  private mutating func takeHeading(
    _ line: ArraySlice<UInt8>, _ fields: [ArraySlice<UInt8>]
  ) throws(FormatError) {
    let known = ["# RTLA ", "# Time unit is ", "# Duration:"]
    guard known.contains(where: { line.starts(with: $0.utf8) }) else {
      throw error("\(line.quoted) is no heading of rtla", "give one run in each file")
    }
    if line.hasPrefix("# RTLA "), fields.count > 2 { tool = printable(fields[2]) }
    if line.hasPrefix("# Time unit is ") {
      unit = line.suffix(4).elementsEqual("(ns)".utf8) ? .nanoseconds : .microseconds
    }
    if let value = line.after("# Duration:") { duration = printable(value.drop { $0 == 0x20 }) }
  }

  /// `Index IRQ-000 Thr-000 Usr-000 ...` of timerlat, `Index CPU-000 ...` of osnoise.
  private mutating func takeColumns(_ fields: [ArraySlice<UInt8>]) throws(FormatError) {
    guard fields.count > 1, fields.count <= 3 * 4096 else {
      throw error("no columns", "the run measured nothing; run it longer")
    }
    for field in fields.dropFirst() {
      let parts = field.split(separator: UInt8(ascii: "-"))
      let names = ["IRQ": "irq", "Thr": "thread", "Usr": "user", "CPU": ""]
      guard parts.count == 2, let cpu = parts[1].decimal, let name = names[printable(parts[0])]
      else {
        throw error("column \(field.quoted) is unknown", "it is no histogram of rtla")
      }
      let base = tool.isEmpty ? (name.isEmpty ? "osnoise" : "timerlat") : tool
      columns.append(
        Column(
          histogram: ToolHistogram(
            measurement: name.isEmpty ? base : "\(base)-\(name)", place: "cpu \(cpu)"),
          kind: printable(parts[0])))
    }
  }

  private mutating func takeRow(_ fields: [ArraySlice<UInt8>]) throws(FormatError) {
    guard fields.count == columns.count + 1 else {
      throw error(
        "\(fields.count - 1) counts for \(columns.count) columns",
        "the file is damaged; get it again")
    }
    let index = fields[0].decimal ?? 0
    guard indices.last.map({ $0 < index }) ?? true else {
      throw error("row \(index) comes after row \(indices.last ?? 0)", "give one run in each file")
    }
    indices.append(index)
    gcd = Self.gcd(gcd, index)
    for (column, field) in fields.dropFirst().enumerated() {
      guard let count = field.decimal else {
        throw error("\(field.quoted) is no count", "the file is damaged; get it again")
      }
      if count == 0 { continue }
      columns[column].histogram.points.append(.init(bounds: index...index, count: count))
      cellCount += 1
    }
    guard cellCount <= Self.cellLimit, indices.count <= Self.cellLimit else {
      throw error("more than \(Self.cellLimit) counts", "use fewer or wider buckets")
    }
  }

  private static func gcd(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  private mutating func takeSummary(
    _ key: String, _ fields: ArraySlice<ArraySlice<UInt8>>
  ) throws(FormatError) {
    let expected = part == .all || part == .after ? allKinds.count : columns.count
    guard fields.count == expected else {
      throw error(
        "'\(key)' has \(fields.count) values for \(expected) columns",
        "the file is damaged; get it again")
    }
    var values: [UInt64?] = []
    for field in fields {
      let value = field.decimal
      // osnoise prints averages with decimals; nothing is made of them.
      let isFraction = key == "avg:" && FixedPoint(field) != nil
      guard value != nil || isFraction || field.elementsEqual("-".utf8) else {
        throw error("\(field.quoted) is no number", "the file is damaged; get it again")
      }
      values.append(value)
    }
    let isAll = part == .all || part == .after
    guard (isAll ? all : summary)[key] == nil else {
      throw error("'\(key)' occurs twice", "give one run in each file")
    }
    if isAll {
      all[key] = values
      if key == "max:" { part = .after }
    } else {
      part = .summary
      summary[key] = values
    }
  }

  /// Auto-analysis and messages of rtla may follow; anything else is another file.
  private mutating func takeTrailing(_ line: ArraySlice<UInt8>) throws(FormatError) {
    let isRtla =
      line.hasPrefix("rtla ") || line.hasPrefix("##") || line.hasPrefix(" ")
      || line.hasPrefix("Max ") || line.hasPrefix("  Saving")
    guard isRtla else {
      throw error("\(line.quoted) follows the histogram", "give one run in each file")
    }
    trailing += 1
  }

  mutating func draft(_ options: ReadOptions) throws(FormatError) -> Draft {
    if indices.isEmpty, columns.contains(where: { $0.kind == "CPU" }) {
      throw error(
        "no rows: rtla osnoise then prints zeros, although these CPUs have samples above all buckets",
        "run it with more or wider buckets (-E, -b)")
    }
    guard let over = summary["over:"] else {
      throw error("the file ends before 'over:'", "it is cut off; get the whole file")
    }
    if summary.count > 1, summary.count < Self.summaryKeys.count {
      throw error("the file ends inside the summary", "it is cut off; get the whole file")
    }
    if part == .all {
      throw error("the file ends inside 'ALL:'", "it is cut off; get the whole file")
    }
    var draft = Draft(
      .rtla, ticksPerSecond: (unit ?? options.unit ?? .microseconds).perSecond)
    draft.note("tool", "rtla \(tool) hist")
    draft.note("duration", duration)
    if unit == nil {
      draft.warnings.append("no unit line: \(options.unit?.rawValue ?? "us") assumed")
    }
    if summary.count == 1 {
      draft.warnings.append(
        "no summary (--no-summary, or the file is cut off): maxima are only bounds")
    }
    if trailing > 0 { draft.warnings.append("\(trailing) lines after the histogram were ignored") }
    for index in columns.indices {
      let histogram = try finish(index, over: over[index])
      draft.series.append(histogram.series)
    }
    try checkAll()
    return draft
  }

  private func finish(_ index: Int, over: UInt64?) throws(FormatError) -> ToolHistogram {
    var histogram = columns[index].histogram
    let name = "\(histogram.measurement), \(histogram.place)"
    let maximum = (summary["max:"]?[index]).flatMap { $0 }
    // Every row is a multiple of the bucket size, so no bucket is wider than what divides them all.
    let last = indices.last ?? 0
    let width = gcd > 0 ? gcd : max(1, (maximum ?? 0).addingSaturating(1))
    histogram.points = histogram.points.map { point in
      let low = point.bounds.lowerBound
      return .init(bounds: low...low.addingSaturating(width - 1), count: point.count)
    }
    histogram.overflow = over ?? 0
    histogram.overflowBound = last.addingSaturating(1)
    histogram.minimum = (summary["min:"]?[index]).flatMap { $0 }
    histogram.maximum = maximum
    if let maximum, columns[index].kind == "CPU" {
      // The kernel counted in these buckets; what rtla prints is the lower end of the last one.
      histogram.maximum = maximum.addingSaturating(width - 1)
    }
    if width > 1 {
      histogram.notes.append("buckets are taken as \(width) wide, the widest that fit the rows")
    }
    let counted = (histogram.binned ?? .max).addingSaturating(histogram.overflow)
    if let count = (summary["count:"]?[index]).flatMap({ $0 }), count != counted {
      throw FormatError(
        .whole, "\(name): 'count:' says \(count), rows and 'over:' add up to \(counted)",
        read: soFar, "rows are missing or changed; get the file again")
    }
    if let contradiction = histogram.contradiction {
      throw FormatError(
        .whole, "\(histogram.measurement), \(contradiction)", read: soFar,
        "rows are missing or changed; get the file again")
    }
    return histogram
  }

  /// The `ALL:` block must be the sum of the columns.
  private func checkAll() throws(FormatError) {
    guard let counts = all["count:"], let each = summary["count:"] else { return }
    for (kind, count) in zip(allKinds, counts) {
      let mine = zip(columns, each).filter { $0.0.kind == kind }.map { $0.1 ?? 0 }
      guard ToolHistogram.sum(mine) == count ?? 0 else {
        throw FormatError(
          .whole, "'ALL:' counts \(count ?? 0) for \(kind), the columns have another sum",
          read: soFar, "columns are missing or changed; get the file again")
      }
    }
  }
}
