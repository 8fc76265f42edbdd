import PlanTestSupport
import Testing

@testable import ArchAArch64
@testable import ArchCommon
@testable import SepKernel

/// The emulated GICD: IHI 0069, 12.9.
@Suite struct DistributorTests {
  /// A zone with some lines and vCPUs, and the distributor behind it.
  private final class Fixture {
    let bus: RecordingBus
    let zone: Distributor<RecordingBus>.Zone
    var owner = ZoneBlock()
    let lock = SpinLock()

    init(lines owned: [UInt32], affinities: [UInt64] = [0x102, 0x103], fill: UInt8 = 0) {
      bus = RecordingBus(fill: fill)
      var table = InlineArray<16, UInt64>(repeating: 0)
      for (vcpu, affinity) in affinities.enumerated() { table[vcpu] = affinity }
      zone = Distributor<RecordingBus>.Zone(
        cpuCount: UInt32(affinities.count), affinities: table)
      for line in owned { owner.lines[Int(line / 32)] |= 1 << (line % 32) }
    }

    var distributor: Distributor<RecordingBus> {
      Distributor(bus: bus, base: RecordingBus.base)
    }

    func read(_ offset: UInt64, _ sizeLog2: UInt32 = 2) -> UInt64 {
      distributor.read(offset, sizeLog2: sizeLog2, owner: owner, zone: zone)
    }

    func write(_ offset: UInt64, _ value: UInt64, _ sizeLog2: UInt32 = 2) {
      distributor.write(
        offset, value, sizeLog2: sizeLog2, owner: owner, zone: zone, lock: lock)
    }
  }

  private let ones: UInt64 = 0xffff_ffff

  @Test func controlIsTheZonesOwn() {
    let fixture = Fixture(lines: [40])
    #expect(fixture.read(0) == 0x50)
    fixture.write(0, ones)
    #expect(fixture.read(0) == 0x53)
    fixture.write(0, 2)
    #expect(fixture.read(0) == 0x52)
    // RWP is the hardware's.
    fixture.bus.poke(0, 0xffff_ffff)
    #expect(fixture.read(0) == 0x8000_0052)
    #expect(fixture.bus.stores.isEmpty)
  }

  @Test func typeAndIdentification() {
    let fixture = Fixture(lines: [40], fill: 0xff)
    // ITLinesNumber and IDbits as they are; No1N; no LPIs, MBIs, range selector, ESPIs.
    #expect(fixture.read(4) == 0x02f8_001f)
    #expect(fixture.read(8) == ones)
    #expect(fixture.read(0xffe8) & 0xf0 == 0x30)
    for offset in [0, 4, 8, 0xffe8] as [UInt64] { fixture.write(offset, ones) }
    #expect(fixture.bus.stores.isEmpty)
  }

  /// IGROUPR: own lines are in Group 1, whatever is written.
  @Test func groupsAreFixed() {
    let fixture = Fixture(lines: [40, 63])
    #expect(fixture.read(0x84) == 0x8000_0100)
    fixture.write(0x84, 0)
    #expect(fixture.read(0x84) == 0x8000_0100)
    #expect(fixture.bus.log.isEmpty)
  }

  /// ISENABLER, ICENABLER, ISPENDR, ICPENDR, ISACTIVER, ICACTIVER.
  @Test(arguments: [0x100, 0x180, 0x200, 0x280, 0x300, 0x380] as [UInt64])
  func writeOneRegisters(_ base: UInt64) {
    let fixture = Fixture(lines: [40, 41, 1019], fill: 0xff)
    #expect(fixture.read(base + 4) == 0x300)
    #expect(fixture.read(base + 124) == 1 << 27)
    #expect(fixture.read(base + 8) == 0)
    fixture.bus.log = []
    fixture.write(base + 4, ones)
    #expect(fixture.bus.log == [.init(offset: base + 4, size: 4, value: 0x300)])
    // Nothing of its own in the word: no access at all. Word 0 is banked, and not here.
    fixture.bus.log = []
    fixture.write(base + 4, ~0x300 & ones)
    fixture.write(base + 8, ones)
    fixture.write(base, ones)
    #expect(fixture.read(base) == 0)
    #expect(fixture.bus.stores.isEmpty)
  }

