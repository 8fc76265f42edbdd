/// Writes ELF files, well-formed or not.
struct ElfBuilder {
  struct Segment {
    var type: UInt32 = 1
    /// PF_R | PF_W | PF_X
    var flags: UInt32 = 7
    var virtual: UInt64
    var physical: UInt64
    var bytes: [UInt8]
    var memorySize: UInt64
    var align: UInt64
    /// nil: right behind what comes before, at a multiple of `align`.
    var offset: UInt64?
    /// nil: the count of `bytes`.
    var fileSize: UInt64?

    init(
      at address: UInt64, virtual: UInt64? = nil,
      bytes: [UInt8] = [UInt8](repeating: 0xa5, count: 64),
      memorySize: UInt64? = nil, align: UInt64 = 1, flags: UInt32 = 7, offset: UInt64? = nil,
      fileSize: UInt64? = nil
    ) {
      self.virtual = virtual ?? address
      physical = address
      self.bytes = bytes
      self.memorySize = memorySize ?? UInt64(bytes.count)
      self.align = align
      self.flags = flags
      self.offset = offset
      self.fileSize = fileSize
    }
  }

  var is64 = true
  var machine: UInt16 = 183
  var type: UInt16 = 2
  var encoding: UInt8 = 1
  var entry: UInt64
  var segments: [Segment]
  /// nil: as many as there are.
  var count: UInt16?

  init(entry: UInt64, segments: [Segment]) {
    self.entry = entry
    self.segments = segments
  }

  static func integer(_ value: UInt64, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }

  func build() -> [UInt8] {
    let word = is64 ? 8 : 4
    let headerSize = is64 ? 64 : 52
    let entrySize = is64 ? 56 : 32
    func n(_ value: UInt64, _ bytes: Int) -> [UInt8] { Self.integer(value, bytes: bytes) }
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, encoding, 1]
    file += [UInt8](repeating: 0, count: 9)
    file += n(UInt64(type), 2) + n(UInt64(machine), 2) + n(1, 4)
    file += n(entry, word) + n(UInt64(headerSize), word) + n(0, word) + n(0, 4)
    file += n(UInt64(headerSize), 2) + n(UInt64(entrySize), 2)
    file += n(UInt64(count ?? UInt16(segments.count)), 2) + n(0, 2) + n(0, 2) + n(0, 2)
    var headers: [UInt8] = []
    var body: [UInt8] = []
    let bodyBase = UInt64(headerSize + entrySize * segments.count)
    for segment in segments {
      let align = max(segment.align, 1)
      let unaligned = bodyBase + UInt64(body.count)
      let rest = (segment.virtual &- unaligned) % align
      let natural = unaligned + (align.nonzeroBitCount == 1 ? rest : 0)
      body += [UInt8](repeating: 0, count: Int(natural - unaligned)) + segment.bytes
      let offset = segment.offset ?? natural
      let fileSize = segment.fileSize ?? UInt64(segment.bytes.count)
      if is64 {
        headers += n(UInt64(segment.type), 4) + n(UInt64(segment.flags), 4) + n(offset, 8)
        headers += n(segment.virtual, 8) + n(segment.physical, 8) + n(fileSize, 8)
        headers += n(segment.memorySize, 8) + n(segment.align, 8)
      } else {
        headers += n(UInt64(segment.type), 4) + n(offset, 4) + n(segment.virtual, 4)
        headers += n(segment.physical, 4) + n(fileSize, 4) + n(segment.memorySize, 4)
        headers += n(UInt64(segment.flags), 4) + n(segment.align, 4)
      }
    }
    return file + headers + body
  }
}
