import PlanTestSupport
import Testing

@testable import ArchCommon
@testable import ArchRISCV64
@testable import SepKernel

/// Random accesses of a hostile zone to its PLIC: what a store may touch, written down again and apart from
/// the emulation.
@Suite struct PLICSweepTests {
  private func offset(_ random: inout SeededGenerator) -> UInt64 {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: .random(in: 0..<0x400, using: &random) * 4
    case 1: 0x1000 + .random(in: 0..<0x20, using: &random) * 4
    case 2, 3: 0x2000 + .random(in: 0..<0x100, using: &random) * 4
    case 4:
      0x20_0000 + .random(in: 0..<8, using: &random) * 0x1000 + .random(in: 0..<3, using: &random)
        * 4
    default: .random(in: 0..<0x18_0000, using: &random) * 4
    }
  }

  @Test(arguments: 0..<6) func staysInside(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let density = [1, 10, 50, 90, 50, 50][Int(seed)]
    let word: UInt32 = [3, 6, 31, 2, 5, 3][Int(seed)]
    let hardware = word * 32
    var lines = (1..<hardware + 31).filter { _ in Int.random(in: 0..<100, using: &random) < density
    }
    let shared: UInt32 = seed.isMultiple(of: 2) ? 10 : 0
    if shared != 0 { lines.append(shared) }
    let contexts: [UInt32] = [9, 3, 31]
    let fixture = PLICTests.Fixture(
      lines: Array(Set(lines)), contexts: contexts, sharedLine: shared)
    let bus = fixture.bus
    var zone = PLIC<RecordingBus>.Zone(
      cpuCount: 3, contexts: fixture.zone.contexts, virtualWord: word, sharedLine: shared)
    zone.cpuCount = 3
    let plic = fixture.plic
    let owned = Set(lines)
    func mask(_ word: UInt32) -> UInt32 {
      word * 32 >= hardware
        ? 0 : (0..<32).reduce(0) { $0 | (owned.contains(word * 32 + $1) ? 1 << $1 : 0) }
    }
    func isAllowed(_ store: RecordingBus.Access) -> Bool {
      let value = UInt32(store.value ?? 0)
      guard store.size == 4 else { return false }
      for context in contexts {
        let enables = store.offset &- (0x2000 + 0x80 * UInt64(context))
        if enables < 0x80 { return value & ~mask(UInt32(enables / 4)) == 0 }
        let base = 0x20_0000 + 0x1000 * UInt64(context)
        if store.offset == base { return true }
        if store.offset == base + 4 { return owned.contains(value) && value < hardware }
      }
      let line = UInt32(store.offset / 4)
      return store.offset < 0x1000 && line < hardware && owned.contains(line)
    }
    var violations: [String] = []

    for _ in 0..<20_000 {
      let offset = offset(&random)
      var value = UInt32.random(in: 0...(.max), using: &random)
      if Bool.random(using: &random) { value &= 0x3ff }
      let vcpu = Int.random(in: 0..<3, using: &random)
      bus.log = []
      if plic.isClaim(offset, vcpu: UInt64(vcpu)) {
        _ = plic.complete(value, vcpu: vcpu, owner: fixture.owner, zone: zone)
      } else {
        plic.write(offset, value, owner: fixture.owner, zone: zone)
      }
      for store in bus.stores where !isAllowed(store) {
        violations.append("store \(store) by write \(offset) \(value)")
      }
      // Everything in the hardware is set: what is shown is the zone's.
      bus.log = []
      for word in 0..<32 where offset & ~0x7f == 0x1000 || offset & ~0x7f == 0x2080 {
        bus.poke(0x1000 + 4 * UInt64(word), ~0)
        bus.poke(0x2000 + 0x80 * 9 + 4 * UInt64(word), ~0)
      }
      let seen = plic.read(offset, owner: fixture.owner, zone: zone)
      if offset & ~0x7f == 0x1000 || (0x2000..<0x20_0000).contains(offset) {
        let own = fixture.owner.lineBits(Int(offset >> 2 & 31))
        if seen & ~own != 0 { violations.append("read \(offset): \(seen)") }
      }
      if let load = bus.log.first(where: {
        !isAllowed(.init(offset: $0.offset, size: 4, value: 0)) && $0.offset & ~0x7f != 0x1000
      }) {
        violations.append("load \(load) by read \(offset)")
      }
      // Virtual state is about own sources alone.
      let bits = fixture.owner.lineBits(Int(word)) & 0x7fff_ffff | (shared != 0 ? 1 << 31 : 0)
      for vcpu in 0..<3 where zone.enabled[vcpu].load(ordering: .relaxed) & ~bits != 0 {
        violations.append("enabled by \(offset) \(value)")
      }
      if zone.prioritised.load(ordering: .relaxed) & ~bits != 0 {
        violations.append("priority by \(offset) \(value)")
      }
    }
    #expect(violations.isEmpty, "\(violations.prefix(10))")
  }
}
