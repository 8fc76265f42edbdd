import Boards
import PlanTestSupport
import Testing

@testable import ZoneLoader

@Suite struct HostLayoutTests {
  @Test func firstFitAndCongruence() {
    var layout = HostLayout(ram: [AddressRange(base: 0x4000_0000, size: 1 << 30)])
    expect(layout.take(AddressRange(base: 0x4020_0000, size: 0x20_0000)), equals: true)
    #expect(layout.free.count == 2)
    expect(layout.take(AddressRange(base: 0x4030_0000, size: 0x20_0000)), equals: false)
    // Small ones go into the first hole, big ones behind.
    expect(layout.allocate(size: 0x1000, for: 0x1000), equals: 0x4000_0000)
    expect(layout.allocate(size: 0x20_0000, for: 0x123_4000), equals: 0x4043_4000)
    expect(
      layout.allocateHighest(size: 0x3000, congruentTo: 0x1f_f000, modulus: 0x20_0000),
      equals: 0x7fdf_f000)
    expect(layout.allocate(size: 1 << 30, for: 0), equals: nil)
    #expect(layout.largestFree < 1 << 30)
  }

  @Test func wholeGibibytesAreCongruentWhereTheyFit() {
    var layout = HostLayout(ram: [AddressRange(base: 0x4020_0000, size: 4 << 30)])
    expect(layout.allocate(size: 1 << 30, for: 0), equals: 0x8000_0000)
    expect(layout.allocate(size: 1 << 30, for: 0x20_0000), equals: 0xc020_0000)
  }

  /// Against a bitmap: nothing is given out twice or outside, and free plus taken is everything.
  @Test func property() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let ram = [AddressRange(base: 0x10_0000, size: 64 << 12)]
      var layout = HostLayout(ram: ram)
      var owned = Set<UInt64>()
      for _ in 0..<20 {
        let size = (1 + random.next() % 8) << 12
        let modulus = UInt64(1) << (12 + random.next() % 4)
        let target = random.next() & 0xffff_f000
        let base: UInt64?
        switch random.next() % 3 {
        case 0: base = layout.allocate(size: size, congruentTo: target, modulus: modulus)
        case 1: base = layout.allocateHighest(size: size, congruentTo: target, modulus: modulus)
        default:
          let wanted = AddressRange(base: 0x10_0000 + (random.next() % 80) << 12, size: size)
          base = layout.take(wanted) ? wanted.base : nil
        }
        guard let base else { continue }
        for page in stride(from: base, to: base + size, by: 4096) {
          #expect(ram[0].contains(page))
          expect(owned.insert(page).inserted, equals: true)
        }
      }
      #expect(layout.free.reduce(0) { $0 + $1.size } + UInt64(owned.count) << 12 == 64 << 12)
    }
  }
}

@Suite struct TablePoolTests {
  private func count(_ base: UInt64, _ size: UInt64, congruent: Bool) -> Int {
    var pool = TablePool(.aarch64)
    pool.add(AddressRange(base: base, size: size), congruent: congruent)
    return pool.tableCount - 3
  }

  @Test func counts() {
    #expect(count(0x4000_0000, 512 << 20, congruent: true) == 1)
    #expect(count(0x4000_0000, 512 << 20, congruent: false) == 257)
    #expect(count(0x4000_1000, 4 << 20, congruent: true) == 3)
    #expect(count(0x7fff_f000, 0x2000, congruent: true) == 4)
    #expect(count(0x4000_0000, 0x1000, congruent: true) == 2)
    #expect(count(0, 0, congruent: true) == 0)
  }

  /// Against a walk over every page, with 2 MiB blocks only where a whole one fits.
  @Test func property() {
    var random = SeededGenerator(seed: 9)
    for _ in 0..<300 {
      var pool = TablePool(.aarch64)
      var level2 = Set<UInt64>()
      var level3 = Set<UInt64>()
      for _ in 0..<3 {
        let base = 0x3fc0_0000 + (random.next() % 4096) << 12
        let size = (1 + random.next() % 3000) << 12
        let congruent = random.next() % 2 == 0
        pool.add(AddressRange(base: base, size: size), congruent: congruent)
        for page in stride(from: base, to: base + size, by: 4096) {
          level2.insert(page >> 30)
          let block = page >> 21
          let isWhole = block << 21 >= base && (block + 1) << 21 <= base + size
          if !(congruent && isWhole) { level3.insert(block) }
        }
      }
      #expect(pool.tableCount >= 3 + level2.count + level3.count)
    }
  }
}

@Suite struct GuestSpaceTests {
  @Test func places() {
    var space = GuestSpace(
      memory: [AddressRange(base: 0x1000, size: 0x1000), AddressRange(base: 0x8000, size: 0x8000)],
      used: [AddressRange(base: 0x8000, size: 0x1001)])
    expect(space.place(size: 0x1000, alignment: 8)?.base, equals: 0x1000)
    expect(space.place(size: 0x1000, alignment: 0x1000)?.base, equals: 0xa000)
    expect(space.place(size: 1, alignment: 1)?.base, equals: 0x9001)
    expect(space.place(size: 1, alignment: 1, floor: 0xfff0)?.base, equals: 0xfff0)
    expect(space.place(size: 0x8000, alignment: 1), equals: nil)
    expect(space.place(size: 1, alignment: 1 << 63), equals: nil)
    expect(space.take(AddressRange(base: 0x9001, size: 1)), equals: false)
    expect(space.take(AddressRange(base: 0xc000, size: 0x1000)), equals: true)
    expect(space.take(AddressRange(base: 0xffff, size: 2)), equals: false)
  }
}
