// Register layouts, as plain values: RISC-V Instruction Set Manual, Volume II: Privileged Architecture
// (20240411), by register name. Unit-tested on the host; the instructions are in ArchShims.

/// hstatus, hypervisor status (18.2.1).
public enum HypervisorStatus {
  /// GVA: stval holds a guest-virtual address.
  public static let guestVirtualAddress: UInt64 = 1 << 6
  /// SPV: sret goes to a virtual mode, or a trap came from one.
  public static let previousVirtualization: UInt64 = 1 << 7
  /// SPVP: explicit memory accesses of the kernel for a zone have the rights of VS-mode.
  public static let previousVirtualPrivilege: UInt64 = 1 << 8
  /// VSXL: the zone's XLEN is 64.
  public static let xlen64: UInt64 = 2 << 32
  /// VGEIN: which guest interrupt file is the zone's; 0: none.
  public static func guestFile(_ number: UInt64) -> UInt64 { number << 12 }
}

/// sstatus (12.1.1) and vsstatus (18.2.11).
public enum SupervisorStatus {
  /// SIE: interrupts are on.
  public static let interruptEnable: UInt64 = 1 << 1
  /// SPIE: they are after sret.
  public static let previousInterruptEnable: UInt64 = 1 << 5
  /// SPP: sret goes to supervisor mode.
  public static let previousPrivilege: UInt64 = 1 << 8
  /// FS and VS dirty: floating point and vectors are the zone's, as its own vsstatus says.
  public static let extensions: UInt64 = 0b11 << 13 | 0b11 << 9
  /// UXL of vsstatus: U-mode has 64 bits.
  public static let userXLEN64: UInt64 = 2 << 32
}

/// Bits of hvip, hideleg, hie; sip and sie have the same without the V (18.2.2, 18.2.3, 12.1.3).
public enum InterruptBit {
  /// Software interrupt, VS.
  public static let virtualSoftware: UInt64 = 1 << 2
  /// Timer, VS.
  public static let virtualTimer: UInt64 = 1 << 6
  /// External, VS.
  public static let virtualExternal: UInt64 = 1 << 10
  /// Software interrupt of the kernel: another CPU woke this one.
  public static let software: UInt64 = 1 << 1
  /// Timer of the kernel.
  public static let timer: UInt64 = 1 << 5
  /// External interrupt of the kernel.
  public static let external: UInt64 = 1 << 9
}

/// henvcfg, what a zone may use of optional parts (18.2.5).
public enum HypervisorEnvironment {
  /// STCE: stimecmp of the zone is vstimecmp.
  public static let timerCompare: UInt64 = 1 << 63
  /// PBMTE: page-based memory types.
  public static let pageMemoryTypes: UInt64 = 1 << 62
  /// CBZE, CBCFE, and CBIE = 1: blocks can be zeroed, cleaned and flushed; what would discard a block
  /// flushes it, since what is discarded might be somebody else's.
  public static let cacheBlocks: UInt64 = 1 << 7 | 1 << 6 | 0b01 << 4
  /// A/D bits of page tables are not set by hardware (ADUE = 0), as a zone without Svadu expects.
  public static let zone = timerCompare | pageMemoryTypes | cacheBlocks
}

/// hstateen0, what a zone may see of optional state (Smstateen 1.0; Smaia for bits 58 to 60).
public enum HypervisorStateEnable {
  /// Floating-point CSRs of Zfinx, senvcfg, indirect CSRs, AIA, IMSIC; not SE0: sstateen is not the zone's.
  public static let zone: UInt64 = 1 << 62 | 1 << 60 | 1 << 59 | 1 << 58 | 1 << 1
}

/// Exceptions a zone handles itself (hedeleg, 18.2.2): misaligned fetch, access faults, illegal
/// instruction, breakpoint, misaligned load and store, ECALL from U, page faults. Everything else comes
/// to the kernel.
public let delegatedExceptions: UInt64 =
  1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 12 | 1 << 13
  | 1 << 15

/// Interrupts a zone handles itself (hideleg).
public let delegatedInterrupts =
  InterruptBit.virtualSoftware | InterruptBit.virtualTimer | InterruptBit.virtualExternal

/// Counters a zone may read: cycle, time, instret (hcounteren, 18.2.4).
public let zoneCounters: UInt64 = 0b111

/// satp, and hgatp, whose modes have the same numbers (12.1.11, 18.2.10).
public enum TranslationMode: UInt64, Sendable {
  /// Sv39, Sv39x4.
  case sv39 = 8
  /// Sv48, Sv48x4.
  case sv48 = 9

  /// Level of the root, counted as `TableFormat` does: a level 3 entry maps 4 KiB.
  public var startLevel: Int { self == .sv39 ? 1 : 0 }

  /// satp: the kernel's own tables.
  public func supervisor(root: UInt64) -> UInt64 { rawValue << 60 | root >> 12 }
  /// hgatp: a zone's tables. `root` is 16 KiB aligned.
  public func guest(root: UInt64, vmid: UInt64) -> UInt64 {
    rawValue << 60 | vmid << 44 | root >> 12
  }
  /// The mode a value of either register names.
  public init?(of register: UInt64) { self.init(rawValue: register >> 60) }
}

/// Attributes of page table entries (12.3.1): R, W, X, U, A, D. Memory types come from the platform.
public enum PageAttributes {
  private static let used: UInt64 = 1 << 6 | 1 << 7
  /// Kernel: read and execute.
  public static let code: UInt64 = used | 1 << 1 | 1 << 3
  /// Kernel: read.
  public static let constants: UInt64 = used | 1 << 1
  /// Kernel: read and write, memory and devices.
  public static let data: UInt64 = used | 1 << 1 | 1 << 2

  /// A zone's: user pages, as guest-physical tables demand (18.5.1). W without R is reserved.
  public static func zone(read: Bool, write: Bool, execute: Bool) -> UInt64 {
    used | 1 << 4 | (read || write ? 1 << 1 : 0) | (write ? 1 << 2 : 0) | (execute ? 1 << 3 : 0)
  }
}
