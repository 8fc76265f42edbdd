import PlanTestSupport
import Testing

@testable import ArchCommon
@testable import ArchRISCV64

/// Page tables in a dictionary, and the walk of a hart.
private final class SvStore: TableStore {
  var words: [UInt64: UInt64] = [:]
  var next: UInt64 = 0x8040_0000
  var left = 4096

  func read(_ address: UInt64) -> UInt64 { words[address] ?? 0 }
  func write(_ address: UInt64, _ descriptor: UInt64) { words[address] = descriptor }
  func allocate() -> UInt64? {
    guard left > 0 else { return nil }
    left -= 1
    defer { next += 4096 }
    return next
  }
}

/// A mode of satp or hgatp: RISC-V Privileged Architecture (20240411), 12.4, 12.5 and 18.5.1.
enum SvMode: String, CaseIterable, CustomTestStringConvertible {
  case sv39 = "Sv39"
  case sv48 = "Sv48"
  case sv39x4 = "Sv39x4"
  case sv48x4 = "Sv48x4"

  var levels: Int { self == .sv39 || self == .sv39x4 ? 3 : 4 }
  var isGuest: Bool { self == .sv39x4 || self == .sv48x4 }
  /// Address bits: two more for guest-physical addresses.
  var bits: UInt64 { UInt64(12 + 9 * levels + (isGuest ? 2 : 0)) }
  var startLevel: Int {
    levels == 3 ? TranslationMode.sv39.startLevel : TranslationMode.sv48.startLevel
  }
  var testDescription: String { rawValue }
}

/// `TranslationTables` with RISC-V's descriptors.
@Suite struct SvTranslationTests {
  private static let root: UInt64 = 0x8020_4000
  private let store = SvStore()
  private let attributes = PageAttributes.zone(read: true, write: true, execute: false)

  private func tables(
    _ mode: SvMode, _ store: SvStore
  ) -> TranslationTables<SvDescriptor, SvStore> {
    TranslationTables(
      store: store, root: Self.root, startLevel: mode.startLevel,
      rootMask: mode.isGuest ? 0x7ff : 0x1ff)
  }

  /// The algorithm of 12.3.2, levels counted as there: 0 is a page. Address, flags, size; nil is a fault.
  private func walk(
    _ input: UInt64, _ mode: SvMode, _ store: SvStore
  ) -> (output: UInt64, flags: UInt64, size: UInt64)? {
    guard input >> mode.bits == 0 else { return nil }
    var table = Self.root
    for level in (0..<mode.levels).reversed() {
      let shift = UInt64(12 + 9 * level)
      let isRoot = level == mode.levels - 1
      // The index in the root has 11 bits for guest-physical addresses; the table is 16 KiB.
      let index = input >> shift & (isRoot && mode.isGuest ? 0x7ff : 0x1ff)
      let entry = store.read(table + index * 8)
      // V; W without R is reserved; so are bits 63:54 without Svnapot and Svpbmt.
      guard entry & 1 != 0, entry & 6 != 4, entry >> 54 == 0 else { return nil }
      let page = entry >> 10 & 0xfff_ffff_ffff
      guard entry & 0xe != 0 else {
        // D, A and U are reserved in pointers.
        guard entry & 0xd0 == 0, level > 0 else { return nil }
        table = page << 12
        continue
      }
      // A misaligned superpage faults, and A and D are not set by hardware.
      guard page & (1 << (9 * UInt64(level)) - 1) == 0, entry & 0xc0 == 0xc0 else { return nil }
      return ((page << 12) + (input & (1 << shift - 1)), entry & 0xff, 1 << shift)
    }
    return nil
  }

  @Test(arguments: SvMode.allCases) func takesTheLargestBlock(_ mode: SvMode) {
    for (input, output, size, block) in [
      (0x4000_0000, 0x4000_0000, 0x4000_0000, 0x4000_0000),
      (0x4000_0000, 0x8000_0000, 0x2000_0000, 0x20_0000),
      (0x4000_0000, 0x8020_0000, 0x4000_0000, 0x20_0000),
      (0x4020_0000, 0x8020_0000, 0x20_0000, 0x20_0000),
      (0x4020_0000, 0x8020_1000, 0x20_0000, 0x1000),
      (0x4020_1000, 0x8020_1000, 0x20_0000, 0x1000), (0x4020_0000, 0x8020_0000, 0x1f_f000, 0x1000),
    ] as [(UInt64, UInt64, UInt64, UInt64)] {
      let store = SvStore()
      var tables = tables(mode, store)
      #expect(tables.map(input: input, output: output, size: size, attributes: attributes) == true)
      let first = walk(input, mode, store)
      let last = walk(input + size - 1, mode, store)
      #expect(first?.output == output)
      #expect(first?.size == block)
      #expect(first?.flags == attributes | 1)
      #expect(last?.output == output + size - 1)
      #expect(walk(input - 1, mode, store) == nil)
      #expect(walk(input + size, mode, store) == nil)
    }
  }

