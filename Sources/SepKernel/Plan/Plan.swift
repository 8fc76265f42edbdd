/// The Plan: who owns each CPU, page and interrupt line. The one thing the kernel reads.
///
/// A Plan is flat, versioned, checksummed and of fixed capacity. The host tools write it, and
/// `PlanCheck` judges it twice: on the host, so that a person gets an error that names a field, and
/// in the kernel before any hardware is touched, because the host tools are not trusted.
///
/// The structures below *are* the binary format: little endian, every field naturally aligned, all
/// padding spelled out as `reserved` fields that must be zero. `PlanLayoutTests` asserts every
/// offset and size. In a file only the zones in use are present: `header.byteCount` is
/// `Plan.byteCount(zones:)`, and the checksum covers exactly those bytes.
public struct Plan: BitwiseCopyable, Sendable {
  public var header: PlanHeader
  public var board: PlanBoard
  public var cpus: InlineArray<64, PlanCPU>
  public var lines: InlineArray<1024, PlanLine>
  public var zones: InlineArray<16, PlanZone>

  public static let zoneCapacity = 16
  public static let cpuCapacity = 64
  public static let lineCapacity = 1024
  public static let rangeCapacity = 64
  public static let payloadCapacity = 16
  public static let ramCapacity = 16
  public static let deviceCapacity = 64
  /// Most samples of a board baseline: every zone waits for them.
  public static let baselineLimit: UInt32 = 100_000

  /// Bytes before the first zone record.
  public static let prefixByteCount =
    MemoryLayout<PlanHeader>.stride + MemoryLayout<PlanBoard>.stride
    + cpuCapacity * MemoryLayout<PlanCPU>.stride + lineCapacity * MemoryLayout<PlanLine>.stride

  /// Bytes of a Plan with `zones` zones, as stored and as covered by the checksum.
  public static func byteCount(zones: Int) -> Int {
    prefixByteCount + zones * MemoryLayout<PlanZone>.stride
  }
}

/// First 64 bytes of a Plan.
public struct PlanHeader: BitwiseCopyable, Sendable {
  /// `PlanHeader.magicValue`.
  public var magic: UInt64
  /// `PlanHeader.currentVersion`; a kernel refuses every other version.
  public var version: UInt32
  /// Instruction set the Plan is for: an `PlanArchitecture` raw value.
  public var architecture: UInt32
  /// Stored bytes, a multiple of 8.
  public var byteCount: UInt32
  public var zoneCount: UInt32
  public var cpuCount: UInt32
  /// One past the highest line of the board that may be owned, at most 1024.
  public var lineCount: UInt32
  /// `PlanChecksum` over the stored bytes with this field taken as zero.
  public var checksum: UInt64
  /// First 16 bytes of the SHA-256 of the kernel image file this Plan was made for; provenance.
  public var imageHash: InlineArray<2, UInt64>
  public var reserved: UInt64

  /// "HVPLAN\r\n" read as a little-endian integer; the line end catches text-mode copies.
  public static let magicValue: UInt64 = 0x0a0d_4e41_4c50_5648
  public static let currentVersion: UInt32 = 1
}

/// Instruction sets, with the ELF `e_machine` values of the System V ABI.
public enum PlanArchitecture: UInt32, Sendable {
  case aarch64 = 183
  case riscv64 = 243
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case x86_64 = 62
  case loongarch64 = 258
}

/// A range of host-physical addresses.
public struct PlanRegion: BitwiseCopyable, Sendable {
  public var base: UInt64
  /// Bytes.
  public var size: UInt64

  public init(base: UInt64 = 0, size: UInt64 = 0) {
    self.base = base
    self.size = size
  }
}

/// What the kernel needs to know of the board. All addresses are host-physical.
public struct PlanBoard: BitwiseCopyable, Sendable {
  /// NUL-padded ASCII.
  public var name: InlineArray<32, UInt8>
  public var ramCount: UInt32
  public var deviceCount: UInt32
  /// RAM that may be given out, ascending, disjoint, 4 KiB granules.
  public var ram: InlineArray<16, PlanRegion>
  /// Windows a zone's device ranges must lie in.
  public var devices: InlineArray<64, PlanRegion>
  public var interruptController: PlanInterruptController
  public var uart: PlanUART
  /// Kernel image, Plan, pristine payloads and `tables`: never given to a zone.
  public var kernel: PlanRegion
  /// Pool for stage-2 tables, inside `kernel`, 4 KiB granules.
  public var tables: PlanRegion
  /// Where the latency records are, outside `kernel`; see docs/record-format.md. Zones map their
  /// own stamp pages of it as `.stamps` ranges. Size 0: no records are kept.
  public var records: PlanRegion
  /// Frequency in Hz the board's counter must report; 0 accepts what the hardware says.
  public var counterFrequency: UInt64
  /// Timer interrupts each CPU takes in the kernel itself before any zone starts, to measure what
  /// the board costs (docs/measuring.md, "Board baseline"); at most `Plan.baselineLimit`, 0: none.
  public var baselineSamples: UInt32
  public var reserved: UInt32
}

/// Interrupt controller of the board.
public struct PlanInterruptController: BitwiseCopyable, Sendable {
  /// A `PlanInterruptControllerKind` raw value.
  public var kind: UInt32
  public var reserved: UInt32
  /// By kind. GICv3: [0] distributor, [1] redistributors, [2] ITS (size 0: none).
  public var regions: InlineArray<4, PlanRegion>
}

public enum PlanInterruptControllerKind: UInt32, Sendable {
  case gicV3 = 3
}

