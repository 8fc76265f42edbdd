import Testing

@testable import SepKernel

/// National Semiconductor PC16550D data sheet (1995), section 8.
@Suite struct EmulatedNS16550Tests {
  private static let (ier, iir, fcr, lcr, mcr, lsr, msr, scr) =
    (UInt32(1), UInt32(2), UInt32(2), UInt32(3), UInt32(4), UInt32(5), UInt32(6), UInt32(7))

  private func read(
    _ uart: inout EmulatedNS16550, _ offset: UInt32, hasInput: Bool = false, isFull: Bool = false
  ) -> UInt32 { uart.read(offset, hasInput: hasInput, isFull: isFull).value }

  private func writes(
    _ uart: inout EmulatedNS16550, _ list: [(UInt32, UInt32)]
  ) { for (offset, value) in list { #expect(uart.write(offset, value) == .none) } }

  /// Table 1: registers after reset; the modem lines of a terminal that is there.
  @Test(
    arguments: [(1, 0), (2, 0x01), (3, 0), (4, 0), (5, 0x60), (6, 0xb0), (7, 0)]
      as [(UInt32, UInt32)])
  func reset(_ offset: UInt32, _ value: UInt32) {
    var uart = EmulatedNS16550()
    #expect(read(&uart, offset) == value)
    #expect(!uart.isAsserted)
    #expect(!uart.wantsInput)
  }

  /// Bits that are always 0: IER 7:4, MCR 7:5.
  @Test(arguments: [(1, 0x0f), (3, 0xff), (4, 0x1f), (7, 0xff)] as [(UInt32, UInt32)])
  func keepsWhatItImplements(_ offset: UInt32, _ bits: UInt32) {
    var uart = EmulatedNS16550()
    writes(&uart, [(offset, 0xffff_ffff)])
    #expect(read(&uart, offset) == bits)
    writes(&uart, [(offset, 0x100)])
    #expect(read(&uart, offset) == 0)
  }

  @Test func ignoresReadOnlyAndUnknownRegisters() {
    var uart = EmulatedNS16550()
    for offset in [5, 6] + Array(8..<0x100) as [UInt32] {
      let old = read(&uart, offset)
      #expect(uart.write(offset, 0xff) == .none)
      #expect(read(&uart, offset) == old)
      if offset >= 8 { #expect(old == 0) }
    }
  }

  @Test func dataGoesThroughTheRings() {
    var uart = EmulatedNS16550()
    #expect(uart.write(0, 0x1_41) == .send(0x41))
    #expect(uart.read(0, hasInput: true, isFull: false).effect == .receive)
  }

  /// LSR: DR 0, THRE 5, TEMT 6; never an error.
  @Test func lineStatusFollowsTheRings() {
    var uart = EmulatedNS16550()
    #expect(read(&uart, Self.lsr) == 0x60)
    #expect(read(&uart, Self.lsr, hasInput: true) == 0x61)
    #expect(read(&uart, Self.lsr, isFull: true) == 0x00)
    #expect(read(&uart, Self.lsr, hasInput: true, isFull: true) == 0x01)
  }

  /// LCR.DLAB: the divisor is at 0 and 1, and neither data nor IER are touched.
  @Test func divisorLatch() {
    var uart = EmulatedNS16550()
    writes(&uart, [(Self.ier, 5), (Self.lcr, 0x83), (0, 0x34), (1, 0x12)])
    #expect(uart.read(0, hasInput: true, isFull: false) == (0x34, .none))
    #expect(read(&uart, 1) == 0x12)
    writes(&uart, [(1, 0xff)])
    #expect(read(&uart, 0) == 0x34)
    #expect(!uart.isAsserted)
    writes(&uart, [(Self.lcr, 3)])
    #expect(read(&uart, Self.ier) == 5)
    #expect(uart.write(0, 0x41) == .send(0x41))
    writes(&uart, [(Self.lcr, 0x80)])
    #expect(read(&uart, 0) == 0x34)
    #expect(read(&uart, 1) == 0xff)
  }

  /// FCR bit 0 shows in IIR bits 7:6.
  @Test func fifoBits() {
    var uart = EmulatedNS16550()
    writes(&uart, [(Self.fcr, 1)])
    #expect(read(&uart, Self.iir) == 0xc1)
    writes(&uart, [(Self.fcr, 0x06)])
    #expect(read(&uart, Self.iir) == 0x01)
    writes(&uart, [(Self.fcr, 0xc7)])
    #expect(read(&uart, Self.iir) == 0xc1)
  }

  /// Table 4: received data before the transmitter; the first ends by reading data, the second by looking.
  @Test func causesHaveAnOrder() {
    var uart = EmulatedNS16550()
    writes(&uart, [(Self.ier, 3)])
    uart.noteInput(true)
    #expect(uart.isAsserted)
    #expect(read(&uart, Self.iir) == 0x04)
    #expect(read(&uart, Self.iir) == 0x04)
    uart.noteInput(false)
    #expect(read(&uart, Self.iir) == 0x02)
    #expect(read(&uart, Self.iir) == 0x01)
    #expect(!uart.isAsserted)
  }

  @Test(arguments: UInt32(0)..<16) func enablesSelectCauses(_ enable: UInt32) {
    var uart = EmulatedNS16550()
    uart.noteInput(true)
    uart.noteSent()
    writes(&uart, [(Self.ier, enable)])
    #expect(uart.wantsInput == (enable & 1 != 0))
    #expect(uart.isAsserted == (enable & 3 != 0))
    #expect(
      read(&uart, Self.iir) == (enable & 1 != 0 ? 0x04 : enable & 2 != 0 ? 0x02 : 0x01))
  }

  /// THRE: raised when it is enabled and the transmitter is empty already, and when it becomes empty; taken
  /// back by a byte or by a look. Enabling it again without disabling it raises nothing.
  @Test func transmitterInterrupt() {
    var uart = EmulatedNS16550()
    writes(&uart, [(Self.ier, 2)])
    #expect(uart.isAsserted)
    #expect(uart.write(0, 0x41) == .send(0x41))
    #expect(!uart.isAsserted)
    uart.noteSent()
    #expect(uart.isAsserted)
    #expect(read(&uart, Self.iir) == 0x02)
    writes(&uart, [(Self.ier, 3), (Self.ier, 2)])
    #expect(!uart.isAsserted)
    writes(&uart, [(Self.ier, 0), (Self.ier, 2)])
    #expect(read(&uart, Self.iir) == 0x02)
  }

  /// Without room there is nothing to do for the driver yet, and nothing else to call it later.
  @Test func theTransmitterInterruptWaitsForRoom() {
    var uart = EmulatedNS16550()
    writes(&uart, [(Self.ier, 2)])
    for _ in 0..<3 { #expect(read(&uart, Self.iir, isFull: true) == 0x02) }
    #expect(uart.isAsserted)
    #expect(read(&uart, Self.iir, isFull: false) == 0x02)
    #expect(!uart.isAsserted)
  }

  /// A character timeout (0x0c), once, and only to who listens.
  @Test func kick() {
    var uart = EmulatedNS16550()
    #expect((UInt32(0)..<8).map(EmulatedNS16550.asksForCause) == (0..<8).map { $0 == 2 })
    uart.showKick()
    #expect(!uart.isAsserted)
    #expect(read(&uart, Self.iir) == 0x01)
    writes(&uart, [(Self.ier, 1), (Self.fcr, 1)])
    #expect(uart.isAsserted)
    #expect(read(&uart, Self.iir) == 0xcc)
    #expect(read(&uart, Self.iir) == 0xc1)
    #expect(!uart.isAsserted)
  }

  /// MCR.LOOP: DTR, RTS, OUT1, OUT2 come back as DSR, CTS, RI, DCD; bytes go nowhere.
  @Test(arguments: UInt32(0)..<16) func loopback(_ lines: UInt32) {
    var uart = EmulatedNS16550()
    writes(&uart, [(Self.mcr, 0x10 | lines), (0, 0x41)])
    let expected: UInt32 =
      (lines & 1 != 0 ? 0x20 : 0) | (lines & 2 != 0 ? 0x10 : 0) | (lines & 4 != 0 ? 0x40 : 0)
      | (lines & 8 != 0 ? 0x80 : 0)
    #expect(read(&uart, Self.msr) == expected)
    writes(&uart, [(Self.mcr, lines)])
    #expect(read(&uart, Self.msr) == 0xb0)
    #expect(uart.write(0, 0x41) == .send(0x41))
  }

  /// What Linux's 8250 driver finds out when it probes (`autoconfig`): that IER keeps four bits and not the
  /// fifth and following, that loopback is there, that FIFOs are and that it is none of the larger kinds:
  /// behind DLAB and behind LCR 0xbf there is no register of zero (EFR), FCR bit 5 adds no IIR bit.
  @Test func linuxFindsA16550A() {
    var uart = EmulatedNS16550()
    writes(&uart, [(Self.ier, 0)])
    #expect(read(&uart, Self.ier) & 0x0f == 0)
    writes(&uart, [(Self.ier, 0x0f)])
    #expect(read(&uart, Self.ier) & 0x0f == 0x0f)
    writes(&uart, [(Self.ier, 0), (Self.mcr, 0x1a)])
    #expect(read(&uart, Self.msr) & 0xf0 == 0x90)
    writes(&uart, [(Self.mcr, 0), (Self.lcr, 0xbf)])
    #expect(read(&uart, 2) != 0)
    writes(&uart, [(Self.lcr, 0), (Self.fcr, 1)])
    #expect(read(&uart, Self.iir) >> 6 == 3)
    writes(&uart, [(Self.lcr, 0x80)])
    #expect(read(&uart, 2) != 0)
    writes(&uart, [(Self.lcr, 0), (Self.fcr, 1), (Self.lcr, 0x80), (Self.fcr, 0x21)])
    #expect(read(&uart, Self.iir) >> 5 == 6)
    writes(&uart, [(Self.lcr, 0), (Self.ier, 0x40)])
    #expect(read(&uart, Self.ier) == 0)
  }

  /// What it tries when the port is opened (`serial8250_do_startup`): THRE is asserted again after the
  /// interrupt was disabled and enabled, and is there with an empty transmitter. Else it would poll by timer.
  @Test func linuxTrustsItsInterrupt() {
    var uart = EmulatedNS16550()
    // FIFOs cleared, registers read to clear what is old, 8 bits, OUT2.
    writes(&uart, [(Self.fcr, 1), (Self.fcr, 7), (Self.fcr, 0)])
    for offset in [Self.lsr, 0, Self.iir, Self.msr] { _ = read(&uart, offset) }
    writes(&uart, [(Self.lcr, 3), (Self.mcr, 8)])
    #expect(read(&uart, Self.lsr) != 0xff)
    writes(&uart, [(Self.ier, 2)])
    #expect(read(&uart, Self.iir) & 1 == 0)
    writes(&uart, [(Self.ier, 0), (Self.ier, 2)])
    #expect(read(&uart, Self.iir) & 1 == 0)
    writes(&uart, [(Self.ier, 0), (Self.ier, 2)])
    #expect(read(&uart, Self.lsr) & 0x40 != 0)
    #expect(read(&uart, Self.iir) & 1 == 0)
    writes(&uart, [(Self.ier, 0)])
    #expect(!uart.isAsserted)
  }
}
