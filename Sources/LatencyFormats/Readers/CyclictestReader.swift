import LatencyReport

/// Text that `cyclictest -h N`, `-H N` and `--histfile` write.
///
/// Facts from rt-tests, src/cyclictest/cyclictest.c (`print_hist`, `print_stat`), versions 0.84 and
/// 2.x: old versions print every row and `# Total:`, newer ones drop rows of zeros and the total;
/// `-H` appends the sum of all threads to rows, Max and Overflows, but not to Min and Avg.
struct CyclictestReader: LineByLineReader {
  var lines: LineReader
  private var summary: [String: [UInt64]] = [:]
  /// Bins by column, zeros left out.
  private var columns: [[Distribution.Point]] = []
  private var rowCount = 0
  private var lastIndex: UInt64?
  private var cellCount = 0
  private var hasBegun = false
  private var overflowCycles: [Int: [UInt64]] = [:]
  private var expectsThreads = false
  private var cycles: [Int: UInt64] = [:]
  private var interval: UInt64?
  private var ignored: [String] = []

  private static let keys = [
    "Total", "Min Latencies", "Avg Latencies", "Max Latencies", "Histogram Overflows",
  ]
  /// Bins with samples, all threads.
  private static let cellLimit = 1 << 24

  init(lines: LineReader) { self.lines = lines }

  var soFar: String { "\(counted(rowCount, "row")) of \(counted(columns.count, "column"))" }

  /// A line without the sequence that moves the cursor up (`ESC [ N A`), which stands before the
  /// status lines of a run that was not quiet.
  static func withoutCursor(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard line.first == 0x1b, let letter = line.firstIndex(of: UInt8(ascii: "A")) else {
      return line
    }
    return line[(letter + 1)...]
  }

  /// Whether it is a status line: `T: 0 ( 2440) P:95 I:200 C:2999967 Min: ...`.
  static func isStatus(_ line: ArraySlice<UInt8>) -> Bool {
    let fields = withoutCursor(line).fields
    return fields.first?.hasPrefix("T:") == true && fields.contains { $0.hasPrefix("C:") }
      && fields.contains { $0.hasPrefix("Min:") }
  }

