import PlanTestSupport
import Testing

@testable import ArchAArch64

@Suite struct TranslationServiceTests {
  @Test func eventsBecomeLPIs() {
    var fixture = TranslationFixture()
    fixture.start()
    fixture.put(0x09, 0, 1 << 63 | 1 << 16 | 1)
    fixture.mapDevice(0x18, bits: 3)
    fixture.mapEvent(0x18, 5, 9000, 1)
    fixture.put(0x18 << 32 | 0x03, 5)
    fixture.put(0x05, 0, 1 << 16)
    fixture.announce()
    #expect(fixture.read(0x90) == fixture.read(0x88))
    #expect(fixture.its.broken == [])
    #expect(fixture.its.devices[0x18]?.events == [5: .init(number: 9000, collection: 1)])
    // vCPU 1 is what the ITS calls 4.
    #expect(fixture.its.collections == [0: 3 << 16, 1: 4 << 16])
    #expect(fixture.its.pending == [4 << 16: [9000]])
  }

  /// An ITS that calls redistributors by their address (GITS_TYPER.PTA); the zone goes on with numbers.
  @Test func redistributorsByAddress() {
    let its = TranslationModel(cpus: 2)
    its.namesByAddress = true
    var fixture = TranslationFixture(its: its)
    fixture.start()
    fixture.put(0x09, 0, 1 << 63 | 1 << 16 | 1)
    fixture.announce()
    #expect(its.collections == [0: 0x080a_0000, 1: 0x080c_0000])
    #expect(fixture.read(0x08) >> 19 & 1 == 0)
    #expect(its.broken == [])
  }

  /// MAPI has the event for a number.
  @Test func eventIsTheNumber() {
    var fixture = TranslationFixture()
    fixture.start()
    fixture.mapDevice(1, bits: 7)
    fixture.put(1 << 32 | 0x0b, 8200, 0)
    fixture.announce()
    // No device has that many events here.
    #expect(fixture.its.devices[1]?.events == [:])
    #expect(fixture.its.broken == [])
  }

  @Test func configurationIsTakenOver() {
    var fixture = TranslationFixture()
    fixture.start()
    fixture.mapDevice(7, bits: 1)
    fixture.mapEvent(7, 0, 8192, 0)
    fixture.mapEvent(7, 1, 16383, 0)
    fixture.announce()
    #expect(fixture.its.configuration == [8192: 0, 16383: 0])
    fixture.its.zone[Int(TranslationFixture.properties)] = 0xa1
    fixture.put(7 << 32 | 0x0c, 0)
    fixture.announce()
    #expect(fixture.its.configuration == [8192: 0xa1, 16383: 0])
    fixture.its.zone[Int(TranslationFixture.properties) + 8191] = 0x41
    fixture.put(0x0d, 0, 0)
    fixture.announce()
    #expect(fixture.its.configuration == [8192: 0xa1, 16383: 0x41])
    // A table that is no memory of the zone's is not read.
    fixture.write(0x70, 0x1000 | 13, frame: 1)
    fixture.its.zone[Int(TranslationFixture.properties)] = 0
    fixture.put(7 << 32 | 0x0c, 0)
    fixture.announce()
    #expect(fixture.its.configuration[8192] == 0xa1)
    #expect(fixture.its.broken == [])
  }

  /// What must not reach the ITS: the command does nothing, those behind it are executed.
  @Test(
    arguments: [
      [0x09, 0, 1 << 63 | 2 << 16 | 0],  // no such vCPU
      [0x09, 0, 1 << 63 | 0x7_ffff_ffff << 16],
      [0x09, 0, 1 << 63 | 2],  // a collection too many
      [0x09, 0, 0],  // unmaps one
      [0x05, 0, 2 << 16], [0x0e, 0, 0, 1 << 16], [0x0e, 0, 9 << 16, 0],
      [0x0d, 0, 2], [0x0d, 0, 0xffff],
      [9 << 32 | 0x08, 7, 1 << 63],  // more events than there is room for
      [9 << 32 | 0x08, 31, 1 << 63],
      [32768 << 32 | 0x08, 0, 1 << 63],  // beyond the table of devices
      [0xffff_ffff << 32 | 0x08, 0, 1 << 63],
      [9 << 32 | 0x08, 0, 0],  // unmaps nothing
      [9 << 32 | 0x0a, 8192 << 32, 0],  // no such device
      [1 << 32 | 0x0a, 8192 << 32 | 4, 0],  // no such event
      [1 << 32 | 0x0a, 8192 << 32 | 0xffff_ffff, 0],
      [1 << 32 | 0x0a, 8191 << 32, 0],  // no LPI
      [1 << 32 | 0x0a, 16384 << 32, 0], [1 << 32 | 0x0a, 0, 0], [1 << 32 | 0x0a, 27 << 32, 0],
      [1 << 32 | 0x0a, 8192 << 32, 2],
      [1 << 32 | 0x01, 0, 0], [1 << 32 | 0x03, 0], [1 << 32 | 0x04, 0],  // not mapped
      [1 << 32 | 0x0c, 0], [1 << 32 | 0x0f, 0], [1 << 32 | 0x03, 4],
      [0x00, 0], [0xff, ~0, ~0, ~0], [~0, ~0, ~0, ~0],
      // Of a GICv4: VMAPP, VMAPTI, VMOVI, VSYNC, VINVALL, INVDB.
      [0x29, 0, 1 << 63], [1 << 32 | 0x2a, 8192 << 32], [1 << 32 | 0x21], [0x25], [0x2d], [0x2e],
    ] as [[UInt64]])
  func refused(_ command: [UInt64]) {
    var fixture = TranslationFixture()
    fixture.start()
    fixture.mapDevice(1, bits: 2)
    fixture.announce()
    let before = fixture.its.commands.count
    let words = command + [0, 0, 0]
    fixture.put(words[0], words[1], words[2], words[3])
    fixture.announce()
    #expect(fixture.its.commands.count == before)
    fixture.mapEvent(1, 3, 8192, 0)
    fixture.announce()
    #expect(fixture.its.devices[1]?.events.count == 1)
    #expect(fixture.its.broken == [])
  }

