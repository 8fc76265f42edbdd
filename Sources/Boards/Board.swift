public import SepKernel

/// What the host tools know of a board. A board is one literal of this type, in its own file, each
/// fact with its source; the kernel contains no board code and learns what it needs from the Plan.
public struct Board: Equatable, Sendable {
  /// Name in `system.yaml`: lower-case letters, digits and hyphens.
  public var name: String
  /// One line for `hv boards`.
  public var summary: String
  /// Where its facts are from and what they were compared with, for people; beside each fact is what of it.
  public var sources: [String] = []
  /// Which kernel image runs on it.
  public var architecture: PlanArchitecture
  /// RAM, ascending and disjoint, 4 KiB granules.
  public var ram: [AddressRange]
  /// Whether `system.yaml` may choose the size of the (only) RAM range: true for emulators, and where
  /// a board is sold with more than one size.
  public var ramIsConfigurable: Bool
  /// Parts of RAM that are somebody else's, the firmware's for one: never given out, and not in the
  /// Plan. 4 KiB granules.
  public var reserved: [AddressRange] = []
  /// Where a boot loader puts the boot image: the base of the kernel region.
  public var kernelBase: UInt64
  /// The index is the CPU number used in `system.yaml`.
  public var cpus: [BoardCPU]
  /// The most CPUs `system.yaml` may ask for; nil: `cpus` is fixed.
  public var configurableCPUs: [BoardCPU]?
  /// The controller whose lines are given out.
  public var interruptController: BoardInterruptController
  /// The UART the kernel drives.
  public var uart: BoardUART
  /// Frequency of the system counter in Hz, as `PlanBoard.counterFrequency`.
  public var counterFrequency: UInt64
  /// Constant frequency of the CPUs' cycle counters in Hz, where latency records count cycles; 0: they
  /// count ticks of the system counter.
  public var cycleFrequency: UInt64 = 0
  /// One past the highest interrupt line that may be owned, at most 1024.
  public var lineCount: Int
  /// Lines that no device of the board drives: consoles, doorbells and stimuli are taken from here.
  public var doorbells: Range<Int>
  /// What can be given to a zone.
  public var devices: [BoardDevice]
  /// How to start the board in an emulator; nil for real hardware.
  public var emulator: BoardEmulator?
  /// What was seen to work; a feature that is absent is data that nobody ran.
  public var evidence: [BoardFeature: BoardEvidence] = [:]

  /// The facts, each as said above.
  public init(
    name: String, summary: String, sources: [String] = [], architecture: PlanArchitecture,
    ram: [AddressRange], ramIsConfigurable: Bool, reserved: [AddressRange] = [], kernelBase: UInt64,
    cpus: [BoardCPU],
    configurableCPUs: [BoardCPU]? = nil, interruptController: BoardInterruptController,
    uart: BoardUART, counterFrequency: UInt64, cycleFrequency: UInt64 = 0, lineCount: Int,
    doorbells: Range<Int>, devices: [BoardDevice], emulator: BoardEmulator? = nil,
    evidence: [BoardFeature: BoardEvidence] = [:]
  ) {
    self.name = name
    self.summary = summary
    self.sources = sources
    self.architecture = architecture
    self.ram = ram
    self.ramIsConfigurable = ramIsConfigurable
    self.reserved = reserved
    self.kernelBase = kernelBase
    self.cpus = cpus
    self.configurableCPUs = configurableCPUs
    self.interruptController = interruptController
    self.uart = uart
    self.counterFrequency = counterFrequency
    self.cycleFrequency = cycleFrequency
    self.lineCount = lineCount
    self.doorbells = doorbells
    self.devices = devices
    self.emulator = emulator
    self.evidence = evidence
  }

  /// The most CPUs that a system can have on it: those there are, as far as the kernel has stacks.
  public var cpusAtMost: Int {
    min((configurableCPUs ?? cpus).count, PlanArchitecture.imageCPUs)
  }

  /// The device of that name, or nil.
  public func device(named name: String) -> BoardDevice? {
    devices.first { $0.name == name }
  }

  /// RAM that can be given out: `ram` without `reserved`, ascending and disjoint.
  public var usableRAM: [AddressRange] {
    reserved.reduce(ram) { rest, hole in rest.flatMap { $0.without(hole) } }
  }

  /// Bytes of RAM.
  public var ramSize: UInt64 {
    ram.reduce(0) { $0 + $1.size }
  }
}