  @Test func prioritiesByByteAndWord() {
    let fixture = Fixture(lines: [40, 42], fill: 0xaa)
    #expect(fixture.read(0x428) == 0x00aa_00aa)
    #expect(fixture.read(0x428, 0) == 0xaa)
    #expect(fixture.read(0x429, 0) == 0)
    fixture.bus.log = []
    fixture.write(0x428, 0x1122_3344)
    #expect(
      fixture.bus.log == [
        .init(offset: 0x428, size: 1, value: 0x44), .init(offset: 0x42a, size: 1, value: 0x22),
      ])
    fixture.write(0x42a, 0x1_55, 0)
    fixture.write(0x429, 0x66, 0)
    #expect(fixture.bus.peek(0x428) == 0xaa55_aa44)
    // Halfwords, private lines and unaligned words: nothing.
    fixture.bus.log = []
    fixture.write(0x428, 0, 1)
    fixture.write(0x401, 0, 0)
    fixture.write(0x41c, 0)
    fixture.write(0x42a, 0, 2)
    #expect(fixture.read(0x428, 1) == 0)
    #expect(fixture.bus.log.isEmpty)
  }

  /// Two bits for each line; the others' bits are written back as they were.
  @Test func configurationIsReadModifyWrite() {
    let fixture = Fixture(lines: [32, 47, 49], fill: 0)
    fixture.bus.poke(0xc08, 0x1555_5554)
    #expect(fixture.read(0xc08) == 0)
    fixture.write(0xc08, ones)
    #expect(fixture.bus.peek(0xc08) == 0xd555_5557)
    #expect(fixture.read(0xc08) == 0xc000_0003)
    fixture.write(0xc08, 0)
    #expect(fixture.bus.peek(0xc08) == 0x1555_5554)
    // Line 49 is the second of the next register.
    fixture.write(0xc0c, ones)
    #expect(fixture.bus.peek(0xc0c) == 0xc)
    // No line of its own, and the private ones.
    fixture.bus.log = []
    fixture.write(0xc10, ones)
    fixture.write(0xc00, ones)
    fixture.write(0xc04, ones)
    #expect(fixture.bus.log.isEmpty)
    let isFree = fixture.lock.tryLock()
    #expect(isFree)
  }

  @Test(arguments: 0..<1024 as Range<UInt32>) func pairMask(_ line: UInt32) {
    var owner = ZoneBlock()
    owner.lines[Int(line / 32)] = 1 << (line % 32)
    for register in UInt64(0)..<64 {
      let expected: UInt32 =
        line >= 32 && register == UInt64(line / 16) ? 3 << (line % 16 * 2) : 0
      #expect(
        Distributor<RecordingBus>.pairMask(0xc00 + 4 * register, owner) == expected)
    }
  }

  @Test func routesNameOwnVCPUs() {
    let fixture = Fixture(lines: [40], affinities: [0x1_0001_0203, 0x4])
    fixture.write(0x6140, 1, 3)
    #expect(fixture.bus.log == [.init(offset: 0x6140, size: 8, value: 0x4)])
    #expect(fixture.read(0x6140, 3) == 1)
    fixture.write(0x6140, 0, 3)
    #expect(fixture.bus.peek(0x6140, 8) == 0x1_0001_0203)
    #expect(fixture.read(0x6140, 3) == 0)
    // By halves.
    fixture.write(0x6140, 1)
    #expect(fixture.bus.peek(0x6140, 8) == 0x4)
    #expect(fixture.read(0x6140) == 1)
    fixture.write(0x6144, 0xff)
    #expect(fixture.read(0x6144) == 0)
    #expect(fixture.bus.peek(0x6140, 8) == 0x4)
  }

  /// vCPUs that do not exist, affinities of other CPUs: ignored. 1-of-N is not granted.
  @Test(arguments: [2, 3, 0x100, 0x1_0000, 0x1_0000_0000, 0xff_00ff_ffff] as [UInt64])
  func foreignRoutesAreIgnored(_ route: UInt64) {
    let fixture = Fixture(lines: [40], affinities: [0x2, 0x3])
    fixture.bus.poke(0x6140, 0x3, 8)
    fixture.write(0x6140, route, 3)
    #expect(fixture.bus.log.isEmpty)
    fixture.write(0x6140, route | 1 << 31, 3)
    #expect(fixture.bus.log.isEmpty)
    fixture.write(0x6140, 1 << 31, 3)
    #expect(fixture.bus.peek(0x6140, 8) == 0x2)
    // Another zone's line.
    fixture.bus.log = []
    fixture.write(0x6148, 0, 3)
    #expect(fixture.read(0x6148, 3) == 0)
    #expect(fixture.bus.log.isEmpty)
  }

  /// A line that goes to a CPU of somebody else reads as vCPU 0: affinities do not leak.
  @Test func aForeignRouteReadsAsZero() {
    let fixture = Fixture(lines: [40])
    fixture.bus.poke(0x6140, 0x8000_0007, 8)
    #expect(fixture.read(0x6140, 3) == 0)
  }

  /// Message-based interrupts, SGIs, targets, non-secure access, reserved: zero, ignored, no access.
  @Test(
    arguments: [
      0x0c, 0x10, 0x40, 0x48, 0x50, 0x58, 0x800, 0x844, 0xbfc, 0xd00, 0xd04, 0xe00, 0xf00, 0xf10,
      0xf20, 0x1000, 0x5ffc, 0x8000, 0xc000, 0xffd0, 0xfffc,
    ] as [UInt64])
  func unknownOffsets(_ offset: UInt64) {
    let fixture = Fixture(lines: Array(32..<1020), fill: 0xff)
    for size in UInt32(0)..<4 {
      fixture.write(offset, .max, size)
      #expect(fixture.read(offset, size) == 0)
    }
    #expect(fixture.bus.log.isEmpty)
  }
}
