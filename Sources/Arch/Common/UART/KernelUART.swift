public import SepKernel

/// The board's UART, as the Plan or the image header describes it; picks the driver. All zeros: there is
/// none, and nothing is sent or received.
public struct KernelUART<Bus: RegisterBus> {
  let bus: Bus
  /// Where its registers start; 0: there is none.
  public let base: UInt64
  /// A `PlanUARTKind` raw value.
  let kind: UInt8
  let shift: UInt8
  let width: UInt8

  /// The UART whose registers start at `base`; `shift` and `width` as in `PlanUART`.
  public init(bus: Bus, kind: PlanUARTKind, base: UInt64, shift: UInt8, width: UInt8) {
    self.bus = bus
    self.base = kind == .none ? 0 : base
    self.kind = UInt8(truncatingIfNeeded: kind.rawValue)
    self.shift = shift
    self.width = width
  }

  /// The one that the image header names: address in bits 47:0, whether an access is 4 bytes in bit 53,
  /// the register shift in bits 55:54, the kind in bits 63:56, 0 for a PL011 (docs/interfaces.md). What
  /// is unknown is none.
  public init(bus: Bus, header: UInt64) {
    let raw = UInt32(truncatingIfNeeded: header &>> 56)
    let kind = raw == 0 ? .pl011 : PlanUARTKind(rawValue: raw) ?? .none
    self.init(
      bus: bus, kind: kind, base: header & 0xffff_ffff_ffff,
      shift: UInt8(truncatingIfNeeded: header &>> 54 & 3), width: header &>> 53 & 1 != 0 ? 4 : 1)
  }

  /// Which driver it takes; none where there is no UART.
  public var known: PlanUARTKind {
    base == 0 ? .none : PlanUARTKind(rawValue: UInt32(kind)) ?? .none
  }

  /// The registers of a 16550, whosever; nil where it is none.
  public var registers16550: NS16550<Bus>? {
    known == .ns16550 || known == .designWare ? ns16550 : nil
  }

  private var ns16550: NS16550<Bus> {
    NS16550(
      bus: bus, base: base, shift: shift, isWide: width == 4, isDesignWare: known == .designWare)
  }

  /// As `UARTDriver`.
  @_optimize(size)
  public func initialise(receiveInterrupts: Bool) {
    switch known {
    case .none: break
    case .pl011: PL011(bus: bus, base: base).initialise(receiveInterrupts: receiveInterrupts)
    case .ns16550, .designWare: ns16550.initialise(receiveInterrupts: receiveInterrupts)
    case .cadence:
      CadenceUART(bus: bus, base: base).initialise(receiveInterrupts: receiveInterrupts)
    case .imx: IMXUART(bus: bus, base: base).initialise(receiveInterrupts: receiveInterrupts)
    }
  }

  /// As `UARTDriver`; false where there is none.
  public var canTransmit: Bool {
    switch known {
    case .none: false
    case .pl011: PL011(bus: bus, base: base).canTransmit
    case .ns16550, .designWare: ns16550.canTransmit
    case .cadence: CadenceUART(bus: bus, base: base).canTransmit
    case .imx: IMXUART(bus: bus, base: base).canTransmit
    }
  }

  /// As `UARTDriver`.
  public func transmit(_ byte: UInt8) {
    switch known {
    case .none: break
    case .pl011: PL011(bus: bus, base: base).transmit(byte)
    case .ns16550, .designWare: ns16550.transmit(byte)
    case .cadence: CadenceUART(bus: bus, base: base).transmit(byte)
    case .imx: IMXUART(bus: bus, base: base).transmit(byte)
    }
  }

  /// As `UARTDriver`; nil where there is none.
  @_optimize(size)
  public func receive() -> UInt8? {
    switch known {
    case .none: nil
    case .pl011: PL011(bus: bus, base: base).receive()
    case .ns16550, .designWare: ns16550.receive()
    case .cadence: CadenceUART(bus: bus, base: base).receive()
    case .imx: IMXUART(bus: bus, base: base).receive()
    }
  }

  /// As `UARTDriver`.
  @_optimize(size)
  public func setTransmitInterrupt(_ enabled: Bool) {
    switch known {
    case .none: break
    case .pl011: PL011(bus: bus, base: base).setTransmitInterrupt(enabled)
    case .ns16550, .designWare: ns16550.setTransmitInterrupt(enabled)
    case .cadence: CadenceUART(bus: bus, base: base).setTransmitInterrupt(enabled)
    case .imx: IMXUART(bus: bus, base: base).setTransmitInterrupt(enabled)
    }
  }
}

#if hasFeature(Embedded)
extension PlanView {
  /// The board's UART.
  public var kernelUART: KernelUART<HardwareBus> {
    let uart = self.uart
    return KernelUART(
      bus: HardwareBus(), kind: PlanUARTKind(rawValue: uart.kind) ?? .none, base: uart.region.base,
      shift: uart.registerShift, width: uart.registerWidth)
  }
}
#endif
