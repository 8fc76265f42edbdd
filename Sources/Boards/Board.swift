public import SepKernel

/// What the host tools know of a board. A board is one literal of this type, in its own file, each
/// fact with its source; the kernel contains no board code and learns what it needs from the Plan.
public struct Board: Equatable, Sendable {
  /// Name in `system.yaml`: lower-case letters, digits and hyphens.
  public var name: String
  /// One line for `hv boards`.
  public var summary: String
  /// Which kernel image runs on it.
  public var architecture: PlanArchitecture
  /// RAM, ascending and disjoint, 4 KiB granules.
  public var ram: [AddressRange]
  /// Whether `system.yaml` may choose the size of the (only) RAM range: true for emulators.
  public var ramIsConfigurable: Bool
  /// Where a boot loader puts the boot image: the base of the kernel region.
  public var kernelBase: UInt64
  /// What the hardware calls each CPU (AArch64: MPIDR_EL1 affinity fields); the index is the CPU
  /// number used in `system.yaml`.
  public var cpus: [UInt64]
  /// The most CPUs `system.yaml` may ask for, and how they would be called; nil: `cpus` is fixed.
  public var configurableCPUs: [UInt64]?
  /// The controller whose lines are given out.
  public var interruptController: BoardInterruptController
  /// The UART the kernel drives.
  public var uart: BoardUART
  /// Counter frequency in Hz the kernel insists on; 0 accepts what the hardware says.
  public var counterFrequency: UInt64
  /// One past the highest interrupt line that may be owned, at most 1024.
  public var lineCount: Int
  /// Lines that no device of the board drives: consoles, doorbells and stimuli are taken from here.
  public var doorbells: Range<Int>
  /// What can be given to a zone.
  public var devices: [BoardDevice]
  /// How to start the board in an emulator; nil for real hardware.
  public var emulator: BoardEmulator?

  /// The device of that name, or nil.
  public func device(named name: String) -> BoardDevice? {
    devices.first { $0.name == name }
  }

  /// Bytes of RAM.
  public var ramSize: UInt64 {
    ram.reduce(0) { $0 + $1.size }
  }
}

/// Interrupt controller of a board, host-physical addresses.
public enum BoardInterruptController: Equatable, Sendable {
  /// GICv3 (Arm IHI 0069). `interruptTranslation` is the ITS, nil where there is none.
  case gicV3(
    distributor: AddressRange, redistributors: AddressRange, interruptTranslation: AddressRange?)

  /// Everything that belongs to the controller and therefore to no zone.
  public var regions: [AddressRange] {
    switch self {
    case .gicV3(let distributor, let redistributors, let interruptTranslation):
      return [distributor, redistributors] + (interruptTranslation.map { [$0] } ?? [])
    }
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

  /// All three from the board's manual.
  public init(kind: PlanUARTKind, region: AddressRange, line: Int) {
    self.kind = kind
    self.region = region
    self.line = line
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
  /// True when the device can write memory by itself and the board has no IOMMU in front of it:
  /// its owner is then able to reach every page of the board.
  public var reachesAllMemory: Bool
  /// One line for people.
  public var summary: String

  /// All from the board's manual; most devices have no bus mastering of their own.
  public init(
    name: String, regions: [AddressRange], lines: [Int] = [], reachesAllMemory: Bool = false,
    summary: String
  ) {
    self.name = name
    self.regions = regions
    self.lines = lines
    self.reachesAllMemory = reachesAllMemory
    self.summary = summary
  }
}

/// How QEMU is told to be this board.
public struct BoardEmulator: Equatable, Sendable {
  /// For example `qemu-system-aarch64`.
  public var program: String
  /// Value of `-machine`.
  public var machine: String
  /// Value of `-cpu`.
  public var cpu: String

  /// The words QEMU is given.
  public init(program: String, machine: String, cpu: String) {
    self.program = program
    self.machine = machine
    self.cpu = cpu
  }

  /// Arguments that make the machine: `-machine`, `-cpu`, `-smp`, `-m`, no default devices.
  /// `machineOptions` are appended to the machine, for example `dumpdtb=FILE`.
  public func arguments(for board: Board, machineOptions: [String] = []) -> [String] {
    [
      "-machine", ([machine] + machineOptions).joined(separator: ","),
      "-cpu", cpu,
      "-smp", String(board.cpus.count),
      "-m", "\(board.ramSize >> 20)M",
      "-nodefaults",
    ]
  }
}
