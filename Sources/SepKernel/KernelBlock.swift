/// All mutable state the CPUs share. It lives in a block the linker script reserves, zeroed; there
/// are no mutable globals. All-zero memory is a valid value.
public struct KernelBlock: ~Copyable {
  public internal(set) var zones: InlineArray<16, ZoneBlock>
  public internal(set) var cpus: InlineArray<16, CPUControl>
  public internal(set) var zoneCount: UInt32
  public internal(set) var cpuCount: UInt32

  public internal(set) var consoles: ConsolePorts
  public internal(set) var multiplexer: ConsoleMultiplexer
  public internal(set) var router: InputRouter
  /// Guards the UART, `multiplexer` and `router`.
  public let uartLock: SpinLock
  /// Guards the producer side of the kernel's own port.
  public let messageLock: SpinLock
  /// Guards read-modify-write of interrupt controller registers that zones share.
  public let controllerLock: SpinLock
  /// Zone whose CPUs serve the UART for the others; `PlanOwner.nobody`: each serves itself.
  public internal(set) var consoleServer: UInt8

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
