import SepKernel
import Testing

@testable import ArchCommon

/// The interrupts of a Cadence UART, whose events are remembered: none may be lost, and none may last.
@Suite struct CadenceUARTTests {
  private let model = CadenceModel()
  private var uart: KernelUART<CadenceModel> {
    KernelUART(bus: model, kind: .cadence, base: RecordingBus.base, shift: 0, width: 0)
  }

  /// Sends what there is room for and at most `budget`, as the kernel does; asks for the interrupt if bytes are left.
  private func drain(_ waiting: inout [UInt8], budget: Int = .max) {
    var budget = budget
    while budget > 0, !waiting.isEmpty, uart.canTransmit {
      uart.transmit(waiting.removeFirst())
      budget -= 1
    }
    uart.setTransmitInterrupt(!waiting.isEmpty)
  }

  /// The zone that serves the console is left alone while a full FIFO drains, however often one was full before.
  @Test func isQuietWhileTheFIFODrains() {
    uart.initialise(receiveInterrupts: true)
    var waiting = [UInt8](repeating: 0x41, count: 3 * CadenceModel.transmitFIFO + 1)
    drain(&waiting)
    for _ in 0..<3 {
      #expect(model.output.count == CadenceModel.transmitFIFO)
      while !model.output.isEmpty {
        #expect(!model.isInterrupting)
        model.shiftOut()
      }
      #expect(model.isInterrupting)
      drain(&waiting)
    }
    #expect(waiting.isEmpty && !model.isInterrupting)
    model.shiftOut()
    #expect(!model.isInterrupting)
  }

  /// Whenever between two accesses the FIFO becomes empty, bytes that are left are asked for.
  @Test(arguments: 0..<40) func noTransmitInterruptIsLost(access: Int) {
    for budget in 1...8 {
      let model = CadenceModel()
      let uart = KernelUART(
        bus: model, kind: .cadence, base: RecordingBus.base, shift: 0, width: 0)
      uart.initialise(receiveInterrupts: true)
      var left = access
      model.meanwhile = { model in
        left -= 1
        if left == 0 { while !model.output.isEmpty { model.shiftOut() } }
      }
      for byte in 0..<budget where uart.canTransmit { uart.transmit(UInt8(byte)) }
      uart.setTransmitInterrupt(true)
      while !model.output.isEmpty { model.shiftOut() }
      #expect(model.isInterrupting, "budget \(budget)")
    }
  }

  /// Nor is a received byte forgotten that comes between any two accesses of the receiver; when all are read, it is
  /// quiet or finds nothing once.
  @Test(arguments: 0..<12) func noReceiveInterruptIsLost(access: Int) {
    let uart = self.uart
    uart.initialise(receiveInterrupts: true)
    var left = access
    model.meanwhile = { model in
      if left == 0 { model.shiftIn(2) }
      left -= 1
    }
    model.shiftIn(1)
    #expect(model.isInterrupting)
    var received: [UInt8] = []
    while let byte = uart.receive() { received.append(byte) }
    if left >= 0 {
      left = -1
      model.shiftIn(2)
    }
    if received != [1, 2] { #expect(received == [1] && model.isInterrupting) }
    while let byte = uart.receive() { received.append(byte) }
    #expect(received == [1, 2] && !model.isInterrupting)
  }

  @Test func receivesInSilenceUnlessAsked() {
    uart.initialise(receiveInterrupts: false)
    model.shiftIn(1)
    #expect(!model.isInterrupting && uart.receive() == 1)
  }
}
