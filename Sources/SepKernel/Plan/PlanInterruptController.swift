/// Interrupt controller of the board.
public struct PlanInterruptController: BitwiseCopyable, Sendable {
  /// A `PlanInterruptControllerKind` raw value.
  public var kind: UInt32
  /// By kind. GICv2: zero; GICv3: the zone that owns the ITS, its index plus 1, or 0; PLIC: highest
  /// source that a device can drive (`riscv,ndev`); AIA: guest index bits, so that the file of hart index h is at base + (h << (12 + bits)).
  public var parameter: UInt32
  /// By kind; unused ones are zero. GICv2: [0] distributor, [1] the two pages of the CPU interface.
  /// GICv3: [0] distributor, [1] redistributors, [2] ITS (size 0: none). PLIC: [0] its registers. AIA: [0] APLIC domain of supervisor mode, [1] supervisor-level
  /// IMSIC files of all harts, each followed by the hart's guest files.
  public var regions: InlineArray<4, PlanRegion>
}

/// Interrupt controllers the kernel knows. What a Plan is held to by kind is said here and nowhere
/// else: PlanCheck, the kernel and the host tools ask these properties.
public enum PlanInterruptControllerKind: UInt32, Sendable {
  /// Arm GICv3 and v4 (IHI 0069), affinity routing on.
  case gicV3 = 3
  /// RISC-V Platform-Level Interrupt Controller (riscv-plic-spec 1.0.0).
  case plic = 0x10
  /// RISC-V Advanced Interrupt Architecture 1.0: an APLIC that sends MSIs, and IMSICs with at least
  /// one guest file for each hart.
  case aia = 0x11
  /// Arm GICv2 (IHI 0048).
  case gicV2 = 2

  /// The architecture that has it.
  public var architecture: PlanArchitecture {
    switch self {
    case .gicV2, .gicV3: .aarch64
    case .plic, .aia: .riscv64
    }
  }

  /// First line that can be owned. GIC: INTIDs below 32 are private to each CPU (IHI 0048 and
  /// IHI 0069, section 2.2); RISC-V: source 0 does not exist (riscv-plic-spec 1.0.0, chapter 3; AIA 1.0, 4.1).
  public var firstSharedLine: Int {
    switch self {
    case .gicV2, .gicV3: 32
    case .plic, .aia: 1
    }
  }

  /// First line after those that can be owned. GIC: 1020-1023 have special meanings (as
  /// above); RISC-V: sources end at 1023 (as above).
  public var firstSpecialLine: Int {
    switch self {
    case .gicV2, .gicV3: 1020
    case .plic, .aia: 1024
    }
  }

  /// CPUs it can have. GICv2: a target is one of eight bits (IHI 0048, 4.3.12).
  public var cpuLimit: Int { self == .gicV2 ? 8 : Plan.cpuCapacity }

  /// Whether it has a number of its own for each CPU, which must be in the Plan. A GICv2 has one, too,
  /// which each CPU reads (IHI 0048, 4.3.12: `GICD_ITARGETSR0` is banked).
  var numbersCPUs: Bool { architecture == .riscv64 }

  /// Bits that what hardware calls a CPU may have. GIC: the affinity fields of MPIDR_EL1, Aff3 in
  /// bits 39-32, Aff2-Aff0 in bits 23-0 (Arm ARM, MPIDR_EL1); RISC-V: hart ids of 32 bits.
  public var hardwareIDMask: UInt64 {
    switch self {
    case .gicV2, .gicV3: 0x0000_00ff_00ff_ffff
    case .plic, .aia: 0xffff_ffff
    }
  }
}

extension PlanInterruptControllerKind {
  /// The size of a window in a zone's addresses, and what its base is a multiple of.
  public struct GuestWindow: Equatable, Sendable {
    /// Bytes.
    public var size: UInt64
    /// Power of two.
    public var granule: UInt64
  }

