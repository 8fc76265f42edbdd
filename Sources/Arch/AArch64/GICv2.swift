#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims

/// The real GICv2: what the kernel itself does to it, at boot, when a zone stops and when a CPU is woken.
/// IHI 0048B, chapters 3 and 4. `gicd` and `gicc` are the bases of distributor and CPU interface.
///
/// Everything is in the one group that the kernel can see: Group 0 without Security Extensions, and with
/// them what firmware made Group 1, which is all that Non-secure software can touch. In both cases bit 0 of
/// the control registers enables it and it is signalled as IRQ (4.3.1, 4.4.1).
enum GICv2 {
  /// The SGI that ends a WFI: enabled and of the highest priority as long as the kernel runs, because no
  /// CPU reaches another's private registers.
  static let wakeSGI: UInt64 = 15
  /// GICC_RPR when no interrupt is active (4.4.5).
  private static let idlePriority: UInt32 = 0xff

  /// Distributor on; all lines disabled, neither pending nor active, Group 0. Priority and target are
  /// set when the owner's zone is started, `resetLine`.
  @_optimize(size)
  static func initialiseDistributor(_ gicd: UInt64, lineCount: UInt32) {
    shim_store32(gicd, 0)
    var word: UInt64 = 4
    let end = UInt64(lineCount + 31) / 32 * 4
    while word < end {
      shim_store32(gicd &+ 0x180 &+ word, 0xffff_ffff)
      shim_store32(gicd &+ 0x280 &+ word, 0xffff_ffff)
      shim_store32(gicd &+ 0x380 &+ word, 0xffff_ffff)
      shim_store32(gicd &+ 0x080 &+ word, 0)
      word &+= 4
    }
    shim_store32(gicd, 1)
  }

  /// One line: disabled, idle, priority 0xa0, to the CPU interface `target`.
  @_optimize(size)
  static func resetLine(_ gicd: UInt64, _ line: UInt32, target: UInt8) {
    let word = UInt64(line >> 5) * 4
    let bit: UInt32 = 1 << (line & 31)
    shim_store32(gicd &+ 0x180 &+ word, bit)
    shim_store32(gicd &+ 0x280 &+ word, bit)
    shim_store32(gicd &+ 0x380 &+ word, bit)
    shim_store8(gicd &+ 0x400 &+ UInt64(line), 0xa0)
    shim_store8(gicd &+ 0x800 &+ UInt64(line), target)
  }

  /// The calling CPU's interface, as one bit: GICD_ITARGETSR0, which is zero with a single CPU (4.3.12).
  /// Nil when it is not one bit.
  @_optimize(size)
  static func ownInterface(_ gicd: UInt64) -> UInt8? {
    let mask = shim_load8(gicd &+ 0x800)
    if mask == 0 { return 1 }
    return mask & (mask &- 1) == 0 ? mask : nil
  }

  /// Private interrupts of the calling CPU as after reset, but for `wakeSGI`; CPU interface off.
  @_optimize(size)
  static func resetPrivate(_ gicd: UInt64, _ gicc: UInt64) {
    // GICC_CTLR first: an end of interrupt below is not to be split.
    shim_store32(gicc, 0)
    shim_store32(gicc &+ 0x04, 0)
    shim_store32(gicd &+ 0x180, 0xffff_ffff)
    shim_store32(gicd &+ 0x280, 0xffff_ffff)
    shim_store32(gicd &+ 0x380, 0xffff_ffff)
    shim_store32(gicd &+ 0x080, 0)
    for word in 0..<UInt64(8) { shim_store32(gicd &+ 0x400 &+ word &* 4, 0) }
    shim_store32(gicd &+ 0xc04, 0)
    // GICD_CPENDSGIR.
    for word in 0..<UInt64(4) { shim_store32(gicd &+ 0xf10 &+ word &* 4, 0xffff_ffff) }
    shim_store32(gicc &+ 0x08, 0)
    shim_store32(gicc &+ 0x1c, 0)
    // GICC_APR and GICC_NSAPR.
    for word in 0..<UInt64(8) { shim_store32(gicc &+ 0xd0 &+ word &* 4, 0) }
    // An implementation may keep the running priority beside these, until the next end of interrupt.
    if shim_load32(gicc &+ 0x14) & 0xff != idlePriority { shim_store32(gicc &+ 0x10, 0) }
    shim_store32(gicd &+ 0x100, 1 << UInt32(wakeSGI))
    shim_dsb_sy()
  }

  /// CPU interface open for all priorities.
  @_optimize(size)
  static func open(_ gicc: UInt64) {
    shim_store32(gicc &+ 0x04, 0xff)
    shim_store32(gicc, 1)
    shim_dsb_sy()
  }

  /// The calling CPU can be woken by `wakeSGI` and by nothing else. It stays pending until `clearWake`;
  /// PSTATE.I is masked in the kernel.
  @_optimize(size)
  static func listenForWake(_ gicd: UInt64, _ gicc: UInt64) {
    resetPrivate(gicd, gicc)
    // Only the highest priority: a line the zone left pending shall not keep the CPU awake.
    shim_store32(gicc &+ 0x04, 0x10)
    shim_store32(gicc, 1)
    shim_dsb_sy()
  }

  /// Forgets the wake-up, whoever sent it.
  @_optimize(size)
  static func clearWake(_ gicd: UInt64) {
    shim_store8(gicd &+ 0xf10 &+ wakeSGI, 0xff)
    shim_dsb_sy()
  }

  /// Sends `wakeSGI` to the CPU interface `target`.
  @_optimize(size)
  static func wake(_ gicd: UInt64, target: UInt8) {
    shim_dsb_sy()
    shim_store32(gicd &+ 0xf00, UInt32(target) << 16 | UInt32(wakeSGI))
  }

  /// WFI with the CPU interface open, for a zone. Returns at once when the zone has an interrupt active,
  /// which could keep others away: a WFI may end early.
  @_optimize(size)
  static func wait(_ gicd: UInt64, _ gicc: UInt64) {
    guard shim_load32(gicc &+ 0x14) & 0xff == idlePriority else { return }
    let mask = shim_load32(gicc &+ 0x04)
    let control = shim_load32(gicc)
    // The zone may have acknowledged it and dropped only its priority.
    shim_store32(gicd &+ 0x380, 1 << UInt32(wakeSGI))
    shim_store32(gicc &+ 0x04, 0xff)
    shim_store32(gicc, control | 1)
    shim_dsb_sy()
    shim_wfi()
    shim_store32(gicc, control)
    shim_store32(gicc &+ 0x04, mask)
    shim_dsb_sy()
  }

  /// Ends the interrupt that is pending.
  @_optimize(size)
  static func acknowledge(_ gicc: UInt64) { shim_store32(gicc &+ 0x10, shim_load32(gicc &+ 0x0c)) }
}
#endif
