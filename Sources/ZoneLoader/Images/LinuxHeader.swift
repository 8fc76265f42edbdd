import Boards
import SepKernel

/// The 64-byte header of a Linux `Image`, which says what to do with the file without being ELF. The
/// fields common to all: text offset, image size, flags, and a magic number near the end.
enum LinuxHeader: CaseIterable {
  /// Documentation/arch/arm64/booting.rst.
  case arm64
  /// Documentation/arch/riscv/boot-image-header.rst, version 0.2 or later.
  case riscv

  static let size = 64
  static let textOffsetField = 8
  static let imageSizeField = 16
  static let flagsField = 24
  private static let magicField = 56

  /// That of the image, if it has one.
  init?(of bytes: [UInt8]) {
    let magic: UInt32? = LittleEndian.read(bytes, at: LinuxHeader.magicField)
    guard bytes.count >= LinuxHeader.size,
      let match = LinuxHeader.allCases.first(where: { $0.magic == magic })
    else { return nil }
    self = match
  }

  /// What the kernels of this header run on.
  var architecture: PlanArchitecture {
    switch self {
    case .arm64: .aarch64
    case .riscv: .riscv64
    }
  }

  /// What Linux calls the architecture.
  var name: String {
    switch self {
    case .arm64: "arm64"
    case .riscv: "RISC-V"
    }
  }

  /// "ARM\x64" or "RSC\x05", little endian.
  private var magic: UInt32 {
    switch self {
    case .arm64: 0x644d_5241
    case .riscv: 0x0543_5352
    }
  }

  /// The text offset is below this: arm64 has 0 or a part of 2 MiB, RISC-V 2 MiB or 4 MiB.
  var textOffsetLimit: UInt64 {
    switch self {
    case .arm64: 2 << 20
    case .riscv: 64 << 20
    }
  }

  /// A field reserved by Linux: in our kernel the early console (docs/interfaces.md, "Boot image").
  /// arm64: res2; RISC-V: the field of that name.
  var earlyConsoleField: Int {
    switch self {
    case .arm64: 32
    case .riscv: 40
    }
  }
}

extension BoardUART {
  /// Value of the early console field: the registers' address in bits 47:0, whether an access is 4
  /// bytes in bit 53, the register shift in bits 55:54, and in bits 63:56 the driver, 0 for a PL011.
  var earlyConsole: UInt64 {
    switch kind {
    case .none: 0
    case .pl011: region.base
    case .cadence, .imx: region.base | UInt64(kind.rawValue) << 56
    case .ns16550, .designWare:
      region.base | (registerWidth == 4 ? 1 << 53 : 0) | UInt64(registerShift & 3) << 54
        | UInt64(kind.rawValue) << 56
    }
  }
}
