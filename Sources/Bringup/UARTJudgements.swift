// Whether a UART is of the kind that the Plan says. Each kind has something that reads alone tell: what does not look like it
// is not written to.

/// UARTPeriphID0-3 and UARTPCellID0-3 of a PL011 (DDI 0183, 3.3.14 to 3.3.17), a byte each, the first in the lowest bits.
public func judgePL011(
  peripheral: UInt32, cell: UInt32, _ line: inout ReportLine
) -> CheckStatus {
  line.add("periph-id", hex: UInt64(peripheral))
  line.add("cell-id", hex: UInt64(cell))
  guard cell == 0xb105_f00d, peripheral & 0xfff == 0x011 else {
    line.note("this is no PL011")
    return .fail
  }
  return .ok
}

/// A 16550 with nothing on its way (PC16550D, section 8).
public struct NS16550Registers: Equatable, Sendable {
  public var interruptIdentification: UInt8
  public var modemControl: UInt8
  public var lineStatus: UInt8

  public init(interruptIdentification: UInt8, modemControl: UInt8, lineStatus: UInt8) {
    self.interruptIdentification = interruptIdentification
    self.modemControl = modemControl
    self.lineStatus = lineStatus
  }

  /// LSR: no working UART reads as all ones, and an idle one has THRE and TEMT. IIR bit 4 and MCR bit 7 are zero in the whole
  /// family.
  public var isPossible: Bool {
    lineStatus != 0xff && lineStatus & 0x60 == 0x60 && interruptIdentification & 0x10 == 0
      && modemControl & 0x80 == 0
  }
}

/// `scratchKept`: what came of writing to SCR.
public func judge(
  _ seen: NS16550Registers, scratchKept: Bool, _ line: inout ReportLine
) -> CheckStatus {
  line.add("scratch", scratchKept ? 1 : 0)
  line.add("lsr", hex: UInt64(seen.lineStatus))
  guard seen.isPossible, scratchKept else {
    line.add("iir", hex: UInt64(seen.interruptIdentification))
    line.add("mcr", hex: UInt64(seen.modemControl))
    line.note("this is no 16550")
    return .fail
  }
  return .ok
}

/// A Cadence UART with nothing on its way (UG1087, module UART).
public struct CadenceRegisters: Equatable, Sendable {
  public var control: UInt32
  public var mode: UInt32
  public var interruptMask: UInt32
  public var baudGenerator: UInt32
  public var receiveTrigger: UInt32
  public var channelStatus: UInt32
  public var baudDivider: UInt32

  public init(
    control: UInt32, mode: UInt32, interruptMask: UInt32, baudGenerator: UInt32,
    receiveTrigger: UInt32, channelStatus: UInt32, baudDivider: UInt32
  ) {
    self.control = control
    self.mode = mode
    self.interruptMask = interruptMask
    self.baudGenerator = baudGenerator
    self.receiveTrigger = receiveTrigger
    self.channelStatus = channelStatus
    self.baudDivider = baudDivider
  }

  /// Reserved bits read as zero. Control: transmitter and receiver are each enabled or disabled. Baud_rate_gen: 0 is off;
  /// Baud_rate_divider: below 4 is ignored. Channel_sts: TEMPTY without TFUL, REMPTY or RFUL but not both.
  public var isPossible: Bool {
    control >> 9 == 0 && mode >> 14 == 0 && interruptMask >> 14 == 0 && baudGenerator >> 16 == 0
      && receiveTrigger >> 6 == 0 && channelStatus >> 15 == 0 && baudDivider >> 8 == 0
      && control & 0x30 != 0 && control & 0x0c != 0 && baudGenerator != 0 && baudDivider >= 4
      && channelStatus & 0x18 == 0x08 && channelStatus & 0x06 != 0x06
  }
}

/// `maskFollows`: whether Intrpt_mask did what Intrpt_en and Intrpt_dis were told.
public func judge(
  _ seen: CadenceRegisters, maskFollows: Bool, _ line: inout ReportLine
) -> CheckStatus {
  line.add("control", hex: UInt64(seen.control))
  line.add("status", hex: UInt64(seen.channelStatus))
  line.add("divider", hex: UInt64(seen.baudDivider))
  line.add("mask-follows", maskFollows ? 1 : 0)
  guard seen.isPossible, maskFollows else {
    line.note("this is no Cadence UART")
    return .fail
  }
  return .ok
}

/// A UART of the i.MX family with nothing on its way (IMX8MPRM, chapter "Universal Asynchronous Receiver/Transmitter").
public struct IMXRegisters: Equatable, Sendable {
  public var control1: UInt32
  public var control2: UInt32
  public var control3: UInt32
  public var control4: UInt32
  public var fifoControl: UInt32
  public var status1: UInt32
  public var status2: UInt32
  public var test: UInt32

  public init(
    control1: UInt32, control2: UInt32, control3: UInt32, control4: UInt32, fifoControl: UInt32,
    status1: UInt32, status2: UInt32, test: UInt32
  ) {
    self.control1 = control1
    self.control2 = control2
    self.control3 = control3
    self.control4 = control4
    self.fifoControl = fifoControl
    self.status1 = status1
    self.status2 = status2
    self.test = test
  }

  /// Bits 31:16 of all are reserved and zero. UFCR: TXTL is 2 to 32, RXTL at most 32, RFDIV 7 is reserved. USR2: TXFE and
  /// TXDC. UTS: TXEMPTY without TXFULL, RXEMPTY or RXFULL but not both, reserved bits zero.
  public var isPossible: Bool {
    let transmitLevel = fifoControl >> 10 & 0x3f
    return (control1 | control2 | control3 | control4 | fifoControl | status1 | status2 | test)
      >> 16 == 0
      && transmitLevel >= 2 && transmitLevel <= 32 && fifoControl & 0x3f <= 32
      && fifoControl >> 7 & 7 != 7 && status2 & 0x4008 == 0x4008 && test & 0xc186 == 0
      && test & 0x50 == 0x40 && test & 0x28 != 0x28
  }
}

/// Reads tell enough, so nothing is written.
public func judge(_ seen: IMXRegisters, _ line: inout ReportLine) -> CheckStatus {
  line.add("ufcr", hex: UInt64(seen.fifoControl))
  line.add("usr2", hex: UInt64(seen.status2))
  line.add("uts", hex: UInt64(seen.test))
  guard seen.isPossible else {
    line.note("this is no UART of an i.MX")
    return .fail
  }
  return .ok
}
