import LatencyProbe

/// Reads a latency record, sealed or as copied out of the machine, into a `Dataset`.
///
/// Nothing in the file is believed: every offset and count is checked against the file, and the
/// stamp areas, which any guest may have filled with anything, are judged entry by entry.
public struct RecordReader: Sendable {
  let reader: ByteReader
  let header: Header
  let sections: [RecordSectionKind: Section]
  private(set) var warnings: [String] = []
  var lostStamps: UInt64 = 0

  /// Decodes a record named `source` in messages.
  public static func read(_ bytes: [UInt8], source: String) throws(RecordError) -> Dataset {
    var reader = try RecordReader(bytes)
    return try reader.dataset(source: source)
  }

  /// Whether the bytes start like a record: the magic value alone.
  public static func recognises(_ bytes: [UInt8]) -> Bool {
    (try? ByteReader(bytes: bytes).integer(UInt64.self, at: 0, "magic")) == RecordHeader.magicValue
  }

  init(_ bytes: [UInt8]) throws(RecordError) {
    reader = ByteReader(bytes: bytes)
    header = try Header(reader)
    let (sections, unknown) = try Section.table(reader, header)
    self.sections = sections
    if sections[.dataset] != nil, sections.count > 1 {
      throw RecordError(
        "sections", RecordHeader.sectionsOffset, "a dataset section stands beside others",
        "the file is damaged")
    }
    for kind in unknown {
      warnings.append("section kind \(kind) is unknown to this version and was skipped")
    }
    if !header.isSealed {
      warnings.append(
        "the record is not sealed: timebase and provenance are unknown, damage cannot be detected")
    }
  }

  private mutating func dataset(source: String) throws(RecordError) -> Dataset {
    if let section = sections[.dataset] { return try readDataset(section, source: source) }
    let zones = try readZones()
    let cpus = try readCPUs(zones)
    var series = try readKernelSeries(cpus)
    series += try readBaselines()
    for (index, zone) in zones.enumerated() {
      series += try readStamps(zone, raises: try readRaises(zone: index))
    }
    return Dataset(
      source: source, machine: header.machine, isSealed: header.isSealed,
      provenance: header.provenance, cpus: cpus,
      zones: zones.map(\.summary), series: series, lostStamps: lostStamps,
      warnings: warnings)
  }

  mutating func warn(_ text: String) { warnings.append(text) }
}

extension UInt64 {
  /// The sum, or the largest number when it does not fit.
  package func addingSaturating(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
