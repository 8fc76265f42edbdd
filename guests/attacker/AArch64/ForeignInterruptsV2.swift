#if hasFeature(Embedded) && arch(arm64) && GICV2
internal import GuestEntry
internal import GuestSupport

// Interrupts of others by distributor and CPU interface of a GICv2.
extension InterruptAttacks {
  private static let interface = Interrupts.interface

  /// Every kind of SGI to every kind of target. Zones see whether one arrives by their counts.
  static func foreignTargets(_ random: inout Random) {
    for number: UInt64 in 0..<16 {
      Interrupts.send(Interrupts.sgiToOthers(number))
      // To each CPU but this one, to all of them, as secure software, to the target filter nobody has.
      for cpu: UInt64 in 1..<8 { Interrupts.send(Interrupts.sgi(number, toCPU: cpu)) }
      Interrupts.send(0xfe << 16 | number)
      Interrupts.send(0xfe << 16 | 1 << 15 | number)
      Interrupts.send(3 << 24 | 0xff << 16 | number)
    }
    for _ in 0..<500 { Interrupts.send(random.next()) }
    checkOwnSGI()
  }

  /// Deactivates and ends interrupts that are not active here, from absurd senders, too.
  static func deactivation(_ random: inout Random) {
    for separate: UInt32 in 0..<2 {
      guest_store32(interface, separate << 9 | 1)  // GICC_CTLR.EOImode
      for line: UInt32 in 0..<1024 {
        guest_store32(interface + 0x1000, line)  // GICC_DIR
        guest_store32(interface + 0x10, line)  // GICC_EOIR
        guest_store32(interface + 0x24, line)  // GICC_AEOIR
      }
      for _ in 0..<100 {
        guest_store32(interface + 0x1000, UInt32(truncatingIfNeeded: random.next()))
      }
    }
    guest_store32(interface, 1)
  }
}
#endif
