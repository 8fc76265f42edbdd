#if hasFeature(Embedded) && arch(arm64)
internal import GuestSupport

/// System registers and system instructions.
enum RegisterAttacks {
  /// Every encoding of EL2 and EL3 (op1 4 to 7) is undefined at EL1, read or written.
  static func higherLevels() {
    for op1: UInt32 in 4..<8 {
      for rest: UInt32 in 0..<2048 {
        let register = SystemRegister(3, op1, rest >> 7, rest >> 3 & 15, rest & 7)
        let read = Instruction.read(register).run()
        Check.that(
          read.exceptionClass == ExceptionClass.unknown, "higher register readable",
          UInt64(register.encoding), read.value)
        let write = Instruction.write(register).run()
        Check.that(
          write.exceptionClass == ExceptionClass.unknown, "higher register writable",
          UInt64(register.encoding))
      }
    }
    if Check.isInZone { implementationDefined() }
    // Only the highest level that there is may set the counter's frequency: on a bare machine that
    // is this guest, in a zone it is not.
    if Check.isInZone {
      let frequency = Instruction.write(SystemRegister(3, 3, 14, 0, 0)).run(1)
      Check.that(frequency.exceptionClass != nil, "counter frequency writable")
    }
  }

  /// All of the implementation-defined space.
  private static func implementationDefined() {
    for op1: UInt32 in 0..<4 {
      for rest: UInt32 in 0..<128 {
        access(SystemRegister(3, op1, 11, rest >> 3, rest & 7), 0)
        access(SystemRegister(3, op1, 15, rest >> 3, rest & 7), 0)
      }
    }
  }

  /// Random encodings with random values, and what is this guest's own put right again.
  static func random(_ random: inout Random) {
    for _ in 0..<3000 {
      let op0 = 2 + UInt32(random.next(below: 2))
      let op1 = UInt32(random.next(below: 4))
      let rest = UInt32(random.next(below: 2048))
      access(SystemRegister(op0, op1, rest >> 7, rest >> 3 & 15, rest & 7), random.argument())
    }
    repair()
  }

  /// All of op0 = 2 (debug, trace) and the performance monitors: read, and written with zero.
  static func debugAndMonitors() {
    for rest: UInt32 in 0..<2048 {
      access(SystemRegister(2, 0, rest >> 7, rest >> 3 & 15, rest & 7), 0)
      access(SystemRegister(2, 1, rest >> 7, rest >> 3 & 15, rest & 7), 0)
    }
    for rest: UInt32 in 0..<128 {
      access(SystemRegister(3, 0, 9, rest >> 3, rest & 7), 0)
      access(SystemRegister(3, 3, 9, rest >> 3, rest & 7), 0)
      // From CRm = 8: below are the timers.
      if rest >= 64 { access(SystemRegister(3, 3, 14, rest >> 3, rest & 7), 0) }
    }
    repair()
  }

  private static func access(_ register: SystemRegister, _ value: UInt64) {
    if !acknowledges(register) {
      let read = Instruction.read(register).run()
      Check.zone(
        !register.isImplementationDefined || read.exceptionClass != nil,
        "implementation-defined register readable", UInt64(register.encoding), read.value)
    }
    if !isEssential(register) {
      let write = Instruction.write(register).run(value)
      Check.zone(
        !register.isImplementationDefined || write.exceptionClass != nil,
        "implementation-defined register writable", UInt64(register.encoding))
    }
  }

  /// Reading these makes an interrupt active: ICC_IAR0_EL1, ICC_IAR1_EL1, ICC_NMIAR1_EL1.
  private static func acknowledges(_ register: SystemRegister) -> Bool {
    let e = register.encoding
    return e == SystemRegister(3, 0, 12, 8, 0).encoding
      || e == SystemRegister(3, 0, 12, 12, 0).encoding
      || e == SystemRegister(3, 0, 12, 9, 5).encoding
  }

  /// Registers whose change would only break this guest itself.
  private static func isEssential(_ register: SystemRegister) -> Bool {
    let e = register.encoding
    return e == SystemRegister(3, 0, 1, 0, 0).encoding  // SCTLR_EL1
      || e == SystemRegister(3, 0, 2, 0, 0).encoding  // TTBR0_EL1
      || e == SystemRegister(3, 0, 2, 0, 2).encoding  // TCR_EL1
      || e == SystemRegister(3, 0, 4, 1, 0).encoding  // SP_EL0
      || e == SystemRegister(3, 0, 4, 2, 0).encoding  // SPSel
      || e == SystemRegister(3, 0, 4, 2, 3).encoding  // PAN
      || e == SystemRegister(3, 0, 4, 3, 0).encoding  // ALLINT
      || e == SystemRegister(3, 0, 10, 2, 0).encoding  // MAIR_EL1
      || e == SystemRegister(3, 0, 12, 0, 0).encoding  // VBAR_EL1
      || e == SystemRegister(3, 0, 12, 0, 2).encoding  // RMR_EL1
      || e == SystemRegister(2, 0, 0, 2, 2).encoding  // MDSCR_EL1
      || e == SystemRegister(3, 3, 14, 0, 0).encoding  // CNTFRQ_EL0
  }

  private static func repair() {
    _ = Instruction.write(SystemRegister(2, 0, 0, 2, 2)).run(0)  // MDSCR_EL1
    _ = Instruction.write(SystemRegister(3, 0, 1, 0, 2)).run(0)  // CPACR_EL1
    _ = Instruction.write(SystemRegister(3, 3, 14, 2, 1)).run(0)  // CNTP_CTL_EL0
    Timer.stop()
    ControllerAttacks.resetRedistributor()
  }

  /// Cache maintenance by set and way over more sets, ways and levels than there are.
  static func setWay() {
    for level: UInt64 in 0..<3 {
      for way: UInt64 in 0..<16 {
        for set: UInt64 in 0..<64 {
          let operand = way << 28 | set << 6 | level << 1
          _ = Instruction.system(0, 7, 10, 2).run(operand)  // DC CSW
          _ = Instruction.system(0, 7, 14, 2).run(operand)  // DC CISW
        }
      }
    }
  }

  /// Address translation, TLB, instruction cache and data cache instructions on own addresses, and
  /// those of EL2, which are undefined.
  static func maintenance() {
    let own: UInt64 = 0x4050_0000
    for op2: UInt32 in 0..<8 { _ = Instruction.system(0, 7, 8, op2).run(own) }  // AT S1E*
    for rest: UInt32 in 0..<128 {
      _ = Instruction.system(0, 8, rest >> 3, rest & 7).run(own >> 12)  // TLBI, EL1
      let higher = Instruction.system(4, 8, rest >> 3, rest & 7).run(own >> 12)
      Check.that(higher.exceptionClass != nil, "tlbi of el2 executed", UInt64(rest))
    }
    for op2: UInt32 in 0..<8 {
      let higher = Instruction.system(4, 7, 8, op2).run(own)
      Check.that(higher.exceptionClass != nil, "at of el2 executed", UInt64(op2))
    }
    _ = Instruction.system(0, 7, 1, 0).run()  // IC IALLUIS
    _ = Instruction.system(0, 7, 5, 0).run()  // IC IALLU
    _ = Instruction.system(0, 7, 6, 1).run(own)  // DC IVAC
    _ = Instruction.system(3, 7, 4, 1).run(own)  // DC ZVA
    _ = Instruction.system(3, 7, 5, 1).run(own)  // IC IVAU
    _ = Instruction.system(3, 7, 10, 1).run(own)  // DC CVAC
    _ = Instruction.system(3, 7, 14, 1).run(own)  // DC CIVAC
  }
}
#endif
