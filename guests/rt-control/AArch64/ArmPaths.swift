#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry
internal import GuestSupport
internal import LatencyProbe

/// The paths that are measured, as AArch64 has them.
enum MeasuredPath {
  /// Of the measured timer: 1250 instructions apart where a tick of a 62.5 MHz counter is one.
  static let timerHertz: UInt64 = 50_000

  /// SGI 1 to itself by ICC_SGI1R_EL1, or GICD_SGIR; the clock before the write.
  @inline(__always)
  static func softwareInterrupt() -> UInt64 {
    #if GICV2
    guest_timed_store32(
      Interrupts.distributor + 0xf00, UInt32(truncatingIfNeeded: Interrupts.sgi(1, toCPU: 0)))
    #else
    guest_timed_sgi(Interrupts.sgi(1, toCPU: 0))
    #endif
  }

  /// A read of GICD_TYPER.
  @inline(__always)
  static func controllerRead() -> GuestInterval { guest_timed_load32(Interrupts.distributor + 4) }

  /// A PSCI_VERSION call by HVC.
  @inline(__always)
  static func versionCall() -> GuestInterval { guest_timed_hvc(Firmware.psciVersion) }
}
#endif
