#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport

/// Reads and writes all over the emulated devices: distributor, own redistributor, console.
enum ControllerAttacks {
  private static let distributor = Interrupts.distributor
  private static let redistributor = Interrupts.redistributors

  /// Every word, then random sizes at random offsets, aligned or not.
  static func distributorSweep(_ random: inout Random, ownLines: UInt64) {
    sweep(distributor, write: 0)
    sweep(distributor, write: 0xffff_ffff)
    if Check.isInZone { countOwnLines(expected: ownLines) }
    scatter(distributor, bytes: 0x1_0000, &random)
    resetDistributor()
  }

  /// With all ones written everywhere, only the zone's own lines may hold them.
  private static func countOwnLines(expected: UInt64) {
    var enabled: UInt64 = 0
    var prioritized: UInt64 = 0
    var routed: UInt64 = 0
    // The sweep has disabled again what it enabled.
    for word: UInt64 in 1..<32 { store(2, distributor + 0x100 + word * 4, 0xffff_ffff) }
    for line: UInt64 in 32..<1020 {
      if guest_load32(distributor + 0x100 + line / 32 * 4) >> (line % 32) & 1 != 0 {
        enabled += 1
      }
      if guest_load8(distributor + 0x400 + line) != 0 { prioritized += 1 }
      if guest_load64(distributor + 0x6000 + line * 8) != 0 { routed += 1 }
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

  /// The RD frame, LPI registers included, and what the SGI frame has; both are put right again.
  static func redistributorSweep(_ random: inout Random) {
    sweep(redistributor, write: 0)
    sweep(redistributor, write: 0xffff_ffff)
    Check.zone(guest_load32(redistributor) & 1 == 0, "lpis could be enabled")
    scatter(redistributor, bytes: 0x1_0000, &random)
    let sgi = redistributor + 0x1_0000
    for offset: UInt64 in 0x20..<0x320 { store(2, sgi + offset * 4, random.next()) }
    resetRedistributor()
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

  /// Lines off and idle, distributor on.
  static func resetDistributor() {
    for word: UInt64 in 1..<32 {
      guest_store32(distributor + 0x180 + word * 4, 0xffff_ffff)  // GICD_ICENABLER
      guest_store32(distributor + 0x280 + word * 4, 0xffff_ffff)  // GICD_ICPENDR
      guest_store32(distributor + 0x380 + word * 4, 0xffff_ffff)  // GICD_ICACTIVER
    }
    Interrupts.start()
  }

  static func resetRedistributor() {
    let sgi = redistributor + 0x1_0000
    guest_store32(redistributor, 0)  // GICR_CTLR
    guest_store32(sgi + 0x180, 0xffff_ffff)
    guest_store32(sgi + 0x280, 0xffff_ffff)
    guest_store32(sgi + 0x380, 0xffff_ffff)
    guest_store32(sgi + 0xc00, 0xaaaa_aaaa)
    guest_store32(sgi + 0xc04, 0)
    guest_store32(sgi + 0xd00, 0)
    Interrupts.startCPU(0)
  }

  /// Reads each word of 64 KiB and writes `value` to it.
  private static func sweep(_ base: UInt64, write value: UInt64) {
    for word: UInt64 in 0..<0x4000 { load(2, base + 4 * word) }
    for word: UInt64 in 0..<0x4000 { store(2, base + 4 * word, value) }
  }

  private static func scatter(_ base: UInt64, bytes: UInt64, _ random: inout Random) {
    for _ in 0..<3000 { load(random.next(below: 4), base + random.next(below: bytes - 8)) }
    for _ in 0..<3000 {
      store(random.next(below: 4), base + random.next(below: bytes - 8), random.argument())
    }
    for pair: UInt64 in 0..<64 { _ = Instruction.loadPair.run(base + 16 * pair) }
    _ = Instruction.loadExclusive.run(base)
  }

  private static func load(_ sizeLog2: UInt64, _ address: UInt64) {
    _ = Instruction.load(sizeLog2: sizeLog2).run(address)
  }

  private static func store(_ sizeLog2: UInt64, _ address: UInt64, _ value: UInt64) {
    _ = Instruction.store(sizeLog2: sizeLog2).run(address, value)
  }
}
#endif
