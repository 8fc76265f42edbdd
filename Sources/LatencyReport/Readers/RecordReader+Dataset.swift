import LatencyProbe

// The dataset section, which hosts write (RecordWriter). Believed as little as the rest of a file.

extension RecordReader {
  /// A position in the section; every read is checked against its end.
  private struct Cursor {
    let reader: ByteReader
    let end: Int
    var offset: Int

    mutating func integer<T: FixedWidthInteger>(
      _ field: String, as type: T.Type = T.self
    ) throws(RecordError) -> T {
      let size = T.bitWidth / 8
      guard end - offset >= size else { throw ends(field) }
      defer { offset += size }
      return try reader.integer(at: offset, field)
    }

    mutating func text(_ field: String) throws(RecordError) -> String {
      let start = offset
      let length = Int(try integer(field, as: UInt32.self))
      guard end - offset >= length else { throw ends(field) }
      let text = printable(reader.bytes[offset..<offset + length])
      offset += length
      let used = (offset - start) % 8
      offset += used == 0 ? 0 : 8 - used
      return text
    }

    mutating func optional(_ field: String) throws(RecordError) -> UInt64? {
      let isPresent: UInt64 = try integer(field)
      let value: UInt64 = try integer(field)
      return isPresent == 0 ? nil : value
    }

    /// A count of elements of at least `size` bytes, so that no count is larger than the section.
    mutating func count(_ field: String, size: Int) throws(RecordError) -> Int {
      let raw: UInt64 = try integer(field)
      guard let count = Int(exactly: raw), count <= (end - offset) / size else {
        throw RecordError(
          field, offset - 8, "\(raw) elements do not fit the section", "the file is damaged")
      }
      return count
    }

    func ends(_ field: String) -> RecordError {
      RecordError(field, offset, "the section ends before it", "the file is damaged")
    }
  }

  func readDataset(_ section: Section, source: String) throws(RecordError) -> Dataset {
    var cursor = Cursor(
      reader: reader, end: section.element(section.count), offset: section.offset)
    let magic: UInt64 = try cursor.integer("dataset.magic")
    guard magic == RecordWriter.magicValue else {
      throw RecordError(
        "dataset.magic", section.offset, "this is no dataset section", "the file is damaged")
    }
    let version: UInt32 = try cursor.integer("dataset.version")
    guard version == RecordWriter.version else {
      throw RecordError(
        "dataset.version", section.offset + 8,
        "version \(version), this tool knows \(RecordWriter.version)",
        "use a newer hvlat, or import the original file again")
    }
    let warningCount = try cursor.integer("dataset.warningCount", as: UInt32.self)
    let zoneCount = try cursor.integer("dataset.zoneCount", as: UInt32.self)
    let cpuCount = try cursor.integer("dataset.cpuCount", as: UInt32.self)
    let seriesCount = try cursor.count("dataset.seriesCount", size: 80)
    let lostStamps: UInt64 = try cursor.integer("dataset.lostStamps")
    // The loops end at the section's end whatever the counts say.
    var texts = warnings
    for index in 0..<warningCount { texts.append(try cursor.text("dataset.warnings[\(index)]")) }
    var zones: [ZoneSummary] = []
    for index in 0..<zoneCount { zones.append(try Self.zone(&cursor, "dataset.zones[\(index)]")) }
    var cpus: [CPUResidency] = []
    for index in 0..<cpuCount { cpus.append(try Self.cpu(&cursor, "dataset.cpus[\(index)]")) }
    var series: [Series] = []
    var total: UInt64 = 0
    for index in 0..<seriesCount {
      let start = cursor.offset
      let one = try Self.series(&cursor, "dataset.series[\(index)]")
      for count in [one.distribution.count, one.misses ?? 0, one.warmUp] + one.rejected.values {
        total = total.addingSaturating(count)
      }
      // Reports add counts of several series.
      guard total < 1 << 62 else {
        throw RecordError(
          "dataset.series[\(index)]", start, "more samples than anybody can have taken",
          "the file is damaged")
      }
      series.append(one)
    }
    return Dataset(
      source: source, machine: header.machine, isSealed: header.isSealed,
      provenance: header.provenance, cpus: cpus, zones: zones, series: series,
      lostStamps: lostStamps, warnings: texts)
  }

  private static func zone(
    _ cursor: inout Cursor, _ field: String
  ) throws(RecordError) -> ZoneSummary {
    let name = try cursor.text("\(field).name")
    let kind = try cursor.text("\(field).kind")
    let starts: UInt64 = try cursor.integer("\(field).starts")
    var cpus: [Int] = []
    for _ in 0..<(try cursor.count("\(field).cpuCount", size: 8)) {
      cpus.append(Int(clamping: try cursor.integer("\(field).cpus", as: UInt64.self)))
    }
    return ZoneSummary(name: name, kind: kind, cpus: cpus, starts: starts)
  }

