import LatencyProbe

// The dataset section: docs/record-format.md, "Dataset section".

extension RecordWriter {
  /// Start of the section: bytes `HVDATASE`.
  static let magicValue: UInt64 = 0x4553_4154_4144_5648
  /// Version of the section.
  static let version: UInt32 = 1

  static func encode(_ dataset: Dataset, into out: inout ByteWriter) {
    out.add(magicValue)
    out.add(version)
    out.add(UInt32(clamping: dataset.warnings.count))
    out.add(UInt32(clamping: dataset.zones.count))
    out.add(UInt32(clamping: dataset.cpus.count))
    out.add(UInt64(clamping: dataset.series.count))
    out.add(dataset.lostStamps)
    for warning in dataset.warnings { out.add(warning) }
    for zone in dataset.zones { encode(zone, into: &out) }
    for cpu in dataset.cpus { encode(cpu, into: &out) }
    for series in dataset.series { encode(series, into: &out) }
  }

  private static func encode(_ zone: ZoneSummary, into out: inout ByteWriter) {
    out.add(zone.name)
    out.add(zone.kind)
    out.add(zone.starts)
    out.add(UInt64(zone.cpus.count))
    for cpu in zone.cpus { out.add(UInt64(cpu)) }
  }

  private static func encode(_ cpu: CPUResidency, into out: inout ByteWriter) {
    out.add(UInt64(cpu.index))
    out.add(cpu.hardwareID)
    out.add(cpu.probeCost)
    out.add(UInt64(cpu.zone == nil ? 0 : 1))
    out.add(cpu.zone ?? "")
    for event in [cpu.longest, cpu.last] {
      out.add(UInt64(event == nil ? 0 : 1))
      out.add(event?.reason ?? "")
      out.add(event?.ticks ?? UInt64(0))
      out.add(event?.pc ?? UInt64(0))
    }
    out.add(UInt64(cpu.reasons.count))
    for reason in cpu.reasons {
      out.add(reason.reason)
      out.add(reason.residency.count)
      out.add(reason.residency.sum)
      out.add(reason.residency.largest)
      out.add(reason.residency.overflow)
      out.add(UInt32(0))
      for bin in 0..<Histogram.binCount { out.add(reason.residency.bins[bin]) }
    }
  }

  private static func encode(_ series: Series, into out: inout ByteWriter) {
    out.add(series.measurement)
    let (origin, number, name): (UInt32, Int, String) =
      switch series.origin {
      case .zone(let name): (0, 0, name)
      case .baseline(let cpu): (1, cpu, "")
      case .kernel(let cpu): (2, cpu, "")
      case .imported(let place): (3, 0, place)
      }
    out.add(origin)
    out.add(UInt32(clamping: number))
    out.add(name)
    out.add(series.misses)
    out.add(series.warmUp)
    out.add(UInt32(clamping: series.rejected.count))
    out.add(UInt32(clamping: series.notes.count))
    for (reason, count) in series.rejected.sorted(by: { $0.key < $1.key }) {
      out.add(reason)
      out.add(count)
    }
    for note in series.notes { out.add(note) }
    encode(series.distribution, into: &out)
    out.add(UInt64(series.samples == nil ? 0 : 1))
    guard let samples = series.samples else { return }
    out.add(UInt64(samples.values.count))
    out.add(UInt64(samples.times.count))
    out.add(samples.omitted)
    for value in samples.values { out.add(value) }
    for time in samples.times { out.add(time) }
  }

  private static func encode(_ distribution: Distribution, into out: inout ByteWriter) {
    out.add(UInt64(distribution.points.count))
    out.add(distribution.overflow)
    out.add(distribution.overflowBound)
    out.add(distribution.maximumIsBound ? nil : distribution.maximum)
    for point in distribution.points {
      out.add(point.bounds.lowerBound)
      out.add(point.bounds.upperBound)
      out.add(point.count)
    }
  }
}
