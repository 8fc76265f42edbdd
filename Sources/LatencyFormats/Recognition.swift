import LatencyReport

/// Finds out a file's format from its first 64 KiB, and for JSON from its keys.
enum Recognition {
  private static let headByteCount = 1 << 16
  /// Lines looked at.
  private static let lineLimit = 1001

  /// The format. Nothing of the stream is consumed.
  static func format(of stream: ByteStream) throws(FormatError) -> Format {
    try stream.fill(headByteCount)
    let head = stream.buffer[stream.start..<stream.end].prefix(headByteCount)
    guard !head.isEmpty else {
      throw FormatError(.whole, "the file is empty", "check the command that wrote it")
    }
    let isWhole = stream.isAtEnd && head.count == stream.available
    let found = candidates(head, isWhole: isWhole)
    guard found.count <= 1 else {
      throw FormatError(
        .whole, "could be \(found.map(\.summary).joined(separator: " or "))",
        "import it with --from, which names the format")
    }
    if let format = found.first { return format }
    if head.first(where: { !isBlank($0) }) == UInt8(ascii: "{") {
      return try jsonFormat(of: stream)
    }
    throw FormatError(
      .whole, "this is not a latency record, and no other known format",
      "known are \(Format.allCases.map(\.rawValue).joined(separator: ", ")); see docs/formats.md")
  }

  /// What the user means by a tool's name: `jitterdebugger` and `hdr` stand for both files of theirs.
  static func refined(_ claimed: Format, _ stream: ByteStream) throws(FormatError) -> Format {
    try stream.fill(headByteCount)
    let head = stream.buffer[stream.start..<stream.end].prefix(headByteCount)
    switch claimed {
    case .jitterdebugger:
      return JitterdebuggerSamplesReader.recognises(head) ? .jitterdebuggerSamples : claimed
    case .hdr:
      let first = head.prefix { $0 != UInt8(ascii: "\n") }
      return HGRMReader.isHeading(first) ? .hgrm : claimed
    case .record, .cyclictest, .cyclictestJSON, .rtla, .jitterdebuggerSamples, .osadl, .hgrm, .csv:
      return claimed
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0d)
  }

  /// Formats other than JSON that the head fits.
  static func candidates(_ head: ArraySlice<UInt8>, isWhole: Bool) -> [Format] {
    if RecordReader.recognises(Array(head.prefix(8))) { return [.record] }
    if JitterdebuggerSamplesReader.recognises(head) { return [.jitterdebuggerSamples] }
    if head.contains(0) { return [] }
    var lines = head.split(separator: UInt8(ascii: "\n"), maxSplits: lineLimit).map {
      $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0
    }
    if !isWhole || lines.count > lineLimit { lines = lines.dropLast() }
    var found: [Format] = []
    if lines.contains(where: isCyclictest) { found.append(.cyclictest) }
    if lines.contains(where: isRtla) { found.append(.rtla) }
    if lines.contains(where: isHDRLog) { found.append(.hdr) }
    if lines.contains(where: HGRMReader.isHeading) { found.append(.hgrm) }
    if found.isEmpty, CSVLayout(CSVReader.headLines(head, isWhole: isWhole)) != nil {
      found.append(.csv)
    }
    return found
  }

  /// `# Histogram`, the summary, or a row: six digits or more, a blank, six digits or more.
  private static func isCyclictest(_ line: ArraySlice<UInt8>) -> Bool {
    if line.elementsEqual("# Histogram".utf8) || line.hasPrefix("# Histogram Overflows:")
      || line.hasPrefix("# Min Latencies:") || CyclictestReader.isStatus(line)
    {
      return true
    }
    let index = line.prefix { $0 >= 0x30 && $0 <= 0x39 }
    let rest = line.dropFirst(index.count)
    guard index.count >= 6, rest.first == 0x20 else { return false }
    return rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }.count >= 6
  }

  private static func isRtla(_ line: ArraySlice<UInt8>) -> Bool {
    if line.hasPrefix("# RTLA ") { return true }
    guard line.hasPrefix("Index"), let second = line.fields.dropFirst().first else { return false }
    return ["IRQ-", "Thr-", "Usr-", "CPU-"].contains { second.starts(with: $0.utf8) }
  }

  private static func isHDRLog(_ line: ArraySlice<UInt8>) -> Bool {
    line.hasPrefix("#[Histogram log format version ") || line.hasPrefix("\"StartTimestamp\"")
      || (line.suffix(from: line.lastIndex(of: UInt8(ascii: ",")) ?? line.startIndex)
        .hasPrefix(",HIST"))
  }

  /// JSON has to be read to its end to know its keys; the text is put back.
  private static func jsonFormat(of stream: ByteStream) throws(FormatError) -> Format {
    try stream.fill(JSONParser.byteLimit + 1)
    guard stream.available <= JSONParser.byteLimit else {
      throw FormatError(
        .offset(JSONParser.byteLimit), "longer than \(JSONParser.byteLimit) bytes of JSON",
        "check that this is a latency file")
    }
    let bytes = Array(stream.buffer[stream.start..<stream.end])
    return try JSONReader.format(of: try JSONParser.parse(bytes), expected: nil)
  }
}
