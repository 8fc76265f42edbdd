import Testing

@testable import ArchAArch64

/// ESR_EL2 values as hardware reports them; DDI 0487, D23.2.37.
@Suite struct SyndromeTests {
  @Test(
    arguments: [
      (0x5a00_0000, Syndrome.hvc64), (0x5e00_0000, Syndrome.smc64), (0x4a00_0000, Syndrome.hvc32),
      (0x4e00_0000, Syndrome.smc32), (0x6230_0000, Syndrome.systemRegister),
      (0x9384_0007, Syndrome.dataAbort), (0x8200_0006, Syndrome.instructionAbort),
      (0x0600_0000, Syndrome.wait), (0x0e00_0000, Syndrome.cp15Register),
      (0x1200_0000, Syndrome.cp15Pair), (0x1600_0000, Syndrome.cp14Register),
      (0x1a00_0000, Syndrome.cp14Load), (0x1e00_0000, Syndrome.simd),
      (0x2200_0000, Syndrome.idGroup),
      (0x2600_0000, Syndrome.pointerAuthentication), (0x3200_0000, Syndrome.cp14Pair),
      // ISS2 (bits 55:32) is not part of the class.
      (0x1f_9384_0007, Syndrome.dataAbort),
    ] as [(UInt64, UInt32)])
  func exceptionClass(_ bits: UInt64, _ expected: UInt32) {
    #expect(Syndrome(bits).exceptionClass == expected)
  }

  @Test func instructionLength() {
    #expect(Syndrome(0x5a00_0000).instructionLength == 4)
    #expect(Syndrome(0x4c00_0000).instructionLength == 2)
  }

  /// `str w1, [x0]`: ISV, SAS 2, SRT 1, WnR, translation fault level 3.
  @Test func store32() {
    let syndrome = Syndrome(0x9381_0047)
    #expect(syndrome.isDecoded)
    #expect(syndrome.accessSize == 2)
    #expect(!syndrome.signExtends)
    #expect(syndrome.register == 1)
    #expect(!syndrome.is64Bit)
    #expect(syndrome.isWrite)
    #expect(!syndrome.isCacheMaintenance)
    #expect(!syndrome.isTableWalk)
    #expect(!syndrome.hasNoAddress)
    #expect(syndrome.faultKind == 0b0001)
    #expect(syndrome.instructionLength == 4)
  }

  /// `ldrsb x30, [x0]`: ISV, SAS 0, SSE, SRT 30, SF; permission fault level 2.
  @Test func signedLoad8() {
    let syndrome = Syndrome(0x933e_800e)
    #expect(syndrome.isDecoded)
    #expect(syndrome.accessSize == 0)
    #expect(syndrome.signExtends)
    #expect(syndrome.register == 30)
    #expect(syndrome.is64Bit)
    #expect(!syndrome.isWrite)
    #expect(syndrome.faultKind == 0b0011)
  }

  /// LDP has no ISV; DC CVAC has CM; a walk has S1PTW; an external abort may have FnV.
  @Test func undecoded() {
    #expect(!Syndrome(0x9200_0007).isDecoded)
    #expect(Syndrome(0x9200_0147).isCacheMaintenance)
    #expect(Syndrome(0x9200_0087).isTableWalk)
    #expect(Syndrome(0x9200_0410).hasNoAddress)
    #expect(Syndrome(0x9200_0410).faultKind == 0b0100)
  }

