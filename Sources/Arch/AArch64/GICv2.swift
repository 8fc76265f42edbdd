#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims

/// What the kernel does to a GICv2 and to no other GIC (`InterruptController`). IHI 0048B, chapters 3 and 4. `gicd` and
/// `gicc` are the bases of distributor and CPU interface.
///
/// Everything is in the one group that the kernel can see: Group 0 without Security Extensions, and with
/// them what firmware made Group 1, which is all that Non-secure software can touch. In both cases bit 0 of
/// the control registers enables it and it is signalled as IRQ (4.3.1, 4.4.1).
///
/// &+: the bases are of regions that do not wrap (`PlanCheck`), the offsets are within them.
enum GICv2 {
  /// GICD_ITARGETSR (4.3.12).
  static let targets: UInt64 = 0x800
  /// GICD_CPENDSGIR: by SGI, from which CPU interfaces it is pending (4.3.16).
  static let pendingSenders: UInt64 = 0xf10
  /// GICC_RPR when no interrupt is active (4.4.5).
  private static let idlePriority: UInt32 = 0xff

  /// The calling CPU's interface, as one bit: GICD_ITARGETSR0, which is zero with a single CPU (4.3.12).
  /// Nil when it is not one bit.
  @_optimize(size)
  static func ownInterface(_ gicd: UInt64) -> UInt8? {
    let mask = shim_load8(gicd &+ targets)
    if mask == 0 { return 1 }
    return mask & (mask &- 1) == 0 ? mask : nil
  }

  /// CPU interface off.
  static func close(_ gicc: UInt64) { set(gicc, control: 0, mask: 0) }

  /// CPU interface open for priorities below `mask`.
  static func open(_ gicc: UInt64, mask: UInt32) { set(gicc, control: 1, mask: mask) }

  /// GICC_PMR and GICC_CTLR.
  @inline(never) @_optimize(size)
  private static func set(_ gicc: UInt64, control: UInt32, mask: UInt32) {
    shim_store32(gicc &+ 0x04, mask)
    shim_store32(gicc, control)
    shim_dsb_sy()
  }

  /// No SGI pending; the CPU interface, which is off, with nothing active; the wake-up enabled, which no other CPU
  /// can do: the registers are banked.
  @_optimize(size)
  static func resetInterface(_ gicd: UInt64, _ gicc: UInt64) {
    for word in 0..<UInt64(4) { shim_store32(gicd &+ pendingSenders &+ word &* 4, 0xffff_ffff) }
    shim_store32(gicc &+ 0x08, 0)
    shim_store32(gicc &+ 0x1c, 0)
    // GICC_APR and GICC_NSAPR.
    for word in 0..<UInt64(8) { shim_store32(gicc &+ 0xd0 &+ word &* 4, 0) }
    // An implementation may keep the running priority beside these, until the next end of interrupt.
    if shim_load32(gicc &+ 0x14) & 0xff != idlePriority { shim_store32(gicc &+ 0x10, 0) }
    shim_store32(gicd &+ LineRegisters.enable, 1 << UInt32(InterruptController.wakeSGI))
    shim_dsb_sy()
  }

  /// Sends the wake-up to the CPU interface `target`.
  @_optimize(size)
  static func wake(_ gicd: UInt64, target: UInt8) {
    shim_dsb_sy()
    shim_store32(gicd &+ 0xf00, UInt32(target) << 16 | UInt32(InterruptController.wakeSGI))
  }

  /// WFI with the CPU interface open, for a zone. Returns at once when the zone has an interrupt active,
  /// which could keep others away: a WFI may end early.
  @_optimize(size)
  static func wait(_ gicd: UInt64, _ gicc: UInt64) {
    guard shim_load32(gicc &+ 0x14) & 0xff == idlePriority else { return }
    let mask = shim_load32(gicc &+ 0x04)
    let control = shim_load32(gicc)
    // The zone may have acknowledged it and dropped only its priority.
    shim_store32(gicd &+ 0x380, 1 << UInt32(InterruptController.wakeSGI))
    set(gicc, control: control | 1, mask: 0xff)
    shim_wfi()
    set(gicc, control: control, mask: mask)
  }

  /// Ends the interrupt that is pending.
  @_optimize(size)
  static func acknowledge(_ gicc: UInt64) { shim_store32(gicc &+ 0x10, shim_load32(gicc &+ 0x0c)) }
}
#endif
