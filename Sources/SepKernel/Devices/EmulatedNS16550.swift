/// The 16550 UART a zone sees: registers of a byte at offsets 0 to 7. National Semiconductor PC16550D
/// data sheet (1995), section 8; numbers in parentheses are its register addresses.
///
/// Divisor, line control and FIFO control are kept but do nothing; there is no shift register, so
/// transmission is complete at once unless the ring is full. In loopback (MCR bit 4) the modem lines
/// come back, bytes are lost.
public struct EmulatedNS16550: EmulatedUART {
  public private(set) var state: UARTState

  private var interruptEnable: UInt32 {
    get { state.words[0] }
    set { state.words[0] = newValue }
  }
  private var fifoControl: UInt32 {
    get { state.words[1] }
    set { state.words[1] = newValue }
  }
  private var lineControl: UInt32 {
    get { state.words[2] }
    set { state.words[2] = newValue }
  }
  private var modemControl: UInt32 {
    get { state.words[3] }
    set { state.words[3] = newValue }
  }
  private var scratch: UInt32 {
    get { state.words[4] }
    set { state.words[4] = newValue }
  }
  private var divisor: UInt32 {
    get { state.words[5] }
    set { state.words[5] = newValue }
  }
  private var flags: UInt32 {
    get { state.words[6] }
    set { state.words[6] = newValue }
  }

  /// `flags`: input waits.
  private static let input: UInt32 = 1 << 0
  /// `flags`: the transmitter became empty and nobody looked yet.
  private static let emptied: UInt32 = 1 << 1
  /// `flags`: `showKick`.
  private static let kick: UInt32 = 1 << 2

  /// IER bit 0: received data.
  static let receive: UInt32 = 1 << 0
  /// IER bit 1: transmitter holding register empty.
  static let transmit: UInt32 = 1 << 1
  /// LCR bit 7: the divisor latch is at offsets 0 and 1.
  static let divisorAccess: UInt32 = 1 << 7
  /// MCR bit 4.
  static let loopback: UInt32 = 1 << 4

  /// By default as after reset.
  public init(_ state: UARTState = UARTState()) { self.state = state }

  /// The transmit FIFO, which is empty when LSR says so.
  public static var burst: Int { 16 }

  public var wantsInput: Bool { interruptEnable & Self.receive != 0 }

  public var isAsserted: Bool {
    wantsInput && flags & (Self.input | Self.kick) != 0
      || interruptEnable & Self.transmit != 0 && flags & Self.emptied != 0
  }

  public mutating func read(
    _ offset: UInt32, hasInput: Bool, isFull: Bool
  ) -> (value: UInt32, effect: UARTEffect) {
    let showsDivisor = lineControl & Self.divisorAccess != 0
    switch offset {
    case 0: return showsDivisor ? (divisor & 0xff, .none) : (0, .receive)
    case 1: return (showsDivisor ? divisor >> 8 : interruptEnable, .none)
    case 2: return (takeIdentification(isFull: isFull) | (fifoControl & 1 == 0 ? 0 : 0xc0), .none)
    case 3: return (lineControl, .none)
    case 4: return (modemControl, .none)
    // Data ready; holding register and shift register empty.
    case 5: return ((hasInput ? 0x01 : 0) | (isFull ? 0 : 0x60), .none)
    case 6: return (modemStatus, .none)
    case 7: return (scratch, .none)
    default: return (0, .none)
    }
  }

  public mutating func write(_ offset: UInt32, _ value: UInt32) -> UARTEffect {
    let value = value & 0xff
    let showsDivisor = lineControl & Self.divisorAccess != 0
    switch offset {
    case 0:
      if showsDivisor {
        divisor = divisor & 0xff00 | value
      } else if modemControl & Self.loopback == 0 {
        flags &= ~Self.emptied
        return .send(UInt8(truncatingIfNeeded: value))
      }
    case 1:
      if showsDivisor {
        divisor = divisor & 0xff | value << 8
      } else {
        // Enabling the interrupt of an empty transmitter raises it.
        if value & ~interruptEnable & Self.transmit != 0 { flags |= Self.emptied }
        interruptEnable = value & 0x0f
      }
    case 2: fifoControl = value
    case 3: lineControl = value
    case 4: modemControl = value & 0x1f
    case 7: scratch = value
    default: break
    }
    return .none
  }

  /// IIR (2): the highest cause; reading it takes back that of the transmitter. Not while there is no
  /// room: the driver could not send anything now, and nobody would call it again.
  private mutating func takeIdentification(isFull: Bool) -> UInt32 {
    if wantsInput, flags & Self.input != 0 { return 0x04 }
    if wantsInput, flags & Self.kick != 0 {
      flags &= ~Self.kick
      return 0x0c
    }
    if interruptEnable & Self.transmit != 0, flags & Self.emptied != 0 {
      if !isFull { flags &= ~Self.emptied }
      return 0x02
    }
    return 0x01
  }

  /// MSR (6): carrier, data set ready and clear to send, or in loopback what MCR drives.
  private var modemStatus: UInt32 {
    guard modemControl & Self.loopback != 0 else { return 0xb0 }
    // DTR to DSR, RTS to CTS, OUT1 to RI, OUT2 to DCD.
    return (modemControl & 1) << 5 | (modemControl & 2) << 3 | (modemControl & 4) << 4
      | (modemControl & 8) << 4
  }

  public mutating func noteSent() { flags |= Self.emptied }

  public mutating func noteInput(_ waits: Bool) {
    flags = waits ? flags | Self.input : flags & ~Self.input
  }

  public static func asksForCause(_ offset: UInt32) -> Bool { offset == 2 }

  public mutating func showKick() { flags |= Self.kick }
}
