/// 16550 family: PC16550D data sheet, section 8. Also Synopsys' DesignWare one, DW_apb_uart, whose line
/// control register is not to be written while a character is on its way.
public struct NS16550<Bus: RegisterBus>: UARTDriver {
  let bus: Bus
  let base: UInt64
  /// Distance of two registers, as a power of two.
  let shift: UInt8
  /// Whether registers are accessed as words.
  let isWide: Bool
  /// Whether it has the status register of DW_apb_uart, USR.
  let isDesignWare: Bool

  /// Registers, in units of `1 << shift` bytes.
  private enum Register {
    static var data: UInt64 { 0 }
    static var interruptEnable: UInt64 { 1 }
    static var fifoControl: UInt64 { 2 }
    static var lineControl: UInt64 { 3 }
    static var modemControl: UInt64 { 4 }
    static var lineStatus: UInt64 { 5 }
    static var designWareStatus: UInt64 { 31 }
  }

  private func load(_ register: UInt64) -> UInt8 {
    let address = base &+ register << UInt64(shift & 7)
    return isWide ? UInt8(truncatingIfNeeded: bus.load32(address)) : bus.load8(address)
  }

  private func store(_ register: UInt64, _ value: UInt8) {
    let address = base &+ register << UInt64(shift & 7)
    if isWide { bus.store32(address, UInt32(value)) } else { bus.store8(address, value) }
  }

  /// A register by its number, for whoever looks at what the driver does not.
  public subscript(register: UInt64) -> UInt8 {
    get { load(register) }
    nonmutating set { store(register, newValue) }
  }

  func initialise(receiveInterrupts: Bool) {
    // 8 bits, as boot loaders leave it, and first: its DLAB decides what the others are. A DW_apb_uart
    // that is busy does not take it, and answers with an interrupt that only a read of USR ends (busy
    // detect).
    var tries = 1000
    while load(Register.lineControl) != 3, tries > 0 {
      tries &-= 1
      store(Register.lineControl, 3)
      if isDesignWare { _ = load(Register.designWareStatus) }
    }
    store(Register.interruptEnable, receiveInterrupts ? 1 : 0)
    store(Register.fifoControl, 1)
    // DTR, RTS, and OUT2, which gates the line on PC-like boards.
    store(Register.modemControl, 0x0b)
  }

  /// LSR.THRE.
  var canTransmit: Bool { load(Register.lineStatus) & 0x20 != 0 }

  func transmit(_ byte: UInt8) { store(Register.data, byte) }

  /// LSR.DR.
  func receive() -> UInt8? {
    guard load(Register.lineStatus) & 1 != 0 else { return nil }
    return load(Register.data)
  }

  /// IER.ETBEI.
  func setTransmitInterrupt(_ enabled: Bool) {
    let old = load(Register.interruptEnable)
    let wanted = enabled ? old | 2 : old & ~2
    if wanted != old { store(Register.interruptEnable, wanted) }
  }
}
