#if hasFeature(Embedded) && arch(arm64) && GICV2
internal import GuestEntry
internal import GuestSupport

// Distributor and CPU interface of a GICv2.
extension ControllerAttacks {
  static let distributorBytes: UInt64 = 0x1000
  private static let interface = Interrupts.interface

  /// GICD_ITARGETSR names somebody, and nobody else.
  static func isRouted(_ line: UInt64) -> Bool {
    let targets = guest_load8(distributor + 0x800 + line)
    Check.that(targets & ~1 == 0, "target of others", line, UInt64(targets))
    return targets != 0
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

  /// Private interrupts off and idle; the CPU interface, all of its interrupts ended.
  static func resetRedistributor() {
    guest_store32(distributor + 0x180, 0xffff_ffff)
    guest_store32(distributor + 0x280, 0xffff_ffff)
    guest_store32(distributor + 0x380, 0xffff_ffff)
    // GICD_CPENDSGIR
    for word: UInt64 in 0..<4 { guest_store32(distributor + 0xf10 + word * 4, 0xffff_ffff) }
    guest_store32(interface, 0)
    Interrupts.startCPU(0)
    for _ in 0..<32 where guest_load32(interface + 0x14) & 0xff != 0xff {
      guest_store32(interface + 0x10, 0)  // GICC_EOIR
    }
  }
}
#endif
