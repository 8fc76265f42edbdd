public import Synchronization

/// One console: the UART a zone sees, and the two rings behind it. All-zero memory, then
/// `configure`, is a valid port.
public struct ConsolePort: ~Copyable {
  /// The zone's name, NUL-padded: the prefix of its lines.
  public internal(set) var name: InlineArray<16, UInt8>
  /// Line of the emulated UART; 0: the zone has no console.
  public internal(set) var line: UInt32
  /// The registers the zone sees. Under `lock`.
  public internal(set) var uart: UARTState
  /// Held by CPUs of the zone itself only.
  public let lock: SpinLock
  /// What the zone wrote. Producers hold `lock`; the consumer holds `KernelBlock.uartLock`.
  public internal(set) var output: ByteRing<2048>
  /// What was typed for the zone. The producer holds `KernelBlock.uartLock`; consumers hold `lock`.
  public internal(set) var input: ByteRing<256>
  /// Whether the zone enabled its receive interrupts.
  public let wantsInput: Atomic<Bool>
  /// Set when another zone's output waits for this zone's CPUs to send it; see
  /// `KernelBlock.kickConsoleServer`.
  public let isKicked: Atomic<Bool>
  /// Whether a kick is still to be shown to the zone as a receive timeout.
  var showsKick: Bool
  /// Whether the line was raised and not lowered since. Only CPUs of the zone, under `lock`.
  var isRaised: Bool

  /// A port without a console.
  public init() {
    name = InlineArray(repeating: 0)
    line = 0
    uart = UARTState()
    lock = SpinLock()
    output = ByteRing()
    input = ByteRing()
    wantsInput = Atomic(false)
    isKicked = Atomic(false)
    isRaised = false
    showsKick = false
  }

  /// Puts the UART into its reset state, as at every start of the zone. Bytes that were written
  /// before stay in the output ring.
  public mutating func reset() {
    uart = UARTState()
    input.removeAll()
    wantsInput.store(false, ordering: .relaxed)
    isRaised = false
    showsKick = false
  }
}

/// The ports of all zones, and the kernel's own at `ConsoleMultiplexer.kernelSource`.
public struct ConsolePorts: ~Copyable, ConsoleSources {
  /// By zone index; the kernel's own is the last one.
  public internal(set) var ports: InlineArray<17, ConsolePort>

  /// Ports without consoles.
  public init() { ports = InlineArray { _ in ConsolePort() } }

  /// Bytes that source `source` has not sent yet.
  public func waiting(_ source: Int) -> Int { ports[source].output.count }
  /// Under `KernelBlock.uartLock`.
  public func takeFirst(_ source: Int) -> UInt8? { ports[source].output.takeFirst() }
  /// Byte `index`, 0 to 15, of the source's name.
  public func nameByte(_ source: Int, _ index: Int) -> UInt8 { ports[source].name[index] }
}
