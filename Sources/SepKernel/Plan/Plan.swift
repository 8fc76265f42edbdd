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
  /// What the rest is, and how much of it.
  public var header: PlanHeader
  /// What exists, and what of it is the kernel's.
  public var board: PlanBoard
  /// The first `header.cpuCount` are the board's, each with its owner.
  public var cpus: InlineArray<64, PlanCPU>
  /// By line number (GIC: INTID), each with its owner.
  public var lines: InlineArray<1024, PlanLine>
  /// The first `header.zoneCount` are present.
  public var zones: InlineArray<16, PlanZone>

  /// Most zones.
  public static let zoneCapacity = 16
  /// Most physical CPUs.
  public static let cpuCapacity = 64
  /// Most interrupt lines, the private ones included.
  public static let lineCapacity = 1024
  /// Most memory ranges of one zone.
  public static let rangeCapacity = 64
  /// Most payloads of one zone.
  public static let payloadCapacity = 16
  /// Most RAM regions of a board.
  public static let ramCapacity = 16
  /// Most device windows of a board.
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
  /// Zones present, at most `Plan.zoneCapacity`.
  public var zoneCount: UInt32
  /// CPUs of the board, 1 to `Plan.cpuCapacity`.
  public var cpuCount: UInt32
  /// One past the highest line of the board that may be owned, at most 1024.
  public var lineCount: UInt32
  /// `PlanChecksum` over the stored bytes with this field taken as zero.
  public var checksum: UInt64
  /// First 16 bytes of the SHA-256 of the kernel image file this Plan was made for; provenance.
  public var imageHash: InlineArray<2, UInt64>
  /// Zero.
  public var reserved: UInt64

  /// "HVPLAN\r\n" read as a little-endian integer; the line end catches text-mode copies.
  public static let magicValue: UInt64 = 0x0a0d_4e41_4c50_5648
  /// The version that this code writes and reads.
  public static let currentVersion: UInt32 = 2
}

/// A range of host-physical addresses.
public struct PlanRegion: BitwiseCopyable, Sendable {
  /// First byte.
  public var base: UInt64
  /// Bytes.
  public var size: UInt64

  /// `size` bytes from `base`; without arguments nothing.
  public init(base: UInt64 = 0, size: UInt64 = 0) {
    self.base = base
    self.size = size
  }
}

/// What the kernel needs to know of the board. All addresses are host-physical.
public struct PlanBoard: BitwiseCopyable, Sendable {
  /// NUL-padded ASCII.
  public var name: InlineArray<32, UInt8>
  /// Entries used in `ram`, at least 1.
  public var ramCount: UInt32
  /// Entries used in `devices`.
  public var deviceCount: UInt32
  /// RAM that may be given out, ascending, disjoint, 4 KiB granules.
  public var ram: InlineArray<16, PlanRegion>
  /// Windows a zone's device ranges must lie in.
  public var devices: InlineArray<64, PlanRegion>
  /// The kernel drives its distributor; zones see it emulated.
  public var interruptController: PlanInterruptController
  /// The console of the kernel and of all zones.
  public var uart: PlanUART
  /// Kernel image, Plan, pristine payloads and `tables`: never given to a zone.
  public var kernel: PlanRegion
  /// Pool for stage-2 tables, inside `kernel`, 4 KiB granules.
  public var tables: PlanRegion
  /// Where the latency records are, outside `kernel`; see docs/record-format.md. Zones map their
  /// own stamp pages of it as `.stamps` ranges. Size 0: no records are kept.
  public var records: PlanRegion
  /// Frequency of the system counter in Hz. Where a register tells it, it must be this, and 0 accepts
  /// what the register says; where none does (RISC-V), it is not 0.
  public var counterFrequency: UInt64
  /// Clock of the latency records. 0: they count ticks of the system counter; else cycles of the CPU,
  /// which has this constant frequency in Hz.
  public var cycleFrequency: UInt64
  /// Timer interrupts each CPU takes in the kernel itself before any zone starts, to measure what
  /// the board costs (docs/measuring.md, "Board baseline"); at most `Plan.baselineLimit`, 0: none.
  public var baselineSamples: UInt32
  /// Zero.
  public var reserved: UInt32
}

/// One physical CPU and its owner.
public struct PlanCPU: BitwiseCopyable, Sendable {
  /// What hardware calls it (AArch64: MPIDR_EL1 affinity fields; RISC-V: hart id).
  public var hardwareID: UInt64
  /// Zone index, or `PlanOwner.nobody`. The vCPU number in the zone is the rank among the zone's
  /// CPUs; rank 0 is the zone's boot CPU.
  public var owner: UInt8
  /// Zero.
  public var reserved0: UInt8
  /// What the interrupt controller calls it. PLIC: the hart's context for supervisor mode; AIA: the
  /// hart index of its IMSIC file; GIC: zero, it goes by `hardwareID`.
  public var controllerIndex: UInt16
  /// Where firmware without PSCI lets the CPU wait (AArch64, Linux Documentation/arch/arm64/booting.rst,
  /// "spin-table"): physical address of the 64-bit word that the CPU reads until it is an address to go to.
  /// The same board has one for each CPU. 0: there is PSCI, or SBI.
  public var releaseAddress: UInt32
}

