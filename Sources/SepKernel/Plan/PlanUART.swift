/// The UART the kernel drives and multiplexes.
public struct PlanUART: BitwiseCopyable, Sendable {
  /// A `PlanUARTKind` raw value.
  public var kind: UInt32
  /// Its interrupt line (GIC: INTID).
  public var line: UInt32
  /// Its registers; size 0 for kind `none`.
  public var region: PlanRegion
  /// ns16550, designWare: register n is at n << shift, 0-2. Other kinds: 0.
  public var registerShift: UInt8
  /// ns16550, designWare: bytes of an access, 1, or 4 with shift 2. Other kinds: 0.
  public var registerWidth: UInt8
  /// Zero.
  public var reserved: InlineArray<6, UInt8>
}

/// UARTs the kernel knows.
public enum PlanUARTKind: UInt32, Sendable {
  /// The board has no console.
  case none = 0
  /// Arm PrimeCell PL011 (DDI 0183).
  case pl011 = 1
  /// The registers of National Semiconductor's 16550 (PC16550D), spread and accessed as `PlanUART`
  /// says; the terms are those of the tree: `reg-shift`, `reg-io-width`.
  case ns16550 = 2
  /// Synopsys DW_apb_uart: a 16550 with a status register of its own.
  case designWare = 3
  /// Cadence UART of the Zynq family (UG1085).
  case cadence = 4
  /// UART of NXP's i.MX family (IMX8MPRM).
  case imx = 5

  /// Whether its registers can lie so.
  func allows(registerShift shift: UInt8, registerWidth width: UInt8) -> Bool {
    switch self {
    case .none, .pl011, .cadence, .imx: shift == 0 && width == 0
    // An access must not reach into the next register, and be aligned.
    case .ns16550, .designWare: (width == 1 && shift <= 2) || (width == 4 && shift == 2)
    }
  }
}

extension PlanUART {
  var reservedIsZero: Bool {
    var bits: UInt8 = 0
    for index in 0..<6 { bits |= reserved[index] }
    return bits == 0
  }
}
