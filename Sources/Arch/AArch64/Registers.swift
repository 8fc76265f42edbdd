// Register layouts, as plain values: Arm Architecture Reference Manual for A-profile (DDI 0487),
// chapter D23, by register name. Unit-tested on the host; the instructions are in ArchShims.

/// HCR_EL2, hypervisor configuration.
public enum HypervisorConfiguration {
  /// Stage 2 is on.
  public static let vm: UInt64 = 1 << 0
  /// Set/way invalidation also cleans.
  public static let swio: UInt64 = 1 << 1
  /// A stage-1 walk that hits device memory faults.
  public static let ptw: UInt64 = 1 << 2
  /// SErrors of the zone come to EL2. Physical IRQ and FIQ (IMO, FMO) do not: that is the point.
  public static let amo: UInt64 = 1 << 5
  /// Trap AArch64 and AArch32 identification registers, group 3.
  public static let tid3: UInt64 = 1 << 18
  /// Trap WFI that would suspend.
  public static let twi: UInt64 = 1 << 13
  /// Trap the RAS error records: some are shared by a cluster.
  public static let terr: UInt64 = 1 << 36
  /// Trap SMC.
  public static let tsc: UInt64 = 1 << 19
  /// Trap implementation-defined registers.
  public static let tidcp: UInt64 = 1 << 20
  /// Trap ACTLR_EL1.
  public static let tacr: UInt64 = 1 << 21
  /// Trap data cache maintenance by set and way.
  public static let tsw: UInt64 = 1 << 22
  /// EL1 is AArch64.
  public static let rw: UInt64 = 1 << 31
  /// Pointer authentication keys and instructions are the zone's own.
  public static let apk: UInt64 = 1 << 40
  /// Pointer authentication instructions do not trap.
  public static let api: UInt64 = 1 << 41

  /// Value for a zone. `trapsWait`: its WFI comes to the kernel, which can then always end it; a
  /// zoneR keeps the instruction to itself, because the trap would be in its interrupt path.
  public static func zone(aarch32: Bool, trapsWait: Bool) -> UInt64 {
    vm | swio | ptw | amo | tid3 | tsc | tidcp | tacr | tsw | terr | (trapsWait ? twi : 0)
      | (aarch32 ? 0 : rw | apk | api)
  }
}

/// SPSR_EL2 values a zone starts with.
public enum SavedState {
  /// EL1h, DAIF masked.
  public static let aarch64: UInt64 = 0x3c5
  /// Supervisor mode, A, I and F masked; Thumb state by bit 0 of the entry address.
  public static func aarch32(thumb: Bool) -> UInt64 { 0x1d3 | (thumb ? 1 << 5 : 0) }
}

/// Stage 1 of EL2: 48-bit input addresses, 4 KiB granule.
public enum KernelTranslation {
  /// Attribute 0: normal write-back; attribute 1: Device-nGnRE.
  public static let mair: UInt64 = 0x04ff
  /// TCR_EL2 for a physical address size of ID_AA64MMFR0_EL1.PARange.
  public static func tcr(paRange: UInt64) -> UInt64 {
    let res1: UInt64 = 1 << 31 | 1 << 23
    let cacheable: UInt64 = 0b01 << 8 | 0b01 << 10 | 0b11 << 12
    return res1 | min(paRange & 0xf, 5) << 16 | cacheable | 16
  }
  /// SCTLR_EL2: M, C, SA, I, WXN and the RES1 bits.
  public static let sctlr: UInt64 = 0x30c5_0830 | 1 | 1 << 2 | 1 << 3 | 1 << 12 | 1 << 19

  /// Level of the root table: 48-bit addresses start at 0.
  public static let startLevel = 0
  /// AF, inner shareable, AP[1] (res1 at EL2).
  static let common: UInt64 = 1 << 10 | 0b11 << 8 | 1 << 6
  /// AP[2].
  static let readOnly: UInt64 = 1 << 7
  /// XN.
  static let executeNever: UInt64 = 1 << 54
  /// Leaf attributes: read and execute.
  public static let code = common | readOnly
  /// Leaf attributes: read only.
  public static let constants = common | readOnly | executeNever
  /// Leaf attributes: read and write.
  public static let data = common | executeNever
  /// Leaf attributes: Device-nGnRE, read and write.
  public static let device = 1 << 10 | 1 << 6 | 1 << 2 | executeNever
}

/// Stage 2: 39-bit guest-physical addresses, 4 KiB granule, start at level 1.
public enum ZoneTranslation {
  /// Level of the root table: 39-bit addresses start at 1.
  public static let startLevel = 1
  /// VTCR_EL2 for a physical address size of ID_AA64MMFR0_EL1.PARange.
  public static func vtcr(paRange: UInt64) -> UInt64 {
    let cacheable: UInt64 = 0b01 << 8 | 0b01 << 10 | 0b11 << 12
    return 1 << 31 | min(paRange & 0xf, 5) << 16 | cacheable | 0b01 << 6 | 25
  }
  /// VTTBR_EL2: 8-bit VMID, root table.
  public static func vttbr(vmid: UInt64, root: UInt64) -> UInt64 { vmid << 48 | root }

  /// Leaf attributes: DDI 0487 D8.3.2 (stage 2 descriptors), D8.6.6 (MemAttr).
  public static func attributes(device: Bool, read: Bool, write: Bool, execute: Bool) -> UInt64 {
    let memory: UInt64 = device ? 0b0001 << 2 : 0b1111 << 2 | 0b11 << 8
    return 1 << 10 | memory | (read ? 1 << 6 : 0) | (write ? 1 << 7 : 0)
      | (execute && !device ? 0 : 1 << 54)
  }
}

/// SCTLR_EL1 at reset, AArch64: RES1 bits only.
public let resetControlAArch64: UInt64 = 0x30d0_0800
/// SCTLR at reset, AArch32: RES1 bits only.
public let resetControlAArch32: UInt64 = 0x00c5_0838
