/// Offsets in the ELF file header that are needed before libelf may see it (System V gABI, chapter
/// 4, "ELF Header").
struct ElfHeaderLayout {
  let is64: Bool

  var headerSize: Int { is64 ? 64 : 52 }
  var programEntrySize: Int { is64 ? 56 : 32 }
  /// Offset of e_ehsize; e_phentsize, e_phnum, e_shentsize, e_shnum and e_shstrndx follow.
  var headerSizeField: Int { is64 ? 52 : 40 }
  private var programOffsetField: Int { is64 ? 32 : 28 }
  private var sectionOffsetField: Int { is64 ? 40 : 32 }

  /// e_phoff.
  func programOffset(in bytes: [UInt8]) -> UInt64? {
    if is64 { return LittleEndian.read(bytes, at: programOffsetField) }
    return LittleEndian.read(bytes, at: programOffsetField, as: UInt32.self).map(UInt64.init)
  }

  /// A copy that says it has no sections. `bytes` holds at least a header.
  func withoutSections(_ bytes: [UInt8]) -> [UInt8] {
    var copy = bytes
    if is64 {
      LittleEndian.write(UInt64(0), to: &copy, at: sectionOffsetField)
    } else {
      LittleEndian.write(UInt32(0), to: &copy, at: sectionOffsetField)
    }
    LittleEndian.write(UInt16(0), to: &copy, at: headerSizeField + 8)
    LittleEndian.write(UInt16(0), to: &copy, at: headerSizeField + 10)
    return copy
  }
}
