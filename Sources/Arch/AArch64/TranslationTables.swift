/// Where translation tables live: memory in the kernel, a dictionary in tests.
public protocol TableStore {
  /// The descriptor at `address`.
  func read(_ address: UInt64) -> UInt64
  /// Replaces the descriptor at `address`.
  func write(_ address: UInt64, _ descriptor: UInt64)
  /// A zeroed 4 KiB table, or nil when there is none left.
  mutating func allocate() -> UInt64?
}

/// Builds translation tables of the AArch64 4 KiB granule (DDI 0487, D8.2), for EL2's own stage 1 and
/// for stage 2, with the largest blocks that fit.
public struct TranslationTables<Store: TableStore> {
  /// The memory of the tables.
  public var store: Store
  /// Address of the root table.
  public let root: UInt64
  /// Level of the root.
  let startLevel: Int

  /// Tables below `root`, a zeroed table of level `startLevel`.
  public init(store: Store, root: UInt64, startLevel: Int) {
    self.store = store
    self.root = root
    self.startLevel = startLevel
  }

  /// Output address of a descriptor.
  static var addressMask: UInt64 { 0x0000_ffff_ffff_f000 }

  /// Address bits below an entry of `level`.
  @inline(__always)
  static func shift(_ level: Int) -> UInt64 { UInt64(39 - 9 * level) }

  /// Address of the descriptor for `input` at `level`, with the tables above it; nil when tables run
  /// out or a block is in the way.
  public mutating func entry(for input: UInt64, level: Int) -> UInt64? {
    var table = root
    var current = startLevel
    while true {
      let address = table + (input >> Self.shift(current) & 0x1ff) * 8
      if current == level { return address }
      let descriptor = store.read(address)
      switch descriptor & 3 {
      case 0:
        guard let new = store.allocate() else { return nil }
        store.write(address, new | 3)
        table = new
      case 3:
        table = descriptor & Self.addressMask
      default:
        return nil
      }
      current += 1
    }
  }

  /// Maps `size` bytes at `input` to `output`. All three are multiples of 4 KiB; nothing is mapped
  /// there yet. False when tables run out or something is mapped already.
  public mutating func map(
    input: UInt64, output: UInt64, size: UInt64, attributes: UInt64
  ) -> Bool {
    var done: UInt64 = 0
    while done < size {
      let from = input + done
      let level = Self.level(for: from | (output + done), remaining: size - done)
      guard var address = entry(for: from, level: level) else { return false }
      let block: UInt64 = 1 << Self.shift(level)
      let kind: UInt64 = level == 3 ? 3 : 1
      // Its neighbours: larger blocks begin only where this table ends.
      var count = min((0x1000 - (address & 0xfff)) / 8, (size - done) >> Self.shift(level))
      var descriptor = (output + done) | attributes | kind
      done += count << Self.shift(level)
      while count > 0 {
        guard store.read(address) == 0 else { return false }
        store.write(address, descriptor)
        descriptor += block
        address += 8
        count -= 1
      }
    }
    return true
  }

  /// The largest block for an address pair: 1 GiB, 2 MiB or 4 KiB.
  static func level(for bits: UInt64, remaining: UInt64) -> Int {
    if bits & 0x3fff_ffff == 0, remaining >= 0x4000_0000 { return 1 }
    if bits & 0x1f_ffff == 0, remaining >= 0x20_0000 { return 2 }
    return 3
  }
}
