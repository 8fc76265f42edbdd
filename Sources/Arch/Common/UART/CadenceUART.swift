/// Cadence UART of the Zynq family: Zynq UltraScale+ Registers (UG1087), module UART; its interrupts,
/// which stay until they are cleared: Zynq UltraScale+ TRM (UG1085), "UART Controller".
struct CadenceUART<Bus: RegisterBus>: UARTDriver {
  let bus: Bus
  let base: UInt64

  private enum Register {
    static var control: UInt64 { 0x00 }
    static var mode: UInt64 { 0x04 }
    static var interruptEnable: UInt64 { 0x08 }
    static var interruptDisable: UInt64 { 0x0c }
    static var interruptMask: UInt64 { 0x10 }
    static var interruptStatus: UInt64 { 0x14 }
    static var receiveTrigger: UInt64 { 0x20 }
    static var channelStatus: UInt64 { 0x2c }
    static var fifo: UInt64 { 0x30 }
  }

  /// Bits of the interrupt registers.
  private enum Interrupt {
    /// As many bytes as the trigger says were received.
    static var receiveTrigger: UInt32 { 1 << 0 }
    static var transmitterEmpty: UInt32 { 1 << 3 }
    static var all: UInt32 { 0x3fff }
  }

  func initialise(receiveInterrupts: Bool) {
    bus.store32(base &+ Register.interruptDisable, Interrupt.all)
    // TXEN and RXEN, nothing reset: what the boot loader still sends is not lost.
    bus.store32(base &+ Register.control, 0x14)
    // 8 bits, no parity, one stop bit, normal mode, the reference clock as it is (CLKS).
    bus.store32(base &+ Register.mode, bus.load32(base &+ Register.mode) & 1 | 0x20)
    bus.store32(base &+ Register.receiveTrigger, 1)
    bus.store32(base &+ Register.interruptStatus, Interrupt.all)
    if receiveInterrupts {
      bus.store32(base &+ Register.interruptEnable, Interrupt.receiveTrigger)
    }
  }

  /// TFUL is clear.
  var canTransmit: Bool { bus.load32(base &+ Register.channelStatus) & 1 << 4 == 0 }

  /// What was sent before is forgotten first: its interrupt would last until this byte has left, and one
  /// cleared after this byte may be this byte's.
  func transmit(_ byte: UInt8) {
    bus.store32(base &+ Register.interruptStatus, Interrupt.transmitterEmpty)
    bus.store32(base &+ Register.fifo, UInt32(byte))
  }

  /// REMPTY. The interrupt is cleared when nothing is left, and what came meanwhile is looked for again:
  /// its interrupt may be the one that was cleared.
  func receive() -> UInt8? {
    if isEmpty {
      bus.store32(base &+ Register.interruptStatus, Interrupt.receiveTrigger)
      if isEmpty { return nil }
    }
    return UInt8(truncatingIfNeeded: bus.load32(base &+ Register.fifo))
  }

  private var isEmpty: Bool { bus.load32(base &+ Register.channelStatus) & 1 << 1 != 0 }

  /// TEMPTY, which comes when the last byte leaves the FIFO and stays: at once where none was sent since.
  func setTransmitInterrupt(_ enabled: Bool) {
    let isEnabled = bus.load32(base &+ Register.interruptMask) & Interrupt.transmitterEmpty != 0
    guard isEnabled != enabled else { return }
    bus.store32(
      base &+ (enabled ? Register.interruptEnable : Register.interruptDisable),
      Interrupt.transmitterEmpty)
  }
}
