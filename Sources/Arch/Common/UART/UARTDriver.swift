/// What the kernel does with a board's UART. Polled: its line belongs to the zone that serves the
/// console, which is asked for by the interrupts that are enabled here. The baud rate is the boot loader's.
protocol UARTDriver {
  /// FIFOs on, 8 bits, transmitter and receiver on, receive interrupts as asked.
  func initialise(receiveInterrupts: Bool)
  /// Whether there is room for a byte.
  var canTransmit: Bool { get }
  /// Sends a byte; only when `canTransmit`.
  func transmit(_ byte: UInt8)
  /// The next received byte, or nil.
  func receive() -> UInt8?
  /// Asks for the zone that serves the console when there is room.
  func setTransmitInterrupt(_ enabled: Bool)
}
