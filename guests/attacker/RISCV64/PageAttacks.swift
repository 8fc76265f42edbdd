#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry
internal import GuestSupport

/// The guest's own translation (privileged architecture, 12.4): tables that are wrong, and what the
/// kernel sees when it reads the instruction that trapped.
enum PageAttacks {
  /// V, R, W, A, D.
  static let data: UInt64 = 0xc7
  /// V, R, W, X, A, D.
  static let everything: UInt64 = 0xcf
  /// V, X, A.
  private static let executeOnly: UInt64 = 0x49

  /// Tables of 2 MiB and of 4 KiB pages for gigabyte 104, in memory nobody else uses.
  private static let middleTable = Memory.plain + 0x1_0000
  private static let lastTable = Memory.plain + 0x1_1000
  private static let window: UInt64 = 104 << 30

  /// Entry `index` of the root table.
  static func setRoot(_ index: UInt64, _ entry: UInt64) {
    guest_store64(guest_level1_table_address() + 8 * index, entry)
    guest_fence_tables()
  }

  /// Maps the gigabyte of `address` a second time. Where `address` is then.
  static func alias(of address: UInt64, flags: UInt64) -> UInt64 {
    setRoot(100, (address & ~0x3fff_ffff) >> 2 | flags)
    return 100 << 30 | address & 0x3fff_ffff
  }

  /// Loads, stores and jumps that the guest's own translation refuses.
  static func ownFaults(_ random: inout Random) {
    for _ in 0..<100 {
      let address = random.next() | 1 << 41
      let load = Instruction.load(sizeLog2: random.next(below: 4)).run(address)
      Check.that(load.exceptionClass != nil, "load from unmapped memory", address)
      let jump = Instruction.jump.run(address)
      Check.that(jump.exceptionClass != nil, "jump to unmapped memory", address)
    }
    let write = Instruction.store(sizeLog2: 3).run(Memory.code, 0)
    Check.that(write.isPageFault, "own code writable")
    let fetch = Instruction.jump.run(Memory.plain)
    Check.that(fetch.isPageFault, "own data executable")
  }

  /// Entries that are reserved, misaligned, or without the accessed and dirty bits.
  static func brokenTables() {
    let load = Instruction.load(sizeLog2: 3)
    let ram: UInt64 = 0x8000_0000 >> 2
    // Writable and not readable; a misaligned gigabyte; bits 54 to 60.
    let reserved: InlineArray<4, UInt64> = [
      ram | 0xc5, ram | 1 << 12 | data, ram | data | 1 << 54, ram | data | 1 << 60,
    ]
    for index in reserved.indices {
      setRoot(103, reserved[index])
      let result = load.run(103 << 30)
      Check.that(result.exceptionClass != nil, "reserved entry used", reserved[index])
    }
    // Without A or D: a fault, or the hardware sets them.
    let unset: InlineArray<3, UInt64> = [0x07, 0x47, 0x87]
    for index in unset.indices {
      setRoot(103, ram | unset[index])
      let address: UInt64 = 103 << 30 | Memory.plain & 0x3fff_ffff
      _ = load.run(address)
      _ = Instruction.store(sizeLog2: 3).run(address, 1)
      _ = Instruction.atomic(0, sizeLog2: 3).run(address, 1)
    }
    // A table that is its own: its third entry, RAM, is then one of 2 MiB.
    setRoot(103, guest_level1_table_address() >> 2 | 1)
    _ = load.run(103 << 30 | 2 << 21)
    setRoot(103, 0)
    // Modes that there are not have no effect.
    let own = guest_read_satp()
    for mode: UInt64 in 1..<8 {
      _ = Instruction.write(CSR.translation).run(mode << 60 | own & 0xfff_ffff_ffff)
      Check.that(guest_read_satp() == own, "unknown translation mode", mode)
    }
  }

  /// Instructions that trap because of a device, in pages that can be executed and not read, across two
  /// pages that do not lie together, and in a page that is gone when the kernel looks.
  static func changedInstructions() {
    let status = Console.device + 5
    let expected = UInt64(guest_load8(status))
    let load = Instruction.load(sizeLog2: 4)  // lbu
    let first = Memory.patch + 0x2_0000
    let second = Memory.patch + 0x2_8000
    for entry: UInt64 in 0..<512 {
      guest_store64(middleTable + 8 * entry, 0)
      guest_store64(lastTable + 8 * entry, 0)
    }
    guest_store64(middleTable, lastTable >> 2 | 1)
    setPage(0, first >> 2 | executeOnly)
    setPage(1, second >> 2 | executeOnly)
    setRoot(104, middleTable >> 2 | 1)

    _ = load.prepare(at: first)
    expect(attempt(window, status), expected, "load from an execute-only page")

    // The last half word of one page, the first of the other.
    _ = load.prepare(at: first + 0xffe)
    _ = load.prepare(at: second - 2)
    expect(attempt(window + 0xffe, status), expected, "load across two pages")
    setPage(1, 0)
    let cut = attempt(window + 0xffe, status)
    Check.that(cut.isPageFault, "half an instruction executed", cut.exceptionClass ?? 0xff)

    // sd zero, 0(a1) takes the page away, without a fence, and the load behind it traps.
    _ = Instruction(word: 0x0005_b023).prepare(at: first, load)
    for round: UInt64 in 0..<20 {
      setPage(0, first >> 2 | executeOnly)
      _ = attempt(window, status, lastTable)
      guest_fence_tables()
      // sw a2, 4(a1) makes another instruction of the load, without a fence.
      _ = Instruction(word: 0x00c5_a223).prepare(at: first, load)
      let other = round % 2 == 0 ? Instruction.ecall : Instruction.store(sizeLog2: 3)
      _ = attempt(first, status, first, UInt64(other.word))
      _ = Instruction(word: 0x0005_b023).prepare(at: first, load)
    }
    setRoot(104, 0)
    guest_store8(Console.device + 1, 0)
    guest_store8(Console.device + 3, 3)
  }

  private static func setPage(_ page: UInt64, _ entry: UInt64) {
    guest_store64(lastTable + 8 * page, entry)
    guest_fence_tables()
  }

  private static func expect(_ result: Attempt, _ value: UInt64, _ what: StaticString) {
    Check.that(
      result.exceptionClass == nil && result.value == value, what, result.exceptionClass ?? 0xff,
      result.value)
  }
}
#endif