/// The UART the kernel drives and multiplexes.
public struct PlanUART: BitwiseCopyable, Sendable {
  /// A `PlanUARTKind` raw value.
  public var kind: UInt32
  /// Its interrupt line (GIC: INTID).
  public var line: UInt32
  public var region: PlanRegion
}

public enum PlanUARTKind: UInt32, Sendable {
  case none = 0
  case pl011 = 1
}

public struct PlanCPU: BitwiseCopyable, Sendable {
  /// What hardware calls it (AArch64: MPIDR_EL1 affinity fields).
  public var hardwareID: UInt64
  /// Zone index, or `PlanOwner.nobody`. The vCPU number in the zone is the rank among the zone's
  /// CPUs; rank 0 is the zone's boot CPU.
  public var owner: UInt8
  public var reserved: InlineArray<7, UInt8>
}

/// One interrupt line. On a GIC, lines 0-31 are private to each CPU and never owned here.
public struct PlanLine: BitwiseCopyable, Sendable {
  /// Zone index, `PlanOwner.nobody` or `PlanOwner.kernel`.
  public var owner: UInt8
  /// `PlanLine.wired`, or `PlanLine.doorbell` for a line that no device drives.
  public var kind: UInt8

  public static let wired: UInt8 = 0
  /// Raised by software only: console, inter-zone doorbell, probe stimulus.
  public static let doorbell: UInt8 = 1
}

/// Owner values that are not zones.
public enum PlanOwner {
  public static let nobody: UInt8 = 0xff
  public static let kernel: UInt8 = 0xfe
}

/// One zone. Addresses named `guest` are guest-physical (IPA).
public struct PlanZone: BitwiseCopyable, Sendable {
  /// NUL-padded ASCII, `[a-z0-9-]`, unique; it prefixes console lines.
  public var name: InlineArray<16, UInt8>
  /// A `PlanZoneKind` raw value.
  public var kind: UInt8
  public var reserved0: UInt8
  /// `PlanZoneFlags`.
  public var flags: UInt16
  public var cpuCount: UInt32
  /// First instruction, guest-physical, in an executable range.
  public var entry: UInt64
  /// Handed to the first instruction (AArch64: x0-x3; arm64 Linux wants the DTB in x0).
  public var arguments: InlineArray<4, UInt64>
  /// Emulated PL011, 4 KiB; meaningful with `.console`.
  public var consoleGuest: UInt64
  /// Line of the emulated PL011, owned by the zone.
  public var consoleLine: UInt32
  /// Line the kernel raises for the stimulus measurement; 0: none.
  public var stimulusLine: UInt32
  /// The zone's view of its interrupt controller. GICv3: [0] distributor (64 KiB), [1] redistributors
  /// (128 KiB for each of its CPUs), 64 KiB granules.
  public var interruptControllerGuest: InlineArray<2, UInt64>
  public var rangeCount: UInt32
  public var payloadCount: UInt32
  public var ranges: InlineArray<64, PlanRange>
  public var payloads: InlineArray<16, PlanPayload>
}

public enum PlanZoneKind: UInt8, Sendable {
  /// Management zone: at most one; may start and stop others.
  case zone0 = 0
  case zoneU = 1
  case zoneR = 2
}

public struct PlanZoneFlags: BitSet {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  /// Starts in AArch32 state at EL1.
  public static let aarch32 = PlanZoneFlags(rawValue: 1 << 0)
  /// Accesses to unmapped device windows of the board read as zero and ignore writes instead of
  /// stopping the zone (yaml: `absent: zero`).
  public static let absentReadsZero = PlanZoneFlags(rawValue: 1 << 1)
  /// The zone has a console.
  public static let console = PlanZoneFlags(rawValue: 1 << 2)
  /// Created but not started at boot; zone0 starts it.
  public static let manualStart = PlanZoneFlags(rawValue: 1 << 3)
  public static let all = PlanZoneFlags(rawValue: 0b1111)
}

/// Guest-physical to host-physical, 4 KiB granules.
public struct PlanRange: BitwiseCopyable, Sendable {
  public var guest: UInt64
  public var host: UInt64
  /// Bytes.
  public var size: UInt64
  /// A `PlanRangeKind` raw value.
  public var kind: UInt8
  /// `PlanPermissions`.
  public var permissions: UInt8
  public var reserved: InlineArray<6, UInt8>
}

public enum PlanRangeKind: UInt8, Sendable {
  /// Normal write-back memory inside the board's RAM.
  case ram = 0
  /// Device-nGnRE inside one of the board's device windows, never executable.
  case device = 1
  /// The zone's stamp page inside `board.records`, normal memory, never executable.
  case stamps = 2
}

public struct PlanPermissions: BitSet {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static let read = PlanPermissions(rawValue: 1 << 0)
  public static let write = PlanPermissions(rawValue: 1 << 1)
  public static let execute = PlanPermissions(rawValue: 1 << 2)
  public static let all = PlanPermissions(rawValue: 0b111)
}

/// Bytes copied into a zone before it starts, and again at every restart.
public struct PlanPayload: BitwiseCopyable, Sendable {
  /// Host-physical, inside `board.kernel`, 8-byte aligned.
  public var source: UInt64
  /// Guest-physical, inside one `.ram` range, 8-byte aligned.
  public var guest: UInt64
  /// Bytes copied from `source`.
  public var fileSize: UInt64
  /// Bytes occupied; those after `fileSize` are zeroed. Not below `fileSize`.
  public var memorySize: UInt64
}
