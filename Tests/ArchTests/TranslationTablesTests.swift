import PlanTestSupport
import Testing

@testable import ArchAArch64
@testable import ArchCommon

/// Tables in a dictionary; a class, so that every copy of the builder sees the same memory.
private final class DictionaryStore: TableStore {
  var words: [UInt64: UInt64] = [:]
  /// Tables given out, and how many there are.
  var next: UInt64
  var left: Int

  init(next: UInt64 = 0x10_0000, tables: Int = 4096) {
    self.next = next
    left = tables
  }

  func read(_ address: UInt64) -> UInt64 { words[address] ?? 0 }
  func write(_ address: UInt64, _ descriptor: UInt64) { words[address] = descriptor }
  func allocate() -> UInt64? {
    guard left > 0 else { return nil }
    left -= 1
    defer { next += 4096 }
    return next
  }

  /// What the hardware's table walk finds: DDI 0487, D8.2. Output address, attributes, block size.
  func walk(
    _ input: UInt64, root: UInt64, startLevel: Int
  ) -> (output: UInt64, attributes: UInt64, size: UInt64)? {
    var table = root
    for level in startLevel...3 {
      let shift = UInt64(12 + 9 * (3 - level))
      let descriptor = read(table + (input >> shift & 511) * 8)
      let size: UInt64 = 1 << shift
      let address = descriptor & 0x0000_ffff_ffff_f000
      switch (descriptor & 3, level) {
      case (3, 3), (1, 1), (1, 2):
        // Bits of a block's address below its size are reserved, zero.
        guard address & (size - 1) == 0 else { return nil }
        return (address + input & (size - 1), descriptor & ~0x0000_ffff_ffff_f003, size)
      case (3, _): table = address
      default: return nil
      }
    }
    return nil
  }
}

@Suite struct TranslationTablesTests {
  private let store = DictionaryStore()
  private let attributes: UInt64 = 0x0040_0000_0000_07c0

  private func tables(startLevel: Int) -> TranslationTables<Descriptor, DictionaryStore> {
    TranslationTables(store: store, root: 0x8000, startLevel: startLevel)
  }

  @Test(
    arguments: [
      (0x4000_0000, 0x4000_0000, 0x4000_0000, 0x4000_0000),  // 1 GiB
      (0x4000_0000, 0x8000_0000, 0x2000_0000, 0x20_0000),  // too short for it
      (0x4000_0000, 0x8020_0000, 0x4000_0000, 0x20_0000),  // output is not aligned
      (0x4020_0000, 0x8020_0000, 0x4000_0000, 0x20_0000),  // neither is
      (0x4020_0000, 0x8020_0000, 0x20_0000, 0x20_0000),
      (0x4020_0000, 0x8020_1000, 0x20_0000, 0x1000),
      (0x4020_1000, 0x8020_1000, 0x20_0000, 0x1000), (0x4020_0000, 0x8020_0000, 0x1f_f000, 0x1000),
    ] as [(UInt64, UInt64, UInt64, UInt64)])
  func takesTheLargestBlock(_ input: UInt64, _ output: UInt64, _ size: UInt64, _ block: UInt64) {
    for startLevel in [0, 1] {
      let store = DictionaryStore()
      var tables = TranslationTables<Descriptor, DictionaryStore>(
        store: store, root: 0x8000, startLevel: startLevel)
      #expect(tables.map(input: input, output: output, size: size, attributes: attributes) == true)
      let first = store.walk(input, root: 0x8000, startLevel: startLevel)
      #expect(first?.output == output)
      #expect(first?.size == block)
      #expect(first?.attributes == attributes)
    }
  }

  /// From a page to blocks to a page: each part as large as it can be.
  @Test func growsAndShrinks() {
    var tables = tables(startLevel: 1)
    let start: UInt64 = 0x3fff_f000
    let size: UInt64 = 0x1000 + 0x4000_0000 + 0x20_0000 + 0x1000
    #expect(tables.map(input: start, output: start, size: size, attributes: attributes) == true)
    let sizes = [start, 0x4000_0000, 0x8000_0000, 0x8020_0000].map {
      store.walk($0, root: 0x8000, startLevel: 1)?.size
    }
    #expect(sizes == [0x1000, 0x4000_0000, 0x20_0000, 0x1000])
    #expect(store.walk(start - 1, root: 0x8000, startLevel: 1) == nil)
    #expect(store.walk(start + size, root: 0x8000, startLevel: 1) == nil)
  }

