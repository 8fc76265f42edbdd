/// Identification registers as a zone sees them: what hardware says, without what a zone is not given.
///
/// DDI 0487, D23.2: fields are removed, never added, so a zone's own feature tests keep working.
public enum IdentificationMask {
  /// Bits to clear in the register at CRm `crm`, op2 `op2`.
  public static func hidden(crm: UInt32, op2: UInt32) -> UInt64 {
    switch crm * 8 + op2 {
    // ID_AA64PFR0_EL1: EL2, EL3, SVE, MPAM, AMU.
    case 4 * 8 + 0: field(8) | field(12) | field(32) | field(40) | field(44)
    // ID_AA64PFR1_EL1: MTE, MPAM_frac, SME, and what comes after.
    case 4 * 8 + 1: field(8) | field(16) | field(24) | 0xffff_ffff_0000_0000
    // ID_AA64ZFR0_EL1, ID_AA64SMFR0_EL1.
    case 4 * 8 + 4, 4 * 8 + 5: ~0
    // ID_AA64DFR0_EL1: TraceVer, PMSVer, DoubleLock stays, TraceFilt, TraceBuffer, BRBE.
    case 5 * 8 + 0: field(4) | field(32) | field(40) | field(44) | field(52)
    // ID_AA64MMFR1_EL1: VH, and HCX.
    case 7 * 8 + 1: field(8) | field(40)
    // ID_AA64MMFR2_EL1: NV, FWB stay out of a zone's business.
    case 7 * 8 + 2: field(24)
    // ID_AA64MMFR0_EL1: FGT.
    case 7 * 8 + 0: field(56)
    // ID_PFR1_EL1: Security, Virtualization.
    case 1 * 8 + 1: field(4) | field(12)
    default: 0
    }
  }

  private static func field(_ shift: UInt64) -> UInt64 { 0xf << shift }
}

/// System registers whose trapped accesses read as zero and ignore writes. Everything else that traps
/// and is not emulated is undefined to the zone.
public enum IgnoredRegister {
  /// `register` is `Syndrome.bits & Syndrome.registerMask`.
  public static func contains(_ register: UInt64) -> Bool {
    // ACTLR_EL1: implementation defined, HCR_EL2.TACR.
    if register == Syndrome.register(3, 0, 1, 0, 1) { return true }
    // DC ISW, CSW, CISW: HCR_EL2.TSW. Set/way reaches caches other zones use; a zone that needs
    // its lines written back uses maintenance by address.
    if register == Syndrome.register(1, 0, 7, 6, 2) { return true }
    if register == Syndrome.register(1, 0, 7, 10, 2) { return true }
    if register == Syndrome.register(1, 0, 7, 14, 2) { return true }
    return false
  }

  /// The same for AArch32 (MCR/MRC, coprocessor 15).
  public static func containsAArch32(_ register: UInt64) -> Bool {
    register == Syndrome.coprocessor(0, 1, 0, 1)  // ACTLR
      || register == Syndrome.coprocessor(0, 7, 6, 2)  // DCISW
      || register == Syndrome.coprocessor(0, 7, 10, 2)  // DCCSW
      || register == Syndrome.coprocessor(0, 7, 14, 2)  // DCCISW
  }
}
