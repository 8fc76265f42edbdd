import SepKernel
import Testing

@testable import ArchCommon

/// The kernel's UART drivers on registers that are plain memory: what they write where, and what they make of
/// status bits. What the hardware does then is in the manuals that the drivers cite.
@Suite struct KernelUARTTests {
  private static let base = RecordingBus.base

  private func with(
    _ kind: PlanUARTKind, shift: UInt8 = 0, width: UInt8 = 0,
    _ body: (KernelUART<RecordingBus>, RecordingBus) throws -> Void
  ) rethrows {
    let registers = RecordingBus(size: 0x1000)
    try body(
      KernelUART(bus: registers, kind: kind, base: Self.base, shift: shift, width: width),
      registers)
  }

  /// Of each kind: where its status is, the bits that mean full and empty and their sense, where a byte is
  /// written and read.
  private struct Layout: Sendable, CustomTestStringConvertible {
    var kind: PlanUARTKind
    var shift: UInt8 = 0
    var width: UInt8 = 0
    var status: UInt64
    var full: (mask: UInt64, isSet: Bool)
    var empty: (mask: UInt64, isSet: Bool)
    var output: UInt64
    var input: UInt64
    var testDescription: String { "\(kind) shift \(shift) width \(width)" }
  }

  private static let layouts: [Layout] = [
    .init(
      kind: .pl011, status: 0x18, full: (0x20, true), empty: (0x10, true), output: 0, input: 0),
    .init(
      kind: .ns16550, width: 1, status: 5, full: (0x20, false), empty: (1, false), output: 0,
      input: 0),
    .init(
      kind: .ns16550, shift: 2, width: 1, status: 20, full: (0x20, false), empty: (1, false),
      output: 0, input: 0),
    .init(
      kind: .ns16550, shift: 1, width: 1, status: 10, full: (0x20, false), empty: (1, false),
      output: 0, input: 0),
    .init(
      kind: .ns16550, shift: 2, width: 4, status: 20, full: (0x20, false), empty: (1, false),
      output: 0, input: 0),
    .init(
      kind: .designWare, shift: 2, width: 4, status: 20, full: (0x20, false), empty: (1, false),
      output: 0, input: 0),
    .init(
      kind: .cadence, status: 0x2c, full: (0x10, true), empty: (2, true), output: 0x30,
      input: 0x30),
    .init(
      kind: .imx, status: 0xb4, full: (0x10, true), empty: (0x20, true), output: 0x40, input: 0),
  ]

