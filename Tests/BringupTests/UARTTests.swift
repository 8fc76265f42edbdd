import Testing

@testable import Bringup

/// What a UART must look like: its own reset values and those a boot loader leaves, not what other devices, RAM or nothing
/// read as.
@Suite struct UARTTests {
  @Test func pl011() {
    func status(_ peripheral: UInt32, _ cell: UInt32) -> CheckStatus {
      said { judgePL011(peripheral: peripheral, cell: cell, &$0) }.status
    }
    #expect(status(0x0014_1011, 0xb105_f00d) == .ok && status(0x0034_1011, 0xb105_f00d) == .ok)
    // A PL061 is a PrimeCell, too.
    #expect(status(0x0004_1061, 0xb105_f00d) == .fail && status(0, 0) == .fail)
  }

  @Test func ns16550() {
    func status(
      _ scratch: Bool, lsr: UInt8 = 0x60, iir: UInt8 = 0xc1, mcr: UInt8 = 0x0b
    ) -> CheckStatus {
      let seen = NS16550Registers(
        interruptIdentification: iir, modemControl: mcr, lineStatus: lsr)
      return said { judge(seen, scratchKept: scratch, &$0) }.status
    }
    #expect(status(true) == .ok && status(true, lsr: 0x61, iir: 0x01) == .ok)
    #expect(status(false) == .fail)
    #expect(status(true, lsr: 0xff, iir: 0xff, mcr: 0xff) == .fail)
    #expect(status(true, lsr: 0, iir: 0, mcr: 0) == .fail)
    #expect(status(true, iir: 0x10) == .fail && status(true, mcr: 0x80) == .fail)
  }

  @Test func cadence() {
    func status(
      _ follows: Bool, _ change: (inout CadenceRegisters) -> Void = { _ in }
    ) -> CheckStatus {
      // Reset values of UG1087.
      var seen = CadenceRegisters(
        control: 0x128, mode: 0, interruptMask: 0, baudGenerator: 0x28b, receiveTrigger: 0x20,
        channelStatus: 0x0a, baudDivider: 0xf)
      change(&seen)
      return said { judge(seen, maskFollows: follows, &$0) }.status
    }
    #expect(status(true) == .ok && status(false) == .fail)
    #expect(status(true) { $0.control = 0x14 } == .ok)
    #expect(status(true) { $0.baudDivider = 0 } == .fail)
    #expect(status(true) { $0.channelStatus = 0x1a } == .fail)
    #expect(status(true) { $0.control = 0xffff_ffff } == .fail)
    for value in [0, UInt32.max] {
      let other = CadenceRegisters(
        control: value, mode: value, interruptMask: value, baudGenerator: value,
        receiveTrigger: value, channelStatus: value, baudDivider: value)
      #expect(!other.isPossible)
    }
  }

  @Test func imx() {
    func status(_ change: (inout IMXRegisters) -> Void = { _ in }) -> CheckStatus {
      // Reset values of IMX8MPRM.
      var seen = IMXRegisters(
        control1: 0, control2: 1, control3: 0x700, control4: 0x8000, fifoControl: 0x801,
        status1: 0x2040, status2: 0x4028, test: 0x60)
      change(&seen)
      return said { judge(seen, &$0) }.status
    }
    #expect(status() == .ok)
    #expect(status { $0.test = 0x40 } == .ok)
    #expect(status { $0.fifoControl = 0 } == .fail && status { $0.test = 0x70 } == .fail)
    #expect(status { $0.status2 = 0 } == .fail && status { $0.control1 = 1 << 16 } == .fail)
    for value in [0, UInt32.max] {
      let other = IMXRegisters(
        control1: value, control2: value, control3: value, control4: value, fifoControl: value,
        status1: value, status2: value, test: value)
      #expect(!other.isPossible)
    }
  }
}
