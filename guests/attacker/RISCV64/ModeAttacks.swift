#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// Instructions of other modes, and the way from one mode to another.
enum ModeAttacks {
  private static let previousMode: UInt64 = 1 << 8  // sstatus.SPP
  private static let userMemory: UInt64 = 1 << 18  // sstatus.SUM

  /// HFENCE, HINVAL, HLV, HSV and returns of higher modes. Bare, this is the hypervisor's own mode.
  static func hypervisorInstructions() {
    let returns: InlineArray<4, UInt32> = [0x3020_0073, 0x7b20_0073, 0x7020_0073, 0x0020_0073]
    for index in returns.indices {
      let result = Instruction(word: returns[index]).run()
      Check.that(result.isRefused, "return of another mode executed", UInt64(returns[index]))
    }
    guard Check.isInZone else { return }
    let fences: InlineArray<4, UInt32> = [0x11, 0x31, 0x13, 0x33]
    for index in fences.indices {
      let result = Instruction.fence(fences[index]).run(Memory.plain, 0)
      Check.that(result.isRefused, "hypervisor's fence executed", UInt64(fences[index]))
    }
    for function: UInt32 in 0x30..<0x38 {
      for form: UInt32 in 0..<4 {
        let own = Instruction.virtualAccess(function, form).run(Memory.plain)
        Check.that(own.isRefused, "hypervisor's access executed", UInt64(function))
        let foreign = Instruction.virtualAccess(function, form).run(Memory.foreign)
        Check.that(foreign.isRefused, "hypervisor's access executed", UInt64(function), 1)
      }
    }
  }

  /// Fences of this mode with every operand, and operations on cache blocks.
  static func maintenance() {
    for round: UInt64 in 0..<200 {
      _ = Instruction.fence(0x09).run(round << 12, round)  // sfence.vma
      _ = Instruction.fence(0x0b).run(round << 12, round)  // sinval.vma
      _ = Instruction(word: 0x1200_0073).run()
      _ = Instruction(word: 0x1800_0073).run()  // sfence.w.inval
      _ = Instruction(word: 0x1810_0073).run()  // sfence.inval.ir
      _ = Instruction.fenceInstructions.run()
      for operation: UInt32 in 0..<5 {
        _ = Instruction.cacheBlock(operation).run(Memory.plain + round << 6)
      }
    }
  }

  /// One instruction in U-mode.
  static func userMode() {
    Check.that(
      user(Instruction.ecall.word).exceptionClass == ExceptionClass.userCall, "call from u-mode")
    let refused: InlineArray<6, UInt32> = [
      Instruction.supervisorReturn.word, Instruction.machineReturn.word, 0x1200_0073,
      Instruction.read(CSR.status).word, Instruction.read(0x600).word, Instruction.read(0x300).word,
    ]
    for index in refused.indices {
      let result = user(refused[index])
      Check.that(result.isRefused, "executed in u-mode", UInt64(refused[index]))
    }
    _ = user(Instruction.ebreak.word)
    _ = user(Instruction.read(0xc00).word)
    _ = user(Instruction.virtualAccess(0x34, 0).word)
  }

  /// Opcodes that nobody has given out, or not here.
  static func unknownInstructions(_ random: inout Random) {
    let opcodes: InlineArray<8, UInt32> = [0x0b, 0x2b, 0x5b, 0x7b, 0x57, 0x6b, 0x77, 0x1f]
    for _ in 0..<2000 {
      let opcode = opcodes[Int(random.next(below: 8))]
      let word = UInt32(truncatingIfNeeded: random.next()) & ~0x7f | opcode
      _ = Instruction(word: word).run()
    }
    for _ in 0..<200 {
      Check.that(Instruction(word: 0).run().isRefused, "no instruction executed")
      Check.that(Instruction(word: UInt32.max).run().isRefused, "no instruction executed")
    }
  }

  /// SRET to places and modes in which this guest has no code.
  static func illegalReturn(_ random: inout Random) {
    for _ in 0..<100 {
      let nowhere = random.next() | 1 << 41
      let result = Instruction.write(CSR.returnAddress).run(
        nowhere, 0, then: .clear(CSR.status), then: .supervisorReturn)
      Check.that(result.exceptionClass != nil, "return to nowhere", nowhere)
      // In U-mode the supervisor's code is out of reach.
      let user = Instruction.write(CSR.returnAddress).run(
        Memory.code, previousMode, then: .clear(CSR.status), then: .supervisorReturn)
      Check.that(user.isPageFault, "u-mode executes s-mode's code", user.exceptionClass ?? 0xff)
    }
  }

  /// A stack pointer that is unmapped or misaligned, and its use.
  static func brokenStack(_ random: inout Random) {
    for _ in 0..<100 {
      // Beyond the 39 bits that are mapped: the guest's own fault.
      let garbage = random.next() | 1 << 40
      let result = Instruction.moveToStackPointer.run(garbage, then: .loadFromStack)
      Check.that(result.exceptionClass != nil, "load from a broken stack", garbage)
    }
  }

  /// Executes `word`, then a call of the supervisor, in U-mode.
  private static func user(_ word: UInt32) -> Attempt {
    let status = Instruction.read(CSR.status).run().value
    _ = Instruction.write(CSR.status).run(status | userMemory)
    guest_store64(Memory.user, UInt64(word) | UInt64(Instruction.ecall.word) << 32)
    _ = Instruction.write(CSR.status).run(status & ~userMemory)
    guest_fence_i()
    return Instruction.write(CSR.returnAddress).run(
      Memory.user, previousMode, then: .clear(CSR.status), then: .supervisorReturn)
  }
}
#endif