  /// A CPU that has not come up has no redistributor that could be named.
  @Test func absentCPUsAreNoTargets() {
    var fixture = TranslationFixture(cpus: 3, up: 1)
    fixture.start()
    fixture.put(0x09, 0, 1 << 63 | 1 << 16 | 1)
    fixture.put(0x05, 0, 2 << 16)
    fixture.announce()
    #expect(fixture.its.collections == [0: 3 << 16, 1: 3 << 16, 2: 3 << 16])
    #expect(fixture.its.broken == [])
  }

  @Test func slotsAreUsedAgain() {
    var fixture = TranslationFixture()
    fixture.start()
    for round in 0..<3 as Range<UInt64> {
      for device in 0..<40 as Range<UInt64> {
        fixture.mapDevice(device + round, bits: 7)
        fixture.mapEvent(device + round, 127, 8192 + device, 0)
        fixture.announce()
      }
      #expect(fixture.its.devices.count == 32)
      for device in 0..<40 as Range<UInt64> {
        fixture.put((device + round) << 32 | 0x08, 0, 0)
        fixture.announce()
      }
      #expect(fixture.its.devices.isEmpty)
    }
    #expect(fixture.its.broken == [])
  }

  /// Mapped again, a device has no events, and an event another number.
  @Test func mappingsAreReplaced() {
    var fixture = TranslationFixture()
    fixture.start()
    fixture.mapDevice(1, bits: 2)
    fixture.mapEvent(1, 0, 8192, 0)
    fixture.put(1 << 32 | 0x03, 0)
    fixture.mapEvent(1, 0, 8193, 1)
    fixture.announce()
    #expect(fixture.its.devices[1]?.events == [0: .init(number: 8193, collection: 1)])
    #expect(fixture.its.isIdle)
    fixture.mapDevice(1, bits: 1)
    fixture.announce()
    #expect(fixture.its.devices[1]?.events == [:])
    #expect(fixture.its.broken == [])
  }

  /// A collection goes to another CPU with its events and what is pending; those of another one stay.
  @Test func collectionsMove() {
    var fixture = TranslationFixture()
    fixture.start()
    fixture.mapDevice(1, bits: 2)
    fixture.mapEvent(1, 0, 8192, 0)
    fixture.mapEvent(1, 1, 8193, 1)
    fixture.put(1 << 32 | 0x03, 0)
    fixture.put(1 << 32 | 0x03, 1)
    fixture.put(0x09, 0, 1 << 63 | 1 << 16 | 0)
    // Events that come later, and one that moves.
    fixture.mapEvent(1, 2, 8194, 0)
    fixture.announce()
    #expect(fixture.its.pending[4 << 16] == [8192, 8193])
    #expect(fixture.its.devices[1]?.events.values.allSatisfy { $0.collection == 1 } == true)
    fixture.put(0x09, 0, 1 << 63 | 0 << 16 | 1)
    fixture.put(1 << 32 | 0x01, 0, 1)
    // Both CPUs have what is the other's by number.
    fixture.announce()
    #expect(fixture.its.pending[3 << 16] == [8192, 8193])
    #expect(fixture.its.devices[1]?.events[2]?.collection == 1)
    fixture.put(0x0e, 0, 0, 1 << 16)
    fixture.announce()
    fixture.service.reset()
    #expect(fixture.its.isIdle)
    #expect(fixture.its.broken == [])
  }

