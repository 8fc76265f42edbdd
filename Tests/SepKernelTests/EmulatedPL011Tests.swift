import SepKernel
import Testing

/// Arm PrimeCell UART (PL011) Technical Reference Manual, DDI 0183, chapter 3.
@Suite struct EmulatedPL011Tests {
  private func read(
    _ uart: inout EmulatedPL011, _ offset: UInt32, hasInput: Bool = false, isFull: Bool = false
  ) -> UInt32 { uart.read(offset, hasInput: hasInput, isFull: isFull).value }

  /// Table 3-1: reset values. UARTFR is 0b-10010---; UARTRIS has no modem lines here.
  @Test(
    arguments: [
      (0x004, 0), (0x018, 0x91), (0x020, 0), (0x024, 0), (0x028, 0), (0x02c, 0), (0x030, 0x300),
      (0x034, 0x12), (0x038, 0), (0x03c, 0), (0x040, 0), (0x048, 0),
    ] as [(UInt32, UInt32)])
  func reset(_ offset: UInt32, _ value: UInt32) {
    var uart = EmulatedPL011()
    #expect(read(&uart, offset) == value)
    #expect(!uart.isAsserted)
    #expect(!uart.wantsInput)
  }

  /// How Linux's AMBA bus recognises it: four ID bytes each, peripheral 0x00041011 under mask
  /// 0x000fffff, cell 0xb105f00d.
  @Test func identifiesItself() {
    var uart = EmulatedPL011()
    var peripheral: UInt32 = 0
    var cell: UInt32 = 0
    for byte in UInt32(0)..<4 {
      peripheral |= read(&uart, 0xfe0 + 4 * byte) << (8 * byte)
      cell |= read(&uart, 0xff0 + 4 * byte) << (8 * byte)
    }
    #expect(peripheral & 0x000f_ffff == 0x0004_1011)
    #expect(cell == 0xb105_f00d)
    // Revision below 3: Linux counts on FIFOs of 16.
    #expect(peripheral >> 20 & 0xf < 3)
  }

  @Test(
    arguments: [
      (0x024, 0xffff), (0x028, 0x3f), (0x02c, 0xff), (0x030, 0xffff), (0x034, 0x3f), (0x038, 0x7ff),
      (0x048, 0x7),
    ] as [(UInt32, UInt32)])
  func keepsWhatItImplements(_ offset: UInt32, _ bits: UInt32) {
    var uart = EmulatedPL011()
    #expect(uart.write(offset, 0xffff_ffff) == .none)
    #expect(read(&uart, offset) == bits)
    #expect(uart.write(offset, 0) == .none)
    #expect(read(&uart, offset) == 0)
  }

  @Test func ignoresReadOnlyAndUnknownRegisters() {
    var uart = EmulatedPL011()
    for offset in stride(from: UInt32(0), to: 0x1000, by: 4) where offset != 0 {
      var before = uart
      let old = read(&before, offset)
      guard ![0x024, 0x028, 0x02c, 0x030, 0x034, 0x038, 0x048].contains(offset) else { continue }
      #expect(uart.write(offset, 0xffff_ffff) == .none)
      #expect(read(&uart, offset) == old, "offset \(offset)")
    }
  }

  @Test func dataGoesThroughTheRings() {
    var uart = EmulatedPL011()
    #expect(uart.write(0, 0x1_41) == .send(0x41))
    #expect(uart.read(0, hasInput: true, isFull: false).effect == .receive)
  }

  /// Never busy; TXFF and TXFE, RXFE by the rings' states.
  @Test func flagsFollowTheRings() {
    var uart = EmulatedPL011()
    #expect(read(&uart, 0x018, hasInput: false, isFull: false) == 0x91)
    #expect(read(&uart, 0x018, hasInput: true, isFull: false) == 0x81)
    #expect(read(&uart, 0x018, hasInput: false, isFull: true) == 0x31)
    #expect(read(&uart, 0x018, hasInput: true, isFull: true) == 0x21)
  }

  @Test func interruptsAreRawAndMaskedAndCleared() {
    var uart = EmulatedPL011()
    uart.set(EmulatedPL011.transmit | EmulatedPL011.receive)
    #expect(read(&uart, 0x03c) == 0x30)
    #expect(read(&uart, 0x040) == 0)
    #expect(!uart.isAsserted)
    _ = uart.write(0x038, EmulatedPL011.transmit)
    #expect(read(&uart, 0x040) == 0x20)
    #expect(uart.isAsserted)
    #expect(!uart.wantsInput)
    // UARTICR clears what is written as one, and only that.
    _ = uart.write(0x044, EmulatedPL011.transmit)
    #expect(read(&uart, 0x03c) == 0x10)
    #expect(!uart.isAsserted)
    _ = uart.write(0x038, EmulatedPL011.receive)
    #expect(uart.isAsserted)
    #expect(uart.wantsInput)
    uart.clear(EmulatedPL011.receive)
    #expect(!uart.isAsserted)
    // UARTICR itself is write only.
    #expect(read(&uart, 0x044) == 0)
  }

  @Test(arguments: [(UInt32(1) << 4, true), (1 << 5, false), (1 << 6, true), (1 << 10, false)])
  func wantsInput(_ mask: UInt32, _ wants: Bool) {
    var uart = EmulatedPL011()
    _ = uart.write(0x038, mask)
    #expect(uart.wantsInput == wants)
  }

  /// The writes of Linux drivers/tty/serial/amba-pl011.c from probe to the first byte, in order.
  @Test func followsLinuxToTheFirstByte() {
    var uart = EmulatedPL011()
    for (offset, value) in [
      (0x038, 0), (0x044, 0xffff),  // probe: all interrupts off and clear
      (0x044, 0x7f0),  // hwinit
      (0x034, 0x12), (0x030, 0x301), (0x024, 13), (0x028, 2), (0x02c, 0x70), (0x030, 0xb01),
      (0x044, 0x50), (0x038, 0x50),
    ] as [(UInt32, UInt32)] {
      #expect(uart.write(offset, value) == .none)
    }
    #expect(uart.wantsInput)
    #expect(!uart.isAsserted)
    #expect(read(&uart, 0x030) == 0xb01)
    #expect(read(&uart, 0x02c) == 0x70)
    #expect(read(&uart, 0x018) & 0x28 == 0)  // neither full nor busy
    #expect(uart.write(0x000, 0x6c) == .send(0x6c))
  }
}
