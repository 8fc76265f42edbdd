import LatencyProbe

// The sections the kernel writes.

extension RecordReader {
  /// A zone and where its stamp area is.
  struct Zone {
    var summary: ZoneSummary
    var stampOffset: Int
    var stampByteCount: Int
  }

  mutating func readZones() throws(RecordError) -> [Zone] {
    guard let section = sections[.zones] else { return [] }
    var zones: [Zone] = []
    for index in 0..<section.count {
      zones.append(try readZone(index, at: section.element(index)))
    }
    return zones
  }

  private mutating func readZone(_ index: Int, at: Int) throws(RecordError) -> Zone {
    let field = "zones[\(index)]"
    let rawName = try reader.text(at: at, count: 16, "\(field).name")
    let name = rawName.isEmpty ? "#\(index)" : rawName
    let kind: UInt32 = try reader.integer(at: at + 16, "\(field).kind")
    let cpus: UInt64 = try reader.integer(at: at + 24, "\(field).cpus")
    let offset: UInt64 = try reader.integer(at: at + 32, "\(field).stampOffset")
    let length: UInt64 = try reader.integer(at: at + 40, "\(field).stampByteCount")
    let starts: UInt64 = try reader.integer(at: at + 48, "\(field).starts")
    let kindName =
      switch kind {
      case 0: "zone0"
      case 1: "zoneU"
      case 2: "zoneR"
      case let other: "kind \(other)"
      }
    let summary = ZoneSummary(
      name: name, kind: kindName, cpus: (0..<64).filter { cpus >> UInt64($0) & 1 == 1 },
      starts: starts)
    if length == 0 { return Zone(summary: summary, stampOffset: 0, stampByteCount: 0) }
    guard let stamps = sections[.stamps], offset >= UInt64(stamps.offset),
      offset <= UInt64(stamps.element(stamps.count)),
      length <= UInt64(stamps.element(stamps.count)) - offset
    else {
      throw RecordError(
        "\(field).stampOffset", at + 32, "the stamp area does not lie in the stamps section",
        "the file is damaged")
    }
    return Zone(summary: summary, stampOffset: Int(offset), stampByteCount: Int(length))
  }

  mutating func readCPUs(_ zones: [Zone]) throws(RecordError) -> [CPUResidency] {
    guard let section = sections[.cpus] else { return [] }
    var cpus: [CPUResidency] = []
    for index in 0..<section.count {
      let at = section.element(index)
      let field = "cpus[\(index)]"
      let magic: UInt64 = try reader.integer(at: at, "\(field).magic")
      guard magic == CPUProbeBlock.magicValue else {
        warn("cpu \(index) wrote no block: it did not start")
        continue
      }
      cpus.append(try readCPU(index, at: at, field, zones))
    }
    return cpus
  }

  private mutating func readCPU(
    _ index: Int, at: Int, _ field: String, _ zones: [Zone]
  ) throws(RecordError) -> CPUResidency {
    var reasons: [ReasonResidency] = []
    for slot in 0..<ExitReason.slotCount {
      let name = Self.reasonName(UInt64(slot))
      let offset = at + 128 + slot * MemoryLayout<Histogram>.stride
      let histogram = try readHistogram(at: offset, "\(field).residency[\(slot)]")
      if histogram.count == 0 && histogram.binned == 0 { continue }
      checkCounts(histogram, "cpu \(index) \(name)")
      reasons.append(ReasonResidency(reason: name, residency: histogram))
    }
    let zone: UInt32 = try reader.integer(at: at + 20, "\(field).zone")
    let lastPC: UInt64 = try reader.integer(at: at + 32, "\(field).lastPC")
    let last: UInt64 = try reader.integer(at: at + 40, "\(field).lastExit")
    let longestTicks: UInt64 = try reader.integer(at: at + 48, "\(field).longestTicks")
    let longestPC: UInt64 = try reader.integer(at: at + 56, "\(field).longestPC")
    let longestReason: UInt64 = try reader.integer(at: at + 64, "\(field).longestReason")
    let owner = Int(zone)
    return CPUResidency(
      index: index, hardwareID: try reader.integer(at: at + 8, "\(field).hardwareID"),
      zone: owner < zones.count ? zones[owner].summary.name : nil,
      probeCost: try reader.integer(at: at + 24, "\(field).probeCost"),
      longest: longestTicks == 0
        ? nil
        : ExitEvent(reason: Self.reasonName(longestReason), ticks: longestTicks, pc: longestPC),
      last: reasons.isEmpty
        ? nil : ExitEvent(reason: Self.reasonName(last & 0xff), ticks: last >> 8, pc: lastPC),
      reasons: reasons, log: try readExitLog(cpu: index))
  }

  /// Residency per CPU over all reasons, as a measurement of its own.
  mutating func readKernelSeries(_ cpus: [CPUResidency]) throws(RecordError) -> [Series] {
    cpus.compactMap { cpu in
      guard !cpu.reasons.isEmpty else { return nil }
      var all = Histogram()
      for reason in cpu.reasons { all.merge(reason.residency) }
      return Series(
        measurement: "kernel-residency", origin: .kernel(cpu: cpu.index),
        distribution: Distribution(all))
    }
  }

  mutating func readBaselines() throws(RecordError) -> [Series] {
    guard let section = sections[.baselines] else { return [] }
    var series: [Series] = []
    for index in 0..<section.count {
      let at = section.element(index)
      let field = "baselines[\(index)]"
      let magic: UInt64 = try reader.integer(at: at, "\(field).magic")
      guard magic == BaselineBlock.magicValue else { continue }
      let id: UInt32 = try reader.integer(at: at + 8, "\(field).measurement")
      let histogram = try readHistogram(at: at + 32, "\(field).latency")
      checkCounts(histogram, "baseline cpu \(index)")
      series.append(
        Series(
          measurement: Self.measurementName(id), origin: .baseline(cpu: index),
          distribution: Distribution(histogram)))
    }
    return series
  }

  private func readHistogram(at: Int, _ field: String) throws(RecordError) -> Histogram {
    var histogram = Histogram()
    histogram.count = try reader.integer(at: at, "\(field).count")
    histogram.sum = try reader.integer(at: at + 8, "\(field).sum")
    histogram.largest = try reader.integer(at: at + 16, "\(field).largest")
    histogram.overflow = try reader.integer(at: at + 24, "\(field).overflow")
    for bin in 0..<Histogram.binCount {
      histogram.bins[bin] = try reader.integer(at: at + 32 + bin * 4, field)
    }
    return histogram
  }

  private mutating func checkCounts(_ histogram: Histogram, _ what: String) {
    if histogram.isSaturated {
      warn("\(what): a bin is full, counts and quantiles are too low")
    } else if histogram.binned != histogram.count {
      warn(
        "\(what): \(histogram.count) counted but \(histogram.binned) in the bins: copied while the"
          + " CPU was writing, or damaged")
    }
  }

  static func reasonName(_ slot: UInt64) -> String {
    guard let raw = UInt8(exactly: slot), let reason = ExitReason(rawValue: raw) else {
      return "reason-\(slot)"
    }
    return "\(reason.name)"
  }

  static func measurementName(_ id: UInt32) -> String {
    if let known = Measurement(rawValue: id) { return "\(known.name)" }
    return "user-\(id)"
  }
}