  /// Window `index`, 0-1, of a zone's view, for a zone of `cpus` CPUs, at most `Plan.cpuCapacity`;
  /// size 0: this kind has none.
  ///
  /// GICv2: [0] distributor, [1] CPU interface. GICv3: [0] distributor, [1] one redistributor for each CPU. PLIC: [0] all registers up to the
  /// context of the last CPU a zone can have. AIA: [0] APLIC domain, [1] one IMSIC file for each CPU.
  public func guestWindow(_ index: Int, cpus: Int) -> GuestWindow {
    // &*: two small factors.
    switch (self, index) {
    case (.gicV3, 0): GuestWindow(size: PlanLimits.gicFrame, granule: PlanLimits.gicFrame)
    case (.gicV3, _):
      GuestWindow(
        size: UInt64(cpus) &* PlanLimits.gicRedistributor, granule: PlanLimits.gicFrame)
    case (.plic, 0): GuestWindow(size: PlanLimits.plicGuest, granule: PlanLimits.granule)
    case (.plic, _): GuestWindow(size: 0, granule: PlanLimits.granule)
    case (.aia, 0): GuestWindow(size: PlanLimits.aplicGuest, granule: PlanLimits.granule)
    case (.aia, _):
      GuestWindow(size: UInt64(cpus) &* PlanLimits.imsicFile, granule: PlanLimits.granule)
    case (.gicV2, 0): GuestWindow(size: PlanLimits.granule, granule: PlanLimits.granule)
    case (.gicV2, _): GuestWindow(size: PlanLimits.gicInterface, granule: PlanLimits.granule)
    }
  }
}

extension PlanInterruptController {
  /// The kind; `nil` in no Plan that passed the check. A kernel knows those of its architecture, and the compiler so
  /// leaves out of it what is asked of the others.
  @inline(__always)
  public var knownKind: PlanInterruptControllerKind? {
    #if hasFeature(Embedded) && arch(arm64)
    switch kind {
    case PlanInterruptControllerKind.gicV2.rawValue: .gicV2
    case PlanInterruptControllerKind.gicV3.rawValue: .gicV3
    default: nil
    }
    #elseif hasFeature(Embedded)
    switch kind {
    case PlanInterruptControllerKind.plic.rawValue: .plic
    case PlanInterruptControllerKind.aia.rawValue: .aia
    default: nil
    }
    #else
    PlanInterruptControllerKind(rawValue: kind)
    #endif
  }

  /// Index of the zone that owns the ITS of a GICv3; -1: nobody.
  public var translationOwner: Int { knownKind == .gicV3 ? Int(parameter) - 1 : -1 }

  /// The ITS, if somebody owns it.
  public var ownedTranslation: PlanRegion? { translationOwner < 0 ? nil : regions[2] }

  /// Lines that no source can be behind; empty where any line can be raised by software. A PLIC
  /// gives software no way to set a pending bit (riscv-plic-spec 1.0.0, chapter 5), so its doorbells
  /// are the 32 lines of the first word above its sources, and the kernel pends them in the zone's
  /// emulated PLIC alone.
  public var virtualLines: Range<Int> {
    guard knownKind == .plic else { return 0..<0 }
    let first = 32 * (Int(parameter) / 32 + 1)
    return first..<first + 32
  }

  /// Whether something of the board can drive `line`.
  func hasSource(_ line: Int) -> Bool { knownKind != .plic || line <= Int(parameter) }

  /// Whether the controller has a place for the CPU it calls `index`.
  func holds(index: UInt16) -> Bool {
    switch knownKind {
    case .gicV2, .gicV3: return index == 0
    case .plic:
      // Each context has a page for its threshold and claim register (chapters 7 and 8).
      return PlanLimits.plicContexts + (UInt64(index) + 1) * PlanLimits.granule <= regions[0].size
    case .aia:
      return (UInt64(index) + 1) << imsicShift <= regions[1].size
    case nil: return false
    }
  }

  /// log2 of the bytes from one hart's IMSIC files to the next's.
  var imsicShift: UInt64 { 12 + UInt64(parameter & 7) }
}

#if !hasFeature(Embedded)
extension PlanInterruptControllerKind: CaseIterable {}
#endif
