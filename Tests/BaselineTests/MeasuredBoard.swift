import Foundation

/// A board whose paths are measured. The raw value names its files in measurements/.
enum MeasuredBoard: String, CaseIterable, Sendable {
  case aarch64
  case riscv64AIA = "riscv64-aia"
  case riscv64PLIC = "riscv64-plic"

  private var isRISCV: Bool { self != .aarch64 }
  private var architecture: String { isRISCV ? "riscv64" : "aarch64" }

  /// Name of a file in measurements/systems, without its ending.
  func system(_ name: String) -> String { self == .aarch64 ? name : "\(name)-\(rawValue)" }

  var kernel: String { "build/images/kernel-\(architecture).bin" }
  /// The same with its sections.
  var kernelFile: String { "build/images/kernel-\(architecture).elf" }

  func guest(_ name: String) -> String {
    "build/guests/\(isRISCV ? "riscv64/" : "")\(name).elf"
  }

  /// Arguments of guests/bare before the guest's name.
  var bareMachine: [String] {
    switch self {
    case .aarch64: []
    case .riscv64AIA: ["riscv64"]
    case .riscv64PLIC: ["riscv64-plic"]
    }
  }

  /// Whether firmware runs before the kernel does: then a start counts from the kernel's entry, which
  /// the record has, else from the machine's reset.
  var hasFirmware: Bool { isRISCV }
}
