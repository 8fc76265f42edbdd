#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

/// Reads and writes all over the emulated devices: distributor, own redistributor, console.
enum ControllerAttacks {
  static let distributor = Interrupts.distributor

  /// Every word, then anything.
  static func distributorSweep(_ random: inout Random, ownLines: UInt64) {
    sweep(distributor, bytes: distributorBytes, write: 0)
    sweep(distributor, bytes: distributorBytes, write: 0xffff_ffff)
    if Check.isInZone { countOwnLines(expected: ownLines) }
    scatter(distributor, bytes: distributorBytes, &random)
    // Lines off and idle, distributor on.
    for word: UInt64 in 1..<32 {
      guest_store32(distributor + 0x180 + word * 4, 0xffff_ffff)  // GICD_ICENABLER
      guest_store32(distributor + 0x280 + word * 4, 0xffff_ffff)  // GICD_ICPENDR
      guest_store32(distributor + 0x380 + word * 4, 0xffff_ffff)  // GICD_ICACTIVER
    }
    resetRedistributor()
    Interrupts.start()
  }

  /// With all ones written everywhere, only the zone's own lines may hold them.
  private static func countOwnLines(expected: UInt64) {
    var enabled: UInt64 = 0
    var prioritized: UInt64 = 0
    var routed: UInt64 = 0
    // The sweep has disabled again what it enabled.
    for word: UInt64 in 1..<32 { store(2, distributor + 0x100 + word * 4, 0xffff_ffff) }
    for line: UInt64 in 32..<1020 {
      if guest_load32(distributor + 0x100 + line / 32 * 4) >> (line % 32) & 1 != 0 { enabled += 1 }
      if guest_load8(distributor + 0x400 + line) != 0 { prioritized += 1 }
      if isRouted(line) { routed += 1 }
    }
    Console.write("attacker: gicd")
    Console.field("enabled", enabled)
    Console.field("prioritized", prioritized)
    Console.field("routed", routed)
    Console.endLine()
    if expected == 0 { return }
    Check.that(enabled <= expected, "foreign lines enabled", enabled, expected)
    Check.that(prioritized <= expected, "foreign lines prioritized", prioritized, expected)
    Check.that(routed <= expected, "foreign lines routed", routed, expected)
  }

  /// The console's 4 KiB, but for what prints.
  static func consoleSweep(_ random: inout Random) {
    for offset: UInt64 in 1..<0x400 {
      load(2, 0x0900_0000 + 4 * offset)
      store(2, 0x0900_0000 + 4 * offset, random.argument())
    }
    for _ in 0..<500 {
      let offset = 4 + random.next(below: 0xff0)
      load(random.next(below: 4), 0x0900_0000 + offset)
      store(random.next(below: 4), 0x0900_0000 + offset, random.next())
    }
    guest_store32(0x0900_0038, 0)  // UARTIMSC
    guest_store32(0x0900_0044, 0x7ff)  // UARTICR
    guest_store32(0x0900_0048, 0)  // UARTDMACR
    guest_store32(0x0900_002c, 0x70)  // UARTLCR_H: 8 bits, FIFOs
    guest_store32(0x0900_0030, 0x301)  // UARTCR: transmit, receive, enable
  }

  /// Reads each word of `bytes` and writes `value` to it.
  static func sweep(_ base: UInt64, bytes: UInt64, write value: UInt64) {
    for word in 0..<bytes / 4 { load(2, base + 4 * word) }
    for word in 0..<bytes / 4 { store(2, base + 4 * word, value) }
  }

  /// Random sizes at random offsets, aligned or not.
  static func scatter(_ base: UInt64, bytes: UInt64, _ random: inout Random) {
    for _ in 0..<3000 { load(random.next(below: 4), base + random.next(below: bytes - 8)) }
    for _ in 0..<3000 {
      store(random.next(below: 4), base + random.next(below: bytes - 8), random.argument())
    }
    for pair: UInt64 in 0..<64 { _ = Instruction.loadPair.run(base + 16 * pair) }
    _ = Instruction.loadExclusive.run(base)
  }

  static func load(_ sizeLog2: UInt64, _ address: UInt64) {
    _ = Instruction.load(sizeLog2: sizeLog2).run(address)
  }

  static func store(_ sizeLog2: UInt64, _ address: UInt64, _ value: UInt64) {
    _ = Instruction.store(sizeLog2: sizeLog2).run(address, value)
  }
}
#endif
