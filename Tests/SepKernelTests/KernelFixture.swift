import PlanTestSupport
import Synchronization

@testable import SepKernel

/// A kernel block as it is after boot, in zeroed memory as on hardware, with the machine it drives.
///
/// Made from `PlanBuilder.small()`: zone 0 `linux` (zone0, CPUs 0 and 1, console line 208) and zone 1
/// `control` (zoneR, CPU 2, console line 209, stimulus line 210). CPU 3 is nobody's. Tests reach the
/// block through a pointer, as CPUs do, so that "other CPUs" can act while a kernel call runs.
final class KernelFixtureWith<UART: EmulatedUART> {
  let kernel: UnsafeMutablePointer<KernelBlock>
  /// The Plan it was made from.
  let plan: PlanView
  private let builder: PlanBuilder
  let machine = RecordingMachineWith<UART>()

  static var linux: Int { 0 }
  static var control: Int { 1 }
  static var ticksPerMillisecond: UInt64 { 10 }

  /// All CPUs are idle and all zones `created`.
  init(change: (PlanBuilder) -> Void = { _ in }) throws {
    let size = MemoryLayout<KernelBlock>.stride
    // Never freed: the pointer is handed out, and Swift may end the fixture before its last use.
    let storage = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    storage.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    kernel = storage.assumingMemoryBound(to: KernelBlock.self)
    let builder = PlanBuilder.small()
    change(builder)
    builder.seal()
    self.builder = builder
    plan = try builder.admit()
    kernel.pointee.nameKernel()
    kernel.pointee.describe(plan)
    for cpu in 0..<4 { set(cpu: cpu, .idle) }
  }

  var log: RecordingMachineWith<UART>.Log { machine.log }

  func set(zone: Int, _ state: ZoneState) {
    kernel.pointee.zones[zone].state.store(state.rawValue, ordering: .sequentiallyConsistent)
  }

  func set(cpu: Int, _ state: CPUState) {
    kernel.pointee.cpus[cpu].state.store(state.rawValue, ordering: .sequentiallyConsistent)
  }

  func set(cpu: Int, _ command: CPUCommand) {
    kernel.pointee.cpus[cpu].command.store(command.rawValue, ordering: .sequentiallyConsistent)
  }

  func state(zone: Int) -> ZoneState? {
    ZoneState(rawValue: kernel.pointee.zones[zone].state.load(ordering: .sequentiallyConsistent))
  }

  func failure(zone: Int) -> ZoneFailure? {
    ZoneFailure(rawValue: kernel.pointee.zones[zone].failure.load(ordering: .relaxed))
  }

  func state(cpu: Int) -> CPUState? {
    CPUState(rawValue: kernel.pointee.cpus[cpu].state.load(ordering: .sequentiallyConsistent))
  }

  func command(cpu: Int) -> CPUCommand? {
    CPUCommand(rawValue: kernel.pointee.cpus[cpu].command.load(ordering: .sequentiallyConsistent))
  }

  /// Puts a zone and all its CPUs into `running`.
  func run(zone: Int) {
    set(zone: zone, .running)
    for vcpu in 0..<Int(kernel.pointee.zones[zone].cpuCount) {
      set(cpu: Int(kernel.pointee.zones[zone].cpus[vcpu]), .running)
    }
  }

  /// From its `reads`-th look on, the kernel finds the CPUs idle: they faulted and parked.
  func park(_ cpus: [Int], afterReads reads: Int) {
    log.onCounter = { [unowned self] count in
      if count == reads { for cpu in cpus { self.set(cpu: cpu, .idle) } }
    }
  }

  func stop(
    zone: Int, final: ZoneState = .stopped, failure: ZoneFailure = .none, caller: Int
  ) -> Bool {
    kernel.pointee.stop(
      zone: zone, final: final, failure: failure, caller: caller,
      ticksPerMillisecond: Self.ticksPerMillisecond, machine: machine)
  }

  func restart(zone: Int, caller: Int) -> Bool {
    kernel.pointee.restart(
      zone: zone, caller: caller, ticksPerMillisecond: Self.ticksPerMillisecond, machine: machine)
  }

  func call(_ call: Hypercall, _ argument: UInt64, from zone: Int, caller: Int = 0) -> CallResult {
    kernel.pointee.zoneCall(
      call, argument: argument, zone: zone, caller: caller,
      ticksPerMillisecond: Self.ticksPerMillisecond, machine: machine)
  }

  @discardableResult
  func access(_ zone: Int, _ offset: UInt32, write value: UInt32? = nil) -> UInt32 {
    kernel.pointee.accessConsole(zone: zone, offset: offset, write: value, machine: machine)
  }

  /// Writes text to a zone's data register, byte by byte.
  func print(_ zone: Int, _ text: String) {
    for byte in text.utf8 { access(zone, 0, write: UInt32(byte)) }
  }
}

/// The kernel of AArch64.
typealias KernelFixture = KernelFixtureWith<EmulatedPL011>
