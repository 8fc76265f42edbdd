#if hasFeature(Embedded) && arch(arm64)
internal import GuestEntry

/// PL011 (Arm DDI 0183) at QEMU virt's address, which is also where zones of the examples see their
/// emulated one.
extension Console {
  /// UARTDR.
  static let base: UInt64 = 0x0900_0000
  /// UARTFR.
  static let flags: UInt64 = base + 0x18
  /// RXFE.
  static let receiveEmpty: UInt32 = 1 << 4
  /// TXFF.
  static let transmitFull: UInt32 = 1 << 5
  /// UARTIMSC.
  static let interruptMask: UInt64 = base + 0x38

  /// INTID of its interrupt.
  public static let line: UInt32 = 33

  /// Writes one byte, waiting for room.
  public static func write(_ byte: UInt8) {
    while guest_load32(flags) & transmitFull != 0 {}
    guest_store32(base, UInt32(byte))
  }

  /// One received byte, or nil when there is none.
  public static func read() -> UInt8? {
    guest_load32(flags) & receiveEmpty == 0 ? UInt8(truncatingIfNeeded: guest_load32(base)) : nil
  }

  /// Switches the device on, with interrupts for what is received.
  public static func startReceiving() {
    guest_store32(base + 0x30, 0x301)  // UARTCR: receive, transmit, enable
    setReceiveInterrupt(true)
  }

  /// Whether received bytes interrupt: receive and receive timeout.
  public static func setReceiveInterrupt(_ isOn: Bool) {
    guest_store32(interruptMask, isOn ? 1 << 4 | 1 << 6 : 0)
  }
}
#endif
