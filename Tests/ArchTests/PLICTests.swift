import Foundation
import PlanTestSupport
import Synchronization
import Testing

@testable import ArchCommon
@testable import ArchRISCV64
@testable import SepKernel

/// The emulated PLIC: RISC-V Platform-Level Interrupt Controller Specification 1.0.0. By chapter:
/// 4 priorities, 5 pending bits, 6 enables, 7 thresholds, 8 claim, 9 completion.
@Suite struct PLICTests {
  /// A zone with sources and contexts, and the PLIC behind it. Its virtual sources are 96 to 126.
  final class Fixture {
    let bus: RecordingBus
    let zone: PLIC<RecordingBus>.Zone
    var owner = ZoneBlock()

    init(
      lines: [UInt32], contexts: [UInt32] = [7, 3], sharedLine: UInt32 = 0, fill: UInt8 = 0
    ) {
      bus = RecordingBus(fill: fill, size: 0x60_0000)
      var table = InlineArray<16, UInt32>(repeating: 0)
      for (vcpu, context) in contexts.enumerated() { table[vcpu] = context }
      zone = PLIC<RecordingBus>.Zone(
        cpuCount: UInt32(contexts.count), contexts: table, virtualWord: 3, sharedLine: sharedLine)
      for line in lines { owner.lines[Int(line / 32)] |= 1 << (line % 32) }
    }

    var plic: PLIC<RecordingBus> { PLIC(bus: bus, base: RecordingBus.base) }
    func read(_ offset: UInt64) -> UInt32 { plic.read(offset, owner: owner, zone: zone) }
    func write(_ offset: UInt64, _ value: UInt32) {
      plic.write(offset, value, owner: owner, zone: zone)
    }
    func claim(_ vcpu: Int) -> UInt32 { plic.claim(vcpu: vcpu, zone: zone) }
    @discardableResult
    func complete(_ line: UInt32, _ vcpu: Int) -> Bool {
      plic.complete(line, vcpu: vcpu, owner: owner, zone: zone)
    }
    /// As the machine raises a source.
    func raise(_ line: UInt32) {
      zone.pending.bitwiseOr(zone.virtualBit(line), ordering: .sequentiallyConsistent)
    }
    /// Priority 1, and enabled for these vCPUs.
    func open(_ lines: [UInt32], _ vcpus: [Int]) {
      for line in lines { write(4 * UInt64(line), 1) }
      let bits = lines.filter { $0 / 32 == 3 }.reduce(UInt32(0)) { $0 | 1 << ($1 % 32) }
      for vcpu in vcpus { write(PLICTests.enable(vcpu, 3), bits) }
      bus.log = []
    }
  }

  /// Offset a zone sees: of an enable word, and of the threshold of a vCPU, whose context is 2 n + 1.
  static func enable(_ vcpu: Int, _ word: UInt64) -> UInt64 {
    0x2000 + 0x80 * UInt64(2 * vcpu + 1) + 4 * word
  }
  static func threshold(_ vcpu: Int) -> UInt64 { 0x20_0000 + 0x1000 * UInt64(2 * vcpu + 1) }

  private static func word(_ offset: UInt64, _ value: UInt32) -> RecordingBus.Access {
    .init(offset: offset, size: 4, value: UInt64(value))
  }

  // MARK: hardware sources

  @Test func priorities() {
    let fixture = Fixture(lines: [10, 95], fill: 0x05)
    #expect(fixture.read(4 * 10) == 0x0505_0505)
    #expect(fixture.read(4 * 95) == 0x0505_0505)
    fixture.write(4 * 10, 7)
    #expect(fixture.bus.stores == [Self.word(40, 7)])
    fixture.bus.log = []
    for line in UInt64(0)..<1024 where line != 10 && line != 95 {
      fixture.write(4 * line, 1)
      #expect(fixture.read(4 * line) == 0)
    }
    #expect(fixture.bus.log.isEmpty)
  }

  @Test func pendingBits() {
    let fixture = Fixture(lines: [10, 11, 95], fill: 0xff)
    #expect(fixture.read(0x1000) == 0xc00)
    #expect(fixture.read(0x1004) == 0)
    #expect(fixture.read(0x1008) == 1 << 31)
    fixture.bus.log = []
    for word in UInt64(0)..<32 { fixture.write(0x1000 + 4 * word, ~0) }
    #expect(fixture.bus.log.isEmpty)
    #expect(fixture.zone.pending.load(ordering: .relaxed) == 0)
  }

