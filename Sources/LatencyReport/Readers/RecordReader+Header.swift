import LatencyProbe

extension RecordReader {
  /// The header, checked: counts in range, the file as long as it says, the checksum right.
  struct Header: Sendable {
    let byteCount: Int
    let cpuCount: Int
    let zoneCount: Int
    let sectionCount: Int
    let isSealed: Bool
    let bootTick: UInt64
    let machine: Machine
    let provenance: [ProvenanceItem]

    init(_ file: ByteReader) throws(RecordError) {
      let magic: UInt64 = try file.integer(at: 0, "magic")
      guard magic == RecordHeader.magicValue else {
        throw RecordError(
          "magic", 0, "this is not a latency record",
          "pass the file that `hv run --record` wrote, or a dump of the record region")
      }
      let version: UInt32 = try file.integer(at: 8, "version")
      guard version == RecordHeader.currentVersion else {
        throw RecordError(
          "version", 8, "format version \(version), this tool knows \(RecordHeader.currentVersion)",
          "use the hvlat built with the kernel that wrote it")
      }
      let headerBytes: UInt32 = try file.integer(at: 12, "headerByteCount")
      guard headerBytes == RecordHeader.byteCount else {
        throw RecordError(
          "headerByteCount", 12, "\(headerBytes), must be \(RecordHeader.byteCount)",
          "the file is damaged; copy the record again")
      }
      let flags: UInt32 = try file.integer(at: RecordHeader.flagsOffset, "flags")
      isSealed = flags & RecordHeader.sealed != 0
      byteCount = try Self.length(file, isSealed: isSealed)
      if isSealed { try Self.checkSum(file) }
      // Only a dataset, which no kernel wrote, has no CPUs.
      let firstKind: UInt32 = try file.integer(at: RecordHeader.sectionsOffset, "sections[0].kind")
      let isDataset = firstKind == RecordSectionKind.dataset.rawValue
      cpuCount = try Self.count(
        file, at: 24, "cpuCount", in: (isDataset ? 0 : 1)...UInt32(RecordLayout.cpuCapacity))
      zoneCount = try Self.count(
        file, at: 28, "zoneCount", in: 0...UInt32(RecordLayout.zoneCapacity))
      sectionCount = try Self.count(file, at: 112, "sectionCount", in: 0...16)
      bootTick = try file.integer(at: 128, "bootTick")
      machine = try Self.machine(file)
      provenance = try Self.provenance(file)
    }

    private static func length(_ file: ByteReader, isSealed: Bool) throws(RecordError) -> Int {
      let claimed: UInt64 = try file.integer(at: 16, "byteCount")
      guard claimed >= UInt64(RecordHeader.byteCount), claimed % 8 == 0,
        let length = Int(exactly: claimed)
      else {
        throw RecordError(
          "byteCount", 16, "\(claimed) is no length of a record",
          "the file is damaged; copy the record again")
      }
      guard length <= file.bytes.count else {
        throw RecordError(
          "byteCount", 16, "the record has \(length) bytes, the file only \(file.bytes.count)",
          "the file is truncated; copy the whole record again")
      }
      // A raw dump may be longer: the region is rounded up.
      guard !isSealed || length == file.bytes.count else {
        throw RecordError(
          "byteCount", 16, "\(file.bytes.count - length) bytes follow the sealed record",
          "the file was changed after sealing; copy it again")
      }
      return length
    }

    private static func checkSum(_ file: ByteReader) throws(RecordError) {
      let stored: UInt64 = try file.integer(at: RecordHeader.checksumOffset, "checksum")
      let computed = RecordChecksum.of(file.bytes.span)
      guard stored == computed else {
        throw RecordError(
          "checksum", RecordHeader.checksumOffset,
          "0x\(String(stored, radix: 16)) is stored, the bytes give 0x\(String(computed, radix: 16))",
          "the file was damaged or changed after sealing; copy it again")
      }
    }

    private static func count(
      _ file: ByteReader, at offset: Int, _ field: String, in range: ClosedRange<UInt32>
    ) throws(RecordError) -> Int {
      let value: UInt32 = try file.integer(at: offset, field)
      guard range.contains(value) else {
        throw RecordError(
          field, offset, "\(value), must be \(range.lowerBound) to \(range.upperBound)",
          "the file is damaged; copy the record again")
      }
      return Int(value)
    }

