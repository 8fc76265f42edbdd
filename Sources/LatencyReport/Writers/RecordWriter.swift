import LatencyProbe

/// Writes a dataset, wherever it came from, as a sealed record with one dataset section
/// (docs/record-format.md): reading it gives the same dataset back, sealed.
public enum RecordWriter {
  /// The sealed record.
  ///
  /// Throws when the provenance or the board's name does not fit the header.
  public static func write(_ dataset: Dataset) throws(RecordError) -> [UInt8] {
    var section = ByteWriter()
    encode(dataset, into: &section)
    section.align()
    var bytes = try header(dataset.machine, sectionByteCount: section.bytes.count)
    bytes += section.bytes
    return try RecordSealer.seal(
      bytes,
      run: .init(
        timebase: dataset.machine.timebase, icountShift: dataset.machine.icountShift,
        provenance: dataset.provenance))
  }

  private static func header(
    _ machine: Machine, sectionByteCount: Int
  ) throws(RecordError) -> [UInt8] {
    let board = Array(machine.board.utf8)
    guard board.count <= 32 else {
      throw RecordError("board", 80, "\(board.count) bytes, there is room for 32", "shorten it")
    }
    var writer = ByteWriter()
    writer.add(RecordHeader.magicValue)
    writer.add(RecordHeader.currentVersion)
    writer.add(UInt32(RecordHeader.byteCount))
    writer.add(UInt64(RecordHeader.byteCount + sectionByteCount))
    writer.add(UInt64(0))  // no CPUs, no zones: those of the source are in the section
    writer.add(machine.timebase.rawValue)
    writer.add(machine.architecture)
    writer.add(machine.counterFrequency)
    writer.add(machine.planChecksum)
    for byte in imageHash(machine) { writer.add(byte) }
    writer.add(machine.cpuModel)
    for byte in board + [UInt8](repeating: 0, count: 32 - board.count) { writer.add(byte) }
    writer.add(UInt32(1))  // sections
    var bytes = writer.bytes + [UInt8](repeating: 0, count: RecordHeader.byteCount)
    bytes.removeLast(bytes.count - RecordHeader.byteCount)
    var entry = ByteWriter()
    entry.add(RecordSectionKind.dataset.rawValue)
    entry.add(UInt32(1))
    entry.add(UInt64(RecordHeader.byteCount))
    entry.add(UInt64(sectionByteCount))
    let start = RecordHeader.sectionsOffset
    bytes.replaceSubrange(start..<start + entry.bytes.count, with: entry.bytes)
    return bytes
  }

  /// The 16 bytes that 32 hexadecimal digits name; zeros for anything else.
  private static func imageHash(_ machine: Machine) -> [UInt8] {
    let digits = machine.imageHash.compactMap(\.hexDigitValue)
    guard digits.count == 32 else { return [UInt8](repeating: 0, count: 16) }
    return (0..<16).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) }
  }
}
