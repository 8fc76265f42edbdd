#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

/// Attacks that end this zone, by the kernel's rule or by their nature. None of them returns in a
/// zone.
enum FatalAttacks {
  /// One access to memory of others; what came of it if the zone still lives.
  static func access(_ instruction: Instruction, at address: UInt64) -> Attempt {
    instruction.run(address, 0x5a5a_5a5a_5a5a_5a5a)
  }

  /// Maps the gigabyte of `address` once more, executable (the guest's own map of it forbids that), and
  /// jumps there, so that it is for stage 2 to refuse.
  static func execute(at address: UInt64) -> Attempt {
    let entry = guest_level1_table_address() + 8 * 302
    guest_store64(entry, address & ~0x3fff_ffff | 0x40_0000_0000_0705)
    guest_dsb()
    guest_isb()
    return Instruction.branch.run(302 << 30 | address & 0x3fff_ffff)
  }

  /// Points this guest's own translation at an address outside of the zone: the table walk faults.
  static func tableWalk(at address: UInt64) -> Attempt {
    let entry = guest_level1_table_address() + 8 * 300
    guest_store64(entry, address & ~0xfff | 3)
    guest_dsb()
    guest_isb()
    return Instruction.load(sizeLog2: 3).run(300 << 30)
  }

  /// Maps a gigabyte at an output address that no stage 2 covers, and reads there.
  static func readHigh(at address: UInt64) -> Attempt {
    let entry = guest_level1_table_address() + 8 * 301
    guest_store64(entry, address & ~0x3fff_ffff | 0x60_0000_0000_0401)
    guest_dsb()
    guest_isb()
    return Instruction.load(sizeLog2: 3).run(301 << 30)
  }

  /// Makes the vectors unreachable and faults: the exception itself faults.
  static func vectors(at address: UInt64) -> Attempt {
    _ = Instruction.write(SystemRegister(3, 0, 12, 0, 0)).run(address & ~0x7ff)
    return Instruction.load(sizeLog2: 3).run(1 << 45)
  }

  /// Points the vectors at themselves: an exception at the first instruction of each vector, without
  /// end, and with interrupts masked.
  static func exceptionLoop() -> Attempt {
    let vectors: UInt64 = 0x4041_0000
    for offset: UInt64 in 0..<512 { guest_store32(vectors + 4 * offset, 0) }  // udf #0
    for line: UInt64 in 0..<32 { guest_sync_code(vectors + 64 * line) }
    _ = Instruction.write(SystemRegister(3, 0, 12, 0, 0)).run(vectors)
    return Instruction(word: 0).run()
  }

  static func spin() -> Never {
    Interrupts.disable()
    while true { guest_isb() }
  }

  static func wait() -> Never {
    Interrupts.disable()
    while true { guest_wfi() }
  }

  /// Traps to the kernel without end: calls, distributor reads, SGIs.
  static func trapStorm() -> Never {
    Interrupts.disable()
    while true {
      _ = Firmware.hvc(Firmware.psciVersion)
      _ = guest_load32(Interrupts.distributor + 4)
      Interrupts.send(Interrupts.sgiToOthers(0))
    }
  }

  /// TLB and cache maintenance without end: what one zone can do to shared hardware by right.
  static func maintenanceStorm() -> Never {
    Interrupts.disable()
    while true {
      _ = Instruction.system(0, 8, 3, 0).run()  // TLBI VMALLE1IS
      _ = Instruction.system(0, 7, 1, 0).run()  // IC IALLUIS
      guest_dsb()
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