  private static func cpu(
    _ cursor: inout Cursor, _ field: String
  ) throws(RecordError) -> CPUResidency {
    let index = Int(clamping: try cursor.integer("\(field).index", as: UInt64.self))
    let hardwareID: UInt64 = try cursor.integer("\(field).hardwareID")
    let probeCost: UInt64 = try cursor.integer("\(field).probeCost")
    let hasZone: UInt64 = try cursor.integer("\(field).hasZone")
    let zone = try cursor.text("\(field).zone")
    let longest = try event(&cursor, "\(field).longest")
    let last = try event(&cursor, "\(field).last")
    var reasons: [ReasonResidency] = []
    for _ in 0..<(try cursor.count("\(field).reasonCount", size: 3104)) {
      let name = try cursor.text("\(field).reason")
      var histogram = Histogram()
      histogram.count = try cursor.integer("\(field).count")
      histogram.sum = try cursor.integer("\(field).sum")
      histogram.largest = try cursor.integer("\(field).largest")
      histogram.overflow = try cursor.integer("\(field).overflow")
      _ = try cursor.integer("\(field).reserved", as: UInt32.self)
      for bin in 0..<Histogram.binCount {
        histogram.bins[bin] = try cursor.integer("\(field).bins")
      }
      reasons.append(ReasonResidency(reason: name, residency: histogram))
    }
    return CPUResidency(
      index: index, hardwareID: hardwareID, zone: hasZone == 0 ? nil : zone, probeCost: probeCost,
      longest: longest, last: last, reasons: reasons)
  }

  private static func event(
    _ cursor: inout Cursor, _ field: String
  ) throws(RecordError) -> ExitEvent? {
    let isPresent: UInt64 = try cursor.integer(field)
    let event = ExitEvent(
      reason: try cursor.text("\(field).reason"), ticks: try cursor.integer("\(field).ticks"),
      pc: try cursor.integer("\(field).pc"))
    return isPresent == 0 ? nil : event
  }

  private static func series(
    _ cursor: inout Cursor, _ field: String
  ) throws(RecordError) -> Series {
    let measurement = try cursor.text("\(field).measurement")
    let kindOffset = cursor.offset
    let kind: UInt32 = try cursor.integer("\(field).origin")
    let number = Int(try cursor.integer("\(field).originNumber", as: UInt32.self))
    let name = try cursor.text("\(field).originName")
    let origin: Series.Origin
    switch kind {
    case 0: origin = .zone(name)
    case 1: origin = .baseline(cpu: number)
    case 2: origin = .kernel(cpu: number)
    case 3: origin = .imported(name)
    case let other:
      throw RecordError(
        "\(field).origin", kindOffset, "\(other) is none of 0 to 3", "the file is damaged")
    }
    let misses = try cursor.optional("\(field).misses")
    let warmUp: UInt64 = try cursor.integer("\(field).warmUp")
    let rejectedCount: UInt32 = try cursor.integer("\(field).rejectedCount")
    let noteCount: UInt32 = try cursor.integer("\(field).noteCount")
    var rejected: [String: UInt64] = [:]
    for _ in 0..<rejectedCount {
      let reason = try cursor.text("\(field).rejected")
      rejected[reason] = try cursor.integer("\(field).rejected")
    }
    var notes: [String] = []
    for _ in 0..<noteCount { notes.append(try cursor.text("\(field).notes")) }
    return Series(
      measurement: measurement, origin: origin,
      distribution: try distribution(&cursor, "\(field).distribution"), misses: misses,
      warmUp: warmUp, rejected: rejected, notes: notes,
      samples: try samples(&cursor, "\(field).samples"))
  }

  private static func distribution(
    _ cursor: inout Cursor, _ field: String
  ) throws(RecordError) -> Distribution {
    let pointCount = try cursor.count("\(field).pointCount", size: 24)
    let overflow: UInt64 = try cursor.integer("\(field).overflow")
    let overflowBound: UInt64 = try cursor.integer("\(field).overflowBound")
    let maximum = try cursor.optional("\(field).maximum")
    var points: [Distribution.Point] = []
    points.reserveCapacity(pointCount)
    var total = overflow
    for index in 0..<pointCount {
      let at = cursor.offset
      let low: UInt64 = try cursor.integer("\(field).points[\(index)]")
      let high: UInt64 = try cursor.integer("\(field).points[\(index)]")
      let count: UInt64 = try cursor.integer("\(field).points[\(index)]")
      let (sum, carry) = total.addingReportingOverflow(count)
      guard low <= high, !carry, count > 0, points.last.map({ $0.bounds.upperBound < low }) ?? true
      else {
        throw RecordError(
          "\(field).points[\(index)]", at, "bounds or count make no sense", "the file is damaged")
      }
      total = sum
      points.append(Distribution.Point(bounds: low...high, count: count))
    }
    // It may begin in the last bin, where a source does not say how wide that is.
    guard overflow == 0 || points.last.map({ $0.bounds.lowerBound < overflowBound }) ?? true else {
      throw RecordError(
        "\(field).overflowBound", cursor.offset, "\(overflowBound) lies below the last bin",
        "the file is damaged")
    }
    return Distribution(
      points: points, overflow: overflow, overflowBound: overflowBound, maximum: maximum)
  }

  private static func samples(
    _ cursor: inout Cursor, _ field: String
  ) throws(RecordError) -> OrderedSamples? {
    let isPresent: UInt64 = try cursor.integer(field)
    guard isPresent != 0 else { return nil }
    let at = cursor.offset
    let valueCount = try cursor.count("\(field).valueCount", size: 8)
    let timeCount = try cursor.count("\(field).timeCount", size: 8)
    guard timeCount == 0 || timeCount == valueCount else {
      throw RecordError(
        "\(field).timeCount", at, "\(timeCount) times for \(valueCount) values",
        "the file is damaged")
    }
    var samples = OrderedSamples(omitted: try cursor.integer("\(field).omitted"))
    samples.values.reserveCapacity(valueCount)
    for _ in 0..<valueCount { samples.values.append(try cursor.integer("\(field).values")) }
    samples.times.reserveCapacity(timeCount)
    for _ in 0..<timeCount { samples.times.append(try cursor.integer("\(field).times")) }
    return samples
  }
}
