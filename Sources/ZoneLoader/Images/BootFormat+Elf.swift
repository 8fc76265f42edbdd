import SepKernel

extension BootFormat {
  /// The segment's offset in the file, a page, so that address and offset agree modulo its alignment.
  static let elfContentOffset = 4096

  /// An ELF64 header and one loadable segment, without sections (System V gABI, chapter 4, "ELF Header",
  /// and chapter 5, "Program Header").
  static func elfHeader(for content: Content) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: elfContentOffset)
    // ELFCLASS64, ELFDATA2LSB, EV_CURRENT.
    header.replaceSubrange(0..<7, with: [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
    let layout = ElfHeaderLayout(is64: true)
    func put<T: FixedWidthInteger & UnsignedInteger>(_ value: T, _ offset: Int) {
      LittleEndian.write(value, to: &header, at: offset)
    }
    put(UInt16(2), 16)  // e_type: ET_EXEC
    put(ElfMachine(content.architecture).rawValue, 18)  // e_machine
    put(UInt32(1), 20)  // e_version: EV_CURRENT
    put(content.base, 24)  // e_entry
    put(UInt64(layout.headerSize), 32)  // e_phoff
    put(UInt16(layout.headerSize), layout.headerSizeField)  // e_ehsize
    put(UInt16(layout.programEntrySize), layout.headerSizeField + 2)  // e_phentsize
    put(UInt16(1), layout.headerSizeField + 4)  // e_phnum

    let segment = layout.headerSize
    put(UInt32(1), segment)  // p_type: PT_LOAD
    put(UInt32(7), segment + 4)  // p_flags: PF_X, PF_W, PF_R
    put(UInt64(elfContentOffset), segment + 8)  // p_offset
    put(content.base, segment + 16)  // p_vaddr
    put(content.base, segment + 24)  // p_paddr
    put(UInt64(content.bytes.count), segment + 32)  // p_filesz
    put(UInt64(content.bytes.count), segment + 40)  // p_memsz
    put(UInt64(elfContentOffset), segment + 48)  // p_align
    return header
  }
}
