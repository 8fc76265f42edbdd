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
    guard let layout = CSVLayout(headLines(head, isWhole: isWhole)) else {
      throw FormatError(
        .line(1), "no column of samples found",
        "give one number in each line, or a heading with one column named latency, value or duration"
      )
    }
    var reader = CSVReader(stream: stream, layout: layout, options: options)
    try reader.readLines()
    return try reader.draft()
  }

  private init(stream: ByteStream, layout: CSVLayout, options: ReadOptions) {
    self.stream = stream
    self.layout = layout
    self.options = options
    lines = LineReader(stream)
    limit = layout.cpu == nil ? options.orderedLimit : max(1, options.orderedLimit / 16)
    single = SampleCollector(limit: limit)
  }

  private var soFar: String { "\(count) samples" }

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

  /// Takes lines that are nothing but 1 to 18 digits, as long as they come: the common case, without
  /// a slice for each line.
  private mutating func takePlainLines() {
    let buffer = stream.buffer
    let bytes = buffer.span
    let end = stream.end
    var position = stream.start
    var taken = 0
    // Out of `self` for the loop, so that it stays in registers.
    var collector = single
    single = SampleCollector(limit: 0)
    defer { single = collector }
    while position < end {
      var next = position
      var value: UInt64 = 0
      var byte: UInt8 = 0
      while next < end {
        // SAFETY: `next` is at least `start` and below `end`, which is at most the buffer's count.
        byte = unsafe bytes[unchecked: next]
        let digit = byte &- 0x30
        if digit > 9 { break }
        value = value &* 10 &+ UInt64(digit)
        next &+= 1
      }
      guard next < end, byte == 0x0a, next > position, next - position <= 18 else { break }
      collector.add(value)
      taken &+= 1
      position = next &+ 1
    }
    stream.consume(position - stream.start)
    lines.skipped(taken)
    count += taken
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
    count += 1
    if field.first == UInt8(ascii: "-"), FixedPoint(field.dropFirst()) != nil {
      update(place) { $0.reject("negative") }
      return
    }
    guard let number = FixedPoint(field), number.decimals <= layout.decimals,
      let value = FixedPoint.scaled(number.digits, by: layout.decimals - number.decimals)
    else {
      let isLonger = FixedPoint(field) != nil
      throw error(
        isLonger
          ? "\(field.quoted) has more decimals than the first lines, or does not fit"
          : "\(field.quoted) is no number",
        isLonger
          ? "write all values with as many decimals" : "the file is damaged or mixed; get it again")
    }
    let time = try time(fields)
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