  @Test func nothingOutlivesTheZone() {
    var fixture = TranslationFixture()
    fixture.start()
    for device in 1...5 as ClosedRange<UInt64> {
      fixture.mapDevice(device, bits: 3)
      fixture.mapEvent(device, device, 8192 + device, device & 1)
      fixture.put(device << 32 | 0x03, device)
      fixture.announce()
    }
    fixture.put(0x09, 0, 1 << 63 | 1 << 16 | 0)
    fixture.announce()
    fixture.write(0x78, 0x4567_0000, frame: 2)
    #expect(fixture.its.pending.values.map(\.count).reduce(0, +) == 5)
    fixture.service.reset()
    #expect(fixture.its.devices.isEmpty)
    #expect(fixture.its.isIdle)
    #expect(fixture.its.collections == [0: 3 << 16, 1: 4 << 16])
    for offset in [0x80, 0x88, 0x90] as [UInt64] { #expect(fixture.read(offset) == 0) }
    for frame in 1...2 as ClosedRange<UInt64> {
      for offset in [0x00, 0x70, 0x78] as [UInt64] {
        #expect(fixture.read(offset, frame: frame) == 0)
      }
    }
    // What is in the queue of the life before is not executed.
    let before = fixture.its.commands.count
    fixture.write(0x88, 0x200)
    #expect(fixture.its.commands.count == before)
    #expect(fixture.its.broken == [])
  }

  // MARK: Registers

  @Test func registersAreAsDocumented() {
    var fixture = TranslationFixture(cpus: 3)
    // Quiescent, and the implementer of the real one.
    #expect(fixture.read(0x00, 2) == 1 << 31)
    #expect(fixture.read(0x04, 2) == 0x43b)
    // Physical LPIs, entries of 16 bytes, 7 bits of events, 15 of devices, three collections, CPUs by number.
    #expect(fixture.read(0x08) == 3 << 24 | 14 << 13 | 6 << 8 | 0xf << 4 | 1)
    #expect(fixture.read(0x0c, 2) == 0)
    #expect(fixture.read(0xffe8, 2) == 0x3b)
    #expect(fixture.read(0x100) == 0, "no table of the zone's is wanted")
    // PLIPIS.
    #expect(fixture.read(0x08, frame: 1) == 1)
    #expect(fixture.read(0x08, frame: 3) == 1)
    #expect(fixture.read(0x08, frame: 4) == 0)
  }

  @Test func halvesAreWritable() {
    var fixture = TranslationFixture()
    fixture.write(0x84, 0x8000_0000, 2)
    fixture.write(0x80, 0x4000_1003, 2)
    #expect(fixture.read(0x80) == 0x8000_0000_4000_1003)
    #expect(fixture.read(0x84, 2) == 0x8000_0000)
    fixture.write(0x74, 1, 2, frame: 2)
    #expect(fixture.read(0x70, frame: 2) == 1 << 32)
    // PTZ is not kept.
    fixture.write(0x78, 1 << 62 | 0x1_0000, frame: 2)
    #expect(fixture.read(0x78, frame: 2) == 0x1_0000)
    fixture.write(0x00, ~0, 2, frame: 2)
    #expect(fixture.read(0x00, 2, frame: 2) == 1)
    #expect(fixture.read(0x00, 2, frame: 1) == 0)
  }

  @Test func queueIsFixedWhileEnabled() {
    var fixture = TranslationFixture()
    fixture.start()
    let queue = fixture.read(0x80)
    fixture.write(0x80, 1 << 63 | 0x1234_5000)
    #expect(fixture.read(0x80) == queue)
    fixture.write(0x00, 0, 2)
    let other: UInt64 = 1 << 63 | 0x1234_5000
    fixture.write(0x80, other)
    #expect(fixture.read(0x80) == other)
    #expect(fixture.read(0x00, 2) == 1 << 31)
  }

  /// No access takes longer than 16 commands do; who waits for the rest gets on.
  @Test func workIsBounded() {
    var fixture = TranslationFixture()
    fixture.start()
    for _ in 0..<40 { fixture.put(0x05, 0, 0) }
    let before = fixture.its.commands.count
    fixture.announce()
    #expect(fixture.its.commands.count == before + 16)
    #expect(fixture.read(0x90) == 32 * 32)
    #expect(fixture.read(0x90) == 40 * 32)
    #expect(fixture.its.commands.count == before + 40)
  }

  @Test(arguments: [0x1000, 0x1020, 0xf_ffe0] as [UInt64])
  func offsetsBeyondTheQueueAreNotRead(_ offset: UInt64) {
    var fixture = TranslationFixture()
    fixture.start()
    let before = fixture.its.commands.count
    fixture.write(0x88, offset)
    for _ in 0..<10 { _ = fixture.read(0x90) }
    #expect(fixture.its.commands.count == before)
  }

  /// A queue that is no memory of the zone's has no commands.
  @Test func foreignQueueIsNotRead() {
    var fixture = TranslationFixture()
    fixture.start()
    fixture.write(0x00, 0, 2)
    fixture.write(0x80, 1 << 63 | TranslationModel.memory + TranslationMemory.queue)
    fixture.write(0x00, 1, 2)
    let before = fixture.its.commands.count
    fixture.write(0x88, 0x100)
    #expect(fixture.its.commands.count == before)
    #expect(fixture.read(0x90) == 0x100)
  }

  /// An ITS that stands still costs one wait; the zone gets on, without interrupts, in its next life, too.
  @Test func deadHardwareIsGivenUp() {
    var fixture = TranslationFixture()
    fixture.start()
    fixture.its.isDead = true
    for _ in 0..<100 { fixture.put(0x05, 0, 0) }
    fixture.its.looks = 0
    fixture.announce()
    #expect(fixture.its.looks == 1_000_000)
    for _ in 0..<20 { _ = fixture.read(0x90) }
    #expect(fixture.read(0x90) == fixture.read(0x88))
    fixture.service.reset()
    #expect(fixture.its.looks == 1_000_000)
  }

  /// One that does not get quiet is not touched.
  @Test func busyHardwareIsLeftAlone() {
    let its = TranslationModel(cpus: 2)
    its.busy = .max
    var fixture = TranslationFixture(its: its)
    fixture.start()
    fixture.mapDevice(1, bits: 1)
    fixture.announce()
    #expect(fixture.read(0x90) == fixture.read(0x88))
    #expect(its.commands.isEmpty && its.broken == [])
    #expect(fixture.read(0x08) >> 13 & 0x1f == 15)
  }

  /// Tables of the real ITS: as large whatever its pages, and no device beyond them.
  @Test(arguments: [0, 1, 2] as [UInt64], [8, 16, 32] as [UInt64])
  func tablesFit(_ page: UInt64, _ entrySize: UInt64) {
    let its = TranslationModel(cpus: 1, entrySize: entrySize, page: page)
    var fixture = TranslationFixture(cpus: 1, its: its)
    for (offset, table, size) in [
      (0x100, 0, 0x4_0000), (0x108, 0x4_0000, 0x1_0000),
    ] as [(UInt64, UInt64, UInt64)] {
      let register = its.load64(TranslationModel.base + offset)
      #expect(register & 0xffff_ffff_f000 == TranslationModel.memory + table)
      #expect((register & 0xff + 1) << (12 + 2 * (register >> 8 & 3)) == size)
      #expect(register >> 63 == 1)
    }
    #expect(its.load64(TranslationModel.base + 0x110) >> 63 == 0, "a table of vPEs")
    let bits = fixture.read(0x08) >> 13 & 0x1f + 1
    #expect(1 << bits == min(0x1_0000, 0x4_0000 / entrySize))
  }

  /// Fewer device numbers than the table has room for.
  @Test func deviceNumbersAreTheHardwares() {
    var fixture = TranslationFixture(cpus: 1, its: TranslationModel(cpus: 1, deviceBits: 5))
    fixture.start()
    fixture.mapDevice(32, bits: 1)
    fixture.mapDevice(31, bits: 1)
    fixture.announce()
    #expect(Array(fixture.its.devices.keys) == [31])
  }

  /// Whatever a zone writes, the ITS gets no command that fails.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func anything(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var fixture = TranslationFixture(cpus: 3, up: 2)
    fixture.start()
    let codes: [UInt64] = [1, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15]
    for _ in 0..<2000 {
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        fixture.write(
          .random(in: 0..<0x2_0000, using: &random) & 0x1_00ff, random.next(),
          .random(in: 0...3, using: &random), frame: .random(in: 0...5, using: &random))
        fixture.start()
      case 1:
        _ = fixture.read(
          .random(in: 0..<0x100, using: &random), .random(in: 0...3, using: &random),
          frame: .random(in: 0...5, using: &random))
      case 2:
        fixture.put(random.next(), random.next(), random.next(), random.next())
      case 3:
        fixture.service.reset()
        fixture.start()
      default:
        let device = UInt64.random(in: 0..<40, using: &random)
        let number = UInt64.random(in: 8190..<8220, using: &random)
        fixture.put(
          device << 32 | codes.randomElement(using: &random)!,
          number << 32 | .random(in: 0..<9, using: &random),
          random.next() & (1 << 63) | .random(in: 0..<5, using: &random) << 16
            | .random(in: 0..<4, using: &random), .random(in: 0..<5, using: &random) << 16)
      }
      if Bool.random(using: &random) { fixture.announce() }
      guard fixture.its.broken.isEmpty else { break }
    }
    #expect(fixture.its.broken == [])
  }
}
