import PlanTestSupport
import Testing

@testable import ArchCommon
@testable import ArchRISCV64
@testable import SepKernel

/// The emulated APLIC: RISC-V Advanced Interrupt Architecture 1.0, 4.5.
@Suite struct APLICTests {
  /// A zone with some sources, doorbells and vCPUs, and the APLIC behind it.
  final class Fixture {
    let bus: RecordingBus
    let zone: APLIC<RecordingBus>.Zone
    var owner = ZoneBlock()

    init(
      lines: [UInt32], doorbells: [UInt32] = [], hartIndexes: [UInt32] = [5, 2], fill: UInt8 = 0
    ) {
      bus = RecordingBus(fill: fill, size: 0x8000)
      var table = InlineArray<16, UInt32>(repeating: 0)
      for (vcpu, index) in hartIndexes.enumerated() { table[vcpu] = index }
      var bells = InlineArray<32, UInt32>(repeating: 0)
      for line in doorbells { bells[Int(line / 32)] |= 1 << (line % 32) }
      zone = APLIC<RecordingBus>.Zone(
        cpuCount: UInt32(hartIndexes.count), hartIndexes: table, doorbells: bells)
      for line in lines + doorbells { owner.lines[Int(line / 32)] |= 1 << (line % 32) }
    }

    var aplic: APLIC<RecordingBus> { APLIC(bus: bus, base: RecordingBus.base) }
    func read(_ offset: UInt64) -> UInt32 { aplic.read(offset, owner: owner, zone: zone) }
    func write(_ offset: UInt64, _ value: UInt32) {
      aplic.write(offset, value, owner: owner, zone: zone)
    }
    /// What the last write stored: offsets and values. Forgets it.
    func stores() -> [RecordingBus.Access] {
      defer { bus.log = [] }
      return bus.stores
    }
  }

  private static func word(_ offset: UInt64, _ value: UInt32) -> RecordingBus.Access {
    .init(offset: offset, size: 4, value: UInt64(value))
  }

  /// domaincfg: bits 31:24 are 0x80, DM is 1, BE is 0; IE is the zone's own and goes nowhere.
  @Test func controlIsTheZonesOwn() {
    let fixture = Fixture(lines: [40], fill: 0xff)
    #expect(fixture.read(0) == 0x8000_0004)
    fixture.write(0, ~0)
    #expect(fixture.read(0) == 0x8000_0104)
    fixture.write(0, ~0x100)
    #expect(fixture.read(0) == 0x8000_0004)
    #expect(fixture.bus.log.isEmpty)
  }

  /// sourcecfg: what a zone writes, what reaches the hardware, what it reads then. Table 4.2; Inactive is
  /// hardware's Detached, and so is Detached, the reserved modes and every delegation.
  @Test(
    arguments: [
      (0, 1, 0), (1, 1, 0), (2, 1, 0), (3, 1, 0), (4, 4, 4), (5, 5, 5), (6, 6, 6), (7, 7, 7),
      (0xffff_fbfc, 4, 4), (0xffff_fbff, 7, 7), (0xffff_fbfb, 1, 0), (0x400, 1, 0), (0x404, 1, 0),
      (0x407, 1, 0), (0xffff_ffff, 1, 0), (8, 1, 0),
    ] as [(UInt32, UInt32, UInt32)])
  func sourceModes(_ value: UInt32, _ stored: UInt32, _ shown: UInt32) {
    let fixture = Fixture(lines: [40])
    fixture.write(4 * 40, value)
    #expect(fixture.bus.peek(4 * 40) == UInt64(stored))
    #expect(fixture.read(4 * 40) == shown)
  }

