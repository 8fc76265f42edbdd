import Foundation

/// A board whose paths are measured. The raw value names its files in measurements/.
enum MeasuredBoard: String, CaseIterable, Sendable {
  case aarch64
  case aarch64GICv2 = "aarch64-gicv2"
  case riscv64AIA = "riscv64-aia"
  case riscv64PLIC = "riscv64-plic"

  /// RISC-V, where paths have names of their own.
  var isRISCV: Bool { self == .riscv64AIA || self == .riscv64PLIC }
  private var architecture: String { isRISCV ? "riscv64" : "aarch64" }

  /// Name of a file in measurements/systems, without its ending.
  func system(_ name: String) -> String { self == .aarch64 ? name : "\(name)-\(rawValue)" }

  var kernel: String { "build/images/kernel-\(architecture).bin" }
  /// The same with its sections.
  var kernelFile: String { "build/images/kernel-\(architecture).elf" }

  func guest(_ name: String) -> String {
    "build/guests/\(isRISCV ? "riscv64/" : self == .aarch64GICv2 ? "gicv2/" : "")\(name).elf"
  }

  /// Arguments of guests/bare before the guest's name.
  var bareMachine: [String] {
    switch self {
    case .aarch64: []
    case .aarch64GICv2: ["gicv2"]
    case .riscv64AIA: ["riscv64"]
    case .riscv64PLIC: ["riscv64-plic"]
    }
  }

  /// Whether firmware runs before the kernel does: then a start counts from the kernel's entry, which
  /// the record has, else from the machine's reset.
  var hasFirmware: Bool { isRISCV }
}
