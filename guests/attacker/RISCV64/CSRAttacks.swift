#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// Control and status registers. Their number says who may use them: bits 9-8 (privileged
/// architecture, 2.1).
enum CSRAttacks {
  /// Every register of the hypervisor and of M-mode, read and written: none for a zone. Bare, the
  /// hypervisor's are there.
  static func higherModes() {
    for register: UInt32 in 0..<4096 {
      let mode = register >> 8 & 3
      if mode < 2 || mode == 2 && !Check.isInZone { continue }
      let read = Instruction.read(register).run()
      Check.that(read.isRefused, "higher register readable", UInt64(register), read.value)
      let write = Instruction.write(register).run()
      Check.that(write.isRefused, "higher register writable", UInt64(register))
    }
  }

  /// Random registers with random values, and what is this guest's own put right again.
  static func random(_ random: inout Random) {
    for _ in 0..<3000 {
      let register = UInt32(random.next(below: 4096))
      if register >> 8 & 3 == 2, !Check.isInZone { continue }
      _ = Instruction.read(register).run()
      if isEssential(register) { continue }
      _ = Instruction.write(register).run(random.argument())
    }
    repair()
  }

  /// Counters, their configuration, triggers, state enables and what implementations add.
  static func countersAndTriggers() {
    for register: UInt32 in 0xc00..<0xc20 { _ = Instruction.read(register).run() }
    for register: UInt32 in 0x7a0..<0x7c0 {
      let read = Instruction.read(register).run()
      Check.that(read.isRefused, "trigger readable", UInt64(register), read.value)
    }
    for register: UInt32 in 0x106..<0x140 { both(register) }
    for register: UInt32 in 0x5a8..<0x600 { both(register) }
    for register: UInt32 in 0x9c0..<0xa00 { both(register) }
    for register: UInt32 in 0xda0..<0xe00 { both(register) }
    repair()
  }

  /// Every register of the interrupt file and beyond, by siselect, and the own file's page.
  static func interruptFile(_ random: inout Random) {
    guard Interrupts.hasFile else { return }
    for select: UInt64 in 0..<0x200 { indirect(select, random.argument()) }
    for _ in 0..<500 { indirect(random.argument(), random.argument()) }
    let file = InterruptFile.address(cpu: 0)
    for offset: UInt64 in 0..<0x400 {
      DeviceAttacks.load(2, file + 4 * offset)
      DeviceAttacks.store(2, file + 4 * offset, random.argument())
    }
    for size: UInt64 in 0..<4 {
      DeviceAttacks.load(size, file + 1)
      DeviceAttacks.store(size, file + 2, 1)
    }
    for _ in 0..<300 { _ = guest_claim_stopei() }
    Interrupts.startCPU(0)
  }

  private static func indirect(_ select: UInt64, _ value: UInt64) {
    _ = Instruction.write(CSR.select).run(select)
    for register: UInt32 in CSR.indirect..<CSR.indirect + 7 { both(register, value) }
  }

  private static func both(_ register: UInt32, _ value: UInt64 = 0) {
    _ = Instruction.read(register).run()
    if !isEssential(register) { _ = Instruction.write(register).run(value) }
  }

  /// Registers whose change would only break this guest itself.
  private static func isEssential(_ register: UInt32) -> Bool {
    register == CSR.status || register == CSR.vector || register == CSR.scratch
      || register == CSR.translation
  }

  private static func repair() {
    _ = Instruction.write(0x106).run(7)  // scounteren
    _ = Instruction.write(0x10a).run(0)  // senvcfg
    Interrupts.startCPU(0)
  }
}
#endif
