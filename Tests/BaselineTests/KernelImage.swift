import Foundation

/// Sizes from the kernel's ELF file.
enum KernelImage {
  /// Bytes of the sections that the file holds and memory gets: text, constants and data, which is what
  /// size(1) adds up as `text` and `data`. Stacks, tables and other zeroed data are not counted.
  ///
  /// Section header table of ELF64 (System V ABI, chapter 4): `e_shoff` at 0x28, `e_shentsize` at
  /// 0x3a, `e_shnum` at 0x3c; in an entry `sh_type` at 4, `sh_flags` at 8, `sh_size` at 0x20.
  static func loadedBytes(_ file: Data) throws -> UInt64 {
    let noBits: UInt64 = 8
    let allocated: UInt64 = 2
    guard file.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]) else {
      throw MeasurementError(description: "the kernel is not a little-endian ELF64 file")
    }
    let table = try Int(number(file, 0x28, 8))
    let stride = try Int(number(file, 0x3a, 2))
    var total: UInt64 = 0
    for index in 0..<(try Int(number(file, 0x3c, 2))) {
      let section = table + index * stride
      let isLoaded =
        try number(file, section + 8, 8) & allocated != 0 && number(file, section + 4, 4) != noBits
      if isLoaded { total += try number(file, section + 0x20, 8) }
    }
    return total
  }

  private static func number(_ file: Data, _ offset: Int, _ size: Int) throws -> UInt64 {
    guard offset >= 0, offset <= file.count - size else {
      throw MeasurementError(description: "the kernel's ELF file is cut off")
    }
    return (0..<size).reduce(0) { $0 | UInt64(file[file.startIndex + offset + $1]) << (8 * $1) }
  }
}
