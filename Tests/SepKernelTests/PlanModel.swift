/// A Plan decoded by reading one field after the other, for `BruteForceChecker`.
struct PlanModel {
  struct Header {
    var magic: [UInt8]
    var version, architecture, byteCount, zoneCount, cpuCount, lineCount: UInt64
    var checksum: UInt64
    var reserved: UInt64
  }

  /// A range of addresses that cannot overflow.
  struct Span {
    var start: UInt128
    var size: UInt128
    var end: UInt128 { start + size }
    var isZero: Bool { start == 0 && size == 0 }
    func isMultiple(of unit: UInt128) -> Bool { start % unit == 0 && size % unit == 0 }
    func touches(_ other: Span) -> Bool {
      size != 0 && other.size != 0 && !(end <= other.start || other.end <= start)
    }
    func isWithin(_ other: Span) -> Bool { other.start <= start && end <= other.end }
  }

  struct CPU {
    var id: UInt64
    var owner: Int
    var controllerIndex: UInt16
    var release: UInt128
    var reserved: [UInt8]
  }

  struct UART {
    var kind, line: UInt64
    var region: Span
    var shift, width: Int
    var reserved: [UInt8]
  }

  /// The owner in the lower byte, the kind in the upper.
  struct Line: Equatable {
    var word: UInt16
    var owner: Int { Int(word & 0xff) }
    var kind: Int { Int(word >> 8) }
    var isIdle: Bool { word == 0x00ff }
  }

  struct Range {
    var guest, host, size: UInt128
    var kind, permissions: Int
    var reserved: [UInt8]
    var guestSpan: Span { Span(start: guest, size: size) }
    var hostSpan: Span { Span(start: host, size: size) }
  }

  struct Payload {
    var source, guest, fileSize, memorySize: UInt128
    var guestSpan: Span { Span(start: guest, size: memorySize) }
  }

  struct Zone {
    var name: [UInt8]
    var kind, reserved, flags: Int
    var cpuCount, entry: UInt64
    var consoleGuest, consoleLine, stimulusLine: UInt64
    var controller: [UInt128]
    var rangeCount, payloadCount: UInt64
    /// Those in use, at most as many as there is room for.
    var ranges: [Range]
    var payloads: [Payload]
    /// Whether the entries after those in use are zero.
    var restIsZero: (ranges: Bool, payloads: Bool)
    func has(flag: Int) -> Bool { flags >> flag & 1 == 1 }
  }

  var header: Header
  var boardName: [UInt8]
  var ramCount, windowCount: UInt64
  var ram, windows: [Span]
  var controllerKind, controllerParameter: UInt64
  var controller: [Span]
  var uart: UART
  var kernel, tables, records: Span
  var counterFrequency: UInt64
  var baselineSamples, boardReserved: UInt64
  var cpus: [CPU]
  var lines: [Line]
  var zones: [Zone]

  /// Nil when the zones the header announces are not what the bytes hold.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4632 else { return nil }
    var reader = Reader(bytes: bytes)
    header = Header(
      magic: reader.bytes(8), version: reader.u32(), architecture: reader.u32(),
      byteCount: reader.u32(), zoneCount: reader.u32(), cpuCount: reader.u32(),
      lineCount: reader.u32(), checksum: reader.u64(), reserved: 0)
    _ = reader.bytes(16)
    header.reserved = reader.u64()
    boardName = reader.bytes(32)
    ramCount = reader.u32()
    windowCount = reader.u32()
    ram = (0..<16).map { _ in reader.span() }
    windows = (0..<64).map { _ in reader.span() }
    controllerKind = reader.u32()
    controllerParameter = reader.u32()
    controller = (0..<4).map { _ in reader.span() }
    uart = UART(
      kind: reader.u32(), line: reader.u32(), region: reader.span(), shift: reader.byte(),
      width: reader.byte(), reserved: reader.bytes(6))
    kernel = reader.span()
    tables = reader.span()
    records = reader.span()
    counterFrequency = reader.u64()
    _ = reader.u64()
    baselineSamples = reader.u32()
    boardReserved = reader.u32()
    cpus = (0..<64).map { _ in reader.cpu() }
    lines = (0..<1024).map { _ in Line(word: reader.u16()) }
    guard header.zoneCount <= 16, bytes.count == 4632 + 2664 * Int(header.zoneCount) else {
      return nil
    }
    zones = (0..<header.zoneCount).map { _ in reader.zone() }
    // What follows the used entries counts as part of them for the rules on unused entries.
    assert(reader.isAtEnd)
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0
    var isAtEnd: Bool { position == bytes.count }

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func bytes(_ count: Int) -> [UInt8] {
      position += count
      return Array(bytes[position - count..<position])
    }
    mutating func byte() -> Int {
      position += 1
      return Int(bytes[position - 1])
    }
    private mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> T {
      position += MemoryLayout<T>.size
      return bytes.withUnsafeBytes {
        T(littleEndian: $0.loadUnaligned(fromByteOffset: position - MemoryLayout<T>.size, as: type))
      }
    }
    mutating func u16() -> UInt16 { integer(UInt16.self) }
    mutating func u32() -> UInt64 { UInt64(integer(UInt32.self)) }
    mutating func u64() -> UInt64 { integer(UInt64.self) }
    mutating func wide() -> UInt128 { UInt128(u64()) }
    /// Skips `count` bytes, a multiple of 8, and says whether all are zero.
    mutating func zeroes(_ count: Int) -> Bool {
      var zero = true
      for _ in 0..<count / 8 where u64() != 0 { zero = false }
      return zero
    }
    mutating func span() -> Span { Span(start: wide(), size: wide()) }

    mutating func cpu() -> CPU {
      var cpu = CPU(
        id: u64(), owner: byte(), controllerIndex: 0, release: 0, reserved: bytes(1))
      cpu.controllerIndex = u16()
      for (index, byte) in bytes(4).enumerated() { cpu.release |= UInt128(byte) << (8 * index) }
      return cpu
    }

    mutating func range() -> Range {
      Range(
        guest: wide(), host: wide(), size: wide(), kind: byte(), permissions: byte(),
        reserved: bytes(6))
    }

    mutating func payload() -> Payload {
      Payload(source: wide(), guest: wide(), fileSize: wide(), memorySize: wide())
    }

    mutating func zone() -> Zone {
      var zone = Zone(
        name: bytes(16), kind: byte(), reserved: byte(), flags: Int(u16()), cpuCount: u32(),
        entry: u64(), consoleGuest: 0, consoleLine: 0, stimulusLine: 0, controller: [],
        rangeCount: 0, payloadCount: 0, ranges: [], payloads: [],
        restIsZero: (true, true))
      _ = bytes(32)
      zone.consoleGuest = u64()
      zone.consoleLine = u32()
      zone.stimulusLine = u32()
      zone.controller = [wide(), wide()]
      zone.rangeCount = u32()
      zone.payloadCount = u32()
      let ranges = Int(min(64, zone.rangeCount))
      zone.ranges = (0..<ranges).map { _ in range() }
      zone.restIsZero.ranges = zeroes((64 - ranges) * 32)
      let payloads = Int(min(16, zone.payloadCount))
      zone.payloads = (0..<payloads).map { _ in payload() }
      zone.restIsZero.payloads = zeroes((16 - payloads) * 32)
      return zone
    }
  }
}
