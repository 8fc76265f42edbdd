import Testing

@testable import ArchCommon

/// The emulated GICD of a GICv2: IHI 0048B, 4.3.
@Suite struct DistributorV2Tests {
  private typealias Fixture = DistributorV2Fixture
  private let ones: UInt64 = 0xffff_ffff

  @Test func controlIsTheZonesOwn() {
    let fixture = Fixture(lines: [40])
    #expect(fixture.read(0) == 0)
    fixture.write(0, ones)
    #expect(fixture.read(0) == 3)
    #expect(fixture.bus.log.isEmpty)
  }

  @Test func typeAndIdentification() {
    let fixture = Fixture(lines: [40], fill: 0xff)
    // ITLinesNumber as it is; the zone's two CPUs; no Security Extensions, no lockable lines.
    #expect(fixture.read(4) == 0x3f)
    #expect(fixture.read(8) == ones)
    #expect(fixture.read(0xfe8) & 0xf0 == 0x20)
    for offset in [0, 4, 8, 0xfe8] as [UInt64] { fixture.write(offset, ones) }
    #expect(fixture.bus.stores.isEmpty)
  }

  /// GICD_IGROUPR: one group.
  @Test func thereIsOneGroup() {
    let fixture = Fixture(lines: [40], fill: 0xff)
    for word in UInt64(0)..<32 {
      fixture.write(0x80 + 4 * word, ones)
      #expect(fixture.read(0x80 + 4 * word) == 0)
    }
    #expect(fixture.bus.log.isEmpty)
  }

  @Test(arguments: [0x100, 0x180, 0x200, 0x280, 0x300, 0x380] as [UInt64])
  func writeOneRegisters(_ base: UInt64) {
    let fixture = Fixture(lines: [40, 41, 1019], fill: 0xff)
    #expect(fixture.read(base + 4) == 0x300)
    #expect(fixture.read(base + 124) == 1 << 27)
    #expect(fixture.read(base + 8) == 0)
    fixture.bus.log = []
    fixture.write(base + 4, ones)
    #expect(fixture.bus.log == [.init(offset: base + 4, size: 4, value: 0x300)])
    fixture.bus.log = []
    fixture.write(base + 4, ~0x300 & ones)
    fixture.write(base + 8, ones)
    #expect(fixture.bus.stores.isEmpty)
  }

  /// Word 0 is banked: the CPU's own. But nobody disables SGI 15, and nobody makes it active.
  @Test func privateInterruptsAreTheCPUsOwn() {
    let fixture = Fixture(lines: [], fill: 0xff)
    for base in [0x100, 0x180, 0x200, 0x280, 0x300, 0x380] as [UInt64] {
      fixture.bus.log = []
      #expect(fixture.read(base) == ones)
      fixture.write(base, ones)
      let isKept = base == 0x180 || base == 0x300
      #expect(fixture.bus.stores.map(\.value) == [isKept ? 0xffff_7fff : ones])
      fixture.bus.log = []
      fixture.write(base, 1 << 15)
      #expect(fixture.bus.stores.count == (isKept ? 0 : 1))
    }
  }