/// One interrupt line. Those below `PlanInterruptControllerKind.firstSharedLine` are never owned here.
public struct PlanLine: BitwiseCopyable, Sendable {
  /// Zone index, `PlanOwner.nobody` or `PlanOwner.kernel`.
  public var owner: UInt8
  /// `PlanLine.wired`, or `PlanLine.doorbell` for a line that no device drives.
  public var kind: UInt8

  /// A device drives it.
  public static let wired: UInt8 = 0
  /// Raised by software only: console, inter-zone doorbell, probe stimulus.
  public static let doorbell: UInt8 = 1
}

/// Owner values that are not zones.
public enum PlanOwner {
  /// Owned by nobody: unused.
  public static let nobody: UInt8 = 0xff
  /// Owned by the kernel; lines only.
  public static let kernel: UInt8 = 0xfe
}

/// One zone. Addresses named `guest` are guest-physical (IPA).
public struct PlanZone: BitwiseCopyable, Sendable {
  /// NUL-padded ASCII, `[a-z0-9-]`, unique; it prefixes console lines.
  public var name: InlineArray<16, UInt8>
  /// A `PlanZoneKind` raw value.
  public var kind: UInt8
  /// Zero.
  public var reserved0: UInt8
  /// `PlanZoneFlags`.
  public var flags: UInt16
  /// How many CPUs name this zone as their owner.
  public var cpuCount: UInt32
  /// First instruction, guest-physical, in an executable range.
  public var entry: UInt64
  /// Handed to the first instruction (AArch64: x0-x3; RISC-V: a1-a4, behind the number of
  /// the CPU).
  public var arguments: InlineArray<4, UInt64>
  /// Emulated UART of the board's kind, 4 KiB; meaningful with `.console`.
  public var consoleGuest: UInt64
  /// Line of the emulated UART, owned by the zone.
  public var consoleLine: UInt32
  /// Line the kernel raises for the stimulus measurement; 0: none.
  public var stimulusLine: UInt32
  /// The zone's view of its interrupt controller: what `PlanInterruptControllerKind.guestWindow` says.
  public var interruptControllerGuest: InlineArray<2, UInt64>
  /// Entries used in `ranges`.
  public var rangeCount: UInt32
  /// Entries used in `payloads`.
  public var payloadCount: UInt32
  /// All memory and devices the zone can reach.
  public var ranges: InlineArray<64, PlanRange>
  /// What is copied into its memory at each start.
  public var payloads: InlineArray<16, PlanPayload>
}

/// What a zone is allowed, and what it is spared.
public enum PlanZoneKind: UInt8, Sendable {
  /// Management zone: at most one; may start and stop others.
  case zone0 = 0
  /// Any other zone.
  case zoneU = 1
  /// Real time: admitted by the rules of RTPartition, started before the others.
  case zoneR = 2
}

/// How a zone starts and what it sees.
public struct PlanZoneFlags: BitSet {
  /// The bits, as stored in `PlanZone.flags`.
  public let rawValue: UInt16
  /// The flags with exactly these bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  /// Starts in AArch32 state at EL1; AArch64 boards only.
  public static let aarch32 = PlanZoneFlags(rawValue: 1 << 0)
  /// Accesses to unmapped device windows of the board read as zero and ignore writes instead of
  /// stopping the zone (yaml: `absent: zero`).
  public static let absentReadsZero = PlanZoneFlags(rawValue: 1 << 1)
  /// The zone has a console.
  public static let console = PlanZoneFlags(rawValue: 1 << 2)
  /// Created but not started at boot; zone0 starts it.
  public static let manualStart = PlanZoneFlags(rawValue: 1 << 3)
  /// Every flag that is defined.
  public static let all = PlanZoneFlags(rawValue: 0b1111)
}

/// Guest-physical to host-physical, 4 KiB granules.
public struct PlanRange: BitwiseCopyable, Sendable {
  /// Where the zone sees it.
  public var guest: UInt64
  /// Where it is, host-physical.
  public var host: UInt64
  /// Bytes.
  public var size: UInt64
  /// A `PlanRangeKind` raw value.
  public var kind: UInt8
  /// `PlanPermissions`.
  public var permissions: UInt8
  /// Zero.
  public var reserved: InlineArray<6, UInt8>
}

/// What a range is of.
public enum PlanRangeKind: UInt8, Sendable {
  /// Normal write-back memory inside the board's RAM.
  case ram = 0
  /// Device-nGnRE inside one of the board's device windows, never executable.
  case device = 1
  /// The zone's stamp page inside `board.records`, normal memory, never executable.
  case stamps = 2
}

/// What a zone may do in a range.
public struct PlanPermissions: BitSet {
  /// The bits, as stored in `PlanRange.permissions`.
  public let rawValue: UInt8
  /// The permissions with exactly these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Loads. Every range has it.
  public static let read = PlanPermissions(rawValue: 1 << 0)
  /// Stores.
  public static let write = PlanPermissions(rawValue: 1 << 1)
  /// Instruction fetches; RAM only.
  public static let execute = PlanPermissions(rawValue: 1 << 2)
  /// Every permission that is defined.
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
