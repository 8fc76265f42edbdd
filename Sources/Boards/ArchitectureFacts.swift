public import SepKernel

/// What host tools know of an instruction set that a Plan does not: here, and nowhere else.
extension PlanArchitecture {
  /// All there are, in the order of board files.
  public static let all: [PlanArchitecture] = [.aarch64, .riscv64, .x86_64, .loongarch64]

  /// The word in board files, file names and tables.
  public var word: String {
    switch self {
    case .aarch64: "aarch64"
    case .riscv64: "riscv64"
    case .x86_64: "x86_64"
    case .loongarch64: "loongarch64"
    }
  }

  /// CPUs that a kernel image has stacks for (CPU_CAPACITY of Linker/aarch64.ld and Linker/riscv64.ld): a kernel refuses a
  /// Plan with more, although a Plan has room for them.
  public static let imageCPUs = 16

  /// QEMU's program with its machines; nil where no kernel is started in one.
  public var emulator: String? {
    switch self {
    case .aarch64: "qemu-system-aarch64"
    case .riscv64: "qemu-system-riscv64"
    case .x86_64, .loongarch64: nil
    }
  }

  /// Whether the kernel can let a CPU go that waits at `BoardCPU.releaseAddress`.
  public var hasReleaseAddresses: Bool {
    switch self {
    case .aarch64: true
    case .riscv64, .x86_64, .loongarch64: false
    }
  }

  /// Whether firmware stays in RAM on every board: without M-mode's SBI no hart is started (SBI 2.0, chapter 9).
  public var keepsFirmwareInRAM: Bool {
    switch self {
    case .riscv64: true
    case .aarch64, .x86_64, .loongarch64: false
    }
  }
}