  @Test(
    arguments: [
      // log2 size, sign extends, 64-bit register, in memory, in the register
      (0, false, false, 0xffff_ffff_ffff_ff80, 0x80), (0, true, false, 0x80, 0xffff_ff80),
      (0, true, true, 0x80, 0xffff_ffff_ffff_ff80), (0, true, true, 0x7f, 0x7f),
      (1, false, true, 0xabcd_8001, 0x8001), (1, true, false, 0x8001, 0xffff_8001),
      (1, true, true, 0x8001, 0xffff_ffff_ffff_8001), (1, true, true, 0x1_7fff, 0x7fff),
      (2, false, false, 0xffff_ffff_8000_0000, 0x8000_0000),
      (2, false, true, 0xffff_ffff_8000_0000, 0x8000_0000),
      (2, true, true, 0x8000_0000, 0xffff_ffff_8000_0000),
      (2, true, true, 0x7fff_ffff, 0x7fff_ffff),
      (3, false, true, 0x8123_4567_89ab_cdef, 0x8123_4567_89ab_cdef), (3, false, true, 0, 0),
    ] as [(UInt64, Bool, Bool, UInt64, UInt64)])
  func loads(_ size: UInt64, _ sign: Bool, _ wide: Bool, _ memory: UInt64, _ register: UInt64) {
    let bits = 0x9300_0007 | size << 22 | (sign ? 1 << 21 : 0) | (wide ? 1 << 15 : 0)
    #expect(Syndrome(bits).loaded(memory) == register)
  }

  /// ISS of MSR/MRS, from the instructions' encodings: `0xd5_op0...` fields at their ISS places.
  @Test(
    arguments: [
      // instruction word, op0, op1, CRn, CRm, op2, Rt, reads
      (0xd518_cba3, 3, 0, 12, 11, 5, 3, false),  // msr ICC_SGI1R_EL1, x3
      (0xd538_4600, 3, 0, 4, 6, 0, 0, true),  // mrs x0, ICC_PMR_EL1
      (0xd538_041f, 3, 0, 0, 4, 0, 31, true),  // mrs xzr, ID_AA64PFR0_EL1
      (0xd508_7659, 1, 0, 7, 6, 2, 25, false),  // dc isw, x25
      (0xd53b_e020, 3, 3, 14, 0, 1, 0, true),  // mrs x0, CNTPCT_EL0
    ] as [(UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, Int, Bool)])
  func systemRegister(
    _ word: UInt64, _ op0: UInt64, _ op1: UInt64, _ n: UInt64, _ m: UInt64, _ op2: UInt64,
    _ transfer: Int, _ reads: Bool
  ) {
    // C4.1.93 of the instruction; the ISS has the same fields elsewhere.
    let iss =
      (word >> 19 & 3) << 20 | (word >> 5 & 7) << 17 | (word >> 16 & 7) << 14
      | (word >> 12 & 0xf) << 10 | (word & 0x1f) << 5 | (word >> 8 & 0xf) << 1 | word >> 21 & 1
    let syndrome = Syndrome(0x6200_0000 | iss)
    #expect(syndrome.bits & Syndrome.registerMask == Syndrome.register(op0, op1, n, m, op2))
    #expect(syndrome.transferRegister == transfer)
    #expect(syndrome.isRead == reads)
  }

  /// The masks keep all fields of the name, and neither Rt nor the direction.
  @Test func masks() {
    #expect(Syndrome.register(3, 7, 15, 15, 7) == Syndrome.registerMask)
    #expect(Syndrome.coprocessor(7, 15, 15, 7) == Syndrome.coprocessorMask)
    #expect(Syndrome.registerMask & 0x3e1 == 0)
    #expect(Syndrome.coprocessorMask & 0x3e1 == 0)
  }

  /// `mcrr p15, 0, r2, r3, c12` (ICC_SGI1R): opc1 0, Rt2 3, Rt 2, CRm 12; always-condition.
  @Test func pair() {
    let syndrome = Syndrome(0x1200_0000 | 1 << 24 | 0xe << 20 | 3 << 10 | 2 << 5 | 12 << 1)
    #expect(syndrome.exceptionClass == Syndrome.cp15Pair)
    #expect(syndrome.pairOpcode == 0)
    #expect(syndrome.pairRegister == 3)
    #expect(syndrome.transferRegister == 2)
    #expect(syndrome.pairMemory == 12)
    #expect(!syndrome.isRead)
    #expect(Syndrome(0x1200_0000 | 2 << 16).pairOpcode == 2)
  }
}
