public import SepKernel

/// One CPU of a board.
public struct BoardCPU: Equatable, Sendable {
  /// What the hardware calls it (AArch64: MPIDR_EL1 affinity fields; RISC-V: hart id).
  public var hardwareID: UInt64
  /// What the interrupt controller calls it, as `PlanCPU.controllerIndex`.
  public var controllerIndex: UInt16
  /// Where it waits when there is no PSCI, as `PlanCPU.releaseAddress`.
  public var releaseAddress: UInt32

  /// A GIC has no index of its own for a CPU, and most boards have firmware that starts CPUs.
  public init(_ hardwareID: UInt64, controllerIndex: UInt16 = 0, releaseAddress: UInt32 = 0) {
    self.hardwareID = hardwareID
    self.controllerIndex = controllerIndex
    self.releaseAddress = releaseAddress
  }
}

/// Interrupt controller of a board, host-physical addresses.
public struct BoardInterruptController: Equatable, Sendable {
  /// What it is; decides what all else means.
  public var kind: PlanInterruptControllerKind
  /// Everything that belongs to the controller and therefore to no zone, in the order of
  /// `PlanInterruptController.regions`.
  public var regions: [AddressRange]
  /// As `PlanInterruptController.parameter`.
  public var parameter: UInt32

  /// GICv2 (Arm IHI 0048). `cpuInterface` is `GICC_CTLR` and the page with `GICC_DIR` behind it. Where
  /// a page of 64 KiB repeats the registers, it begins with the last copy of the first page.
  public static func gicV2(
    distributor: AddressRange, cpuInterface: AddressRange
  ) -> BoardInterruptController {
    BoardInterruptController(kind: .gicV2, regions: [distributor, cpuInterface], parameter: 0)
  }

  /// GICv3 (Arm IHI 0069). `interruptTranslation` is the ITS, nil where there is none.
  public static func gicV3(
    distributor: AddressRange, redistributors: AddressRange, interruptTranslation: AddressRange?
  ) -> BoardInterruptController {
    BoardInterruptController(
      kind: .gicV3,
      regions: [distributor, redistributors] + (interruptTranslation.map { [$0] } ?? []),
      parameter: 0)
  }

  /// PLIC (riscv-plic-spec 1.0.0). `sources` is the highest source a device can drive.
  public static func plic(registers: AddressRange, sources: UInt32) -> BoardInterruptController {
    BoardInterruptController(kind: .plic, regions: [registers], parameter: sources)
  }

  /// APLIC domain and IMSIC files of supervisor level (RISC-V AIA 1.0). `guestIndexBits`: each hart
  /// has 2 to this power pages, its own file first.
  public static func aia(
    aplic: AddressRange, imsic: AddressRange, guestIndexBits: UInt32
  ) -> BoardInterruptController {
    BoardInterruptController(kind: .aia, regions: [aplic, imsic], parameter: guestIndexBits)
  }

  /// The ITS of a GICv3.
  public var translation: AddressRange? {
    kind == .gicV3 && regions.count > 2 ? regions[2] : nil
  }

  /// Whether a Plan needs its number for each CPU, `BoardCPU.controllerIndex`.
  public var numbersCPUs: Bool {
    switch kind {
    case .gicV2, .gicV3: false
    case .plic, .aia: true
    }
  }

  /// Where zones see window `index` of their interrupt controller unless told otherwise: where the
  /// board has it, so that images built for the board find it.
  public func guestBase(_ index: Int) -> UInt64 {
    let window = kind.guestWindow(index, cpus: 1)
    return window.size > 0 && index < regions.count ? regions[index].base : 0
  }
}

/// The UART the kernel drives and multiplexes.
public struct BoardUART: Equatable, Sendable {
  /// Which driver of the kernel it takes.
  public var kind: PlanUARTKind
  /// Its registers, host-physical.
  public var region: AddressRange
  /// Its interrupt line (GIC: INTID).
  public var line: Int
  /// As `PlanUART.registerShift`.
  public var registerShift: UInt8
  /// As `PlanUART.registerWidth`.
  public var registerWidth: UInt8

  /// All from the board's manual; shift and width are a 16550's.
  public init(
    kind: PlanUARTKind, region: AddressRange, line: Int, registerShift: UInt8 = 0,
    registerWidth: UInt8 = 0
  ) {
    self.kind = kind
    self.region = region
    self.line = line
    self.registerShift = registerShift
    self.registerWidth = registerWidth
  }
}

/// A device, or the smallest group of devices that shares a 4 KiB page, that a zone can own.
public struct BoardDevice: Equatable, Sendable {
  /// Name in `system.yaml`.
  public var name: String
  /// Register and memory windows, 4 KiB granules.
  public var regions: [AddressRange]
  /// Interrupt lines that go to the owner with the device.
  public var lines: [Int]
  /// True when the device can write memory by itself and no IOMMU that the kernel drives, which drives none, is in front of
  /// it: its owner is then able to reach every page of the board.
  public var reachesAllMemory: Bool
  /// The IOMMU in front of it that the board has, and the kernel leaves as it is; empty: none is known.
  public var translation: String
  /// One line for people.
  public var summary: String

  /// All from the board's manual; most devices have no bus mastering of their own.
  public init(
    name: String, regions: [AddressRange], lines: [Int] = [], reachesAllMemory: Bool = false,
    translation: String = "", summary: String
  ) {
    self.name = name
    self.regions = regions
    self.lines = lines
    self.reachesAllMemory = reachesAllMemory
    self.translation = translation
    self.summary = summary
  }

  /// A device of one window on a board with a GIC, whose device tree counts SPIs from 0.
  static func window(
    _ name: String, _ base: Int, spis: [Int], size: UInt64 = 0x1000,
    reachesAllMemory: Bool = false, of tree: String
  ) -> BoardDevice {
    BoardDevice(
      name: name, regions: [AddressRange(base: UInt64(base), size: size)],
      lines: spis.map { $0 + 32 }, reachesAllMemory: reachesAllMemory, summary: "\(name) of \(tree)"
    )
  }
}
