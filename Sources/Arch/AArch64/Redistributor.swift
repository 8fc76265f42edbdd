/// GICR as a zone sees it. Of each of the zone's CPUs the RD frame is emulated here, because its LPI
/// registers would let the zone point the GIC at any memory (GICR_PENDBASER); the SGI frame, which is
/// what interrupt handling uses, is the zone's own and mapped. IHI 0069, 12.11.
public enum Redistributor {
  /// Bytes of guest-physical space for each CPU: RD frame, SGI frame.
  public static let stride: UInt64 = 0x2_0000
  /// Offset of the SGI frame from the RD frame.
  public static let sgiFrame: UInt64 = 0x1_0000

  /// Whether GICR_TYPER names the CPU with this MPIDR affinity: Affinity_Value, bits 63-32, has Aff3 to
  /// Aff0 side by side, MPIDR_EL1 Aff3 in bits 39-32. IHI 0069, 12.11.35.
  public static func belongs(_ typer: UInt64, to affinity: UInt64) -> Bool {
    typer >> 32 == affinity & 0xff_ffff | affinity >> 8 & 0xff00_0000
  }

  /// A read of the RD frame of vCPU `vcpu`.
  public static func read(
    _ offset: UInt64, sizeLog2: UInt32, vcpu: UInt64, count: UInt64, implementer: UInt32
  ) -> UInt64 {
    // GICR_TYPER: affinity, processor number, Last; no LPIs, no direct injection.
    let typer = vcpu << 32 | vcpu << 8 | (vcpu + 1 == count ? 1 << 4 : 0)
    switch (offset, sizeLog2) {
    case (0x0004, 2): return UInt64(implementer)
    case (0x0008, 3): return typer
    case (0x0008, 2): return typer & 0xffff_ffff
    case (0x000c, 2): return typer >> 32
    // GICR_PIDR2: architecture revision GICv3.
    case (0xffe8, 2): return 0x3b
    // GICR_CTLR: nothing pending; GICR_WAKER: awake.
    default: return 0
    }
  }
}
