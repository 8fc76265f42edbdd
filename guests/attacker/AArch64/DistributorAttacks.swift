#if hasFeature(Embedded) && arch(arm64) && !GICV2
internal import GuestEntry
internal import GuestSupport

// Distributor and own redistributor of a GICv3.
extension ControllerAttacks {
  private static let distributor = Interrupts.distributor
  private static let redistributor = Interrupts.redistributors

  /// Every word, then anything.
  static func distributorSweep(_ random: inout Random, ownLines: UInt64) {
    sweep(distributor, bytes: 0x1_0000, write: 0)
    sweep(distributor, bytes: 0x1_0000, write: 0xffff_ffff)
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
    sweep(redistributor, bytes: 0x1_0000, write: 0)
    sweep(redistributor, bytes: 0x1_0000, write: 0xffff_ffff)
    Check.zone(guest_load32(redistributor) & 1 == 0, "lpis could be enabled")
    scatter(redistributor, bytes: 0x1_0000, &random)
    let sgi = redistributor + 0x1_0000
    for offset: UInt64 in 0x20..<0x320 { store(2, sgi + offset * 4, random.next()) }
    resetRedistributor()
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
}
#endif
