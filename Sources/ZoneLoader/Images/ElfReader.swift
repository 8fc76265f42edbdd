import CElf
import SepKernel

/// Reads the loadable segments of an ELF executable (System V gABI, chapters 4 and 5).
///
/// libelf decodes the structures. Before it sees a byte, the header is bounded by the file's size,
/// and it works on a copy without a section table: nothing here needs sections, and so nothing in
/// them can mislead it.
struct ElfReader {
  static let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]
  /// No linker script of an operating system makes more segments.
  static let segmentLimit = 64

  private let bytes: [UInt8]
  private let request: ImageRequest
  private let is64: Bool
  private let segmentCount: Int

  /// Checks identification and bounds.
  init(_ bytes: [UInt8], _ request: ImageRequest) throws(ImageError) {
    self.request = request
    func refuse(_ reason: ImageError.Reason) -> ImageError {
      ImageError(file: request.file, reason: reason)
    }
    guard bytes.count >= 16 else { throw refuse(.truncated("ELF identification")) }
    guard bytes.starts(with: ElfReader.magic) else { throw refuse(.badHeader("no ELF magic")) }
    guard bytes[4] == 1 || bytes[4] == 2 else { throw refuse(.wrongClass(bytes[4])) }
    is64 = bytes[4] == 2
    guard bytes[5] != 2 else { throw refuse(.bigEndian) }
    guard bytes[5] == 1 else { throw refuse(.badHeader("data encoding \(bytes[5])")) }
    guard bytes[6] == 1 else { throw refuse(.badHeader("version \(bytes[6])")) }
    let layout = ElfHeaderLayout(is64: is64)
    guard bytes.count >= layout.headerSize,
      let programOffset = layout.programOffset(in: bytes),
      let headerSize: UInt16 = LittleEndian.read(bytes, at: layout.headerSizeField),
      let entrySize: UInt16 = LittleEndian.read(bytes, at: layout.headerSizeField + 2),
      let count: UInt16 = LittleEndian.read(bytes, at: layout.headerSizeField + 4)
    else { throw refuse(.truncated("ELF header")) }
    guard headerSize == UInt16(layout.headerSize) else {
      throw refuse(.badHeader("header size \(headerSize) instead of \(layout.headerSize)"))
    }
    guard count > 0 else { throw refuse(.noSegments) }
    guard Int(count) <= ElfReader.segmentLimit else { throw refuse(.tooManySegments(Int(count))) }
    guard entrySize == UInt16(layout.programEntrySize) else {
      throw refuse(
        .badHeader("program header size \(entrySize) instead of \(layout.programEntrySize)"))
    }
    let (tableEnd, wraps) = programOffset.addingReportingOverflow(
      UInt64(count) * UInt64(layout.programEntrySize))
    guard !wraps, tableEnd <= UInt64(bytes.count) else {
      throw refuse(.truncated("program header table"))
    }
    segmentCount = Int(count)
    self.bytes = layout.withoutSections(bytes)
  }

  /// The image; memory and entry point are checked by the caller as for every format.
  func image() throws(ImageError) -> ZoneImage {
    let (header, programs) = try decode()
    try check(header)
    var segments: [ImageSegment] = []
    var entry = request.entry ?? header.e_entry
    var entryIsTranslated = request.entry != nil
    for (index, program) in programs.enumerated() where program.p_type == UInt32(PT_LOAD) {
      guard program.p_memsz > 0 || program.p_filesz > 0 else { continue }
      try check(program, index)
      let start = Int(program.p_offset)
      segments.append(
        ImageSegment(
          address: program.p_paddr, bytes: Array(bytes[start..<(start + Int(program.p_filesz))]),
          memorySize: program.p_memsz, isExecutable: program.p_flags & UInt32(PF_X) != 0,
          index: index))
      // e_entry is a virtual address; the first instruction runs with the MMU off.
      if !entryIsTranslated, header.e_entry >= program.p_vaddr,
        header.e_entry - program.p_vaddr < program.p_memsz
      {
        entry = program.p_paddr + (header.e_entry - program.p_vaddr)
        entryIsTranslated = true
      }
    }
    let execution: ExecutionState =
      header.e_machine == ElfMachine.arm.rawValue ? .aarch32 : .native(of: request.architecture)
    return ZoneImage(format: .elf, segments: segments, entry: entry, execution: execution)
  }

  private func check(_ header: GElf_Ehdr) throws(ImageError) {
    let expected = ElfMachine.runnable(on: request.architecture)
    guard let machine = ElfMachine(rawValue: header.e_machine), expected.contains(machine) else {
      let names = expected.map { "\($0.name) (\($0.rawValue))" }.joined(separator: " or ")
      throw ImageError(
        file: request.file, reason: .wrongMachine(found: header.e_machine, expected: names))
    }
    guard machine.is64 == is64 else {
      throw ImageError(file: request.file, reason: .wrongClass(is64 ? 2 : 1))
    }
    guard header.e_type == UInt16(ET_EXEC) || header.e_type == UInt16(ET_DYN) else {
      throw ImageError(file: request.file, reason: .notExecutable(type: header.e_type))
    }
  }

  private func check(_ program: GElf_Phdr, _ index: Int) throws(ImageError) {
    func refuse(_ reason: ImageError.Reason) -> ImageError {
      ImageError(file: request.file, segment: index, reason: reason)
    }
    guard program.p_memsz >= program.p_filesz else { throw refuse(.memorySmallerThanFile) }
    let (fileEnd, fileWraps) = program.p_offset.addingReportingOverflow(program.p_filesz)
    guard !fileWraps, fileEnd <= UInt64(bytes.count) else { throw refuse(.segmentOutsideFile) }
    let limit: UInt64 = is64 ? .max : UInt64(UInt32.max)
    for address in [program.p_paddr, program.p_vaddr] {
      let (last, wraps) = address.addingReportingOverflow(program.p_memsz - 1)
      guard !wraps, last <= limit, last < .max else { throw refuse(.segmentWraps) }
    }
    let align = program.p_align
    guard align <= 1 || align & (align - 1) == 0 else { throw refuse(.badAlignment) }
    guard align <= 1 || (program.p_vaddr ^ program.p_offset) & (align - 1) == 0 else {
      throw refuse(.badAlignment)
    }
  }

  /// Header and program headers through libelf.
  private func decode() throws(ImageError) -> (GElf_Ehdr, [GElf_Phdr]) {
    guard elf_version(UInt32(EV_CURRENT)) != UInt32(EV_NONE) else { throw libelfError() }
    var copy = bytes
    var header = GElf_Ehdr()
    var programs: [GElf_Phdr] = []
    let count = segmentCount
    // SAFETY: libelf reads and writes `copy` only between elf_memory and elf_end, inside the
    // closure, and is told its exact size; the structures it fills are values of this function.
    let ok = unsafe copy.withUnsafeMutableBytes { buffer -> Bool in
      guard let base = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
        let elf = unsafe elf_memory(base, buffer.count)
      else { return false }
      defer { _ = unsafe elf_end(elf) }
      guard unsafe gelf_getehdr(elf, &header) != nil else { return false }
      for index in 0..<count {
        var program = GElf_Phdr()
        guard unsafe gelf_getphdr(elf, Int32(index), &program) != nil else { return false }
        programs.append(program)
      }
      return true
    }
    guard ok else { throw libelfError() }
    return (header, programs)
  }

  private func libelfError() -> ImageError {
    // SAFETY: elf_errmsg returns a static string, or NULL when there was no error.
    let text = unsafe elf_errmsg(elf_errno()).map { unsafe String(cString: $0) }
    return ImageError(file: request.file, reason: .libelf(text ?? "unknown error"))
  }
}
