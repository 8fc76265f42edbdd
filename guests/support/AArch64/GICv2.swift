#if hasFeature(Embedded) && arch(arm64) && GICV2
internal import GuestEntry

/// GICv2 (Arm IHI 0048) as one CPU of a zone uses it: distributor and CPU interface by memory access,
/// all lines in the one group that there is.
public enum Interrupts {
  /// GICD, where QEMU virt and the zones of the examples have it.
  public static let distributor: UInt64 = 0x0800_0000
  /// GICC.
  public static let interface: UInt64 = 0x0801_0000
  /// Which CPU sent the SGI that was acknowledged; one CPU of a guest takes interrupts.
  private static var sender: Cell { Cell(511) }

  /// Distributor on. Once, on the boot CPU.
  public static func start() { guest_store32(distributor, 1) }

  /// Own SGIs and the virtual timer enabled, CPU interface on.
  public static func startCPU(_: UInt64) {
    guest_store32(distributor + 0x80, 0)  // GICD_IGROUPR0
    for line: UInt64 in 0..<32 { guest_store8(distributor + 0x400 + line, priority) }
    guest_store32(distributor + 0x100, 0xffff | 1 << timer)  // GICD_ISENABLER0
    guest_store32(interface + 0x4, 0xf0)  // GICC_PMR
    guest_store32(interface + 0x8, 0)  // GICC_BPR
    // GICC_APR, GICC_NSAPR: nothing is active, whatever ran here before
    for word: UInt64 in 0..<8 { guest_store32(interface + 0xd0 + 4 * word, 0) }
    guest_store32(interface, 1)  // GICC_CTLR
  }

  /// Enables a shared line, to be delivered to `cpu`. Whether a device has it or the kernel raises it is
  /// one to the GIC.
  public static func enable(line: UInt32, cpu: UInt64, isRaised _: Bool = false) {
    let line64 = UInt64(line)
    guest_store8(distributor + 0x400 + line64, priority)  // GICD_IPRIORITYR
    guest_store8(distributor + 0x800 + line64, 1 << UInt8(cpu))  // GICD_ITARGETSR
    guest_store32(distributor + 0x100 + line64 / 32 * 4, 1 << (line % 32))  // GICD_ISENABLER
  }

  /// GICC_IAR: INTID of the pending interrupt, now active, or a number from `special` on. The CPU that
  /// sent an SGI is in bits 12-10.
  @inline(__always)
  public static func acknowledge() -> UInt32 {
    let value = guest_load32(interface + 0xc)
    sender.value = UInt64(value & 0x1c00)
    return value & 0x3ff
  }

  /// Ends the interrupt that was acknowledged: GICC_EOIR.
  @inline(__always)
  public static func end(_ line: UInt32) {
    guest_store32(interface + 0x10, line | UInt32(truncatingIfNeeded: sender.value))
  }

  /// GICD_SGIR value: SGI `number` to CPU `cpu`.
  public static func sgi(_ number: UInt64, toCPU cpu: UInt64) -> UInt64 {
    1 << (16 + cpu) | number
  }

  /// Value for SGI `number` to all CPUs but this one.
  public static func sgiToOthers(_ number: UInt64) -> UInt64 { 1 << 24 | number }

  /// Sends what `sgi` or `sgiToOthers` says: GICD_SGIR.
  public static func send(_ request: UInt64) {
    guest_store32(distributor + 0xf00, UInt32(truncatingIfNeeded: request))
  }

  /// Disables a private interrupt of the calling CPU: GICD_ICENABLER0.
  public static func disable(private line: UInt32) {
    guest_store32(distributor + 0x180, 1 << line)
  }
}
#endif