  /// vCPU n has context 2 n + 1, whatever its real one is.
  @Test func enables() {
    let fixture = Fixture(lines: [10, 11, 95], contexts: [7, 3])
    fixture.write(Self.enable(0, 0), ~0)
    fixture.write(Self.enable(1, 2), ~0)
    fixture.write(Self.enable(1, 1), ~0)
    #expect(
      fixture.bus.stores == [
        Self.word(0x2000 + 0x80 * 7, 0xc00), Self.word(0x2000 + 0x80 * 3 + 8, 1 << 31),
        Self.word(0x2000 + 0x80 * 3 + 4, 0),
      ])
    fixture.bus.poke(0x2000 + 0x80 * 7, 0xffff_ffff)
    #expect(fixture.read(Self.enable(0, 0)) == 0xc00)
    #expect(fixture.read(Self.enable(1, 2)) == 1 << 31)
  }

  @Test func thresholds() {
    let fixture = Fixture(lines: [10], contexts: [7, 3])
    fixture.write(Self.threshold(0), 5)
    fixture.write(Self.threshold(1), 7)
    #expect(
      fixture.bus.stores == [Self.word(0x20_0000 + 0x7000, 5), Self.word(0x20_0000 + 0x3000, 7)])
    #expect(fixture.read(Self.threshold(0)) == 5)
    #expect(fixture.read(Self.threshold(1)) == 7)
  }

  /// Machine contexts, those of vCPUs that do not exist, and what is reserved in a context.
  @Test func foreignContexts() {
    let fixture = Fixture(lines: Array(1..<1023), contexts: [7, 3], fill: 0xff)
    var offsets: [UInt64] = [0, 0x1080, 0x1ffc, 0x5f_fffc]
    for context in UInt64(0)..<1024 where context != 1 && context != 3 {
      offsets += [0x20_0000 + 0x1000 * context, 0x20_0004 + 0x1000 * context]
      offsets += [0x2000 + 0x80 * context, 0x207c + 0x80 * context]
    }
    // Claims go another way: `isClaim`.
    for vcpu in 0..<2 { offsets += [4, 8, 0xffc].map { Self.threshold(vcpu) + $0 } }
    for offset in offsets {
      fixture.write(offset, 1)
      #expect(fixture.read(offset) == 0, "\(offset)")
    }
    #expect(fixture.bus.log.isEmpty)
  }

  @Test func claimRegisters() {
    let plic = Fixture(lines: []).plic
    for vcpu in UInt64(0)..<16 {
      let offset = 0x20_0004 + 0x1000 * (2 * vcpu + 1)
      #expect(plic.isClaim(offset, vcpu: vcpu))
      #expect(!plic.isClaim(offset, vcpu: vcpu + 1))
      for other in [offset - 4, offset + 4, offset - 0x1000, offset + 0x1000, 0, .max] {
        #expect(!plic.isClaim(other, vcpu: vcpu))
      }
    }
  }

  @Test func claimsAndCompletesInTheOwnContext() {
    let fixture = Fixture(lines: [10], contexts: [7, 3])
    fixture.bus.poke(0x20_3004, 10)
    #expect(fixture.claim(0) == 0)
    #expect(fixture.claim(1) == 10)
    fixture.bus.log = []
    #expect(!fixture.complete(10, 1))
    #expect(fixture.bus.stores == [Self.word(0x20_3004, 10)])
    // Of others' sources, and none at all: what a zone does not own it cannot complete.
    fixture.bus.log = []
    for line in [0, 9, 11, 96, 127, 1023, 1024, 10 + 1024, ~0] as [UInt32] {
      fixture.complete(line, 1)
    }
    #expect(fixture.bus.log.isEmpty)
  }

  // MARK: sources that the kernel raises

  /// They are the zone's own and never seen by the hardware.
  @Test func virtualSourcesHaveNoHardware() {
    let fixture = Fixture(lines: [96, 100, 126], fill: 0xff)
    #expect(fixture.read(4 * 100) == 0)
    for value in [7, 1, 6] as [UInt32] {
      fixture.write(4 * 100, value)
      #expect(fixture.read(4 * 100) == 1)
    }
    fixture.write(4 * 100, 0)
    #expect(fixture.read(4 * 100) == 0)
    fixture.write(Self.enable(1, 3), ~0)
    #expect(fixture.read(Self.enable(1, 3)) == 0x4000_0011)
    #expect(fixture.read(Self.enable(0, 3)) == 0)
    fixture.raise(100)
    #expect(fixture.read(0x100c) == 0x10)
    fixture.complete(100, 0)
    #expect(fixture.bus.log.isEmpty)
    // Priorities of others are not the zone's.
    fixture.write(4 * 101, 1)
    #expect(fixture.zone.prioritised.load(ordering: .relaxed) == 0)
  }

  /// Given when raised, enabled for the vCPU and with a priority; once.
  @Test func aVirtualSourceIsClaimedOnce() {
    let fixture = Fixture(lines: [100])
    fixture.raise(100)
    #expect(fixture.claim(0) == 0)
    fixture.write(Self.enable(0, 3), 0x10)
    #expect(fixture.claim(0) == 0)
    fixture.write(4 * 100, 1)
    #expect(fixture.zone.ready(0) == 0x10)
    #expect(fixture.zone.ready(1) == 0)
    #expect(fixture.claim(1) == 0)
    #expect(fixture.claim(0) == 100)
    #expect(fixture.read(0x100c) == 0)
    #expect(fixture.claim(0) == 0)
  }

  /// 8: the lowest number first; here behind all of the hardware.
  @Test func claimOrder() {
    let fixture = Fixture(lines: [95, 96, 100, 126])
    fixture.open([96, 100, 126], [0])
    for line in [126, 100, 96] as [UInt32] { fixture.raise(line) }
    fixture.bus.poke(0x20_7004, 95)
    #expect(fixture.claim(0) == 95)
    fixture.bus.poke(0x20_7004, 0)
    #expect((0..<4).map { _ in fixture.claim(0) } == [96, 100, 126, 0])
  }

  /// 9: the gateway forwards nothing before the completion, and forgets nothing.
  @Test func nothingIsGivenTwiceBeforeItsCompletion() {
    let fixture = Fixture(lines: [100])
    fixture.open([100], [0, 1])
    fixture.raise(100)
    #expect(fixture.claim(0) == 100)
    fixture.raise(100)
    #expect(fixture.zone.ready(0) == 0)
    #expect(fixture.claim(0) == 0)
    #expect(fixture.claim(1) == 0)
    // It may be the other's turn now.
    #expect(fixture.complete(100, 0) == true)
    #expect(fixture.zone.ready(1) == 0x10)
    #expect(fixture.claim(1) == 100)
    #expect(fixture.complete(100, 1) == false)
  }

  /// What was withdrawn is not given, and can be raised again.
  @Test func aLoweredSourceIsNotGiven() {
    let fixture = Fixture(lines: [100])
    fixture.open([100], [0])
    fixture.raise(100)
    fixture.zone.pending.bitwiseAnd(~0x10, ordering: .sequentiallyConsistent)
    #expect(fixture.claim(0) == 0)
    fixture.raise(100)
    #expect(fixture.claim(0) == 100)
  }

  /// Two CPUs claim and complete while a third raises: never do both have the source, and each raise is
  /// answered by a claim that begins after it.
  @Test func twoCPUsRaceForOneSource() {
    let fixture = Race()
    // Threads: tasks that spin would have the pool for themselves.
    let threads = (0..<2).map { vcpu in
      Thread {
        while !fixture.isOver.load(ordering: .acquiring) { fixture.serve(vcpu) }
        fixture.serve(vcpu)
        fixture.ended.wrappingAdd(1, ordering: .releasing)
      }
    }
    for thread in threads { thread.start() }
    for _ in 0..<100_000 { fixture.raise() }
    fixture.isOver.store(true, ordering: .releasing)
    while fixture.ended.load(ordering: .acquiring) < 2 { Thread.sleep(forTimeInterval: 0.001) }
    #expect(fixture.clashes.load(ordering: .relaxed) == 0)
    #expect(fixture.served.load(ordering: .relaxed) > 0)
    #expect(fixture.isIdle)
  }

  // MARK: the line of the UART

  /// A hardware source that the kernel raises too: one number, one priority, one enable.
  @Test func theSharedLineIsOneSource() {
    let fixture = Fixture(lines: [10, 100], sharedLine: 10)
    fixture.write(4 * 10, 3)
    fixture.write(Self.enable(0, 0), 0x400)
    #expect(fixture.bus.stores == [Self.word(40, 3), Self.word(0x2000 + 0x80 * 7, 0x400)])
    fixture.raise(10)
    #expect(fixture.zone.ready(0) != 0)
    // Not seen among the virtual ones.
    #expect(fixture.read(0x100c) == 0)
    #expect(fixture.read(Self.enable(0, 3)) == 0)
    #expect(fixture.claim(0) == 10)
    fixture.raise(10)
    #expect(fixture.claim(0) == 0)
    fixture.bus.log = []
    #expect(fixture.complete(10, 0))
    // The hardware's half, if it was that which was claimed.
    #expect(fixture.bus.stores == [Self.word(0x20_7004, 10)])
    #expect(fixture.claim(0) == 10)
  }

  @Test func theSharedLineIsDisabledWithItsHardware() {
    let fixture = Fixture(lines: [10, 11, 100], sharedLine: 10)
    fixture.write(4 * 10, 1)
    fixture.write(Self.enable(0, 0), 0xc00)
    fixture.open([100], [0])
    fixture.raise(10)
    fixture.raise(100)
    // Words of others do not change it.
    fixture.write(Self.enable(0, 3), 0)
    fixture.write(Self.enable(0, 1), 0)
    #expect(fixture.zone.ready(0) == 1 << 31)
    fixture.write(Self.enable(0, 0), 0x800)
    #expect(fixture.zone.ready(0) == 0)
    fixture.write(Self.enable(0, 0), 0x400)
    fixture.write(4 * 10, 0)
    #expect(fixture.zone.ready(0) == 0)
  }

  @Test func virtualBits() {
    let without = Fixture(lines: [])
    let with = Fixture(lines: [], sharedLine: 10)
    for line in UInt32(0)..<1024 {
      let bit: UInt32 = line / 32 == 3 ? 1 << (line % 32) : 0
      #expect(without.zone.virtualBit(line) == bit)
      #expect(with.zone.virtualBit(line) == (line == 10 ? 1 << 31 : bit))
    }
  }

  // MARK: reset

  /// 9: the completion of a source that is not enabled is ignored, so they are enabled for it.
  @Test func resetCompletesWhatWasClaimed() {
    let fixture = Fixture(lines: [10, 11, 95, 100], fill: 0xff)
    fixture.plic.reset(context: 7, lineCount: 96, owner: fixture.owner)
    let enables: UInt64 = 0x2000 + 0x80 * 7
    #expect(
      fixture.bus.stores == [
        Self.word(enables, 0xc00), Self.word(0x20_7004, 10), Self.word(0x20_7004, 11),
        Self.word(enables, 0), Self.word(enables + 4, 0), Self.word(enables + 4, 0),
        Self.word(enables + 8, 1 << 31), Self.word(0x20_7004, 95), Self.word(enables + 8, 0),
        Self.word(0x20_7000, 0),
      ])
    fixture.bus.log = []
    fixture.plic.reset(line: 10)
    #expect(fixture.bus.stores == [Self.word(40, 0)])
  }

  @Test func resetForgetsVirtualSources() {
    let fixture = Fixture(lines: [10, 100, 101], sharedLine: 10)
    fixture.write(4 * 10, 1)
    fixture.write(Self.enable(1, 0), 0x400)
    fixture.open([100, 101], [0, 1])
    for line in [10, 100, 101] as [UInt32] { fixture.raise(line) }
    #expect(fixture.claim(1) == 100)
    fixture.zone.reset()
    for vcpu in 0..<16 { #expect(fixture.zone.enabled[vcpu].load(ordering: .relaxed) == 0) }
    #expect(fixture.zone.pending.load(ordering: .relaxed) == 0)
    #expect(fixture.zone.claimed.load(ordering: .relaxed) == 0)
    #expect(fixture.zone.prioritised.load(ordering: .relaxed) == 0)
    #expect(fixture.read(4 * 100) == 0)
  }
}

