/// What a UART keeps. All zero is the state after reset: a kind whose registers reset to something else
/// keeps what they differ by.
public struct UARTState: BitwiseCopyable {
  /// What each kind makes of them.
  public var words: InlineArray<9, UInt32>

  /// The state after reset.
  public init() { words = InlineArray(repeating: 0) }
}

/// A UART as a zone sees it, for one kind of UART: its registers, without a wire. The bytes go through
/// a port's rings (`ConsolePort`). Which kind zones have, a machine says (`Machine.Console`).
public protocol EmulatedUART {
  /// The UART in this state.
  init(_ state: UARTState)
  /// All there is to it.
  var state: UARTState { get }

  /// The interrupt output.
  var isAsserted: Bool { get }
  /// Whether a receive interrupt is enabled.
  var wantsInput: Bool { get }

  /// Bytes a driver may send when it was told that there is room, without asking again.
  static var burst: Int { get }

  /// Value of a read at `offset`. With the effect `.receive` the caller supplies the byte. `hasInput`
  /// and `isFull` are the states of the two rings: input waits, there is less than `burst` bytes of room.
  mutating func read(
    _ offset: UInt32, hasInput: Bool, isFull: Bool
  ) -> (value: UInt32, effect: UARTEffect)
  /// Effect of a write at `offset`.
  mutating func write(_ offset: UInt32, _ value: UInt32) -> UARTEffect

  /// A byte was taken and there is room for more.
  mutating func noteSent()
  /// Whether input waits. Called before and after each access.
  mutating func noteInput(_ waits: Bool)
  /// Whether a read at `offset` asks why the line was raised.
  static func asksForCause(_ offset: UInt32) -> Bool
  /// The line was raised for the kernel's sake (`KernelBlock.kickConsoleServer`): the answer to the
  /// question is one that makes the driver look for input, in vain.
  mutating func showKick()
}

/// What an access to a UART did that concerns its port's rings.
public enum UARTEffect: Equatable {
  /// Nothing.
  case none
  /// The zone transmits a byte.
  case send(UInt8)
  /// The zone takes a received byte.
  case receive
}
