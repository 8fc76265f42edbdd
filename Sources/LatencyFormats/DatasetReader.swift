public import LatencyReport

/// Reads measurements from any format, recognised by content.
public enum DatasetReader {
  /// Largest record that is read: it must fit memory.
  public static let recordLimit = 1 << 30

  /// Reads a file. `format` nil: recognise it.
  ///
  /// Throws when it is in none of the formats, in more than one, cut off, damaged or mixed. What it
  /// returns is always the whole file.
  public static func read(
    _ stream: ByteStream, source: String, as format: Format? = nil,
    options: ReadOptions = ReadOptions()
  ) throws(FormatError) -> Dataset {
    // What is claimed to be no text begins as it begins.
    if format != .record, format != .jitterdebuggerSamples { try stream.skipByteOrderMark() }
    let format =
      if let format {
        try Recognition.refined(format, stream)
      } else {
        try Recognition.format(of: stream)
      }
    switch format {
    case .record: return try record(stream, source: source)
    case .cyclictest: return try CyclictestReader.read(stream, options).dataset(source: source)
    case .rtla: return try RtlaReader.read(stream, options).dataset(source: source)
    case .cyclictestJSON, .jitterdebugger, .osadl:
      return try JSONReader.read(stream, expected: format, options).dataset(source: source)
    case .jitterdebuggerSamples:
      return try JitterdebuggerSamplesReader.read(stream, options).dataset(source: source)
    case .hdr: return try HDRLogReader.read(stream, options).dataset(source: source)
    case .hgrm: return try HGRMReader.read(stream, options).dataset(source: source)
    case .csv: return try CSVReader.read(stream, options).dataset(source: source)
    }
  }

  /// A record whose header or sections are wrong keeps the record reader's own words.
  private static func record(_ stream: ByteStream, source: String) throws(FormatError) -> Dataset {
    let bytes = try stream.readAll(limit: recordLimit, "record")
    do {
      return try RecordReader.read(bytes, source: source)
    } catch {
      throw FormatError(
        .whole, "\(error.field) at offset 0x\(String(error.offset, radix: 16)): \(error.problem)",
        read: "\(counted(bytes.count, "byte")) of a record", error.advice)
    }
  }
}
