/// Identification registers as a zone sees them: of what hardware says, the fields listed here and no
/// others, so that a feature the kernel does not know of is not promised to a zone that could not use
/// it (DDI 0487, D23.2). Registers that are not listed read as zero.
public enum IdentificationMask {
  /// Bits to clear in the register at CRm `crm`, op2 `op2` of op0 3, op1 0, CRn 0.
  public static func hidden(crm: UInt32, op2: UInt32) -> UInt64 { ~visible(crm: crm, op2: op2) }

  /// Bits a zone sees.
  public static func visible(crm: UInt32, op2: UInt32) -> UInt64 {
    switch crm * 8 + op2 {
    // AArch32. ID_PFR0: State0-3, CSV2, DIT. ID_PFR1: without Security and Virtualization.
    case 1 * 8 + 0: 0x0f0f_ffff
    case 1 * 8 + 1: 0xf00f_0f0f
    // ID_DFR0: CopDbg, MMapDbg, PerfMon.
    case 1 * 8 + 2: 0x0f00_0f0f
    // ID_AFR0 is zero; ID_MMFR0-3, ID_ISAR0-5, ID_MMFR4, ID_ISAR6.
    case 1 * 8 + 4...1 * 8 + 7, 2 * 8 + 0...2 * 8 + 7: 0xffff_ffff
    // MVFR0-2; ID_PFR2: CSV3, SSBS.
    case 3 * 8 + 0...3 * 8 + 2: 0xffff_ffff
    case 3 * 8 + 4: 0xff
    // ID_AA64PFR0_EL1: EL0, EL1, FP, AdvSIMD, GIC, DIT, CSV2, CSV3.
    case 4 * 8 + 0: 0xff0f_0000_0fff_00ff
    // ID_AA64PFR1_EL1: BT, SSBS, CSV2_frac.
    case 4 * 8 + 1: 0x0000_000f_0000_00ff
    // ID_AA64DFR0_EL1: DebugVer, PMUVer, BRPs, WRPs, CTX_CMPs, DoubleLock.
    case 5 * 8 + 0: 0x0000_00f0_f0f0_ff0f
    // ID_AA64ISAR0_EL1: all but TME.
    case 6 * 8 + 0: 0xffff_ffff_f0ff_fff0
    // ID_AA64ISAR1_EL1: all but XS and LS64.
    case 6 * 8 + 1: 0x00ff_ffff_ffff_ffff
    // ID_AA64ISAR2_EL1: RPRES, GPA3, APA3, BC, PAC_frac, CLRBHB.
    case 6 * 8 + 2: 0x0000_0000_fff0_fff0 & ~0xf_0000
    // ID_AA64MMFR0_EL1: PARange to TGran4; not the stage-2 granules, ExS, FGT, ECV.
    case 7 * 8 + 0: 0xffff_ffff
    // ID_AA64MMFR1_EL1: HAFDBS, HPDS, PAN, SpecSEI, ETS, AFP, nTLBPA.
    case 7 * 8 + 1: 0x000f_f0f0_0ff0_f00f
    // ID_AA64MMFR2_EL1: CnP, UAO, LSM, VARange, CCIDX, ST, AT, IDS, TTL, BBM, E0PD.
    case 7 * 8 + 2: 0xf0ff_00ff_f0ff_0fff
    default: 0
    }
  }
}

/// System registers whose trapped accesses read as zero and ignore writes: ACTLR_EL1, implementation
/// defined (HCR_EL2.TACR). Everything else that traps and is not emulated is undefined to the zone.
public enum IgnoredRegister {
  /// `register` is `Syndrome.bits & Syndrome.registerMask`.
  public static func contains(_ register: UInt64) -> Bool {
    register == Syndrome.register(3, 0, 1, 0, 1)
  }

  /// The same for AArch32 (MCR/MRC, coprocessor 15): ACTLR.
  public static func containsAArch32(_ register: UInt64) -> Bool {
    register == Syndrome.coprocessor(0, 1, 0, 1)
  }
}

/// Cache maintenance by set and way (DC ISW, CSW, CISW), which traps (HCR_EL2.TSW): it would reach
/// lines of other zones.
///
/// Software uses it in loops over a whole cache, before it turns its caches off. The one instruction
/// of such a loop for set 0, way 0 of level 1 stands for all: for it the kernel cleans and
/// invalidates the zone's own RAM by address, which is more than was asked for and never less.
public enum SetWayMaintenance {
  /// `register` is `Syndrome.bits & Syndrome.registerMask`.
  public static func contains(_ register: UInt64) -> Bool {
    register == Syndrome.register(1, 0, 7, 6, 2)  // DC ISW
      || register == Syndrome.register(1, 0, 7, 10, 2)  // DC CSW
      || register == Syndrome.register(1, 0, 7, 14, 2)  // DC CISW
  }

  /// The same for AArch32 (MCR, coprocessor 15): DCISW, DCCSW, DCCISW.
  public static func containsAArch32(_ register: UInt64) -> Bool {
    register == Syndrome.coprocessor(0, 7, 6, 2)
      || register == Syndrome.coprocessor(0, 7, 10, 2)
      || register == Syndrome.coprocessor(0, 7, 14, 2)
  }

  /// Whether an operand stands for its loop: set, way and level fields zero (DDI 0487, C5.3, DC CISW).
  public static func isLast(_ operand: UInt64) -> Bool { operand & 0xffff_ffff == 0 }
}
