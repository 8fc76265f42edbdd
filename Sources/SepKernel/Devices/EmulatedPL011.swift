/// The PL011 a zone sees: Arm PrimeCell UART (PL011) Technical Reference Manual, DDI 0183, chapter 3.
///
/// Baud rate, line control and DMA registers are kept but do nothing. The bytes go through a
/// `ByteRing` to the kernel's multiplexer, so there is no shift register: transmission is complete at
/// once unless the ring is full.
public struct EmulatedPL011: EmulatedUART {
  public private(set) var state: UARTState

  private var receiveStatus: UInt32 {
    get { state.words[0] }
    set { state.words[0] = newValue }
  }
  private var integerBaud: UInt32 {
    get { state.words[1] }
    set { state.words[1] = newValue }
  }
  private var fractionalBaud: UInt32 {
    get { state.words[2] }
    set { state.words[2] = newValue }
  }
  private var lineControl: UInt32 {
    get { state.words[3] }
    set { state.words[3] = newValue }
  }
  private var control: UInt32 {
    get { state.words[4] ^ 0x300 }
    set { state.words[4] = newValue ^ 0x300 }
  }
  private var fifoLevels: UInt32 {
    get { state.words[5] ^ 0x12 }
    set { state.words[5] = newValue ^ 0x12 }
  }
  private var mask: UInt32 {
    get { state.words[6] }
    set { state.words[6] = newValue }
  }
  private var raw: UInt32 {
    get { state.words[7] }
    set { state.words[7] = newValue }
  }
  private var dmaControl: UInt32 {
    get { state.words[8] }
    set { state.words[8] = newValue }
  }

  /// Interrupt bits: UARTRIS, DDI 0183 section 3.3.11.
  public static let receive: UInt32 = 1 << 4
  /// There is room for output.
  public static let transmit: UInt32 = 1 << 5
  /// Input waits and no more came for a while; here, input waits, or a kick.
  public static let receiveTimeout: UInt32 = 1 << 6

  /// By default as after reset, DDI 0183 table 3-1.
  public init(_ state: UARTState = UARTState()) { self.state = state }

  /// UARTFR.TXFF is asked for each byte.
  public static var burst: Int { 1 }

  public var isAsserted: Bool { raw & mask != 0 }

  public var wantsInput: Bool { mask & (Self.receive | Self.receiveTimeout) != 0 }

  public mutating func read(
    _ offset: UInt32, hasInput: Bool, isFull: Bool
  ) -> (value: UInt32, effect: UARTEffect) {
    switch offset {
    case 0x000: (0, .receive)
    case 0x004: (receiveStatus, .none)
    // UARTFR: TXFE, RXFE, TXFF; clear to send.
    case 0x018: ((isFull ? 0x20 : 0x80) | (hasInput ? 0 : 0x10) | 0x01, .none)
    case 0x024: (integerBaud, .none)
    case 0x028: (fractionalBaud, .none)
    case 0x02c: (lineControl, .none)
    case 0x030: (control, .none)
    case 0x034: (fifoLevels, .none)
    case 0x038: (mask, .none)
    case 0x03c: (raw, .none)
    case 0x040: (raw & mask, .none)
    case 0x048: (dmaControl, .none)
    // UARTPeriphID0-3, UARTPCellID0-3: part 0x011, designer Arm, revision 1.
    case 0xfe0: (0x11, .none)
    case 0xfe4: (0x10, .none)
    case 0xfe8: (0x14, .none)
    case 0xff0: (0x0d, .none)
    case 0xff4: (0xf0, .none)
    case 0xff8: (0x05, .none)
    case 0xffc: (0xb1, .none)
    default: (0, .none)
    }
  }

  public mutating func write(_ offset: UInt32, _ value: UInt32) -> UARTEffect {
    switch offset {
    case 0x000: return .send(UInt8(truncatingIfNeeded: value))
    case 0x004: receiveStatus = 0
    case 0x024: integerBaud = value & 0xffff
    case 0x028: fractionalBaud = value & 0x3f
    case 0x02c: lineControl = value & 0xff
    case 0x030: control = value & 0xffff
    case 0x034: fifoLevels = value & 0x3f
    case 0x038: mask = value & 0x7ff
    case 0x044: raw &= ~value
    case 0x048: dmaControl = value & 7
    default: break
    }
    return .none
  }

  /// Sets interrupt bits, as the rings' states require.
  public mutating func set(_ bits: UInt32) { raw |= bits }

  /// Clears interrupt bits, as the rings' states require.
  public mutating func clear(_ bits: UInt32) { raw &= ~bits }

  public mutating func noteSent() { set(Self.transmit) }

  /// The receive interrupts follow the ring: both end when it has been read empty (DDI 0183, 2.8.2
  /// and 2.8.4), without a write to UARTICR. A kick does not hold the line: there are drivers that
  /// look at UARTFR only.
  public mutating func noteInput(_ waits: Bool) {
    if waits {
      set(Self.receive | Self.receiveTimeout)
    } else {
      clear(Self.receive | Self.receiveTimeout)
    }
  }

  /// UARTRIS or UARTMIS.
  public static func asksForCause(_ offset: UInt32) -> Bool { offset == 0x3c || offset == 0x40 }

  public mutating func showKick() { set(Self.receiveTimeout) }
}
