#if hasFeature(Embedded) && arch(arm64) && GICV2
internal import GuestEntry
internal import GuestSupport

/// A zone that makes its CPU deaf and then waits for ever: an interrupt that the CPU interface may not
/// signal does not end a WFI, not even the one by which the kernel wants the CPU back. IHI 0048B, 2.3
/// and 3.3.
enum DeafAttacks {
  private static let distributor = Interrupts.distributor
  private static let gicc = Interrupts.interface

  /// All private interrupts disabled and in the other group, SGI 15 active.
  static func group() -> Never {
    Interrupts.disable()
    guest_store32(distributor + 0x80, 0xffff_ffff)  // GICD_IGROUPR0
    guest_store32(distributor + 0x300, 0xffff_ffff)  // GICD_ISACTIVER0
    guest_store32(distributor + 0x180, 0xffff_ffff)  // GICD_ICENABLER0
    // GICD_IPRIORITYR
    for line: UInt64 in 0..<32 { guest_store8(distributor + 0x400 + line, 0xff) }
    guest_dsb()
    FatalAttacks.wait()
  }

  /// The CPU interface off, and all priorities masked.
  static func interface() -> Never {
    Interrupts.disable()
    guest_store32(gicc, 0)  // GICC_CTLR
    guest_store32(gicc + 0x4, 0)  // GICC_PMR
    guest_dsb()
    FatalAttacks.wait()
  }

  /// An interrupt of the highest priority taken and never ended: none can preempt it. It is the one
  /// that wakes.
  static func priority() -> Never {
    Interrupts.disable()
    Interrupts.send(Interrupts.sgi(15, toCPU: 0))
    while Interrupts.acknowledge() != 15 {}
    FatalAttacks.wait()
  }
}
#endif
