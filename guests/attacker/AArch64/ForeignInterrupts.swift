#if hasFeature(Embedded) && arch(arm64) && !GICV2
internal import GuestEntry
internal import GuestSupport

// Interrupts of others by the CPU interface of a GICv3.
extension InterruptAttacks {
  /// Every kind of SGI to every kind of target. Zones see whether one arrives by their counts.
  static func foreignTargets(_ random: inout Random) {
    for number: UInt64 in 0..<16 {
      guest_write_icc_sgi1r(Interrupts.sgiToOthers(number))
      guest_write_icc_sgi0r(Interrupts.sgiToOthers(number))
      guest_write_icc_asgi1r(Interrupts.sgiToOthers(number))
      for affinity1: UInt64 in 0..<4 {
        let value = affinity1 << 16 | number << 24 | 0xfffe
        guest_write_icc_sgi1r(value)
        guest_write_icc_sgi0r(value)
        guest_write_icc_asgi1r(value)
      }
    }
    for _ in 0..<500 {
      let value = random.next()
      guest_write_icc_sgi1r(value)
      guest_write_icc_sgi0r(value)
      guest_write_icc_asgi1r(value)
    }
    checkOwnSGI()
  }

  /// Deactivates and ends interrupts that are not active here, LPIs and absurd numbers included.
  static func deactivation(_ random: inout Random) {
    for separate: UInt64 in 0..<2 {
      guest_write_icc_ctlr(separate << 1)
      for line: UInt64 in 0..<1024 {
        guest_write_icc_dir(line)
        guest_write_icc_eoir1(line)
      }
      for _ in 0..<100 {
        guest_write_icc_dir(8192 + random.next(below: 0x1_0000))
        guest_write_icc_dir(random.next())
      }
    }
    guest_write_icc_ctlr(0)
  }
}
#endif
