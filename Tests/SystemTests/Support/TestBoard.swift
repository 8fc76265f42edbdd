import Testing

/// A board that the system tests boot, and what of a description or of the output depends on it.
enum TestBoard: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case aarch64 = "qemu-virt-aarch64"
  case aarch64GICv2 = "qemu-virt-aarch64-gicv2"
  case riscv64AIA = "qemu-virt-riscv64-aia"
  case riscv64PLIC = "qemu-virt-riscv64"

  /// One of each architecture: for what the interrupt controller has no part in.
  static let architectures: [TestBoard] = [.aarch64, .riscv64AIA]
  /// The boards whose interrupts come by an APLIC or a PLIC.
  static let riscv: [TestBoard] = [.riscv64AIA, .riscv64PLIC]

  var testDescription: String { rawValue }

  var isRISCV: Bool { self == .riscv64AIA || self == .riscv64PLIC }

  /// As file names have it.
  var architecture: String { isRISCV ? "riscv64" : "aarch64" }
  /// The emulator that has it.
  var emulator: String { "qemu-system-\(architecture)" }
  /// What that calls it.
  var machine: (name: String, cpu: String) {
    switch self {
    case .aarch64: ("virt,gic-version=3,virtualization=on", "cortex-a53")
    case .aarch64GICv2: ("virt,gic-version=2,virtualization=on", "cortex-a53")
    case .riscv64AIA: ("virt,aia=aplic-imsic,aia-guests=1", "rv64")
    case .riscv64PLIC: ("virt", "rv64")
    }
  }
  /// File name of its kernel.
  var kernel: String { "build/images/kernel-\(architecture).bin" }
  /// Folder of its guests.
  var guests: String {
    switch self {
    case .aarch64: "build/guests"
    case .aarch64GICv2: "build/guests/gicv2"
    case .riscv64AIA, .riscv64PLIC: "build/guests/riscv64"
    }
  }
  /// Folder of what its Linux needs.
  var linuxFolder: String { isRISCV ? "build/guests/riscv64/linux" : "build/guests/linux" }
  /// Debian's Linux for it.
  var linuxImage: String { "build/cache/linux-\(isRISCV ? "riscv64" : "arm64")/Image" }
  /// The system that `make demo` runs.
  var demo: String { self == .aarch64 ? "systems/demo.yaml" : "systems/demo-\(rawValue).yaml" }

  /// Where our bare-metal guests believe RAM begins.
  var ram: UInt64 { isRISCV ? 0x8000_0000 : 0x4000_0000 }
  /// Where the kernel is.
  var kernelBase: UInt64 { isRISCV ? 0x8020_0000 : 0x4020_0000 }
  /// The UART's own line.
  var consoleLine: Int { isRISCV ? 10 : 33 }
  /// A line that no device drives, for a stimulus.
  var freeLine: Int {
    switch self {
    case .aarch64, .aarch64GICv2: 209
    case .riscv64AIA: 50
    case .riscv64PLIC: 100
    }
  }
  /// What Linux calls the console.
  var terminal: String { isRISCV ? "ttyS0" : "ttyAMA0" }

  /// From a timer's deadline to the counter read in the guest's vector, in instructions.
  var timerPath: Int { isRISCV ? 3 : 2 }
  /// Instructions of a millisecond under icount.
  var instructionsPerMillisecond: Int { isRISCV ? 1_000_000 : 62_500 }
  /// The kernel's answer to a parameter that is not valid (docs/interfaces.md).
  var invalidParameter: Int { isRISCV ? -3 : -2 }
  /// Harmless attacks of `attacker`, 1 to this one.
  var lastHarmlessAttack: UInt64 { isRISCV ? 29 : 25 }
}

extension TestBoard {
  /// `value` as descriptions and messages have it.
  static func hexadecimal(_ value: UInt64) -> String { "0x\(String(value, radix: 16))" }

  /// Memory where our bare-metal guests are linked.
  private func bareMemory(_ size: String) -> (String, String) {
    ("memory", "[{ guest: \(Self.hexadecimal(ram)), size: \(size) }]")
  }

  /// A bare-metal guest that takes no arguments.
  func bare(_ guest: String, _ kind: String, cpus: [Int]) throws -> SystemText.Zone {
    SystemText.Zone(
      guest, kind, cpus: cpus,
      [bareMemory("16MiB"), ("image", try Built.guest(guest, for: self))])
  }

  /// `rt-control`; the argument is described in guests/README.md.
  func rtControl(
    _ name: String = "rt-control", kind: String = "zoneR", cpu: Int, samples: UInt64 = 1000,
    forEver: Bool = false
  ) throws -> SystemText.Zone {
    try bare("rt-control", kind, cpus: [cpu]).named(name)
      .with("arguments", "[\(samples | (forEver ? 1 << 32 : 0))]")
  }

  /// `manager` as zone0, with a script of its own or none.
  func manager(cpus: [Int], arguments: [UInt64] = []) throws -> SystemText.Zone {
    try bare("manager", "zone0", cpus: cpus)
      .with("arguments", "\(arguments)").with("console", "{ line: \(consoleLine) }")
  }

  /// The end of what it says of restarts.
  static let restarted = "manager:RESTART.* code=-?[0-9]"

  /// `attacker`; attack 0 is all harmless ones, rounds 0 is for ever.
  func attacker(
    _ name: String = "attacker", kind: String = "zoneU", cpu: Int, seed: UInt64 = 1,
    attack: UInt64 = 0, rounds: UInt64 = 1, operand: UInt64 = 0
  ) throws -> SystemText.Zone {
    try bare("attacker", kind, cpus: [cpu]).named(name)
      .with("arguments", "[\(seed), \(attack), \(rounds), \(operand)]")
  }

  /// Debian's Linux as zone0. `words` go to its kernel command line.
  func linux(
    cpus: [Int], memory: String = "256MiB", words: String = ""
  ) throws -> SystemText.Zone {
    SystemText.Zone(
      "linux", "zone0", cpus: cpus,
      [
        ("memory", memory), ("image", try Built.linux(self)), ("initrd", try Built.initrd(self)),
        ("cmdline", "console=\(terminal) quiet \(words)"),
      ])
  }
}
