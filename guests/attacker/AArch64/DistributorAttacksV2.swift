#if hasFeature(Embedded) && arch(arm64) && GICV2
internal import GuestEntry
internal import GuestSupport

// Distributor and CPU interface of a GICv2.
extension ControllerAttacks {
  private static let distributor = Interrupts.distributor
  private static let interface = Interrupts.interface

  /// Every word, then anything.
  static func distributorSweep(_ random: inout Random, ownLines: UInt64) {
    sweep(distributor, bytes: 0x1000, write: 0)
    sweep(distributor, bytes: 0x1000, write: 0xffff_ffff)
    if Check.isInZone { countOwnLines(expected: ownLines) }
    scatter(distributor, bytes: 0x1000, &random)
    resetDistributor()
  }

  /// With all ones written everywhere, only the zone's own lines may hold them.
  private static func countOwnLines(expected: UInt64) {
    var enabled: UInt64 = 0
    var prioritized: UInt64 = 0
    var targeted: UInt64 = 0
    // The sweep has disabled again what it enabled.
    for word: UInt64 in 1..<32 { store(2, distributor + 0x100 + word * 4, 0xffff_ffff) }
    for line: UInt64 in 32..<1020 {
      if guest_load32(distributor + 0x100 + line / 32 * 4) >> (line % 32) & 1 != 0 { enabled += 1 }
      if guest_load8(distributor + 0x400 + line) != 0 { prioritized += 1 }
      let targets = guest_load8(distributor + 0x800 + line)
      if targets != 0 { targeted += 1 }
      Check.that(targets & ~1 == 0, "target of others", line, UInt64(targets))
    }
    Console.write("attacker: gicd")
    Console.field("enabled", enabled)
    Console.field("prioritized", prioritized)
    Console.field("targeted", targeted)
    Console.endLine()
    if expected == 0 { return }
    Check.that(enabled <= expected, "foreign lines enabled", enabled, expected)
    Check.that(prioritized <= expected, "foreign lines prioritized", prioritized, expected)
    Check.that(targeted <= expected, "foreign lines targeted", targeted, expected)
  }

  /// The CPU interface: its own page by word, but for what acknowledges an interrupt when it is read, and
  /// random values; the page of GICC_DIR, which is emulated, by everything.
  static func redistributorSweep(_ random: inout Random) {
    for word: UInt64 in 0..<0x400 where word != 3 && word != 8 {
      load(2, interface + 4 * word)
      store(2, interface + 4 * word, random.next())
    }
    sweep(interface + 0x1000, bytes: 0x1000, write: 0xffff_ffff)
    scatter(interface + 0x1000, bytes: 0x1000, &random)
    resetRedistributor()
  }

  /// Lines off and idle, distributor on.
  static func resetDistributor() {
    for word: UInt64 in 0..<32 {
      guest_store32(distributor + 0x180 + word * 4, 0xffff_ffff)  // GICD_ICENABLER
      guest_store32(distributor + 0x280 + word * 4, 0xffff_ffff)  // GICD_ICPENDR
      guest_store32(distributor + 0x380 + word * 4, 0xffff_ffff)  // GICD_ICACTIVER
    }
    for word: UInt64 in 0..<4 { guest_store32(distributor + 0xf10 + word * 4, 0xffff_ffff) }
    resetRedistributor()
    Interrupts.start()
  }

  /// The CPU interface, all of its interrupts ended.
  static func resetRedistributor() {
    guest_store32(interface, 0)
    Interrupts.startCPU(0)
    for _ in 0..<32 where guest_load32(interface + 0x14) & 0xff != 0xff {
      guest_store32(interface + 0x10, 0)  // GICC_EOIR
    }
  }
}
#endif
