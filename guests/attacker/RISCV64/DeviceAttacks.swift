#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// Accesses to emulated devices in every form.
enum DeviceAttacks {
  /// Survives what it raises.
  static func load(_ sizeLog2: UInt64, _ address: UInt64) {
    _ = Instruction.load(sizeLog2: sizeLog2).run(address)
  }

  /// The same.
  static func store(_ sizeLog2: UInt64, _ address: UInt64, _ value: UInt64) {
    _ = Instruction.store(sizeLog2: sizeLog2).run(address, value)
  }

  /// The console's 256 bytes, but for what prints or would make the device silent.
  static func consoleSweep(_ random: inout Random) {
    for offset: UInt64 in 1..<0x100 {
      load(0, Console.device + offset)
      if offset != 3 { store(0, Console.device + offset, random.argument()) }
    }
    for _ in 0..<500 {
      let offset = 4 + random.next(below: 0xf0)
      load(random.next(below: 4), Console.device + offset)
      store(random.next(below: 4), Console.device + offset, random.next())
    }
    // The divisor is behind LCR.DLAB, and with it the transmit register is not there.
    store(0, Console.device + 3, 0x83)
    load(0, Console.device)
    load(0, Console.device + 1)
    store(0, Console.device + 3, 0x03)
    guest_store8(Console.device + 1, 0)  // IER
    guest_store8(Console.device + 2, 0x07)  // FCR: FIFOs on and empty
    guest_store8(Console.device + 4, 0x0b)  // MCR: no loop
  }

  /// The line status register by every instruction that loads, and the scratch register by every one that
  /// stores; misaligned, atomic, compressed. What is not done is refused to the guest.
  static func accesses() {
    let status = Console.device + 5
    let expected = UInt64(guest_load8(status))
    for form: UInt64 in 0..<7 {  // lb, lh, lw, ld, lbu, lhu, lwu
      let result = Instruction.load(sizeLog2: form).run(status)
      Check.that(
        form & 3 != 0 || result.value == expected, "console read", form, result.value)
    }
    // The console's first registers print, or say whether others are there.
    let devices: InlineArray<2, UInt64> = [Console.device + 4, LineAttacks.controller & ~7]
    let off = Instruction.read(CSR.status).run().value & ~(3 << 13)  // sstatus.FS
    _ = Instruction.write(CSR.status).run(off)
    for index in devices.indices {
      let device = devices[index]
      for operation: UInt32 in 0..<32 {
        _ = Instruction.atomic(operation, sizeLog2: 2).run(device, 0)
        _ = Instruction.atomic(operation, sizeLog2: 3).run((device + 7) & ~7, 0)
      }
      for offset: UInt64 in 1..<8 {
        for size: UInt64 in 0..<7 { load(size, device + offset) }
      }
      for operation: UInt32 in 0..<5 { _ = Instruction.cacheBlock(operation).run(device) }
      // c.lw a0, 0(a0) and c.ld a0, 0(a0), each with a c.nop behind it; then their stores of a1.
      _ = Instruction(word: 0x0001_4108).run(device)
      _ = Instruction(word: 0x0001_6108).run(device)
      _ = Instruction(word: 0x0001_c10c).run(device, 0x0b)
      _ = Instruction(word: 0x0001_e10c).run((device + 7) & ~7, 0)
      // flw and fld, fsw and fsd: the floating-point unit is off.
      let float = Instruction(word: 0x0005_2007).run(device)
      Check.that(float.exceptionClass != nil, "floating-point load from a device")
    }
    guest_store8(Console.device + 1, 0)
    guest_store8(Console.device + 3, 3)
    Console.endLine()  // a block of zeros has reached the transmit register, where that is done
    LineAttacks.reset()
  }

  /// `address`, of a device, where the guest's own translation lets it be executed.
  static func executable(_ address: UInt64) -> UInt64 {
    PageAttacks.alias(of: address, flags: PageAttacks.everything)
  }
}
#endif
