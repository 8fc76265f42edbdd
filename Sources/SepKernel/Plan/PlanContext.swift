/// What `PlanCheck` knows without asking the Plan: where things really are, and on what machine.
///
/// The kernel fills this from its own symbols and registers; the host tools fill it from the layout
/// they are about to write. A Plan that disagrees is refused.
public struct PlanContext {
  /// Instruction set of the kernel that will run the Plan.
  public var architecture: PlanArchitecture
  /// Host-physical range of the kernel image, its zeroed data and stacks included.
  public var image: PlanRegion
  /// Host-physical address of the Plan's first byte. In the kernel this is where it reads the Plan;
  /// on the host it is where the boot image will put it.
  public var planBase: UInt64
  /// Host-physical addresses must lie below 2 to this power; values above 48 mean 48. A kernel passes
  /// the smaller of what the CPU implements and what its own tables reach.
  public var hostAddressBits: UInt32
  /// What hardware calls the CPU that runs the check, which must be in the Plan's table; `nil` on
  /// the host.
  public var bootHardwareID: UInt64?

  /// - Parameter planBase: by default the first 4 KiB granule after the image, where docs/interfaces.md
  ///   puts the Plan.
  public init(
    architecture: PlanArchitecture, image: PlanRegion, planBase: UInt64? = nil,
    hostAddressBits: UInt32 = PlanLimits.hostAddressBits,
    bootHardwareID: UInt64? = nil
  ) {
    self.architecture = architecture
    self.image = image
    // &+: a wrapped sum is outside every valid kernel region, and refused as such.
    self.planBase = planBase ?? ((image.base &+ image.size &+ 0xfff) & ~0xfff)
    self.hostAddressBits = hostAddressBits
    self.bootHardwareID = bootHardwareID
  }
}

/// Limits a Plan is held to that do not follow from its capacities.
public enum PlanLimits {
  /// Smallest unit of ownership, in bytes: the stage-2 granule.
  public static let granule: UInt64 = 4096
  /// Guest-physical addresses lie below 2^39: on AArch64, stage 2 starts at level 1 with one 4 KiB
  /// root table (Arm ARM D8.2, 4 KiB granule, 512 entries of 1 GiB); Sv39x4 of RISC-V reaches further.
  public static let guestAddressBits: UInt32 = 39
  /// Host-physical addresses lie below 2^48, the most a 4 KiB granule describes without LPA2.
  public static let hostAddressBits: UInt32 = 48
  /// Largest region of a device the kernel drives, in bytes. The kernel maps these regions, and the
  /// bound keeps that work bounded; 512 redistributors of 128 KiB fill it.
  public static let kernelDeviceSize: UInt64 = 64 << 20
  /// Bytes of a GICv2 CPU interface: `GICC_DIR` is at 0x1000 (IHI 0048, 4.1.3).
  public static let gicInterface: UInt64 = 8 << 10
  /// Bytes of a GICv3 distributor, and granule of all GICv3 frames (GIC architecture specification,
  /// IHI 0069, section 12.1: register maps are 64 KiB aligned frames).
  public static let gicFrame: UInt64 = 64 << 10
  /// Bytes of one GICv3 redistributor: the RD and the SGI frame (IHI 0069, section 12.1.1).
  public static let gicRedistributor: UInt64 = 128 << 10
  /// Bytes of a GICv3 ITS: the control and the translation frame (IHI 0069, section 12.1.1).
  public static let gicITS: UInt64 = 128 << 10
  /// Most bytes that an ITS takes of `board.tables` when a zone of `cpus` CPUs owns it: the tables that it shares
  /// with the hardware (docs/decisions/0017), on a boundary of 64 KiB.
  @inline(__always)
  public static func translationTables(cpus: Int) -> UInt64 { gicFrame &* UInt64(8 &+ cpus) }
  /// Offset of the first context's registers in a PLIC (riscv-plic-spec 1.0.0, chapter 3); one
  /// context follows the other, a page each.
  public static let plicContexts: UInt64 = 0x20_0000
  /// Bytes of a zone's PLIC: 1024 contexts, of which 64 CPUs have two each. (As many as QEMU's virt has.)
  public static let plicGuest: UInt64 = 0x60_0000
  /// Smallest APLIC domain, and of it the part without interrupt delivery control (AIA 1.0, 4.5).
  public static let aplicDomain: UInt64 = 16 << 10
  /// Bytes of a zone's APLIC.
  public static let aplicGuest: UInt64 = 32 << 10
  /// Bytes of an IMSIC interrupt file (AIA 1.0, 3.5).
  public static let imsicFile: UInt64 = 4 << 10
  /// Most guest index bits of an IMSIC.
  public static let imsicGuestBits: UInt32 = 7
}
