#if hasFeature(Embedded)
internal import ArchShims
import SepKernel

/// Volatile loads and stores.
struct HardwareBus: RegisterBus {
  @inline(__always) func load8(_ address: UInt64) -> UInt8 { shim_load8(address) }
  @inline(__always) func load32(_ address: UInt64) -> UInt32 { shim_load32(address) }
  @inline(__always) func load64(_ address: UInt64) -> UInt64 { shim_load64(address) }
  @inline(__always) func store8(_ address: UInt64, _ value: UInt8) { shim_store8(address, value) }
  @inline(__always) func store32(_ address: UInt64, _ value: UInt32) {
    shim_store32(address, value)
  }
  @inline(__always) func store64(_ address: UInt64, _ value: UInt64) {
    shim_store64(address, value)
  }
}

/// The real interrupt controller: what the kernel itself does to it, at boot, when a zone stops and
/// when a line is raised. IHI 0069, chapters 5 and 12.
enum GICv3 {
  /// The SGI that ends a WFI. The zone owns all sixteen; it is consumed before the zone sees it.
  static let wakeSGI: UInt64 = 15
  static let defaultPriority: UInt32 = 0xa0a0_a0a0

  /// Distributor on, all lines quiet, Group 1, level, at the default priority.
  static func initialiseDistributor(_ gicd: UInt64, lineCount: UInt32) {
    shim_store32(gicd, 0)
    waitForWrites(gicd)
    var word: UInt64 = 4
    let end = UInt64(lineCount + 31) / 32 * 4
    while word < end {
      shim_store32(gicd + 0x180 + word, 0xffff_ffff)
      shim_store32(gicd + 0x280 + word, 0xffff_ffff)
      shim_store32(gicd + 0x380 + word, 0xffff_ffff)
      shim_store32(gicd + 0x080 + word, 0xffff_ffff)
      word += 4
    }
    waitForWrites(gicd)
    // ARE (bit 4) and Group 1: bit 1 is EnableGrp1 with one security state, EnableGrp1A as
    // non-secure software sees two.
    shim_store32(gicd, 0x12)
    waitForWrites(gicd)
  }

  /// Register writes have taken effect (GICD_CTLR.RWP), or did not in 1000 reads.
  static func waitForWrites(_ control: UInt64) {
    var tries = 1000
    while tries > 0, shim_load32(control) & 1 << 31 != 0 { tries -= 1 }
  }

  /// One line: disabled, idle, edge or level as its kind needs, to the CPU with `affinity`.
  static func resetLine(_ gicd: UInt64, _ line: UInt32, affinity: UInt64, isDoorbell: Bool) {
    let word = UInt64(line >> 5) * 4
    let bit: UInt32 = 1 << (line & 31)
    shim_store32(gicd + 0x180 + word, bit)
    shim_store32(gicd + 0x280 + word, bit)
    shim_store32(gicd + 0x380 + word, bit)
    shim_store8(gicd + 0x400 + UInt64(line), 0xa0)
    shim_store64(gicd + 0x6000 + UInt64(line) * 8, affinity)
  }

  /// Redistributor awake (GICR_WAKER). False when it does not wake up.
  static func wakeRedistributor(_ rd: UInt64) -> Bool {
    shim_store32(rd + 0x14, shim_load32(rd + 0x14) & ~2)
    var tries = 100_000
    while shim_load32(rd + 0x14) & 4 != 0 {
      tries -= 1
      if tries == 0 { return false }
    }
    return true
  }

  /// Private interrupts of the calling CPU as after reset, CPU interface off: how a zone finds it.
  static func resetPrivate(_ rd: UInt64) {
    let sgi = rd + 0x1_0000
    shim_store32(sgi + 0x180, 0xffff_ffff)
    shim_store32(sgi + 0x280, 0xffff_ffff)
    shim_store32(sgi + 0x380, 0xffff_ffff)
    shim_store32(sgi + 0x080, 0xffff_ffff)
    for word in 0..<UInt64(8) { shim_store32(sgi + 0x400 + word * 4, 0) }
    shim_store32(sgi + 0xc04, 0)
    shim_write_ICC_AP0R0_EL1(0)
    shim_write_ICC_AP1R0_EL1(0)
    shim_write_ICC_CTLR_EL1(0)
    shim_write_ICC_BPR1_EL1(0)
    shim_write_ICC_PMR_EL1(0)
    shim_write_ICC_IGRPEN0_EL1(0)
    shim_write_ICC_IGRPEN1_EL1(0)
    shim_isb()
  }

  /// The calling CPU can be woken by `wakeSGI` and by nothing else. It stays pending until
  /// `resetPrivate`; PSTATE.I is masked in the kernel.
  static func listenForWake(_ rd: UInt64) {
    resetPrivate(rd)
    shim_write_ICC_PMR_EL1(0xff)
    shim_write_ICC_IGRPEN1_EL1(1)
    shim_store32(rd + 0x1_0100, 1 << UInt32(wakeSGI))
    shim_isb()
  }

  /// Forgets the wake-up.
  static func clearWake(_ rd: UInt64) {
    shim_store32(rd + 0x1_0280, 1 << UInt32(wakeSGI))
    shim_dsb_sy()
  }

  /// Makes `wakeSGI` deliverable on a CPU whatever its zone did to it, and sends it.
  static func wake(_ rd: UInt64, affinity: UInt64) {
    let sgi = rd + 0x1_0000
    shim_store8(sgi + 0x400 + wakeSGI, 0)
    shim_store32(sgi + 0x100, 1 << UInt32(wakeSGI))
    shim_dsb_sy()
    shim_write_ICC_SGI1R_EL1(
      SGITargets.group(affinity) | wakeSGI << 24 | 1 << (affinity & 0xf))
    shim_isb()
  }
}
#endif