  /// Inactive: enable and pending bits are zero (4.5.2), and stay so, whatever the wire does.
  @Test func anInactiveSourceIsOffAndIdle() {
    let fixture = Fixture(lines: [40])
    fixture.write(4 * 40, 0)
    #expect(
      fixture.stores() == [Self.word(0x1fdc, 40), Self.word(4 * 40, 1), Self.word(0x1ddc, 40)])
  }

  /// The pending bit of a level-sensitive source cannot be set by the kernel (4.7).
  @Test(arguments: UInt32(0)..<8) func doorbellsAreEdgeSensitive(_ mode: UInt32) {
    let fixture = Fixture(lines: [40], doorbells: [41])
    fixture.write(4 * 41, mode)
    #expect(fixture.bus.peek(4 * 41) == (mode >= 4 ? 4 : 1))
    fixture.write(4 * 41, mode | 0x400)
    #expect(fixture.bus.peek(4 * 41) == 1)
  }

  @Test func foreignSourcesAreNotConfigured() {
    let fixture = Fixture(lines: [40], fill: 0xff)
    for line in UInt64(1)..<1024 where line != 40 {
      fixture.write(4 * line, 4)
      fixture.write(0x3000 + 4 * line, 0)
      #expect(fixture.read(4 * line) == 0)
      #expect(fixture.read(0x3000 + 4 * line) == 0)
    }
    #expect(fixture.bus.log.isEmpty)
  }

  /// setip, in_clrip, setie are read and written; clrie is written and reads as zero.
  @Test(arguments: [(0x1c00, true), (0x1d00, true), (0x1e00, true), (0x1f00, false)])
  func bitRegisters(_ base: UInt64, _ reads: Bool) {
    let fixture = Fixture(lines: [40, 41, 1023], fill: 0xff)
    #expect(fixture.read(base + 4) == (reads ? 0x300 : 0))
    #expect(fixture.read(base + 124) == (reads ? 1 << 31 : 0))
    #expect(fixture.read(base) == 0)
    fixture.bus.log = []
    fixture.write(base + 4, ~0)
    fixture.write(base + 4, ~0x100)
    fixture.write(base + 124, ~0)
    #expect(
      fixture.stores() == [
        Self.word(base + 4, 0x300), Self.word(base + 4, 0x200), Self.word(base + 124, 1 << 31),
      ])
    // Nothing of its own in the word: no access at all.
    fixture.write(base + 4, ~0x300)
    fixture.write(base, ~0)
    fixture.write(base + 8, ~0)
    #expect(fixture.bus.log.isEmpty)
  }

  /// setipnum, clripnum, setienum, clrienum, setipnum_le: numbers of own sources, and nothing else.
  @Test(arguments: [0x1cdc, 0x1ddc, 0x1edc, 0x1fdc, 0x2000] as [UInt64])
  func numberRegisters(_ offset: UInt64) {
    let fixture = Fixture(lines: [40, 1023])
    for value in [0, 39, 41, 1024, 40 + 1024, 40 << 24, 1 << 31 | 40, ~0] as [UInt32] {
      fixture.write(offset, value)
    }
    #expect(fixture.stores().isEmpty)
    fixture.write(offset, 40)
    fixture.write(offset, 1023)
    #expect(fixture.stores() == [Self.word(offset, 40), Self.word(offset, 1023)])
    fixture.bus.poke(offset, ~0)
    #expect(fixture.read(offset) == 0)
  }

  /// setipnum_be: the same number the other way round.
  @Test func bigEndianNumbers() {
    let fixture = Fixture(lines: [40, 0x3fe])
    fixture.write(0x2004, 40)
    fixture.write(0x2004, 0x2900_0000)
    #expect(fixture.stores().isEmpty)
    fixture.write(0x2004, 0x2800_0000)
    fixture.write(0x2004, 0xfe03_0000)
    #expect(fixture.stores() == [Self.word(0x2000, 40), Self.word(0x2000, 0x3fe)])
    #expect(fixture.read(0x2004) == 0)
  }

  /// target: hart index 31:18, guest index 17:12, identity 10:0.
  @Test func targetsNameOwnVCPUs() {
    let fixture = Fixture(lines: [40], hartIndexes: [5, 0x3fff])
    let target: UInt64 = 0x3000 + 4 * 40
    fixture.write(target, 0x7ff)
    fixture.write(target, 1 << 18 | 3)
    // Bit 11 is reserved.
    fixture.write(target, 1 << 18 | 0xfff)
    #expect(
      fixture.stores() == [
        Self.word(target, 5 << 18 | 1 << 12 | 0x7ff), Self.word(target, 0xfffc_1003),
        Self.word(target, 0xfffc_17ff),
      ])
    #expect(fixture.read(target) == 1 << 18 | 0x7ff)
    fixture.write(target, 9)
    #expect(fixture.read(target) == 9)
  }

  /// vCPUs that do not exist, guest files of other zones and the supervisor's own file: ignored.
  @Test func foreignTargetsAreIgnored() {
    let fixture = Fixture(lines: [40], hartIndexes: [5, 2])
    let target: UInt64 = 0x3000 + 4 * 40
    for vcpu in UInt32(2)..<0x4000 { fixture.write(target, vcpu << 18 | 1) }
    for guest in UInt32(1)..<64 { fixture.write(target, guest << 12 | 1) }
    #expect(fixture.stores().isEmpty)
    // One that somebody else set reads as nothing.
    fixture.bus.poke(target, 7 << 18 | 1 << 12 | 0x55)
    #expect(fixture.read(target) == 0)
  }

  /// mmsiaddrcfg to smsiaddrcfgh, genmsi, reserved, the delivery control of a domain without MSIs.
  @Test func unknownOffsets() {
    let known: (UInt64) -> Bool = { offset in
      switch offset {
      case 0..<0x1000, 0x3004..<0x4000, 0x2000, 0x2004: true
      case 0x1c00..<0x2000: offset & 0xff < 0x80 || offset & 0xff == 0xdc
      default: false
      }
    }
    let fixture = Fixture(lines: Array(1..<1024), fill: 0xff)
    for offset in stride(from: UInt64(0), to: 0x8000, by: 4) where !known(offset) {
      for value in [0, 1, 40, ~0] as [UInt32] { fixture.write(offset, value) }
      #expect(fixture.read(offset) == 0)
    }
    #expect(fixture.bus.log.isEmpty)
    for offset in [0x1bc0, 0x1bc4, 0x1bc8, 0x1bcc, 0x3000] as [UInt64] { #expect(!known(offset)) }
  }

  /// The short path answers what it answers as the full one does, and nothing else: no other register is
  /// read by a load and a mask.
  @Test func theShortPathReadsTheSame() {
    let fixture = Fixture(lines: [1, 33, 40, 1023], fill: 0xa5)
    for offset in stride(from: UInt64(0), to: 0x8000, by: 4) {
      let value = fixture.aplic.readShort(offset, owner: fixture.owner, zone: fixture.zone)
      let isShort =
        offset == 0 || (0x1c00..<0x1f00).contains(offset) && offset & 0xff < 0x80
      #expect((value != nil) == isShort, "\(offset)")
      if let value { #expect(value == fixture.read(offset)) }
    }
    #expect(fixture.aplic.readShort(.max - 3, owner: fixture.owner, zone: fixture.zone) == nil)
  }

  /// Off, everything disabled and idle, no source active, then on by MSI.
  @Test(arguments: [1, 2, 32, 33, 97, 1024] as [UInt32]) func initialise(_ count: UInt32) {
    let fixture = Fixture(lines: [], fill: 0xff)
    fixture.aplic.initialise(lineCount: count)
    let stores = fixture.stores()
    #expect(stores.first == Self.word(0, 0))
    #expect(stores.last == Self.word(0, 0x8000_0104))
    let inner = stores.dropFirst().dropLast()
    let words = Int(count + 31) / 32
    for base in [0x1d00, 0x1f00] as [UInt64] {
      #expect(
        inner.filter { $0.offset & ~0xff == base }
          == (0..<words).map { Self.word(base + 4 * UInt64($0), ~0) })
    }
    #expect(
      inner.filter { $0.offset < 0x1000 } == (1..<UInt64(count)).map { Self.word(4 * $0, 0) })
    #expect(inner.count == 2 * words + Int(count) - 1)
  }

  /// As at the start of a zone. The target follows the mode: that of an inactive source ignores writes.
  @Test func reset() {
    let fixture = Fixture(lines: [40])
    fixture.aplic.reset(line: 40, zone: fixture.zone)
    #expect(
      fixture.stores() == [
        Self.word(0x1fdc, 40), Self.word(4 * 40, 1), Self.word(0x1ddc, 40),
        Self.word(0x3000 + 4 * 40, 5 << 18 | 1 << 12),
      ])
    #expect(fixture.read(4 * 40) == 0)
    #expect(fixture.read(0x3000 + 4 * 40) == 0)
  }

  @Test func doorbellsAreRaisedAndLoweredByNumber() {
    let fixture = Fixture(lines: [])
    fixture.aplic.raise(line: 40)
    fixture.aplic.lower(line: 40)
    #expect(fixture.stores() == [Self.word(0x1cdc, 40), Self.word(0x1ddc, 40)])
  }
}