  mutating func take(_ whole: ArraySlice<UInt8>) throws(FormatError) {
    let line = Self.withoutCursor(whole)
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return }
    if line.first == UInt8(ascii: "#") {
      try takeComment(line)
    } else if line.first.map({ $0 >= 0x30 && $0 <= 0x39 }) == true {
      try takeRow(line)
    } else if line.hasPrefix("T:") {
      takeStatus(line)
    } else if hasBegun || rowCount > 0 {
      throw error(
        "\(line.quoted) is no line of a cyclictest histogram", "give one run in each file")
    } else {
      try checkPreamble(line)
      // A run that is not quiet prints its load again and again; that says nothing of latency.
      if line.hasPrefix("policy: ") { return }
      ignored.append(line.quoted)
      if ignored.count > 1000 {
        throw error("no histogram after 1,000 lines", "run cyclictest with -h or -H")
      }
    }
  }

  /// Messages of cyclictest start with a letter: `policy: fifo: ...`, `WARN: ...`.
  private func checkPreamble(_ line: ArraySlice<UInt8>) throws(FormatError) {
    let first = line.first ?? 0
    guard (0x41...0x5a).contains(first & ~0x20), !line.hasPrefix("Index ") else {
      throw error("\(line.quoted) is no line of cyclictest", "give one run in each file")
    }
  }

  private mutating func takeComment(_ line: ArraySlice<UInt8>) throws(FormatError) {
    let text = line.dropFirst().drop { $0 == 0x20 }
    guard line.dropFirst().first != UInt8(ascii: "["), !text.hasPrefix("RTLA ") else {
      throw error("\(line.quoted) is no line of cyclictest", "give one run in each file")
    }
    if text.elementsEqual("Histogram".utf8) {
      guard !hasBegun, rowCount == 0 else {
        throw error("a second histogram begins", "give one run in each file")
      }
      hasBegun = true
      return
    }
    if text.hasPrefix("Histogram Overflow at cycle number:") {
      expectsThreads = true
      return
    }
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return }
    let rest = text[(colon + 1)...]
    if expectsThreads, let name = text[..<colon].after("Thread "), let thread = name.decimal {
      overflowCycles[Int(clamping: thread)] = try cycleNumbers(rest)
      return
    }
    guard let key = Self.keys.first(where: { text[..<colon].elementsEqual($0.utf8) }) else {
      return
    }
    guard summary[key] == nil else {
      throw error("'# \(key):' occurs twice", "give one run in each file")
    }
    summary[key] = try numbers(rest.fields)
  }

  /// Numbers of the cycles that overflowed, without the count of others after the last `#`.
  private func cycleNumbers(_ text: ArraySlice<UInt8>) throws(FormatError) -> [UInt64] {
    try numbers(text.prefix { $0 != UInt8(ascii: "#") }.fields)
  }

  private func numbers(_ fields: [ArraySlice<UInt8>]) throws(FormatError) -> [UInt64] {
    var result: [UInt64] = []
    for field in fields {
      guard let number = field.decimal else {
        throw error("\(field.quoted) is no whole number", "the file is damaged; get it again")
      }
      result.append(number)
    }
    return result
  }

  private mutating func takeRow(_ line: ArraySlice<UInt8>) throws(FormatError) {
    guard summary.isEmpty else {
      throw error("a row after the summary", "give one run in each file")
    }
    let row = try numbers(line.fields)
    let index = row[0]
    if columns.isEmpty { columns = Array(repeating: [], count: row.count - 1) }
    guard row.count > 1, row.count <= 4097, row.count - 1 == columns.count else {
      throw error(
        "\(row.count - 1) counts, the rows before have \(columns.count)",
        "the file is damaged; get it again")
    }
    guard lastIndex.map({ $0 < index }) ?? true else {
      throw error(
        "latency \(index) comes after \(lastIndex ?? 0)", "give one run in each file")
    }
    lastIndex = index
    rowCount += 1
    for (column, count) in row.dropFirst().enumerated() where count > 0 {
      columns[column].append(.init(bounds: index...index, count: count))
      cellCount += 1
    }
    guard cellCount <= Self.cellLimit else {
      throw error("more than \(Self.cellLimit) counts", "use fewer or wider bins")
    }
  }

  /// `T: 0 ( 2440) P:95 I:200 C:2999967 Min: ...`: the latest of each thread counts.
  private mutating func takeStatus(_ line: ArraySlice<UInt8>) {
    guard let thread = number(in: line, after: "T:"), let count = number(in: line, after: " C:"),
      thread < 4096
    else { return }
    cycles[Int(thread)] = count
    interval = number(in: line, after: " I:") ?? interval
  }

  private func number(in line: ArraySlice<UInt8>, after key: String) -> UInt64? {
    let pattern = Array(key.utf8)
    var rest = line
    while rest.count >= pattern.count, !rest.starts(with: pattern) { rest = rest.dropFirst() }
    guard rest.count >= pattern.count else { return nil }
    return rest.dropFirst(pattern.count).drop { $0 == 0x20 }.prefix { $0 >= 0x30 && $0 <= 0x39 }
      .decimal
  }

  func draft(_ options: ReadOptions) throws(FormatError) -> Draft {
    let minima = try required("Min Latencies")
    let threads = minima.count
    _ = try required("Avg Latencies", count: [threads])
    let maxima = try required("Max Latencies", count: [threads, threads + 1])
    let overflows = try required("Histogram Overflows", count: [threads, threads + 1])
    guard threads > 0, columns.count == threads || (threads > 1 && columns.count == threads + 1)
    else {
      throw error(
        "rows have \(columns.count) counts for \(threads) threads",
        "the file is damaged; get it again")
    }
    try checkTotals()
    let unit = options.unit ?? .microseconds
    var draft = Draft(.cyclictest, ticksPerSecond: unit.perSecond)
    draft.note(
      "unit", "\(unit.rawValue)\(options.unit == nil ? ", cyclictest's default" : ", as told")")
    draft.note("period", interval.map { "\($0) us" })
    for thread in 0..<threads {
      var histogram = ToolHistogram(
        measurement: "cyclictest", place: "thread \(thread)", points: columns[thread],
        overflow: overflows[thread], overflowBound: (lastIndex ?? 0).addingSaturating(1),
        minimum: minima[thread], maximum: maxima[thread])
      if let contradiction = histogram.contradiction {
        throw FormatError(
          .whole, contradiction, read: soFar, "rows are missing or changed; get the file again")
      }
      addNotes(thread, &histogram, &draft)
      draft.series.append(histogram.series)
    }
    if let first = ignored.first {
      draft.warnings.append("\(ignored.count) lines before the histogram were ignored: \(first)")
    }
    return draft
  }

  private func addNotes(_ thread: Int, _ histogram: inout ToolHistogram, _ draft: inout Draft) {
    if let list = overflowCycles[thread], !list.isEmpty {
      let shown = list.prefix(8).map { "\($0)" }.joined(separator: ", ")
      histogram.notes.append("overflow in cycles \(shown)\(list.count > 8 ? ", ..." : "")")
    }
    let counted = (histogram.binned ?? 0).addingSaturating(histogram.overflow)
    if let ran = cycles[thread], ran != counted {
      draft.warnings.append(
        "thread \(thread): the status line says \(ran) cycles, the histogram has \(counted)")
    }
  }

  private func required(
    _ key: String, count: [Int]? = nil
  ) throws(FormatError) -> [UInt64] {
    guard let values = summary[key] else {
      throw error(
        "the file ends before '# \(key):'", "it is cut off; get the whole file")
    }
    if let count, !count.contains(values.count) {
      throw FormatError(
        .whole, "'# \(key):' has \(values.count) values for \(count[0]) threads", read: soFar,
        "the file is damaged; get it again")
    }
    return values
  }

  /// The sum column of `-H` and `# Total:`, where they exist, must agree with the rows.
  private func checkTotals() throws(FormatError) {
    let threads = summary["Min Latencies"]?.count ?? 0
    let sums = columns.map { ToolHistogram.sum($0.map(\.count)) }
    if columns.count == threads + 1 {
      guard let each = ToolHistogram.sum(sums.dropLast().map { $0 ?? .max }), each == sums[threads]
      else {
        throw FormatError(
          .whole, "the summary column of -H does not add up", read: soFar,
          "rows are missing or changed; get the file again")
      }
    }
    if let total = summary["Total"], total.map(Optional.some) != sums {
      throw FormatError(
        .whole, "'# Total:' says \(total), the rows add up to \(sums.map { $0 ?? .max })",
        read: soFar, "rows are missing or changed; get the file again")
    }
    if expectsThreads, let missing = (0..<threads).first(where: { overflowCycles[$0] == nil }) {
      throw error(
        "the file ends before '# Thread \(missing):'", "it is cut off; get the whole file")
    }
  }
}
