import Testing

/// A board that the system tests boot, and what of a description or of the output depends on it.
enum TestBoard: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case aarch64 = "qemu-virt-aarch64"
  case riscv64AIA = "qemu-virt-riscv64-aia"
  case riscv64PLIC = "qemu-virt-riscv64"

  /// The boards whose interrupts come by an APLIC or a PLIC.
  static let riscv: [TestBoard] = [.riscv64AIA, .riscv64PLIC]

  var testDescription: String { rawValue }

  private var isRISCV: Bool { self != .aarch64 }

  /// File name of its kernel.
  var kernel: String { "build/images/kernel-\(isRISCV ? "riscv64" : "aarch64").bin" }
  /// Folder of its guests.
  var guests: String { isRISCV ? "build/guests/riscv64" : "build/guests" }
  /// Debian's Linux for it.
  var linux: String { "build/cache/linux-\(isRISCV ? "riscv64" : "arm64")/Image" }
  /// Where our bare-metal guests believe RAM begins.
  var ram: String { isRISCV ? "0x8000_0000" : "0x4000_0000" }
  /// The UART's own line.
  var consoleLine: Int { isRISCV ? 10 : 33 }
  /// What Linux calls the console.
  var terminal: String { isRISCV ? "ttyS0" : "ttyAMA0" }
  /// From a timer's deadline to the counter read in the guest's vector, in instructions.
  var timerPath: Int { isRISCV ? 3 : 2 }
}
