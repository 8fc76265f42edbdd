/// Instruction sets, with the ELF `e_machine` values of the System V ABI.
public enum PlanArchitecture: UInt32, Sendable {
  /// Arm, 64 bits (EM_AARCH64).
  case aarch64 = 183
  /// RISC-V, 64 bits (EM_RISCV).
  case riscv64 = 243
  /// x86, 64 bits (EM_X86_64).
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case x86_64 = 62
  /// LoongArch, 64 bits (EM_LOONGARCH).
  case loongarch64 = 258
}

/// What a Plan is held to differs by architecture here, and by interrupt controller in
/// `PlanInterruptControllerKind`; nothing else asks which machine it is for.
extension PlanArchitecture {
  /// The UART that zones see, whatever the board's is.
  public var emulatedUART: PlanUARTKind {
    switch self {
    case .aarch64: .pl011
    case .riscv64, .x86_64, .loongarch64: .ns16550
    }
  }

  /// Bytes that the address of an instruction is a multiple of, a power of two; the shortest
  /// instruction is as long. AArch64: words (Arm ARM C3.1); RISC-V with the C extension: halfwords
  /// (Unprivileged ISA, section 1.5); LoongArch: words.
  public var instructionAlignment: UInt64 {
    switch self {
    case .aarch64, .loongarch64: 4
    case .riscv64: 2
    case .x86_64: 1
    }
  }

  /// Bytes of the root of a zone's second stage of translation, to which it is aligned. RISC-V: the
  /// root of Sv39x4 is four times as large as other tables (Privileged ISA, section "Guest-Page
  /// Translation").
  public var rootTableSize: UInt64 {
    switch self {
    case .aarch64, .x86_64, .loongarch64: PlanLimits.granule
    case .riscv64: 4 * PlanLimits.granule
    }
  }

  /// Whether a zone can start in a 32-bit execution state (`PlanZoneFlags.aarch32`).
  public var hasAArch32: Bool { self == .aarch64 }
}
