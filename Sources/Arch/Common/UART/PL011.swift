/// Arm PrimeCell PL011: DDI 0183, chapter 3.
struct PL011<Bus: RegisterBus>: UARTDriver {
  let bus: Bus
  let base: UInt64

  func initialise(receiveInterrupts: Bool) {
    // UARTIMSC: RXIM, RTIM. UARTICR. UARTLCR_H: 8 bits, FIFOs. UARTCR: RXE, TXE, UARTEN.
    bus.store32(base &+ 0x38, receiveInterrupts ? 0x50 : 0)
    bus.store32(base &+ 0x44, 0x7ff)
    bus.store32(base &+ 0x2c, 0x70)
    bus.store32(base &+ 0x30, 0x301)
  }

  /// UARTFR.TXFF is clear.
  @inline(__always)
  var canTransmit: Bool { bus.load32(base &+ 0x18) & 0x20 == 0 }

  /// UARTDR.
  @inline(__always)
  func transmit(_ byte: UInt8) { bus.store32(base, UInt32(byte)) }

  /// UARTFR.RXFE, UARTDR.
  func receive() -> UInt8? {
    guard bus.load32(base &+ 0x18) & 0x10 == 0 else { return nil }
    return UInt8(truncatingIfNeeded: bus.load32(base))
  }

  /// UARTIMSC.TXIM.
  func setTransmitInterrupt(_ enabled: Bool) {
    let mask = bus.load32(base &+ 0x38)
    let wanted = enabled ? mask | 0x20 : mask & ~0x20
    if wanted != mask { bus.store32(base &+ 0x38, wanted) }
  }
}
