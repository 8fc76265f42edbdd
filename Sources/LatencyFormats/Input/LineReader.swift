import LatencyReport

/// Lines of a stream, without their ends (LF or CR LF).
struct LineReader {
  let stream: ByteStream
  /// Number of the latest line, from 1.
  private(set) var number = 0
  /// Whether the latest line was ended by a line feed: otherwise the file ends inside it.
  private(set) var isEnded = true

  /// Longest line that is read: an HdrHistogram of the widest range fits many times.
  static let limit = 1 << 26

  init(_ stream: ByteStream) { self.stream = stream }

  /// The error that the latest line, `line`, is not ended; `read`: what was read before it.
  func cutOff(_ line: ArraySlice<UInt8>, read: String) -> FormatError {
    FormatError(
      .line(number),
      "the last line \(line.quoted) is not ended by a line feed, so the file is cut off",
      read: read,
      "get the whole file; if it is whole, add the line feed")
  }

  /// The next line; nil at the end of the file.
  mutating func next() throws(FormatError) -> ArraySlice<UInt8>? {
    var scanned = 0
    while true {
      let from = stream.start + scanned
      if let feed = Self.lineFeed(stream.buffer, from, stream.end) {
        let line = stream.buffer[stream.start..<feed]
        stream.consume(feed + 1 - stream.start)
        number += 1
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      }
      scanned = stream.available
      guard scanned <= Self.limit else {
        throw FormatError(
          .line(number + 1), "longer than \(Self.limit) bytes", "check that this is a text file")
      }
      if stream.isAtEnd {
        guard scanned > 0 else { return nil }
        let line = stream.buffer[stream.start..<stream.end]
        stream.consume(scanned)
        number += 1
        isEnded = false
        return line
      }
      try stream.readMore()
    }
  }

  /// Counts lines the caller consumed from the stream itself.
  mutating func skipped(_ lines: Int) { number += lines }

  private static func lineFeed(_ buffer: [UInt8], _ from: Int, _ end: Int) -> Int? {
    let bytes = buffer.span
    for index in from..<end where bytes[index] == UInt8(ascii: "\n") { return index }
    return nil
  }
}

extension ArraySlice<UInt8> {
  /// Whether the line starts with a text.
  func hasPrefix(_ text: StaticString) -> Bool { starts(with: "\(text)".utf8) }

  /// The line after a text it starts with; nil when it does not.
  func after(_ text: String) -> ArraySlice<UInt8>? {
    starts(with: text.utf8) ? dropFirst(text.utf8.count) : nil
  }

  /// Parts between blanks and tabs.
  var fields: [ArraySlice<UInt8>] { split { $0 == 0x20 || $0 == 0x09 } }

  /// Readable, cut to 60 characters, for messages.
  var quoted: String {
    let text = printable(prefix(60))
    return "'\(text)\(count > 60 ? "..." : "")'"
  }

  /// A whole decimal number without sign; nil when it is none or does not fit.
  var decimal: UInt64? {
    guard !isEmpty, count <= 20 else { return nil }
    var value: UInt64 = 0
    for byte in self {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      let (times, carry) = value.multipliedReportingOverflow(by: 10)
      let (sum, more) = times.addingReportingOverflow(UInt64(byte - 0x30))
      guard !carry, !more else { return nil }
      value = sum
    }
    return value
  }
}
