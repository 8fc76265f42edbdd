#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

/// Exceptions within the guest from states it should rather not be in.
enum StateAttacks {
  /// One A32 instruction at EL0: SVC, SMC, HVC, a system register, WFI, undefined.
  static func aarch32User() {
    check32(0xef00_0000, ExceptionClass.svc32, "svc from aarch32")
    run32(0xe160_0070)  // smc #0
    run32(0xe140_0070)  // hvc #0
    run32(0xee10_0f10)  // mrc p15, 0, r0, c0, c0, 0
    run32(0xee1c_0f50)  // mrc p15, 0, r0, c12, c0, 2
    run32(0xe7f0_00f0)  // udf
  }

  /// The same at AArch64 EL0.
  static func aarch64User() {
    let result = user(0xd400_0001, state: 0x3c0)  // svc #0
    Check.that(result.exceptionClass == ExceptionClass.svc64, "svc from aarch64")
    _ = user(0xd400_0002, state: 0x3c0)  // hvc #0
    _ = user(0xd400_0003, state: 0x3c0)  // smc #0
    _ = user(0xd503_207f, state: 0x3c0)  // wfi
    _ = user(0xd538_1000, state: 0x3c0)  // mrs x0, sctlr_el1
    _ = user(0xd53c_1100, state: 0x3c0)  // mrs x0, hcr_el2
  }

  /// Exception return to levels and states that are not below this one.
  static func illegalReturn() {
    let target = Instruction.nop.prepare() + 12
    for mode: UInt64 in 0..<32 {
      // EL0 and EL1 are legal.
      if mode == 0 || mode == 4 || mode == 5 || mode == 16 { continue }
      // Prepared code has three instructions and a return; the return is the target.
      let result = Instruction.setReturnAddress.run(
        target, 0x3c0 | mode, then: .setReturnState, then: .exceptionReturn)
      Check.that(
        result.exceptionClass == ExceptionClass.illegalState, "illegal return", mode,
        result.exceptionClass ?? 0xff)
    }
  }

  /// A stack pointer that is unmapped or misaligned, and its use.
  static func brokenStack(_ random: inout Random) {
    for _ in 0..<100 {
      // Above the 39 bits that are mapped: the guest's own fault.
      let garbage = random.next() | 1 << 40
      let result = Instruction.moveToStackPointer.run(garbage, then: .loadFromStack)
      Check.that(result.exceptionClass != nil, "load from a broken stack", garbage)
    }
  }

  /// Loads, stores and jumps that stage 1 refuses.
  static func ownFaults(_ random: inout Random) {
    for _ in 0..<100 {
      let address = random.next() | 1 << 41
      let load = Instruction.load(sizeLog2: random.next(below: 4)).run(address)
      Check.that(load.exceptionClass != nil, "load from unmapped memory", address)
      let jump = Instruction.branch.run(address)
      Check.that(jump.exceptionClass != nil, "jump to unmapped memory", address)
    }
    let write = Instruction.store(sizeLog2: 3).run(0x4008_0000, 0)
    Check.that(write.exceptionClass != nil, "own code writable")
  }

  private static func check32(_ word: UInt64, _ expected: UInt64, _ what: StaticString) {
    let result = user(word, state: 0x1d0)
    Check.that(result.exceptionClass == expected, what, result.exceptionClass ?? 0xff)
  }

  private static func run32(_ word: UInt64) { _ = user(word, state: 0x1d0) }

  /// Executes `word`, then again and again a supervisor call, at EL0 in `state` (SPSR_EL1).
  private static func user(_ word: UInt64, state: UInt64) -> Attempt {
    let code: UInt64 = 0x4060_0000
    let call: UInt64 = state & 0x10 == 0 ? 0xd400_0001 : 0xef00_0000
    guest_store64(code, word | call << 32)
    guest_sync_code(code)
    return Instruction.setReturnAddress.run(
      code, state, then: .setReturnState, then: .exceptionReturn)
  }
}
#endif