  @Test func prioritiesByByteAndWord() {
    let fixture = Fixture(lines: [40, 42], fill: 0xaa)
    #expect(fixture.read(0x428) == 0x00aa_00aa)
    #expect(fixture.read(0x429, 0) == 0)
    fixture.bus.log = []
    fixture.write(0x428, 0x1122_3344)
    #expect(
      fixture.bus.log == [
        .init(offset: 0x428, size: 1, value: 0x44), .init(offset: 0x42a, size: 1, value: 0x22),
      ])
    // Private lines but for SGI 15.
    fixture.bus.log = []
    fixture.write(0x40c, 0x0102_0304)
    #expect(fixture.bus.log.map(\.offset) == [0x40c, 0x40d, 0x40e])
    // Halfwords and unaligned words: nothing.
    fixture.bus.log = []
    fixture.write(0x428, 0, 1)
    fixture.write(0x42a, 0, 2)
    #expect(fixture.read(0x428, 1) == 0)
    #expect(fixture.bus.log.isEmpty)
  }

  /// Targets are vCPUs, on whatever CPU interfaces these are.
  @Test func targetsNameOwnVCPUs() {
    let fixture = Fixture(lines: [40])
    fixture.write(0x828, 0b10, 0)
    #expect(fixture.bus.log == [.init(offset: 0x828, size: 1, value: 0x04)])
    #expect(fixture.read(0x828, 0) == 0b10)
    fixture.write(0x828, 0xff)
    #expect(fixture.bus.peek(0x828) == 0x24)
    #expect(fixture.read(0x828) == 0b11)
    // vCPUs that do not exist.
    fixture.write(0x828, 0xfc, 0)
    #expect(fixture.bus.peek(0x828, 1) == 0)
    // Another zone's line, and a CPU interface of somebody else.
    fixture.bus.log = []
    fixture.write(0x829, 1, 0)
    #expect(fixture.bus.log.isEmpty)
    fixture.bus.poke(0x828, 0xdb, 1)
    #expect(fixture.read(0x828, 0) == 0)
  }

  /// GICD_ITARGETSR0 to 7 tell a CPU which one it is, and are read-only.
  @Test func aCPUFindsItself() {
    let fixture = Fixture(lines: [40])
    for vcpu in UInt64(0)..<2 {
      #expect(fixture.read(0x800, vcpu: vcpu) == 0x0101_0101 << vcpu)
      #expect(fixture.read(0x81f, 0, vcpu: vcpu) == 1 << vcpu)
    }
    fixture.write(0x800, ones)
    fixture.write(0x81f, 1, 0)
    #expect(fixture.bus.log.isEmpty)
  }

  /// Requests, and what reaches the hardware: CPU interfaces of the zone only, no NSATT.
  @Test(
    arguments: [
      (0x0001_0003, 0, 0x0020_0003), (0x0002_0004, 0, 0x0004_0004), (0x00ff_800f, 0, 0x0024_000f),
      (0x01ff_0001, 0, 0x0004_0001), (0x0100_0001, 1, 0x0020_0001), (0x0200_0002, 0, 0x0020_0002),
      (0x02ff_0002, 1, 0x0004_0002), (0xfc01_fff5, 0, 0x0020_0005),
    ] as [(UInt64, UInt64, UInt64)])
  func softwareInterrupts(_ request: UInt64, _ vcpu: UInt64, _ expected: UInt64) {
    let fixture = Fixture(lines: [])
    fixture.write(0xf00, request, vcpu: vcpu)
    #expect(fixture.bus.log == [.init(offset: 0xf00, size: 4, value: expected)])
  }

  @Test(arguments: [0x00fc_0001, 0x0000_0001, 0x03ff_0001] as [UInt64])
  func softwareInterruptsToNobody(_ request: UInt64) {
    let fixture = Fixture(lines: [])
    fixture.write(0xf00, request)
    fixture.write(0xf00, 0x00ff_0000, 0)
    #expect(fixture.bus.log.isEmpty && fixture.read(0xf00) == 0)
  }

  /// A vCPU that has not come up has no CPU interface yet.
  @Test func aVCPUThatIsNotUpIsNoTarget() {
    let fixture = Fixture(lines: [40], interfaces: [0x02, 0])
    fixture.write(0x828, 0b11, 0)
    fixture.write(0xf00, 0x0003_0001)
    #expect(
      fixture.bus.log == [
        .init(offset: 0x828, size: 1, value: 0x02),
        .init(offset: 0xf00, size: 4, value: 0x0002_0001),
      ])
    fixture.bus.log = []
    fixture.write(0xf00, 0x0002_0001)
    #expect(fixture.bus.log.isEmpty)
  }

  /// GICD_CPENDSGIR and GICD_SPENDSGIR: senders are vCPUs.
  @Test func pendingSoftwareInterrupts() {
    let fixture = Fixture(lines: [])
    fixture.bus.poke(0xf12, 0xff, 1)
    #expect(fixture.read(0xf10) == 0x0003_0000)
    fixture.write(0xf12, 0b10, 0)
    fixture.write(0xf23, 0b01, 0)
    fixture.write(0xf10, 0xfc, 0)
    #expect(
      fixture.bus.stores == [
        .init(offset: 0xf12, size: 1, value: 0x04), .init(offset: 0xf23, size: 1, value: 0x20),
      ])
  }

  @Test func configurationIsReadModifyWrite() {
    let fixture = Fixture(lines: [32, 47], fill: 0)
    fixture.bus.poke(0xc08, 0x1555_5554)
    #expect(fixture.read(0xc08) == 0)
    fixture.write(0xc08, ones)
    #expect(fixture.bus.peek(0xc08) == 0xd555_5557)
    // SGIs have none to set; those of the CPU's own lines are its own.
    fixture.bus.log = []
    fixture.write(0xc00, ones)
    fixture.write(0xc0c, ones)
    #expect(fixture.bus.log.isEmpty)
    fixture.write(0xc04, ones)
    #expect(fixture.bus.log == [.init(offset: 0xc04, size: 4, value: ones)])
    let isFree = fixture.lock.tryLock()
    #expect(isFree)
  }

  /// Reserved, implementation defined, non-secure access: zero, ignored, no access.
  @Test(
    arguments: [
      0x00c, 0x010, 0x040, 0x07c, 0x080, 0x0fc, 0x7fc, 0xbfc, 0xd00, 0xdfc, 0xe00, 0xefc, 0xf04,
      0xf30, 0xfd0, 0xffc,
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
