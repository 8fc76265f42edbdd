/// All mutable state the CPUs share. It lives in a block the linker script reserves, zeroed; there
/// are no mutable globals. All-zero memory is a valid value.
public struct KernelBlock: ~Copyable {
  public var zones: InlineArray<16, ZoneBlock>
  public var cpus: InlineArray<16, CPUControl>
  public var zoneCount: UInt32
  public var cpuCount: UInt32

  public var consoles: ConsolePorts
  public var multiplexer: ConsoleMultiplexer
  public var router: InputRouter
  /// Guards the UART, `multiplexer` and `router`.
  public let uartLock: SpinLock
  /// Guards the producer side of the kernel's own port.
  public let messageLock: SpinLock
  /// Zone whose CPUs serve the UART for the others; `PlanOwner.nobody`: each serves itself.
  public var consoleServer: UInt8

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
    consoleServer = PlanOwner.nobody
  }
}
