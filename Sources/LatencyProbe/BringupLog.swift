/// The report of a bring-up image, in memory: for whoever can read memory when the UART stays silent. It follows the
/// record of the board, and is one element of its section `.bringupLog`.
///
///     0   magic          "HVBRLOG\n" read as a little-endian integer
///     8   text bytes     that follow the header, at most `capacity`
///     16  text           the lines as the UART gets them
public enum BringupLog {
  public static let magicValue: UInt64 = 0x0a47_4f4c_5242_5648
  /// Bytes before the text.
  public static let headerByteCount = 16
  /// Bytes of the section.
  public static let byteCount = 64 << 10
  /// Bytes of text that fit.
  public static let capacity = byteCount - headerByteCount

  #if !hasFeature(Embedded)
  /// The text in the bytes of a section; nil when they are not a log.
  public static func text(in section: some Collection<UInt8>) -> [UInt8]? {
    guard section.count >= headerByteCount, word(section.prefix(8)) == magicValue else {
      return nil
    }
    let count = word(section.dropFirst(8).prefix(8))
    let text = section.dropFirst(headerByteCount)
    guard count <= UInt64(min(capacity, text.count)) else { return nil }
    return Array(text.prefix(Int(count)))
  }

  /// The log of a whole record, found by its section table; nil when there is none.
  public static func text(inRecord record: [UInt8]) -> [UInt8]? {
    guard record.count >= RecordHeader.byteCount,
      word(record.prefix(8)) == RecordHeader.magicValue
    else { return nil }
    for slot in 0..<16 {
      let entry = record.dropFirst(
        RecordHeader.sectionsOffset + slot * MemoryLayout<RecordSection>.stride)
      guard word(entry.prefix(4)) == UInt64(RecordSectionKind.bringupLog.rawValue) else {
        continue
      }
      let offset = word(entry.dropFirst(8).prefix(8))
      guard offset <= UInt64(record.count) else { return nil }
      return text(in: record.dropFirst(Int(offset)).prefix(byteCount))
    }
    return nil
  }

  private static func word(_ bytes: some Collection<UInt8>) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    for byte in bytes {
      value |= UInt64(byte) << shift
      shift += 8
    }
    return value
  }
  #endif
}

extension RecordRegion {
  /// Adds the section of a bring-up's log behind everything else, and gives its address; nil when `regionBytes` have no
  /// room for it. Called once, after `initialise`.
  @_optimize(size)
  public func addBringupLog(regionBytes: UInt64) -> UInt64? {
    let offset = layout.byteCount
    guard regionBytes >= UInt64(offset + BringupLog.byteCount) else { return nil }
    return appendSection(.bringupLog, offset: offset, byteCount: BringupLog.byteCount)
  }
}
