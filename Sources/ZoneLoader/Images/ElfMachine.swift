import SepKernel

/// `e_machine` values that are understood (System V gABI and the psABI of each architecture).
enum ElfMachine: UInt16 {
  case arm = 40
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case x86_64 = 62
  case aarch64 = 183
  case riscv = 243
  case loongarch = 258

  var name: String {
    switch self {
    case .arm: return "Arm"
    case .x86_64: return "x86-64"
    case .aarch64: return "AArch64"
    case .riscv: return "RISC-V"
    case .loongarch: return "LoongArch"
    }
  }

  /// Whether its executables are ELF64; the 32-bit flavours of RISC-V and LoongArch have no board.
  var is64: Bool {
    switch self {
    case .arm: return false
    case .x86_64, .aarch64, .riscv, .loongarch: return true
    }
  }

  /// That of a board's own programs.
  init(_ architecture: PlanArchitecture) {
    switch architecture {
    case .aarch64: self = .aarch64
    case .riscv64: self = .riscv
    case .x86_64: self = .x86_64
    case .loongarch64: self = .loongarch
    }
  }

  /// What a zone on a board of that architecture can run: an AArch64 CPU may also start a zone in
  /// AArch32 state.
  static func runnable(on architecture: PlanArchitecture) -> [ElfMachine] {
    switch architecture {
    case .aarch64: return [.aarch64, .arm]
    case .riscv64: return [.riscv]
    case .x86_64: return [.x86_64]
    case .loongarch64: return [.loongarch]
    }
  }
}
