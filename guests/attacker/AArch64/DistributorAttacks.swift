#if hasFeature(Embedded) && arch(arm64) && !GICV2
internal import GuestEntry
internal import GuestSupport

// Distributor and own redistributor of a GICv3.
extension ControllerAttacks {
  static let distributorBytes: UInt64 = 0x1_0000
  private static let redistributor = Interrupts.redistributors

  /// GICD_IROUTER names somebody.
  static func isRouted(_ line: UInt64) -> Bool {
    guest_load64(distributor + 0x6000 + line * 8) != 0
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
