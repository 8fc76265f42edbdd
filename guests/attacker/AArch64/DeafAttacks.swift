#if hasFeature(Embedded) && arch(arm64) && !GICV2
internal import GuestEntry
internal import GuestSupport

/// A zone that makes its CPU deaf and then waits for ever: an interrupt that the CPU interface may not
/// signal does not end a WFI, not even the one by which the kernel wants the CPU back. IHI 0069, 4.6
/// (groups), 4.7 (enables), 4.8 (priorities).
enum DeafAttacks {
  private static let sgiFrame = Interrupts.redistributors + 0x1_0000

  /// All private interrupts in Group 0, which nobody has enabled.
  static func group() -> Never {
    Interrupts.disable()
    guest_store32(sgiFrame + 0x80, 0)  // GICR_IGROUPR0
    guest_dsb()
    FatalAttacks.wait()
  }

  /// Group 1 off at the CPU interface.
  static func interface() -> Never {
    Interrupts.disable()
    guest_write_icc_igrpen1(0)
    FatalAttacks.wait()
  }

  /// An interrupt of the highest priority taken and never ended: none can preempt it.
  static func priority() -> Never {
    Interrupts.disable()
    guest_store8(sgiFrame + 0x400 + 1, 0)  // GICR_IPRIORITYR0, SGI 1
    guest_dsb()
    guest_write_icc_sgi1r(Interrupts.sgi(1, toCPU: 0))
    while Interrupts.acknowledge() != 1 {}
    FatalAttacks.wait()
  }
}
#endif
