#if hasFeature(Embedded) && arch(riscv64)
internal import GuestEntry

/// 16550 with registers of one byte at QEMU virt's address, which is also where zones of the
/// examples see their emulated one. Texas Instruments PC16550D (SNLS378), section 8.
extension Console {
  /// Its first register: RBR, THR.
  public static let device: UInt64 = 0x1000_0000
  /// IER.
  static let interruptEnable: UInt64 = device + 1
  /// LSR.
  static let status: UInt64 = device + 5
  /// LSR.DR.
  static let received: UInt8 = 1 << 0
  /// LSR.THRE.
  static let transmitReady: UInt8 = 1 << 5

  /// Source of its interrupt.
  public static let line: UInt32 = 10

  /// Writes one byte, waiting for room.
  public static func write(_ byte: UInt8) {
    while guest_load8(status) & transmitReady == 0 {}
    guest_store8(device, byte)
  }

  /// One received byte, or nil when there is none.
  public static func read() -> UInt8? {
    guest_load8(status) & received != 0 ? guest_load8(device) : nil
  }

  /// Switches FIFOs on, with interrupts for what is received.
  public static func startReceiving() {
    guest_store8(device + 2, 0x07)  // FCR: FIFOs on and empty
    guest_store8(device + 4, 0x0b)  // MCR: DTR, RTS, OUT2
    setReceiveInterrupt(true)
  }

  /// Whether received bytes interrupt.
  public static func setReceiveInterrupt(_ isOn: Bool) {
    guest_store8(interruptEnable, isOn ? 1 : 0)
  }
}
#endif
