import Boards
import SepKernel
import Testing

@testable import ZoneLoader

@Suite struct ElfReaderTests {
  static let memory = [AddressRange(base: 0x4000_0000, size: 1 << 20)]

  static func request(
    entry: UInt64? = nil, architecture: PlanArchitecture = .aarch64,
    memory: [AddressRange] = memory, execution: ExecutionState? = nil
  ) -> ImageRequest {
    ImageRequest(
      file: "test.elf", format: .elf, entry: entry, architecture: architecture, memory: memory,
      execution: execution)
  }

  static func good() -> ElfBuilder {
    ElfBuilder(
      entry: 0x4000_1004,
      segments: [
        .init(at: 0x4000_1000, align: 0x1000, flags: 5),
        .init(at: 0x4000_3000, memorySize: 0x100, align: 0x1000, flags: 6),
      ])
  }

  private func reason(
    _ elf: ElfBuilder, _ request: ImageRequest = request()
  ) throws -> (ImageError.Reason, segment: Int?) {
    let error = try #require(throws: ImageError.self) {
      _ = try ZoneImage.read(elf.build(), request)
    }
    #expect(error.description.hasPrefix("test.elf: "))
    return (error.reason, error.segment)
  }

  @Test func readsSegments() throws {
    let image = try ZoneImage.read(Self.good().build(), Self.request())
    #expect(image.format == .elf)
    #expect(image.entry == 0x4000_1004)
    #expect(image.execution == .aarch64)
    #expect(image.segments.map { $0.address } == [0x4000_1000, 0x4000_3000])
    #expect(image.segments.map { $0.isExecutable } == [true, false])
    #expect(image.segments.map { $0.memorySize } == [64, 0x100])
    #expect(image.segments.allSatisfy { $0.bytes == [UInt8](repeating: 0xa5, count: 64) })
  }

  @Test func virtualEntryIsTranslated() throws {
    var elf = Self.good()
    elf.segments[0].virtual = 0xffff_0000_0000_1000
    elf.entry = 0xffff_0000_0000_1008
    #expect(try ZoneImage.read(elf.build(), Self.request()).entry == 0x4000_1008)
  }

  @Test func entryOverride() throws {
    let image = try ZoneImage.read(Self.good().build(), Self.request(entry: 0x4000_1010))
    #expect(image.entry == 0x4000_1010)
    #expect(
      try reason(Self.good(), Self.request(entry: 0x4000_3000)).0
        == .entryNotExecutable(0x4000_3000))
  }

  @Test func arm32RunsOnAArch64() throws {
    var elf = Self.good()
    elf.is64 = false
    elf.machine = 40
    let image = try ZoneImage.read(elf.build(), Self.request())
    #expect(image.execution == .aarch32)
    #expect(image.segments.count == 2)
    let (refused, _) = try reason(elf, Self.request(execution: .aarch64))
    #expect(
      refused
        == .wrongExecutionState(
          "is an aarch32 image, but `execution: aarch64` is given"))
  }

  @Test(arguments: [
    (PlanArchitecture.riscv64, UInt16(243)), (.x86_64, 62), (.loongarch64, 258), (.aarch64, 183),
  ])
  func machinesOfEachArchitecture(_ architecture: PlanArchitecture, _ machine: UInt16) throws {
    var elf = Self.good()
    elf.machine = machine
    _ = try ZoneImage.read(elf.build(), Self.request(architecture: architecture))
    elf.machine = machine == 183 ? 62 : 183
    guard case .wrongMachine = try reason(elf, Self.request(architecture: architecture)).0 else {
      Issue.record("accepted machine \(elf.machine) on \(architecture)")
      return
    }
  }

  @Test func wrongClass() throws {
    var elf = Self.good()
    elf.machine = 40
    #expect(try reason(elf).0 == .wrongClass(2))
    elf.is64 = false
    elf.machine = 183
    #expect(try reason(elf).0 == .wrongClass(1))
    var bytes = Self.good().build()
    bytes[4] = 3
    #expect(throws: ImageError(file: "test.elf", reason: .wrongClass(3))) {
      _ = try ZoneImage.read(bytes, Self.request())
    }
  }

  @Test func headerRefusals() throws {
    var elf = Self.good()
    elf.encoding = 2
    #expect(try reason(elf).0 == .bigEndian)
    elf.encoding = 0
    #expect(try reason(elf).0 == .badHeader("data encoding 0"))
    elf = Self.good()
    elf.type = 1
    #expect(try reason(elf).0 == .notExecutable(type: 1))
    elf = Self.good()
    elf.count = 0
    #expect(try reason(elf).0 == .noSegments)
    elf.count = 65535
    #expect(try reason(elf).0 == .tooManySegments(65535))
    elf.count = 64
    for index in elf.segments.indices { elf.segments[index].align = 1 }
    #expect(try reason(elf).0 == .truncated("program header table"))
    elf = Self.good()
    elf.segments[0].type = 4
    elf.segments[1].type = 4
    #expect(try reason(elf).0 == .noSegments)
  }

  @Test func segmentRefusals() throws {
    func refused(_ segment: ElfBuilder.Segment) throws -> (ImageError.Reason, segment: Int?) {
      var elf = Self.good()
      elf.segments[1] = segment
      return try reason(elf)
    }
    var (why, segment) = try refused(.init(at: 0x4000_3000, memorySize: 63))
    #expect(why == .memorySmallerThanFile)
    #expect(segment == 1)
    (why, segment) = try refused(.init(at: 0x4000_3000, memorySize: 0))
    #expect(why == .memorySmallerThanFile)
    (why, segment) = try refused(.init(at: 0x4000_3000, offset: 1 << 40))
    #expect(why == .segmentOutsideFile)
    #expect(segment == 1)
    (why, segment) = try refused(.init(at: 0x4000_3000, offset: .max - 10))
    #expect(why == .segmentOutsideFile)
    (why, segment) = try refused(
      .init(at: 0x4000_3000, memorySize: .max, fileSize: .max - 1))
    #expect(why == .segmentOutsideFile)
    (why, segment) = try refused(.init(at: .max - 63))
    #expect(why == .segmentWraps)
    #expect(segment == 1)
    (why, segment) = try refused(.init(at: 0x4000_3000, virtual: .max - 10))
    #expect(why == .segmentWraps)
    (why, segment) = try refused(.init(at: 0x4000_3000, memorySize: .max))
    #expect(why == .segmentWraps)
    (why, segment) = try refused(.init(at: 0x4000_3000, align: 3))
    #expect(why == .badAlignment)
    #expect(segment == 1)
    (why, segment) = try refused(.init(at: 0x4000_3000, align: 0x1000, offset: 8))
    #expect(why == .badAlignment)
    (why, segment) = try refused(.init(at: 0x4000_1020))
    #expect(why == .overlap(with: 0))
    #expect(segment == 1)
    (why, segment) = try refused(.init(at: 0x400f_ffe0))
    #expect(why == .outsideMemory(base: 0x400f_ffe0, size: 64))
    #expect(segment == 1)
    (why, segment) = try refused(.init(at: 0x3fff_fff0))
    #expect(why == .outsideMemory(base: 0x3fff_fff0, size: 64))
  }

  @Test func segmentsMayNotCrossRanges() throws {
    let memory = [
      AddressRange(base: 0x4000_0000, size: 0x3000), AddressRange(base: 0x4000_3000, size: 0x1000),
    ]
    _ = try ZoneImage.read(Self.good().build(), Self.request(memory: memory))
    var elf = Self.good()
    elf.segments[1] = .init(at: 0x4000_2ff0)
    #expect(
      try reason(elf, Self.request(memory: memory)).0
        == .outsideMemory(base: 0x4000_2ff0, size: 64))
  }

  @Test func thirtyTwoBitWrap() throws {
    var elf = Self.good()
    elf.is64 = false
    elf.machine = 40
    elf.segments[1] = .init(at: 0xffff_fff0)
    #expect(try reason(elf).0 == .segmentWraps)
  }

  @Test func entryRefusals() throws {
    var elf = Self.good()
    for entry: UInt64 in [0, 0x4000_0fff, 0x4000_1040, 0x4000_3000, .max] {
      elf.entry = entry
      #expect(try reason(elf).0 == .entryNotExecutable(entry))
    }
  }

  @Test func entryAlignment() throws {
    var elf = Self.good()
    for entry: UInt64 in [0x4000_1001, 0x4000_1002, 0x4000_1003] {
      elf.entry = entry
      #expect(try reason(elf).0 == .entryMisaligned(entry, unit: 4))
    }
    // T32.
    elf.is64 = false
    elf.machine = 40
    elf.entry = 0x4000_1003
    #expect(try ZoneImage.read(elf.build(), Self.request()).entry == 0x4000_1003)
    elf.entry = 0x4000_1002
    #expect(try reason(elf).0 == .entryMisaligned(0x4000_1002, unit: 4))
  }

  @Test(arguments: [true, false]) func truncatedAtEveryByte(_ is64: Bool) throws {
    var elf = Self.good()
    elf.is64 = is64
    elf.machine = is64 ? 183 : 40
    // The last segment's bytes are the last of the file, so that every shorter file lacks some.
    let file = elf.build()
    _ = try ZoneImage.read(file, Self.request())
    for length in 0..<file.count {
      #expect(throws: ImageError.self, "\(length) bytes") {
        _ = try ZoneImage.read(Array(file[..<length]), Self.request())
      }
    }
  }

  /// Every byte of the headers with every value of one bit changed, and some others: refused or
  /// accepted, and what is accepted lies in memory.
  @Test(arguments: [true, false]) func everyHeaderByte(_ is64: Bool) throws {
    var elf = Self.good()
    elf.is64 = is64
    elf.machine = is64 ? 183 : 40
    let file = elf.build()
    for offset in 0..<(is64 ? 64 + 112 : 52 + 64) {
      for value in [0, 1, 0x7f, 0x80, 0xff] + (0..<8).map({ file[offset] ^ 1 << UInt8($0) }) {
        var damaged = file
        damaged[offset] = value
        check(damaged)
      }
    }
  }

  private func check(_ file: [UInt8]) {
    guard let image = try? ZoneImage.read(file, Self.request()) else { return }
    for segment in image.segments {
      #expect(Self.memory.contains { $0.contains(segment.range) })
      #expect(UInt64(segment.bytes.count) <= segment.memorySize)
    }
    #expect(image.segments.contains { $0.isExecutable && $0.range.contains(image.entry) })
    #expect(PayloadList(image.segments, memory: Self.memory) != nil)
  }
}
