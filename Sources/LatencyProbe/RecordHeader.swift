/// First 4,096 bytes of a record. The kernel fills everything it knows at boot; the host adds the
/// rest when it seals its copy.
///
/// Layout: fixed fields (256 bytes), section table (16 entries of 32 bytes), provenance text.
public struct RecordHeader: BitwiseCopyable, Sendable {
  /// `magicValue`.
  public var magic: UInt64
  /// `currentVersion`; readers refuse versions they do not know.
  public var version: UInt32
  /// Bytes of this header.
  public var headerByteCount: UInt32
  /// Bytes of the whole record.
  public var byteCount: UInt64
  /// CPUs of the Plan, 1 to 64.
  public var cpuCount: UInt32
  /// Zones of the Plan, 0 to 16.
  public var zoneCount: UInt32
  /// A `Timebase` raw value; the kernel cannot know and writes `unknown`, sealing sets it.
  public var timebase: UInt32
  /// ELF `e_machine` of the kernel.
  public var architecture: UInt32
  /// Ticks per second of the counter all stamps and durations use.
  public var counterFrequency: UInt64
  /// Checksum field of the Plan the machine ran.
  public var planChecksum: UInt64
  /// First 16 bytes of the SHA-256 of the kernel image, as the Plan carries it.
  public var imageHash: InlineArray<2, UInt64>
  /// What the boot CPU calls its model (AArch64: MIDR_EL1).
  public var cpuModel: UInt64
  /// NUL-padded ASCII.
  public var board: InlineArray<32, UInt8>
  /// Entries used in `sections`.
  public var sectionCount: UInt32
  /// `sealed`; other bits are zero.
  public var flags: UInt32
  /// `RecordChecksum` over the whole record with this field taken as zero; 0 while unsealed.
  public var checksum: UInt64
  /// Counter tick when the kernel initialised the record.
  public var bootTick: UInt64
  /// QEMU's `-icount shift=`: an instruction takes 2^shift ns of virtual time. Sealing sets it.
  public var icountShift: UInt32
  /// Bytes used of `provenance`.
  public var provenanceByteCount: UInt32
  /// Zero.
  public var reserved: InlineArray<14, UInt64>
  /// Where each kind of data is; the first `sectionCount` are used.
  public var sections: InlineArray<16, RecordSection>
  /// UTF-8 lines `key: value` ended by LF, NUL-padded; written by sealing. Keys: docs/record-format.md.
  public var provenance: InlineArray<3328, UInt8>

  /// "HVLREC\r\n" read as a little-endian integer; the line end catches text-mode copies.
  public static let magicValue: UInt64 = 0x0a0d_4345_524c_5648
  /// Version of this layout.
  public static let currentVersion: UInt32 = 1
  /// Flag: the host has sealed the record, `checksum` and `provenance` are valid.
  public static let sealed: UInt32 = 1 << 0
  /// `icountShift` when the machine did not run under icount.
  public static let noShift: UInt32 = 0xffff_ffff

  /// Offset of `timebase`.
  public static let timebaseOffset = 32
  /// Offset of `flags`.
  public static let flagsOffset = 116
  /// Offset of `checksum`.
  public static let checksumOffset = 120
  /// Offset of `icountShift`.
  public static let icountShiftOffset = 136
  /// Offset of `provenanceByteCount`.
  public static let provenanceByteCountOffset = 140
  /// Offset of `sections`.
  public static let sectionsOffset = 256
  /// Offset of `provenance`.
  public static let provenanceOffset = 768
  /// Bytes that fit in `provenance`.
  public static let provenanceCapacity = 3328
  /// Bytes of a header.
  public static let byteCount = 4096
}

/// What one counter tick means.
public enum Timebase: UInt32, Sendable {
  /// Not known: a record nobody sealed. Treated as `emulated`.
  case unknown = 0
  /// Real hardware: ticks are time.
  case hardware = 1
  /// QEMU `-icount`: ticks count executed instructions; path length, not latency.
  case icount = 2
  /// Emulator without icount: ticks mean nothing that holds on hardware.
  case emulated = 3
}

/// Where one kind of data is in the record: `count` elements of `stride` bytes from `offset`.
public struct RecordSection: BitwiseCopyable, Sendable {
  /// A `RecordSectionKind` raw value; readers skip kinds they do not know.
  public var kind: UInt32
  /// Elements.
  public var count: UInt32
  /// Bytes from the start of the record, a multiple of 4,096.
  public var offset: UInt64
  /// Bytes from one element to the next.
  public var stride: UInt64
  /// Zero.
  public var reserved: UInt64

  /// A section as the kernel writes it.
  public init(kind: RecordSectionKind, count: Int, offset: Int, stride: Int) {
    self.kind = kind.rawValue
    self.count = UInt32(truncatingIfNeeded: count)
    self.offset = UInt64(truncatingIfNeeded: offset)
    self.stride = UInt64(truncatingIfNeeded: stride)
    reserved = 0
  }
}

/// Kinds of sections.
public enum RecordSectionKind: UInt32, Sendable {
  /// `CPUProbeBlock` by CPU.
  case cpus = 1
  /// `BaselineBlock` by CPU.
  case baselines = 2
  /// `RecordZone` by zone.
  case zones = 3
  /// `StimulusRing` by zone.
  case stimuli = 4
  /// Stamp area by zone.
  case stamps = 5
  /// One element: measurements a host imported or merged. Never beside the others.
  case dataset = 6
  /// `ExitLog` by CPU; records of kernels without the log have none.
  case exitLogs = 7
  /// One element: the report of a bring-up image, `BringupLog`.
  case bringupLog = 8
}

/// What the record says of one zone: 64 bytes, written by the kernel at boot.
public struct RecordZone: BitwiseCopyable, Sendable {
  /// NUL-padded ASCII.
  public var name: InlineArray<16, UInt8>
  /// Kind as in the Plan: 0 zone0, 1 zoneU, 2 zoneR.
  public var kind: UInt32
  /// CPUs that the zone owns.
  public var cpuCount: UInt32
  /// Bit n: CPU n of the Plan belongs to the zone.
  public var cpus: UInt64
  /// Where its stamp area is, in bytes from the start of the record; inside the stamps section.
  public var stampOffset: UInt64
  /// Bytes of its stamp area; 0: none.
  public var stampByteCount: UInt64
  /// How often the zone was started.
  public var starts: UInt64
  /// Zero.
  public var reserved: UInt64

  /// A zone as the kernel writes it; `RecordRegion.setZone` fills in the stamp area.
  public init(name: InlineArray<16, UInt8>, kind: UInt32, cpuCount: UInt32, cpus: UInt64) {
    self.name = name
    self.kind = kind
    self.cpuCount = cpuCount
    self.cpus = cpus
    stampOffset = 0
    stampByteCount = 0
    starts = 0
    reserved = 0
  }
}
