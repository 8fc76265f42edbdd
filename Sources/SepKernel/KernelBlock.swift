/// All mutable state the CPUs share. It lives in a block the linker script reserves, zeroed; there
/// are no mutable globals. All-zero memory is a valid value.
public struct KernelBlock: ~Copyable {
  /// By zone index. The first field: `ZoneBlock` pointers are made from the block's address.
  public internal(set) var zones: InlineArray<16, ZoneBlock>
  /// By index in the Plan.
  public internal(set) var cpus: InlineArray<16, CPUControl>
  /// Zones of the Plan.
  public internal(set) var zoneCount: UInt32
  /// CPUs of the Plan.
  public internal(set) var cpuCount: UInt32

  /// Each port has its own lock.
  public internal(set) var consoles: ConsolePorts
  /// Whose byte goes to the UART next.
  public internal(set) var multiplexer: ConsoleMultiplexer
  /// Which zone gets what is typed.
  public internal(set) var router: InputRouter
  /// Guards the UART, `multiplexer` and `router`.
  public let uartLock: SpinLock
  /// Guards the producer side of the kernel's own port.
  public let messageLock: SpinLock
  /// Guards read-modify-write of interrupt controller registers that zones share.
  public let controllerLock: SpinLock
  /// Zone whose CPUs serve the UART for the others; `PlanOwner.nobody`: each serves itself.
  public internal(set) var consoleServer: UInt8

  /// For tests; in the kernel, zeroed memory is the initial value.
  public init() {
    zones = InlineArray { _ in ZoneBlock() }
    cpus = InlineArray { _ in CPUControl() }
    zoneCount = 0
    cpuCount = 0
    consoles = ConsolePorts()
    multiplexer = ConsoleMultiplexer()
    router = InputRouter()
    uartLock = SpinLock()
    messageLock = SpinLock()
    controllerLock = SpinLock()
    consoleServer = PlanOwner.nobody
  }
}
