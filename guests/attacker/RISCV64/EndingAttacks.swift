#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// Attacks that end this zone, by the kernel's rule or by their nature. None of them returns in a
/// zone.
enum EndingAttacks {
  /// What M-mode has for itself: its domain of the APLIC, or its software interrupts.
  static var machineController: UInt64 { Interrupts.hasFile ? 0x0c00_0000 : 0x0200_0000 }

  /// One access to memory of others; what came of it if the zone still lives.
  static func access(
    _ instruction: Instruction, at address: UInt64, value: UInt64 = 0x5a5a_5a5a_5a5a_5a5a
  ) -> Attempt {
    instruction.run(address, value)
  }

  /// Maps the gigabyte of `address` once more, executable (the guest's own map of it forbids that), and
  /// jumps there, so that it is for the second stage to refuse.
  static func execute(at address: UInt64) -> Attempt {
    Instruction.jump.run(PageAttacks.alias(of: address, flags: PageAttacks.everything))
  }

  /// Points this guest's own translation at an address outside of the zone: the table walk faults.
  static func tableWalk(at address: UInt64) -> Attempt {
    PageAttacks.setRoot(101, (address >> 12) << 10 | 1)
    return Instruction.load(sizeLog2: 3).run(101 << 30)
  }

  /// Makes a foreign page the root of the translation.
  static func root(at address: UInt64) -> Attempt {
    Instruction.write(CSR.translation).run(8 << 60 | address >> 12)
  }

  /// Maps a gigabyte at an output address that no second stage covers, and reads there.
  static func readHigh(at address: UInt64) -> Attempt {
    Instruction.load(sizeLog2: 3).run(PageAttacks.alias(of: address, flags: PageAttacks.data))
  }

  /// Makes the vector unreachable and faults: the exception itself faults.
  static func vectors(at address: UInt64) -> Attempt {
    let target = PageAttacks.alias(of: address, flags: PageAttacks.everything)
    return Instruction.write(CSR.vector).run(target, then: Instruction(word: 0))
  }

  /// Points the vector at an illegal instruction: an exception without end, with interrupts masked.
  static func exceptionLoop() -> Attempt {
    let vector = Memory.patch + 0x1_0000
    guest_store64(vector, 0)
    guest_fence_i()
    return Instruction.write(CSR.vector).run(vector, then: Instruction(word: 0))
  }

  static func spin() -> Never {
    Interrupts.disable()
    while true { guest_spin() }
  }

  static func wait() -> Never {
    Interrupts.disable()
    while true { guest_wfi() }
  }

  /// Nothing is delivered to S-mode any more, and then it waits: `register` of the interrupt file. Without
  /// one the PLIC's threshold is the same.
  static func deaf(register: UInt64, value: UInt64) -> Never {
    Interrupts.disable()
    if Interrupts.hasFile {
      guest_write_siselect(register)
      guest_write_sireg(value)
    } else {
      guest_store32(PLIC.threshold, 7)
    }
    wait()
  }

  /// No interrupt enabled at all.
  static func deafEnables() -> Never {
    Interrupts.disable()
    guest_write_sie(0)
    wait()
  }

  /// Traps to the kernel without end: calls, reads of the controller, interrupts to others, illegal
  /// instructions.
  static func trapStorm() -> Never {
    Interrupts.disable()
    while true {
      _ = Firmware.sbi(Firmware.Extension.base, 0)
      _ = guest_load32(LineAttacks.controller)
      _ = Firmware.sbi(Firmware.Extension.ipi, 0, UInt64.max, 0)
      _ = Instruction.read(0x300).run()
    }
  }

  /// Fences without end, here and remote: what one zone can do to shared hardware by right.
  static func maintenanceStorm() -> Never {
    Interrupts.disable()
    while true {
      guest_fence_tables()
      guest_fence_i()
      _ = Firmware.sbi(Firmware.Extension.remoteFence, 0, 1, CPU.hart(0))
      _ = Firmware.sbi(Firmware.Extension.remoteFence, 1, 1, CPU.hart(0), 0, UInt64.max)
    }
  }

  static func consoleFlood() -> Never {
    var number: UInt64 = 0
    while true {
      number += 1
      Console.write("attacker: flood ")
      Console.write(number)
      Console.line(" flood flood flood flood flood flood flood flood")
    }
  }
}
#endif
