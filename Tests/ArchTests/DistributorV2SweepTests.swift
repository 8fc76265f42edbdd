import PlanTestSupport
import Testing

@testable import ArchAArch64
@testable import ArchCommon
@testable import SepKernel

/// Every offset of a GICv2's distributor with every size, for random ownership: no bit of a line that is
/// not the zone's changes or is seen, and no CPU interface of others is named.
@Suite struct DistributorV2SweepTests {
  /// Line that bit `bit` of byte `offset` belongs to; nil where no bit is a line's. IHI 0048B, 4.3,
  /// written down again and apart from the emulation.
  private func line(_ offset: Int, _ bit: Int) -> Int? {
    switch offset {
    case 0x100..<0x400: (offset & 0x7f) * 8 + bit
    case 0x400..<0x7fc: offset - 0x400
    case 0x800..<0xbfc: offset - 0x800
    case 0xc00..<0xd00: (offset - 0xc00) * 4 + bit / 2
    case 0xf10..<0xf30: offset & 0xf
    default: nil
    }
  }

  /// For each byte the bits of the zone's lines and of the CPU's own.
  private func permitted(_ owned: Set<Int>) -> [UInt8] {
    (0..<0x1008).map { offset in
      (0..<8).reduce(UInt8(0)) { mask, bit in
        guard let line = line(offset, bit), line < 32 || owned.contains(line) else { return mask }
        return mask | 1 << UInt8(bit)
      }
    }
  }

  @Test(arguments: 0..<4) func staysInside(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let density = [1, 10, 50, 90][Int(seed)]
    let owned = (32..<1020).filter { _ in Int.random(in: 0..<100, using: &random) < density }
    let permitted = permitted(Set(owned))
    let fixture = DistributorV2Fixture(
      lines: owned.map { UInt32($0) }, interfaces: [0x10, 0x02],
      fill: UInt8.random(in: 1...255, using: &random))
    let bus = fixture.bus
    var violations: [String] = []

    for offset in UInt64(0)..<0x1000 {
      for size in UInt32(0)..<4 {
        bus.log = []
        let value = random.next()
        let before = bus.peek(offset & ~7, 8)
        fixture.write(offset, value, size, vcpu: 1)
        for access in bus.stores {
          let stored = access.value ?? 0
          let mask = (0..<access.size).reduce(UInt64(0)) {
            $0 | UInt64(permitted[Int(access.offset + $1)]) << (8 * $1)
          }
          let old = before >> (8 * (access.offset & 7))
          // GICD_SGIR names CPU interfaces and an SGI; write-one registers act by the bits written.
          let isRequest = access.offset == 0xf00
          let isWriteOne = (0x100..<0x400).contains(access.offset)
          let touched =
            isWriteOne ? stored : (stored ^ old) & ((1 << (8 * access.size)) - 1)
          let isForeign =
            isRequest ? stored & ~0x0012_000f != 0 : touched & ~mask != 0
          if access.offset & ~7 != offset & ~7 || isForeign {
            violations.append("store \(access) by write \(offset) \(size)")
          }
          let namesInterfaces =
            (0x800..<0xc00).contains(access.offset) || (0xf10..<0xf30).contains(access.offset)
          if namesInterfaces, stored & ~0x12 != 0 { violations.append("target \(access)") }
          let takesWakeAway =
            access.offset == 0x40f
            || [0x180, 0x300].contains(access.offset) && stored & 1 << 15 != 0
          if takesWakeAway { violations.append("SGI 15 \(access)") }
        }

        let seen = fixture.read(offset, size, vcpu: 1)
        if [0, 4, 8, 0xfe8].contains(offset), size == 2 { continue }
        let mask = (0..<(UInt64(1) << UInt64(size))).reduce(UInt64(0)) {
          $0 | UInt64(permitted[Int(offset + $1)]) << (8 * $1)
        }
        if seen & ~mask != 0 { violations.append("read \(offset) \(size): \(seen)") }
      }
    }
    #expect(violations.isEmpty, "\(violations.prefix(10))")
  }
}
