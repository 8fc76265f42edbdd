import LatencyReport

/// Raw samples, one for each line, with or without a heading.
///
/// Read in pieces: memory does not grow with the number of lines. Empty lines and lines that start
/// with `#` are skipped; negative values are counted as rejected.
struct CSVReader {
  private let stream: ByteStream
  private let layout: CSVLayout
  private let options: ReadOptions
  private var lines: LineReader
  private var collectors: [UInt64: SampleCollector] = [:]
  private var count = 0
  /// Samples without a cpu column.
  private var single: SampleCollector
  private var limit: Int
  /// Room for the numbers of some lines: few enough to stay in the processor's first cache.
  private var batch = [UInt64](repeating: 0, count: 1024)

  /// Bytes from which the layout is found.
  static let headByteCount = 1 << 16
  private static let cpuLimit = 4096

  /// The first lines that are neither empty nor comments, and complete.
  static func headLines(_ head: ArraySlice<UInt8>, isWhole: Bool) -> [ArraySlice<UInt8>] {
    var lines = head.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if !isWhole || lines.last?.isEmpty == true { lines = lines.dropLast() }
    return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }.filter {
      !$0.isEmpty && $0.first != UInt8(ascii: "#")
    }
  }

  static func read(_ stream: ByteStream, _ options: ReadOptions) throws(FormatError) -> Draft {
    try stream.fill(headByteCount)
    let head = stream.buffer[stream.start..<stream.end].prefix(headByteCount)
    let isWhole = stream.isAtEnd && head.count == stream.available
    let first = headLines(head, isWhole: isWhole)
    guard let layout = CSVLayout(first) else {
      throw FormatError(
        .line(1), "no column of samples found",
        "give one number in each line, or a heading with one column named latency, value or duration"
      )
    }
    // As many as there are if all lines are as long as the first ones.
    let expected = (stream.byteCount ?? 0) / max(1, head.count / max(1, first.count))
    var reader = CSVReader(
      stream: stream, layout: layout, options: options, expectedSamples: expected)
    try reader.readLines()
    return try reader.draft()
  }

  private init(
    stream: ByteStream, layout: CSVLayout, options: ReadOptions, expectedSamples: Int
  ) {
    self.stream = stream
    self.layout = layout
    self.options = options
    lines = LineReader(stream)
    limit = layout.cpu == nil ? options.orderedLimit : max(1, options.orderedLimit / 16)
    single = SampleCollector(limit: limit, expected: layout.cpu == nil ? expectedSamples : 0)
  }

  private var soFar: String { "\(count) sample\(count == 1 ? "" : "s")" }

  private func error(_ problem: String, _ advice: String) -> FormatError {
    FormatError(.line(lines.number), problem, read: soFar, advice)
  }

  private mutating func readLines() throws(FormatError) {
    var isHeading = layout.hasHeading
    let isPlain = layout.columnCount == 1 && layout.decimals == 0
    while true {
      if isPlain && !isHeading { takePlainLines() }
      guard let line = try lines.next() else { return }
      guard lines.isEnded else {
        throw lines.cutOff(line, read: soFar)
      }
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      if isHeading {
        isHeading = false
        continue
      }
      try take(line)
    }
  }

  /// Takes lines that are nothing but a number, as long as they come: the common case, without a slice
  /// for each line.
  private mutating func takePlainLines() {
    let buffer = stream.buffer
    while true {
      let (position, taken) = PlainNumbers.read(
        buffer.span, stream.start, stream.end, into: &batch)
      single.add(batch[..<taken])
      stream.consume(position - stream.start)
      lines.skipped(taken)
      count += taken
      if taken < batch.count { return }
    }
  }

  private mutating func take(_ line: ArraySlice<UInt8>) throws(FormatError) {
    let fields = CSVLayout.fields(line, layout.separator)
    guard fields.count == layout.columnCount else {
      throw error(
        "\(fields.count) columns, the first line has \(layout.columnCount)",
        "the file is damaged or mixed; get it again")
    }
    let field = fields[layout.value]
    let place = try cpu(fields)
    if field.first == UInt8(ascii: "-"), FixedPoint(field.dropFirst()) != nil {
      count += 1
      update(place) { $0.reject("negative") }
      return
    }
    guard let number = FixedPoint(field), number.decimals <= layout.decimals,
      let value = FixedPoint.scaled(number.digits, by: layout.decimals - number.decimals)
    else {
      let isLonger = field.first != UInt8(ascii: "-") && CSVLayout.isNumber(field)
      throw error(
        isLonger
          ? "\(field.quoted) has more decimals than the first lines, or does not fit"
          : "\(field.quoted) is no number",
        isLonger
          ? "write all values with as many decimals" : "the file is damaged or mixed; get it again")
    }
    let time = try time(fields)
    count += 1
    update(place) { $0.add(value, time: time) }
  }

  private mutating func update(_ place: UInt64?, _ body: (inout SampleCollector) -> Void) {
    if let place {
      body(&collectors[place, default: SampleCollector(limit: limit)])
    } else {
      body(&single)
    }
  }

  private func cpu(_ fields: [ArraySlice<UInt8>]) throws(FormatError) -> UInt64? {
    guard let column = layout.cpu else { return nil }
    guard let cpu = fields[column].decimal else {
      throw error(
        "\(fields[column].quoted) is no CPU", "the file is damaged or mixed; get it again")
    }
    guard collectors[cpu] != nil || collectors.count < Self.cpuLimit else {
      throw error("more than \(Self.cpuLimit) CPUs", "check that this column is the CPU")
    }
    return cpu
  }

  /// In ns.
  private func time(_ fields: [ArraySlice<UInt8>]) throws(FormatError) -> UInt64? {
    guard let column = layout.time, let unit = layout.timeUnit else { return nil }
    guard let number = FixedPoint(fields[column]),
      let digits = FixedPoint.scaled(number.digits, by: 9 - number.decimals)
    else {
      throw error(
        "\(fields[column].quoted) is no time that fits",
        "the file is damaged or mixed; get it again")
    }
    // `digits` counts 10^-9 of the unit.
    return digits / unit.perSecond
  }

  private func draft() throws(FormatError) -> Draft {
    guard count > 0 else { throw error("no samples", "check that the file has data") }
    let unit = options.unit ?? layout.unit
    let perSecond = unit.flatMap { FixedPoint.scaled($0.perSecond, by: layout.decimals) } ?? 0
    var draft = Draft(.csv, ticksPerSecond: perSecond)
    draft.note(
      "unit",
      unit.map { "\($0.rawValue)\(options.unit == nil ? ", from the heading" : ", as told")" })
    if layout.decimals > 0 {
      draft.note(
        "tick", "10^-\(layout.decimals) of that unit: values have \(layout.decimals) decimals")
    }
    if layout.cpu == nil {
      draft.series.append(single.series("samples", "all samples"))
    }
    for (cpu, collector) in collectors.sorted(by: { $0.key < $1.key }) {
      draft.series.append(collector.series("samples", "cpu \(cpu)"))
    }
    return draft
  }
}