/// One virtual source that is enabled for two CPUs. The bus is never asked: no source is the hardware's.
private final class Race: @unchecked Sendable {
  private struct Nothing: RegisterBus {
    func load8(_ address: UInt64) -> UInt8 { 0 }
    func load32(_ address: UInt64) -> UInt32 { 0 }
    func load64(_ address: UInt64) -> UInt64 { 0 }
    func store8(_ address: UInt64, _ value: UInt8) {}
    func store32(_ address: UInt64, _ value: UInt32) {}
    func store64(_ address: UInt64, _ value: UInt64) {}
  }

  private let zone = PLIC<Nothing>.Zone(
    cpuCount: 2, contexts: InlineArray(repeating: 1), virtualWord: 3)
  private let plic = PLIC(bus: Nothing(), base: 0)
  private var owner = ZoneBlock()
  private let holders = Atomic<Int>(0)
  let clashes = Atomic<Int>(0)
  let served = Atomic<Int>(0)
  let isOver = Atomic<Bool>(false)
  let ended = Atomic<Int>(0)

  init() {
    owner.lines[3] = 1
    zone.prioritised.store(1, ordering: .relaxed)
    for vcpu in 0..<2 { zone.enabled[vcpu].store(1, ordering: .relaxed) }
  }

  func raise() { zone.pending.bitwiseOr(1, ordering: .sequentiallyConsistent) }

  /// Until there is nothing left, as a handler does.
  func serve(_ vcpu: Int) {
    while plic.claim(vcpu: vcpu, zone: zone) != 0 {
      if holders.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue != 1 {
        clashes.wrappingAdd(1, ordering: .relaxed)
      }
      served.wrappingAdd(1, ordering: .relaxed)
      holders.wrappingSubtract(1, ordering: .sequentiallyConsistent)
      _ = plic.complete(96, vcpu: vcpu, owner: owner, zone: zone)
    }
  }

  /// Nothing was lost: the CPUs looked after the last raise.
  var isIdle: Bool {
    zone.claimed.load(ordering: .relaxed) == 0 && zone.ready(0) == 0 && zone.ready(1) == 0
  }
}
