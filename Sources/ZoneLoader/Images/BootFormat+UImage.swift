import CZlib
import SepKernel

extension BootFormat {
  /// A `legacy_img_hdr`, all fields big endian (U-Boot include/image.h: the struct, and the values of
  /// `ih_os`, `ih_arch`, `ih_type` and `ih_comp`).
  static func uimageHeader(for content: Content) throws(Failure) -> [UInt8] {
    guard let base = UInt32(exactly: content.base) else { throw .tooHigh(content.base) }
    let length = try length(content.bytes.count)
    /// The header with this in its checksum field.
    func header(checksum: UInt32) -> [UInt8] {
      var bytes: [UInt8] = []
      // ih_magic, ih_hcrc, ih_time (always 0: equal systems have equal images), ih_size, ih_load, ih_ep,
      // ih_dcrc.
      for word in [0x2705_1956, checksum, 0, length, base, base, crc32(content.bytes)] {
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
      }
      // IH_OS_LINUX, ih_arch, IH_TYPE_KERNEL, IH_COMP_NONE.
      bytes += [5, architecture(content.architecture), 2, 0]
      // ih_name: 32 bytes, filled with zeros.
      let name = content.name.utf8.prefix(31)
      return bytes + name + [UInt8](repeating: 0, count: 32 - name.count)
    }
    // ih_hcrc is made over a header that has 0 there.
    return header(checksum: crc32(header(checksum: 0)))
  }

  private static func architecture(_ architecture: PlanArchitecture) -> UInt8 {
    switch architecture {
    case .aarch64: 22  // IH_ARCH_ARM64
    case .riscv64: 26  // IH_ARCH_RISCV
    case .x86_64: 24  // IH_ARCH_X86_64
    case .loongarch64: 0  // IH_ARCH_INVALID: U-Boot has no number for it
    }
  }

  /// CRC-32 of ISO 3309, as zlib and U-Boot have it.
  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    // SAFETY: zlib reads only the bytes of the buffer, which lives as long as the call.
    let sum = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe crc32_z(0, buffer.baseAddress, buffer.count)
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
