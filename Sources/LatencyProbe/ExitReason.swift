/// Why a CPU left its zone and entered the kernel.
///
/// The raw value is the index of the reason's histogram in `CPUProbeBlock.residency` and part of the
/// record format: values are never reused, new reasons take a free slot of the sixteen.
public enum ExitReason: UInt8, Sendable {
  /// HVC, SMC or ECALL: PSCI and the SMC Calling Convention, SBI, the kernel's own hypercalls.
  case firmwareCall = 0
  /// Emulated interrupt controller: GICD, APLIC, PLIC.
  case interruptController = 1
  /// Emulated redistributor frame (GICR RD_base); other controllers have none.
  case redistributor = 2
  /// Emulated console UART.
  case console = 3
  /// Interrupt from one CPU of a zone to another, where it is filtered (ICC_SGI*R_EL1) or injected (PLIC).
  case ipi = 4
  /// Other trapped register of the interrupt controller's CPU interface (ICC_PMR_EL1, ICC_RPR_EL1, ...).
  case controllerRegister = 5
  /// Trapped system register outside the interrupt controller.
  case systemRegister = 6
  /// Trapped WFI or WFE.
  case wait = 7
  /// Access to a device window of the board that nobody gave to the zone, answered by policy.
  case absentDevice = 8
  /// First fault after the kernel revoked the zone's memory to get the CPU back.
  case revoked = 9
  /// Any other stage-2 fault.
  case fault = 10
  /// Undefined-instruction exception handed to the guest.
  case undefined = 11
  /// IRQ or FIQ taken in the kernel; none is expected in steady state.
  case interrupt = 12
  /// SError taken in the kernel.
  case serror = 13
  /// Nothing of the above.
  case other = 14

  /// Slots in the record, used or not.
  public static let slotCount = 16

  /// Short name for reports and JSON, stable.
  public var name: StaticString {
    switch self {
    case .firmwareCall: "firmware-call"
    case .interruptController: "interrupt-controller"
    case .redistributor: "redistributor"
    case .console: "console"
    case .ipi: "ipi"
    case .controllerRegister: "controller-register"
    case .systemRegister: "system-register"
    case .wait: "wait"
    case .absentDevice: "absent-device"
    case .revoked: "revoked"
    case .fault: "fault"
    case .undefined: "undefined"
    case .interrupt: "interrupt"
    case .serror: "serror"
    case .other: "other"
    }
  }
}
