import PlanTestSupport
import Testing

@testable import ArchCommon
@testable import ArchRISCV64
@testable import SepKernel

/// Random accesses of a hostile zone: only its own sources change, and no message leaves the zone.
@Suite struct APLICSweepTests {
  private static let offsets: [UInt64] =
    [0x1bc0, 0x1bc4, 0x1bc8, 0x1bcc, 0x1cdc, 0x1ddc, 0x1edc, 0x1fdc, 0x2000, 0x2004, 0x3000]

  private func offset(_ random: inout SeededGenerator) -> UInt64 {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: .random(in: 0..<0x2000, using: &random) * 4
    case 1: .random(in: 0..<64, using: &random) * 4
    case 2: 0x3000 + .random(in: 0..<64, using: &random) * 4
    case 3, 4:
      0x1c00 + .random(in: 0..<4, using: &random) << 8 + .random(in: 0..<4, using: &random) * 4
    default: Self.offsets.randomElement(using: &random) ?? 0
    }
  }

  private func value(_ random: inout SeededGenerator) -> UInt32 {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: .random(in: 0..<64, using: &random)
    case 1: .random(in: 0..<8, using: &random)
    case 2: .random(in: 0..<4, using: &random) << 18 | .random(in: 0..<0x4000, using: &random)
    case 3: UInt32.random(in: 0..<64, using: &random).byteSwapped
    default: .random(in: 0...(.max), using: &random)
    }
  }

  @Test(arguments: 0..<6) func staysInside(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let density = [1, 10, 50, 90, 50, 50][Int(seed)]
    var owner = ZoneBlock()
    var doorbells = InlineArray<32, UInt32>(repeating: 0)
    var owned: Set<Int> = []
    for line in 1..<1024 where Int.random(in: 0..<100, using: &random) < density {
      owned.insert(line)
      owner.lines[line / 32] |= 1 << UInt32(line % 32)
      if line % 5 == 0 { doorbells[line / 32] |= 1 << UInt32(line % 32) }
    }
    let harts: [UInt32] = [9, 3, 12]
    var hartIndexes = InlineArray<16, UInt32>(repeating: 0)
    for (vcpu, index) in harts.enumerated() { hartIndexes[vcpu] = index }
    let zone = APLIC<APLICModel>.Zone(
      cpuCount: 3, hartIndexes: hartIndexes, doorbells: doorbells)
    // Hart 0 and its supervisor file: the worst a target could be.
    let model = APLICModel(unspecified: 7)
    let aplic = APLIC(bus: model, base: APLICModel.base)
    aplic.initialise(lineCount: 1024)
    for line in owned.sorted() { aplic.reset(line: UInt32(line), zone: zone) }
    // Another zone's sources, all busy.
    let foreign = Set(1..<1024).subtracting(owned)
    for line in foreign {
      model.modes[line] = 6
      model.targets[line] = 1 << 18 | 1 << 12 | UInt32(line)
    }
    model.enabled = foreign.filter { $0 % 3 == 0 }
    model.pending = foreign.filter { $0 % 3 == 1 }
    let (enabled, pending) = (model.enabled, model.pending)
    var violations: [String] = []

    for _ in 0..<20_000 {
      let offset = offset(&random)
      let value = value(&random)
      model.sent = []
      aplic.write(offset, value, owner: owner, zone: zone)
      // The kernel, now and then.
      if let line = owned.randomElement(using: &random) { aplic.raise(line: UInt32(line)) }
      for message in model.sent
      where !owned.contains(message.source) || !harts.contains(message.target >> 18)
        || message.target >> 12 & 0x3f != 1
      {
        violations.append("message \(message) by \(offset) \(value)")
      }
      let seen = aplic.read(offset, owner: owner, zone: zone)
      if (0x1c00..<0x1f80).contains(offset), seen & ~owner.lineBits(Int(offset >> 2 & 31)) != 0 {
        violations.append("read \(offset): \(seen)")
      }
    }
    for line in foreign
    where model.modes[line] != 6 || model.targets[line] != 1 << 18 | 1 << 12 | UInt32(line) {
      violations.append("source \(line)")
    }
    for line in owned {
      if !harts.contains(model.targets[line] >> 18) || model.targets[line] >> 12 & 0x3f != 1 {
        violations.append("target of \(line)")
      }
      if line % 5 == 0, ![1, 4].contains(model.modes[line]) { violations.append("mode \(line)") }
    }
    #expect(model.enabled.subtracting(owned) == enabled)
    #expect(model.pending.subtracting(owned) == pending)
    #expect(model.strange.isEmpty)
    #expect(model.domain == 0x8000_0104)
    #expect(violations.isEmpty, "\(violations.prefix(10))")
  }
}
