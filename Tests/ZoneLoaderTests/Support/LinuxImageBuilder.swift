/// An arm64 or RISC-V Linux `Image` of `size` bytes that occupies `imageSize`.
func linuxImage(
  size: Int = 4096, imageSize: UInt64? = nil, textOffset: UInt64 = 0, magic: String = "ARM\u{64}"
) -> [UInt8] {
  var bytes = [UInt8](repeating: 0x5a, count: size)
  bytes.replaceSubrange(8..<16, with: ElfBuilder.integer(textOffset, bytes: 8))
  bytes.replaceSubrange(16..<24, with: ElfBuilder.integer(imageSize ?? UInt64(size), bytes: 8))
  bytes.replaceSubrange(24..<32, with: ElfBuilder.integer(0xa, bytes: 8))
  bytes.replaceSubrange(0x38..<0x3c, with: Array(magic.utf8))
  return bytes
}
