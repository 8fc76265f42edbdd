public import LatencyProbe

/// Turns a copy of the machine's record region into a record file: adds what only the host knows,
/// then the checksum.
public enum RecordSealer {
  /// What the host knows of a run.
  public struct Run: Sendable {
    /// What the machine's counter is; never `.hardware` for an emulator.
    public var timebase: Timebase
    /// The N of QEMU's `-icount shift=N`; nil without icount.
    public var icountShift: UInt32?
    /// Keys and values; docs/record-format.md names the keys that reports show first.
    public var provenance: [ProvenanceItem]

    /// A run as described.
    public init(timebase: Timebase, icountShift: UInt32? = nil, provenance: [ProvenanceItem] = []) {
      self.timebase = timebase
      self.icountShift = icountShift
      self.provenance = provenance
    }
  }

  /// The sealed record. `region` may be longer than the record it starts with.
  ///
  /// Throws when `region` is no record, is already sealed, or the provenance does not fit. Line ends
  /// in keys and values become spaces, colons in keys become hyphens.
  public static func seal(_ region: [UInt8], run: Run) throws(RecordError) -> [UInt8] {
    let header = try RecordReader(region).header
    guard !header.isSealed else {
      throw RecordError(
        "flags", RecordHeader.flagsOffset, "the record is already sealed",
        "seal the copy that came out of the machine")
    }
    var bytes = Array(region[..<header.byteCount])
    let text = run.provenance.map { item in
      "\(oneLine(item.key, ":")): \(oneLine(item.value, nil))\n"
    }.joined()
    let provenance = Array(text.utf8)
    guard provenance.count <= RecordHeader.provenanceCapacity else {
      throw RecordError(
        "provenance", RecordHeader.provenanceOffset,
        "\(provenance.count) bytes, there is room for \(RecordHeader.provenanceCapacity)",
        "shorten the notes or the command line")
    }
    let start = RecordHeader.provenanceOffset
    bytes.replaceSubrange(start..<start + provenance.count, with: provenance)
    for index in start + provenance.count..<RecordHeader.byteCount { bytes[index] = 0 }
    store(UInt32(provenance.count), in: &bytes, at: RecordHeader.provenanceByteCountOffset)
    store(run.timebase.rawValue, in: &bytes, at: RecordHeader.timebaseOffset)
    store(
      run.icountShift ?? RecordHeader.noShift, in: &bytes, at: RecordHeader.icountShiftOffset)
    store(RecordHeader.sealed, in: &bytes, at: RecordHeader.flagsOffset)
    store(RecordChecksum.of(bytes.span), in: &bytes, at: RecordHeader.checksumOffset)
    return bytes
  }

  private static func oneLine(_ text: String, _ forbidden: Character?) -> String {
    String(
      text.map { character in
        character.isNewline ? " " : character == forbidden ? "-" : character
      })
  }

  private static func store<T: FixedWidthInteger>(_ value: T, in bytes: inout [UInt8], at: Int) {
    for index in 0..<T.bitWidth / 8 {
      bytes[at + index] = UInt8(truncatingIfNeeded: value >> T(index * 8))
    }
  }
}
