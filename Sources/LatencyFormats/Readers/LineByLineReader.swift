/// A reader of text that takes one line after the other and says at the end what they were.
protocol LineByLineReader {
  init(lines: LineReader)

  var lines: LineReader { get set }

  /// What was read, in words, for errors.
  var soFar: String { get }

  /// Takes the next line, without its end.
  mutating func take(_ line: ArraySlice<UInt8>) throws(FormatError)

  /// What all lines together are; an error when some are missing.
  mutating func draft(_ options: ReadOptions) throws(FormatError) -> Draft
}

extension LineByLineReader {
  static func read(_ stream: ByteStream, _ options: ReadOptions) throws(FormatError) -> Draft {
    var reader = Self(lines: LineReader(stream))
    while let line = try reader.lines.next() {
      guard reader.lines.isEnded else {
        throw reader.lines.cutOff(line, read: reader.soFar)
      }
      try reader.take(line)
    }
    return try reader.draft(options)
  }

  /// An error in the latest line.
  func error(_ problem: String, _ advice: String) -> FormatError {
    FormatError(.line(lines.number), problem, read: soFar, advice)
  }
}