  @Test func refusesWhatIsMappedAlready() {
    var tables = tables(startLevel: 1)
    #expect(
      tables.map(input: 0x4020_0000, output: 0, size: 0x40_0000, attributes: attributes) == true)
    // The same, a page inside a block, a block over blocks, a large block over a table.
    for (input, size) in [
      (0x4020_0000, 0x40_0000), (0x4030_0000, 0x1000), (0x4040_0000, 0x20_0000),
      (0x4000_0000, 0x4000_0000), (0x401f_f000, 0x2000),
    ] as [(UInt64, UInt64)] {
      #expect(tables.map(input: input, output: 0, size: size, attributes: attributes) == false)
    }
    #expect(store.walk(0x4020_0000, root: 0x8000, startLevel: 1)?.output == 0)
    #expect(store.walk(0x405f_ffff, root: 0x8000, startLevel: 1)?.output == 0x3f_ffff)
  }

  @Test(arguments: 0..<3) func saysWhenTablesRunOut(_ count: Int) {
    let store = DictionaryStore(tables: count)
    var tables = TranslationTables<Descriptor, DictionaryStore>(
      store: store, root: 0x8000, startLevel: 0)
    // A page at level 3 below a root at level 0 needs three tables.
    #expect(tables.map(input: 0x1000, output: 0, size: 0x1000, attributes: attributes) == false)
    store.left = 3
    #expect(tables.map(input: 0x1000, output: 0, size: 0x1000, attributes: attributes) == true)
  }

  @Test func mapsNothingForNoBytes() {
    var tables = tables(startLevel: 1)
    #expect(tables.map(input: 0x1000, output: 0, size: 0, attributes: attributes) == true)
    #expect(store.words.isEmpty)
  }

  /// The kernel's copy windows: an entry to be filled later, with its tables above it.
  @Test func findsAnEntry() throws {
    var tables = tables(startLevel: 0)
    let input: UInt64 = 0x7f80_0020_0000
    let found = tables.entry(for: input, level: 2)
    let entry = try #require(found)
    store.write(entry, 0x4000_0000 | attributes | 1)
    #expect(store.walk(input + 5, root: 0x8000, startLevel: 0)?.output == 0x4000_0005)
    #expect(store.walk(input - 1, root: 0x8000, startLevel: 0) == nil)
    #expect(tables.entry(for: input, level: 2) == entry)
    // Below a block there is no table.
    #expect(tables.entry(for: input, level: 3) == nil)
  }

  /// Random disjoint ranges: every edge is right, everything else is unmapped, blocks are largest.
  @Test(arguments: 0..<30) func agreesWithAWalk(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let startLevel = Int.random(in: 0...1, using: &random)
    var tables = tables(startLevel: startLevel)
    var ranges: [(input: UInt64, output: UInt64, size: UInt64)] = []
    var input: UInt64 = 0
    for _ in 0..<12 {
      let unit: UInt64 = [0x1000, 0x20_0000, 0x4000_0000].randomElement(using: &random) ?? 0x1000
      input = (input + unit - 1) & ~(unit - 1)
      if Bool.random(using: &random) { input += unit }
      let size =
        unit * .random(in: 1...3, using: &random) + (Bool.random(using: &random) ? 0x3000 : 0)
      let skew: UInt64 = [0, 0, 0x1000, 0x20_0000].randomElement(using: &random) ?? 0
      let output = (UInt64.random(in: 0...64, using: &random) << 30) + input % 0x4000_0000 + skew
      #expect(tables.map(input: input, output: output, size: size, attributes: attributes) == true)
      ranges.append((input, output, size))
      input += size
    }
    var probes: [UInt64] = (0..<200).map { _ in .random(in: 0..<(input + 0x1000), using: &random) }
    for range in ranges {
      for edge in [range.input, range.input + range.size] {
        probes += [edge &- 1, edge].filter { $0 < 1 << 39 }
      }
    }
    for probe in probes {
      let found = store.walk(probe, root: 0x8000, startLevel: startLevel)
      let range = ranges.first { probe >= $0.input && probe - $0.input < $0.size }
      #expect(found?.output == range.map { $0.output + (probe - $0.input) })
      if let found, let range {
        #expect(found.attributes == attributes)
        // No larger block would have fitted here.
        for larger in [0x20_0000, 0x4000_0000] as [UInt64] where larger > found.size {
          let start = probe & ~(larger - 1)
          let fits =
            start >= range.input && start + larger <= range.input + range.size
            && (range.output &- range.input) & (larger - 1) == 0
          #expect(!fits, "\(probe)")
        }
      }
    }
  }
}
