/// Where everything is in a record: computed from the numbers of CPUs and zones and the size of the
/// stamp areas, by the host that plans the memory and by the kernel that writes it.
///
///     0      header             kernel at boot, host when sealing
///     ...    CPU blocks         each by its own CPU
///     ...    baselines          each by its own CPU, before zones start
///     ...    zones              kernel
///     ...    stimulus rings     kernel
///     ...    exit logs          each by its own CPU
///     ...    stamp areas        the zones; never read by the kernel
///
/// Every section starts on a 4 KiB boundary, and so does every stamp area, because a stamp area is
/// all of the record that is mapped into its zone.
public struct RecordLayout: BitwiseCopyable, Sendable {
  /// CPUs, 1 to 64.
  public let cpuCount: Int
  /// Zones, 0 to 16.
  public let zoneCount: Int
  /// Bytes of each zone's stamp area, a multiple of 4,096; may be 0.
  public let stampByteCount: Int

  /// Most CPUs a record describes.
  public static let cpuCapacity = 64
  /// Most zones a record describes.
  public static let zoneCapacity = 16
  /// Unit of section offsets and stamp areas.
  public static let granule = 4096

  /// The layout for stamp areas of `stampBytes` bytes each.
  ///
  /// Nil unless `cpus` is 1-64, `zones` is 0-16, and `stampBytes` is a multiple of 4,096 up to 1 TiB.
  public init?(cpus: Int, zones: Int, stampBytes: Int) {
    guard cpus >= 1, cpus <= Self.cpuCapacity, zones >= 0, zones <= Self.zoneCapacity,
      stampBytes >= 0, stampBytes <= 1 << 40, stampBytes % Self.granule == 0
    else { return nil }
    cpuCount = cpus
    zoneCount = zones
    stampByteCount = stampBytes
  }

  /// The layout that fills a region of `regionBytes` bytes: the rest after the kernel's part is
  /// divided evenly among the zones, rounded down to 4 KiB. `RecordLayout(cpus:zones:stampBytes:)`
  /// gives the same layout back from its own `byteCount`.
  ///
  /// Nil when the numbers are out of range or the region is too small for the kernel's part.
  public init?(cpus: Int, zones: Int, regionBytes: UInt64) {
    guard let fixed = RecordLayout(cpus: cpus, zones: zones, stampBytes: 0),
      regionBytes >= UInt64(fixed.byteCount)
    else { return nil }
    let free = regionBytes - UInt64(fixed.byteCount)
    let share = zones == 0 ? 0 : free / UInt64(zones)
    guard share <= 1 << 40 else { return nil }
    let whole = Int(share) / Self.granule * Self.granule
    self.init(cpus: cpus, zones: zones, stampBytes: whole)
  }

  /// Offset of the first `CPUProbeBlock`.
  public var cpusOffset: Int { RecordHeader.byteCount }
  /// Offset of the first `BaselineBlock`.
  public var baselinesOffset: Int {
    Self.align(cpusOffset + cpuCount * MemoryLayout<CPUProbeBlock>.stride)
  }
  /// Offset of the first `RecordZone`.
  public var zonesOffset: Int {
    Self.align(baselinesOffset + cpuCount * MemoryLayout<BaselineBlock>.stride)
  }
  /// Offset of the first `StimulusRing`.
  public var stimuliOffset: Int {
    Self.align(zonesOffset + zoneCount * MemoryLayout<RecordZone>.stride)
  }
  /// Offset of the first `ExitLog`.
  public var exitLogsOffset: Int {
    Self.align(stimuliOffset + zoneCount * MemoryLayout<StimulusRing>.stride)
  }
  /// Offset of the first stamp area: all before it belongs to the kernel alone.
  @inline(never)
  public var stampsOffset: Int {
    Self.align(exitLogsOffset + cpuCount * MemoryLayout<ExitLog>.stride)
  }
  /// Offset of one zone's stamp area; `stampByteCount` bytes are its own.
  public func stampOffset(zone: Int) -> Int { stampsOffset + zone * stampByteCount }
  /// Bytes of the whole record, a multiple of 4,096.
  public var byteCount: Int { stampsOffset + zoneCount * stampByteCount }

  /// Whether bytes of the record lie wholly inside one zone's stamp area: the only part of it that
  /// may be mapped into that zone. `offset` counts from the start of the record.
  public func stampArea(of zone: Int, contains offset: UInt64, byteCount: UInt64) -> Bool {
    guard zone >= 0, zone < zoneCount else { return false }
    let start = UInt64(stampOffset(zone: zone))
    let size = UInt64(stampByteCount)
    return offset >= start && offset - start <= size && byteCount <= size - (offset - start)
  }

  private static func align(_ offset: Int) -> Int { (offset + granule - 1) & ~(granule - 1) }
}