  /// The highest addresses a mode has: for a zone, in the last page of a root of 16 KiB.
  @Test(arguments: SvMode.allCases) func reachesTheEnd(_ mode: SvMode) {
    var tables = tables(mode, store)
    let end: UInt64 = 1 << mode.bits
    #expect(
      tables.map(input: end - 0x3000, output: 0x8000_1000, size: 0x3000, attributes: attributes)
        == true)
    #expect(walk(end - 1, mode, store)?.output == 0x8000_3fff)
    #expect(walk(end - 0x3001, mode, store) == nil)
    // Only the entry of the root that is meant.
    let entries = store.words.keys.filter { $0 >= Self.root && $0 < Self.root + 0x4000 }
    #expect(entries == [Self.root + (mode.isGuest ? 0x3ff8 : 0xff8)])
  }

  /// Blocks of the root itself go on from one page of it to the next.
  @Test func aRootOf16KiBIsOneTable() {
    var tables = tables(.sv39x4, store)
    let start: UInt64 = 511 << 30
    #expect(
      tables.map(input: start, output: 0, size: 3 << 30, attributes: attributes) == true)
    for gigabyte in UInt64(0)..<3 {
      let found = walk(start + gigabyte << 30, .sv39x4, store)
      #expect(found?.output == gigabyte << 30)
      #expect(found?.size == 1 << 30)
    }
    #expect(store.words.count == 3)
  }

  @Test func growsAndShrinks() {
    var tables = tables(.sv39x4, store)
    let start: UInt64 = 0x3fff_f000
    let size: UInt64 = 0x1000 + 0x4000_0000 + 0x20_0000 + 0x1000
    #expect(tables.map(input: start, output: start, size: size, attributes: attributes) == true)
    let sizes = [start, 0x4000_0000, 0x8000_0000, 0x8020_0000].map {
      walk($0, .sv39x4, store)?.size
    }
    #expect(sizes == [0x1000, 0x4000_0000, 0x20_0000, 0x1000])
  }

  @Test(arguments: SvMode.allCases) func refusesWhatIsMappedAlready(_ mode: SvMode) {
    var tables = tables(mode, store)
    #expect(
      tables.map(input: 0x4020_0000, output: 0, size: 0x40_0000, attributes: attributes) == true)
    for (input, size) in [
      (0x4020_0000, 0x40_0000), (0x4030_0000, 0x1000), (0x4040_0000, 0x20_0000),
      (0x4000_0000, 0x4000_0000), (0x401f_f000, 0x2000),
    ] as [(UInt64, UInt64)] {
      #expect(tables.map(input: input, output: 0, size: size, attributes: attributes) == false)
    }
    #expect(walk(0x405f_ffff, mode, store)?.output == 0x3f_ffff)
  }

  /// A page needs a table for each level below the root.
  @Test(arguments: SvMode.allCases) func saysWhenTablesRunOut(_ mode: SvMode) {
    for count in 0..<mode.levels - 1 {
      let store = SvStore()
      store.left = count
      var tables = tables(mode, store)
      #expect(tables.map(input: 0x1000, output: 0, size: 0x1000, attributes: attributes) == false)
      store.left = mode.levels
      #expect(tables.map(input: 0x1000, output: 0, size: 0x1000, attributes: attributes) == true)
      #expect(store.left == count + 1)
    }
  }

  /// Physical addresses have 56 bits: PPN 53:10.
  @Test func wholeAddresses() {
    let top: UInt64 = 0x00ff_ffff_ffff_f000
    #expect(SvDescriptor.table(at: top) == 0x003f_ffff_ffff_fc01)
    #expect(SvDescriptor.kind(of: SvDescriptor.table(at: top)) == .table(top))
    #expect(SvDescriptor.leaf(top, PageAttributes.code, level: 3) == 0x003f_ffff_ffff_fccb)
    #expect(SvDescriptor.kind(of: SvDescriptor.leaf(top, PageAttributes.code, level: 3)) == .leaf)
    #expect(SvDescriptor.leafDistance(0x1000) == 1 << 10)
    for permissions in UInt64(0)..<8 {
      #expect(SvDescriptor.kind(of: permissions << 1) == .empty)
      #expect(SvDescriptor.kind(of: permissions << 1 | 1) == (permissions == 0 ? .table(0) : .leaf))
    }
  }

  /// Random disjoint ranges: every edge is right, everything else faults.
  @Test(arguments: 0..<24) func agreesWithAWalk(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let mode = SvMode.allCases[Int(seed) % 4]
    var tables = tables(mode, store)
    var ranges: [(input: UInt64, output: UInt64, size: UInt64)] = []
    var input: UInt64 = seed % 3 == 0 ? 0 : (1 << mode.bits) - (64 << 30)
    for _ in 0..<12 {
      let unit: UInt64 = [0x1000, 0x20_0000, 0x4000_0000].randomElement(using: &random) ?? 0x1000
      input = (input + unit - 1) & ~(unit - 1)
      if Bool.random(using: &random) { input += unit }
      let size =
        unit * .random(in: 1...3, using: &random) + (Bool.random(using: &random) ? 0x3000 : 0)
      // Gigabytes of single pages would take long.
      let skew: UInt64 =
        [0, 0, unit >> 30 != 0 ? 0 : 0x1000, 0x20_0000].randomElement(using: &random) ?? 0
      let output = (UInt64.random(in: 0...64, using: &random) << 30) + input % 0x4000_0000 + skew
      #expect(tables.map(input: input, output: output, size: size, attributes: attributes) == true)
      ranges.append((input, output, size))
      input += size
    }
    let first = ranges[0].input
    var probes = (0..<200).map { _ in UInt64.random(in: first..<(input + 0x1000), using: &random) }
    for range in ranges {
      for edge in [range.input, range.input + range.size] {
        probes += [edge &- 1, edge].filter { $0 < 1 << mode.bits }
      }
    }
    for probe in probes {
      let found = walk(probe, mode, store)
      let range = ranges.first { probe >= $0.input && probe - $0.input < $0.size }
      #expect(found?.output == range.map { $0.output + (probe - $0.input) })
    }
  }
}
