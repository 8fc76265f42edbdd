import PlanTestSupport
import Testing

@testable import ArchAArch64
@testable import ArchCommon
@testable import SepKernel

/// Every offset of the frame with every size, for random ownership: no bit of a line that is not the
/// zone's changes or is seen.
@Suite struct DistributorSweepTests {
  /// Line that bit `bit` of byte `offset` belongs to; nil where no bit is a line's. IHI 0069, 12.9,
  /// written down again and apart from the emulation.
  private func line(_ offset: Int, _ bit: Int) -> Int? {
    switch offset {
    case 0x080..<0x400: (offset & 0x7f) * 8 + bit
    case 0x400..<0x800: offset - 0x400
    case 0xc00..<0xd00: (offset - 0xc00) * 4 + bit / 2
    case 0x6000..<0x8000: (offset - 0x6000) / 8
    default: nil
    }
  }

  /// For each byte of the frame the bits a zone may see and change.
  private func permitted(_ owned: Set<Int>) -> [UInt8] {
    (0..<0x1_0000).map { offset in
      (0..<8).reduce(UInt8(0)) { mask, bit in
        guard let line = line(offset, bit), line >= 32, owned.contains(line) else { return mask }
        return mask | 1 << UInt8(bit)
      }
    }
  }

  @Test(arguments: 0..<4) func staysInside(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let density = [1, 10, 50, 90][Int(seed)]
    let owned = Set((32..<1020).filter { _ in Int.random(in: 0..<100, using: &random) < density })
    var owner = ZoneBlock()
    for line in owned { owner.lines[line / 32] |= 1 << UInt32(line % 32) }
    let permitted = permitted(owned)
    // Unknown to the zone, but never empty.
    let routes: Set<UInt64> = [0x0000_0011_0203, 0x0000_0011_0204]
    var affinities = InlineArray<16, UInt64>(repeating: 0)
    affinities[0] = 0x11_0203
    affinities[1] = 0x11_0204
    let zone = Distributor<RecordingBus>.Zone(cpuCount: 2, affinities: affinities)
    let bus = RecordingBus(fill: UInt8.random(in: 1...255, using: &random))
    let distributor = Distributor(bus: bus, base: RecordingBus.base)
    let lock = SpinLock()
    var violations: [String] = []

    for offset in UInt64(0)..<0x1_0000 {
      for size in UInt32(0)..<4 {
        bus.log = []
        let value = random.next()
        var before = UInt64(0)
        let word = offset & ~7
        before = bus.peek(word, 8)
        distributor.write(
          offset, value, sizeLog2: size, owner: owner, zone: zone, lock: lock)
        for access in bus.stores {
          let value = access.value ?? 0
          let mask = (0..<access.size).reduce(UInt64(0)) {
            $0 | UInt64(permitted[Int(access.offset + $1)]) << (8 * $1)
          }
          // Write-one registers act by the bits written, the others by the bits changed.
          let isWriteOne = (0x100..<0x400).contains(access.offset)
          let old = before >> (8 * (access.offset & 7))
          let touched =
            isWriteOne
            ? value : (value ^ old) & (access.size == 8 ? ~0 : (1 << (8 * access.size)) - 1)
          if access.offset & ~7 != word || touched & ~mask != 0 {
            violations.append("store \(access) by write \(offset) \(size)")
          }
          if (0x6000..<0x8000).contains(access.offset), !routes.contains(value) {
            violations.append("route \(access)")
          }
        }

        let seen = distributor.read(offset, sizeLog2: size, owner: owner, zone: zone)
        let isPlain = offset == 0 || offset == 4 || offset == 8 || offset == 0xffe8
        if isPlain, size == 2 { continue }
        let mask = (0..<(UInt64(1) << UInt64(size))).reduce(UInt64(0)) {
          offset + $1 < 0x1_0000
            ? $0 | UInt64(permitted[Int(offset + $1)]) << (8 * $1) : $0
        }
        if seen & ~mask != 0 { violations.append("read \(offset) \(size): \(seen)") }
      }
    }
    #expect(violations.isEmpty, "\(violations.prefix(10))")
  }
}
