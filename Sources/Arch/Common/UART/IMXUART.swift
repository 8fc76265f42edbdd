/// UART of NXP's i.MX family: i.MX 8M Plus Applications Processor Reference Manual (IMX8MPRM), chapter
/// "Universal Asynchronous Receiver/Transmitter".
struct IMXUART<Bus: RegisterBus>: UARTDriver {
  let bus: Bus
  let base: UInt64

  private enum Register {
    static var receiver: UInt64 { 0x00 }
    static var transmitter: UInt64 { 0x40 }
    static var control1: UInt64 { 0x80 }
    static var control2: UInt64 { 0x84 }
    static var control3: UInt64 { 0x88 }
    static var fifoControl: UInt64 { 0x90 }
    static var test: UInt64 { 0xb4 }
  }

  func initialise(receiveInterrupts: Bool) {
    // UCR1: UARTEN and RRDYEN.
    bus.store32(base &+ Register.control1, receiveInterrupts ? 0x201 : 1)
    // UCR2: 8 bits (WS), RTS ignored (IRTS), TXEN, RXEN; SRST is low-active.
    bus.store32(base &+ Register.control2, 0x4027)
    // UCR3.RXDMUXSEL, always to be set.
    bus.store32(base &+ Register.control3, bus.load32(base &+ Register.control3) | 1 << 2)
    // UFCR: a single received byte is ready (RXTL), room is below two bytes left (TXTL); the divider
    // stays.
    bus.store32(
      base &+ Register.fifoControl,
      bus.load32(base &+ Register.fifoControl) & ~0xfc3f | 2 << 10 | 1)
  }

  /// UTS.TXFULL is clear.
  var canTransmit: Bool { bus.load32(base &+ Register.test) & 1 << 4 == 0 }

  func transmit(_ byte: UInt8) { bus.store32(base &+ Register.transmitter, UInt32(byte)) }

  /// UTS.RXEMPTY.
  func receive() -> UInt8? {
    guard bus.load32(base &+ Register.test) & 1 << 5 == 0 else { return nil }
    return UInt8(truncatingIfNeeded: bus.load32(base &+ Register.receiver))
  }

  /// UCR1.TRDYEN.
  func setTransmitInterrupt(_ enabled: Bool) {
    let old = bus.load32(base &+ Register.control1)
    let wanted = enabled ? old | 1 << 13 : old & ~(1 << 13)
    if wanted != old { bus.store32(base &+ Register.control1, wanted) }
  }
}
