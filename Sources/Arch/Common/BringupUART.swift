#if BRINGUP && hasFeature(Embedded)
public import Bringup
internal import ArchShims
import SepKernel

// SAFETY, throughout: as in BringupState.swift.

// Checks of the UART, of whatever kind. One that does not look like its kind to reads alone is not written to.

/// Looks at a register that is never far from what it should be.
private let tries = 1_000_000

extension BringupHardware {
  /// The UART of the image header is what prints, if it is one.
  public func identify(_ uart: KernelUART<HardwareBus>) {
    var line = ReportLine()
    guard UARTProbe(uart).judge(&line) == .ok else { return }
    uart.initialise(receiveInterrupts: false)
    unsafe bringupState().pointee.uartWorks = true
  }

  private var probe: UARTProbe? {
    guard let uart = unsafe bringupState().pointee.plan?.kernelUART, uart.known != .none else {
      return nil
    }
    return UARTProbe(uart)
  }

  @inline(never)
  func lookAtUART() -> CheckStatus {
    let state = unsafe bringupState()
    guard let probe else {
      unsafe state.pointee.line.note("the board has none")
      return .skip
    }
    return unsafe probe.judge(&state.pointee.line)
  }

  func receiveThroughLoopback() -> CheckStatus {
    let state = unsafe bringupState()
    // A terminal may see it, too: a line end does no harm.
    let sent: UInt8 = 0x0a
    guard let probe, let got = probe.receive(sent) else {
      return unsafe judgeReceive(offered: false, got: nil, sent: sent, &state.pointee.line)
    }
    return unsafe judgeReceive(offered: true, got: got.byte, sent: sent, &state.pointee.line)
  }
}

/// What can be asked of a UART beside bytes.
struct UARTProbe {
  private let uart: KernelUART<HardwareBus>

  init(_ uart: KernelUART<HardwareBus>) { self.uart = uart }

  private func load(_ register: UInt64) -> UInt32 { shim_load32(uart.base &+ register) }
  private func store(_ register: UInt64, _ value: UInt32) {
    shim_store32(uart.base &+ register, value)
  }

  /// Whether it is of its kind.
  func judge(_ line: inout ReportLine) -> CheckStatus {
    switch uart.known {
    case .none: .fail
    case .pl011:
      judgePL011(peripheral: identification(0xfe0), cell: identification(0xff0), &line)
    case .ns16550, .designWare: judge16550(&line)
    case .cadence: judgeCadence(&line)
    case .imx: judgeIMX(&line)
    }
  }

  /// Four identification registers, a byte each, the first in the lowest bits.
  private func identification(_ first: UInt64) -> UInt32 {
    var value: UInt32 = 0
    for index in 0..<UInt64(4) {
      value |= (load(first + index * 4) & 0xff) << UInt32(8 * index)
    }
    return value
  }

  private func judge16550(_ line: inout ReportLine) -> CheckStatus {
    guard let registers = uart.registers16550 else { return .fail }
    awaitIdle()
    let seen = NS16550Registers(
      interruptIdentification: registers[2], modemControl: registers[4],
      lineStatus: registers[5])
    guard seen.isPossible else {
      return Bringup.judge(seen, scratchKept: false, &line)
    }
    let old = registers[7]
    registers[7] = 0x5a
    let first = registers[7] == 0x5a
    registers[7] = 0xa5
    let second = registers[7] == 0xa5
    registers[7] = old
    return Bringup.judge(seen, scratchKept: first && second, &line)
  }

  private func judgeCadence(_ line: inout ReportLine) -> CheckStatus {
    awaitIdle()
    let seen = CadenceRegisters(
      control: load(0x00), mode: load(0x04), interruptMask: load(0x10), baudGenerator: load(0x18),
      receiveTrigger: load(0x20), channelStatus: load(0x2c), baudDivider: load(0x34))
    guard seen.isPossible else { return Bringup.judge(seen, maskFollows: false, &line) }
    // TOVR in the mask is set by one register and cleared by another.
    let bit: UInt32 = 1 << 12
    store(0x08, bit)
    let isSet = load(0x10) == seen.interruptMask | bit
    store(0x0c, bit)
    let isClear = load(0x10) == seen.interruptMask & ~bit
    if seen.interruptMask & bit != 0 { store(0x08, bit) }
    return Bringup.judge(seen, maskFollows: isSet && isClear, &line)
  }

  private func judgeIMX(_ line: inout ReportLine) -> CheckStatus {
    awaitIdle()
    return Bringup.judge(
      IMXRegisters(
        control1: load(0x80), control2: load(0x84), control3: load(0x88), control4: load(0x8c),
        fifoControl: load(0x90), status1: load(0x94), status2: load(0x98), test: load(0xb4)),
      &line)
  }

  /// Whether nothing is on its way any more.
  private var isIdle: Bool {
    switch uart.known {
    case .none: true
    // UARTFR.BUSY.
    case .pl011: load(0x18) & 1 << 3 == 0
    // LSR.TEMT.
    case .ns16550, .designWare: (uart.registers16550?[5] ?? 0x40) & 0x40 != 0
    // Channel_sts: TEMPTY, and not TACTIVE.
    case .cadence: load(0x2c) & (1 << 3 | 1 << 11) == 1 << 3
    // USR2.TXDC.
    case .imx: load(0x98) & 1 << 3 != 0
    }
  }

  private func awaitIdle() {
    var rest = tries
    while !isIdle, rest > 0 { rest -= 1 }
  }

  /// Connects the transmitter to the receiver, or takes that back: UARTCR.LBE (DDI 0183, 3.3.8); MCR.LOOP (PC16550D, 8.7);
  /// Mode.CHMODE 2, local loopback (UG1087); UTS.LOOP (IMX8MPRM). False where the UART does not keep that.
  private func loop(_ on: Bool) -> Bool {
    let (register, mask, value): (UInt64, UInt32, UInt32)
    switch uart.known {
    case .none: return false
    case .ns16550, .designWare:
      guard let registers = uart.registers16550 else { return false }
      let old = registers[4]
      registers[4] = on ? old | 1 << 4 : old & ~(1 << 4)
      return registers[4] & 1 << 4 != 0
    case .pl011: (register, mask, value) = (0x30, 1 << 7, 1 << 7)
    case .cadence: (register, mask, value) = (0x04, 3 << 8, 2 << 8)
    case .imx: (register, mask, value) = (0xb4, 1 << 12, 1 << 12)
    }
    store(register, load(register) & ~mask | (on ? value : 0))
    return load(register) & mask == value
  }

  /// What came of a byte through a loopback.
  struct Echo {
    /// Nil: nothing.
    var byte: UInt8?
  }

  /// Sends a byte through the loopback; nil where there is none.
  func receive(_ byte: UInt8) -> Echo? {
    awaitIdle()
    var rest = tries
    while uart.receive() != nil, rest > 0 { rest -= 1 }
    guard loop(true) else {
      _ = loop(false)
      return nil
    }
    uart.transmit(byte)
    var got = uart.receive()
    while got == nil, rest > 0 {
      rest -= 1
      got = uart.receive()
    }
    awaitIdle()
    _ = loop(false)
    return Echo(byte: got)
  }
}
#endif