    private static func machine(_ file: ByteReader) throws(RecordError) -> Machine {
      let rawTimebase: UInt32 = try file.integer(at: RecordHeader.timebaseOffset, "timebase")
      guard let timebase = Timebase(rawValue: rawTimebase) else {
        throw RecordError(
          "timebase", RecordHeader.timebaseOffset, "\(rawTimebase) is none of 0 to 3",
          "the file is damaged; copy the record again")
      }
      let shift: UInt32 = try file.integer(at: RecordHeader.icountShiftOffset, "icountShift")
      var hash = ""
      for index in 56..<72 {
        let byte: UInt8 = try file.integer(at: index, "imageHash")
        hash += (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
      return Machine(
        board: try file.text(at: 80, count: 32, "board"),
        architecture: try file.integer(at: 36, "architecture"),
        cpuModel: try file.integer(at: 72, "cpuModel"),
        counterFrequency: try file.integer(at: 40, "counterFrequency"),
        timebase: timebase, icountShift: shift == RecordHeader.noShift ? nil : shift,
        planChecksum: try file.integer(at: 48, "planChecksum"), imageHash: hash)
    }

    private static func provenance(_ file: ByteReader) throws(RecordError) -> [ProvenanceItem] {
      let field = "provenanceByteCount"
      let offset = RecordHeader.provenanceByteCountOffset
      let length: UInt32 = try file.integer(at: offset, field)
      guard length <= RecordHeader.provenanceCapacity else {
        throw RecordError(
          field, offset, "\(length) is more than \(RecordHeader.provenanceCapacity)",
          "the file is damaged; copy the record again")
      }
      let start = RecordHeader.provenanceOffset
      guard file.bytes.count >= start + Int(length) else {
        throw RecordError(
          "provenance", start, "the file ends inside it", "copy the whole record again")
      }
      let text = file.bytes[start..<start + Int(length)]
      return text.split(separator: UInt8(ascii: "\n")).map { line in
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
          return ProvenanceItem("note", printable(line))
        }
        return ProvenanceItem(
          printable(line[..<colon]), printable(line[(colon + 1)...].drop { $0 == 0x20 }))
      }
    }
  }

  /// One entry of the section table, checked to lie inside the record.
  struct Section: Sendable {
    let count: Int
    let offset: Int
    let stride: Int

    /// Known sections by kind, and the kinds nobody knows.
    static func table(
      _ file: ByteReader, _ header: Header
    ) throws(RecordError) -> ([RecordSectionKind: Section], [UInt32]) {
      var known: [RecordSectionKind: Section] = [:]
      var unknown: [UInt32] = []
      for index in 0..<header.sectionCount {
        let at = RecordHeader.sectionsOffset + index * 32
        let name = "sections[\(index)]"
        let rawKind: UInt32 = try file.integer(at: at, "\(name).kind")
        guard let kind = RecordSectionKind(rawValue: rawKind) else {
          unknown.append(rawKind)
          continue
        }
        guard known[kind] == nil else {
          throw RecordError(
            "\(name).kind", at, "kind \(rawKind) occurs twice", "the file is damaged")
        }
        known[kind] = try Section(file, at: at, name, kind, header)
      }
      return (known, unknown)
    }

    private init(
      _ file: ByteReader, at: Int, _ name: String, _ kind: RecordSectionKind, _ header: Header
    ) throws(RecordError) {
      let rawCount: UInt32 = try file.integer(at: at + 4, "\(name).count")
      let rawOffset: UInt64 = try file.integer(at: at + 8, "\(name).offset")
      let rawStride: UInt64 = try file.integer(at: at + 16, "\(name).stride")
      let (expectedCount, element): (Int, UInt64?) =
        switch kind {
        case .cpus: (header.cpuCount, UInt64(MemoryLayout<CPUProbeBlock>.stride))
        case .baselines: (header.cpuCount, UInt64(MemoryLayout<BaselineBlock>.stride))
        case .zones: (header.zoneCount, UInt64(MemoryLayout<RecordZone>.stride))
        case .stimuli: (header.zoneCount, UInt64(MemoryLayout<StimulusRing>.stride))
        case .stamps: (header.zoneCount, nil)
        case .dataset: (1, nil)
        case .bringupLog: (1, UInt64(BringupLog.byteCount))
        case .exitLogs: (header.cpuCount, UInt64(MemoryLayout<ExitLog>.stride))
        }
      guard Int(rawCount) == expectedCount else {
        throw RecordError(
          "\(name).count", at + 4, "\(rawCount), the header says \(expectedCount)",
          "the file is damaged")
      }
      guard element == nil || element == rawStride else {
        throw RecordError(
          "\(name).stride", at + 16, "\(rawStride) bytes, version 1 has \(element ?? 0)",
          "the file is damaged")
      }
      let (size, overflow) = rawStride.multipliedReportingOverflow(by: UInt64(rawCount))
      let limit = UInt64(header.byteCount)
      guard !overflow, rawOffset >= UInt64(RecordHeader.byteCount), rawOffset <= limit,
        size <= limit - rawOffset
      else {
        throw RecordError(
          "\(name).offset", at + 8, "the section does not lie inside the record",
          "the file is damaged")
      }
      count = Int(rawCount)
      offset = Int(rawOffset)
      stride = Int(rawStride)
    }

    /// Offset of one element.
    func element(_ index: Int) -> Int { offset + index * stride }
  }
}