  @Test(arguments: layouts) private func transmitsWhereThereIsRoom(layout: Layout) throws {
    with(layout.kind, shift: layout.shift, width: layout.width) { uart, registers in
      registers.poke(layout.status, layout.full.isSet ? layout.full.mask : 0, 1)
      #expect(!uart.canTransmit)
      registers.poke(layout.status, layout.full.isSet ? 0 : layout.full.mask, 1)
      #expect(uart.canTransmit)
      registers.log = []
      uart.transmit(0x41)
      #expect(
        registers.stores.last
          == .init(offset: layout.output, size: layout.width == 1 ? 1 : 4, value: 0x41))
      #expect(registers.stores.count == (layout.kind == .cadence ? 2 : 1))
    }
  }

  @Test(arguments: layouts) private func receivesWhatIsThere(layout: Layout) throws {
    with(layout.kind, shift: layout.shift, width: layout.width) { uart, registers in
      registers.poke(layout.status, layout.empty.isSet ? layout.empty.mask : 0, 1)
      #expect(uart.receive() == nil)
      registers.poke(layout.status, layout.empty.isSet ? 0 : layout.empty.mask, 1)
      registers.poke(layout.input, 0x5a, 1)
      if layout.input != layout.status { #expect(uart.receive() == 0x5a) }
    }
  }

  /// Interrupts of the transmitter are switched on and off, and written only when they change.
  @Test(
    arguments: [
      (.pl011, 0x38, 0x20), (.ns16550, 1, 2), (.designWare, 1, 2), (.imx, 0x80, 0x2000),
    ] as [(PlanUARTKind, UInt64, UInt64)])
  func asksForRoom(kind: PlanUARTKind, register: UInt64, bit: UInt64) {
    with(kind, width: kind == .ns16550 || kind == .designWare ? 1 : 0) { uart, registers in
      let size: UInt64 = bit > 0xff ? 2 : 1
      registers.poke(register, 1, size)
      uart.setTransmitInterrupt(false)
      #expect(registers.stores.isEmpty)
      uart.setTransmitInterrupt(true)
      #expect(registers.peek(register, size) == bit | 1)
      uart.setTransmitInterrupt(true)
      #expect(registers.stores.count == 1)
      uart.setTransmitInterrupt(false)
      #expect(registers.peek(register, size) == 1)
    }
  }

  @Test(arguments: [true, false]) func initialises(receives: Bool) {
    with(.imx) { uart, registers in
      registers.poke(0x90, 0x0a81)
      uart.initialise(receiveInterrupts: receives)
      #expect(registers.peek(0x80) == (receives ? 0x201 : 1))
      #expect(registers.peek(0x84) == 0x4027 && registers.peek(0x88) == 4)
      // The divider, bits 9:7, is the boot loader's.
      #expect(registers.peek(0x90) == 0x0a81)
    }
    with(.cadence) { uart, registers in
      registers.poke(0x04, 1)
      uart.initialise(receiveInterrupts: receives)
      #expect(registers.peek(0) == 0x14 && registers.peek(4) == 0x21 && registers.peek(0x20) == 1)
      #expect(registers.peek(8) == (receives ? 1 : 0) && registers.peek(0x0c) == 0x3fff)
    }
    with(.pl011) { uart, registers in
      uart.initialise(receiveInterrupts: receives)
      #expect(registers.peek(0x38) == (receives ? 0x50 : 0) && registers.peek(0x30) == 0x301)
    }
  }

  /// Each register of a 16550, where shift and width put it, line control first: its DLAB decides what the others are. USR is
  /// a DW_apb_uart's alone. PC16550D, section 8: LCR 3 is 8 bits, FCR 1 the FIFOs, MCR 0x0b DTR, RTS and OUT2, IER 1 received
  /// data.
  @Test(arguments: [(0, 1), (1, 1), (2, 1), (2, 4)] as [(UInt8, UInt8)], [true, false])
  func initialises16550(layout: (shift: UInt8, width: UInt8), receives: Bool) {
    with(.ns16550, shift: layout.shift, width: layout.width) { uart, registers in
      func place(_ register: UInt64) -> UInt64 { register << UInt64(layout.shift) }
      registers.poke(place(3), 0x83, 1)
      registers.poke(place(1), 0x0f, 1)
      uart.initialise(receiveInterrupts: receives)
      let size = UInt64(layout.width)
      #expect(
        registers.stores == [
          .init(offset: place(3), size: size, value: 3),
          .init(offset: place(1), size: size, value: receives ? 1 : 0),
          .init(offset: place(2), size: size, value: 1),
          .init(offset: place(4), size: size, value: 0x0b),
        ])
      #expect(registers.log.allSatisfy { $0.size == size && $0.offset != place(31) })
    }
  }

  /// The transmitter's interrupt of a 16550 with registers of words or at every second byte.
  @Test(
    arguments: [(.ns16550, 1, 1), (.ns16550, 2, 4), (.designWare, 2, 4)]
      as [(PlanUARTKind, UInt8, UInt8)])
  func asksForRoomElsewhere(kind: PlanUARTKind, shift: UInt8, width: UInt8) {
    with(kind, shift: shift, width: width) { uart, registers in
      let register: UInt64 = 1 << UInt64(shift)
      registers.poke(register, 1, 1)
      uart.setTransmitInterrupt(true)
      uart.setTransmitInterrupt(false)
      #expect(
        registers.stores
          == [3, 1].map {
            .init(offset: register, size: UInt64(width), value: $0)
          })
    }
  }

  /// A character is on its way: LCR is written until it is taken, and the interrupt of each refusal ended, by the last store
  /// too, or the line would stay raised. A driver that knows nothing of USR leaves it so.
  @Test(arguments: [0, 1, 2, 9, 100, Int.max]) func designWareBusy(accesses: Int) {
    let model = DesignWareModel(lineControl: 0x83, busyFor: accesses)
    KernelUART(bus: model, kind: .designWare, base: DesignWareModel.base, shift: 2, width: 4)
      .initialise(receiveInterrupts: true)
    #expect(!model.isBusyDetected)
    #expect((model.refused > 0) == (accesses > 1) && model.statusLoads > 0)
    #expect(model[3] == (accesses == .max ? 0x83 : 3))
    #expect(model[1] == 1 && model[2] == 1 && model[4] == 0x0b)
    let other = DesignWareModel(lineControl: 0x83, busyFor: accesses)
    KernelUART(bus: other, kind: .ns16550, base: DesignWareModel.base, shift: 2, width: 4)
      .initialise(receiveInterrupts: true)
    #expect(other.isBusyDetected == (accesses > 1) && other.statusLoads == 0)
  }

  /// What boot loaders leave is not touched, busy or not: no refusal, and no interrupt.
  @Test func designWareThatIsSetUp() {
    let model = DesignWareModel(lineControl: 3, busyFor: .max)
    KernelUART(bus: model, kind: .designWare, base: DesignWareModel.base, shift: 2, width: 4)
      .initialise(receiveInterrupts: false)
    #expect(model.refused == 0 && model.statusLoads == 0 && !model.isBusyDetected)
    #expect(model[1] == 0 && model[2] == 1 && model[4] == 0x0b)
  }

  /// A DW_apb_uart that is set up already is not written; one that is written is asked for its status.
  @Test func designWareIsNotWrittenWhileBusy() {
    for isSetUp in [true, false] {
      with(.designWare, shift: 2, width: 4) { uart, registers in
        registers.poke(12, isSetUp ? 3 : 0x83)
        uart.initialise(receiveInterrupts: true)
        #expect(registers.stores.contains { $0.offset == 12 } == !isSetUp)
        #expect(registers.log.contains { $0.offset == 124 } == !isSetUp)
        #expect(registers.peek(4) == 1 && registers.peek(12) == 3)
      }
    }
  }

  /// While it is busy it does not take LCR: it is asked again until it does, and not for ever. What DLAB hides is
  /// written after that.
  @Test(arguments: [0, 1, 7, Int.max]) func designWareIsAskedAgain(refusals: Int) throws {
    let registers = RecordingBus(size: 0x1000)
    registers.poke(12, 0x83)
    registers.refuse(12, times: refusals)
    KernelUART(bus: registers, kind: .designWare, base: Self.base, shift: 2, width: 4)
      .initialise(receiveInterrupts: true)
    let stores = registers.stores.filter { $0.offset == 12 }.count
    #expect(stores == min(refusals, 999) + 1)
    #expect(registers.log.filter { $0.offset == 124 }.count == stores)
    #expect(registers.peek(12) == (refusals == .max ? 0x83 : 3))
    let last = try #require(registers.log.lastIndex { $0.offset == 12 })
    #expect(registers.log.firstIndex { $0.offset == 4 && $0.value != nil } ?? 0 > last)
  }

  @Test func noUARTIsNeverTouched() {
    with(.none) { uart, registers in
      uart.initialise(receiveInterrupts: true)
      uart.transmit(1)
      uart.setTransmitInterrupt(true)
      #expect(!uart.canTransmit && uart.receive() == nil && registers.log.isEmpty)
    }
  }

  /// The image header's field; a kind that is unknown is none.
  @Test(
    arguments: [
      (0x0900_0000, .pl011, 0x18), (0x02a0_0000_1000_0000, .ns16550, 20),
      (0x0400_0000_ff00_0000, .cadence, 0x2c), (0x0500_0000_3089_0000, .imx, 0xb4),
      (0xff00_0000_0900_0000, .none, 0), (0, .none, 0),
    ] as [(UInt64, PlanUARTKind, UInt64)])
  func headerNamesIt(header: UInt64, kind: PlanUARTKind, status: UInt64) {
    let registers = RecordingBus(size: 0x1000)
    let address = header & 0xffff_ffff_ffff
    let place = address == 0 ? 0 : header & ~0xffff_ffff_ffff | Self.base
    let uart = KernelUART(bus: registers, header: place)
    _ = uart.canTransmit
    #expect(registers.log.map(\.offset) == (kind == .none ? [] : [status]))
    #expect((uart.base == 0) == (kind == .none))
  }
}
