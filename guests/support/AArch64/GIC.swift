#if hasFeature(Embedded) && arch(arm64) && !GICV2
internal import GuestEntry

/// GICv3 (Arm IHI 0069) as one CPU of a zone uses it: distributor and own redistributor by
/// memory access, CPU interface by system registers, all lines in group 1.
public enum Interrupts {
  /// GICD, where QEMU virt and the zones of the examples have it.
  public static let distributor: UInt64 = 0x0800_0000
  /// GICR of CPU 0.
  public static let redistributors: UInt64 = 0x080a_0000
  /// Bytes from one CPU's frames to the next.
  static let redistributorStride: UInt64 = 0x2_0000
  /// From a CPU's RD frame to its SGI frame.
  static let sgiFrame: UInt64 = 0x1_0000
  /// Distributor on, with affinity routing and group 1. Once, on the boot CPU.
  public static func start() {
    guest_store32(distributor, 0x12)  // GICD_CTLR: ARE, EnableGrp1 (EnableGrp1A when non-secure)
    waitForWrites(distributor)
  }

  /// Redistributor `cpu` awake, its SGIs and the virtual timer enabled, CPU interface on.
  public static func startCPU(_ cpu: UInt64) {
    let frame = redistributors + cpu * redistributorStride
    guest_store32(frame + 0x14, 0)  // GICR_WAKER: not asleep
    for _ in 0..<1_000_000 where guest_load32(frame + 0x14) & 0b100 == 0 { break }
    let sgi = frame + sgiFrame
    guest_store32(sgi + 0x80, 0xffff_ffff)  // GICR_IGROUPR0: group 1
    for line: UInt64 in 0..<32 { guest_store8(sgi + 0x400 + line, priority) }
    guest_store32(sgi + 0x100, 0xffff | 1 << timer)  // GICR_ISENABLER0
    guest_write_icc_sre(1)
    guest_write_icc_pmr(0xf0)
    guest_write_icc_bpr1(0)
    guest_write_icc_ctlr(0)
    guest_write_icc_ap0r0(0)  // nothing is active, whatever ran here before
    guest_write_icc_ap1r0(0)
    guest_write_icc_igrpen1(1)
  }

  /// Enables a shared line, to be delivered to `cpu`. Whether a device has it or the kernel raises it is
  /// one to the GIC.
  public static func enable(line: UInt32, cpu: UInt64, isRaised _: Bool = false) {
    let line64 = UInt64(line)
    let word = line64 / 32 * 4
    let bit: UInt32 = 1 << (line % 32)
    guest_store32(
      distributor + 0x80 + word, guest_load32(distributor + 0x80 + word) | bit)  // GICD_IGROUPR
    guest_store8(distributor + 0x400 + line64, priority)  // GICD_IPRIORITYR
    guest_store64(distributor + 0x6000 + 8 * line64, cpu)  // GICD_IROUTER
    guest_store32(distributor + 0x100 + word, bit)  // GICD_ISENABLER
    waitForWrites(distributor)
  }

  /// Waits for GICD_CTLR.RWP, for a bounded time.
  static func waitForWrites(_ distributor: UInt64) {
    for _ in 0..<1_000_000 where guest_load32(distributor) & 1 << 31 == 0 { break }
  }

  /// INTID of the pending interrupt, now active, or a number from `special` on.
  @inline(__always)
  public static func acknowledge() -> UInt32 {
    UInt32(truncatingIfNeeded: guest_read_icc_iar1())
  }

  /// Ends the interrupt that was acknowledged.
  @inline(__always)
  public static func end(_ line: UInt32) { guest_write_icc_eoir1(UInt64(line)) }

  /// ICC_SGI1R_EL1 value: SGI `number` to the CPU with Aff0 `cpu` (below 16) and Aff1-3 zero.
  public static func sgi(_ number: UInt64, toCPU cpu: UInt64) -> UInt64 {
    number << 24 | 1 << cpu
  }

  /// Value for SGI `number` to all CPUs but this one.
  public static func sgiToOthers(_ number: UInt64) -> UInt64 { 1 << 40 | number << 24 }

  /// Sends what `sgi` or `sgiToOthers` says: ICC_SGI1R_EL1.
  public static func send(_ request: UInt64) { guest_write_icc_sgi1r(request) }

  /// Disables a private interrupt of CPU 0: GICR_ICENABLER0.
  public static func disable(private line: UInt32) {
    guest_store32(redistributors + sgiFrame + 0x180, 1 << line)
  }
}
#endif
