/// Where translation tables live: memory in the kernel, a dictionary in tests.
public protocol TableStore {
  /// The descriptor at `address`.
  func read(_ address: UInt64) -> UInt64
  /// Replaces the descriptor at `address`.
  func write(_ address: UInt64, _ descriptor: UInt64)
  /// A zeroed 4 KiB table, or nil when there is none left.
  mutating func allocate() -> UInt64?
}

/// How an architecture writes a descriptor. Everything else is the same wherever a table is a page of
/// 512 descriptors of 8 bytes: levels 0 to 3, of which a level 3 descriptor maps 4 KiB.
public protocol TableFormat {
  /// The descriptor of the table at `address`.
  static func table(at address: UInt64) -> UInt64
  /// The descriptor that maps `output`, with `attributes` of this format, at `level`.
  static func leaf(_ output: UInt64, _ attributes: UInt64, level: Int) -> UInt64
  /// What two leaves whose outputs are `size` bytes apart differ by.
  static func leafDistance(_ size: UInt64) -> UInt64
  /// What a descriptor is.
  static func kind(of descriptor: UInt64) -> TableEntryKind
}

/// What a descriptor of a level above the last is.
public enum TableEntryKind: Equatable {
  /// Nothing is mapped.
  case empty
  /// The address of the table of the next level.
  case table(UInt64)
  /// A block.
  case leaf
}

/// Builds translation tables with the largest blocks that fit: 1 GiB, 2 MiB, 4 KiB.
public struct TranslationTables<Format: TableFormat, Store: TableStore> {
  /// The memory of the tables.
  public var store: Store
  /// Address of the root table.
  public let root: UInt64
  /// Level of the root.
  let startLevel: Int
  /// Descriptors of the root, less one: RISC-V's guest-physical roots have 2,048.
  let rootMask: UInt64

  /// Tables below `root`, a zeroed table of level `startLevel`.
  public init(store: Store, root: UInt64, startLevel: Int, rootMask: UInt64 = 0x1ff) {
    self.store = store
    self.root = root
    self.startLevel = startLevel
    self.rootMask = rootMask
  }

  /// Address bits below an entry of `level`.
  @inline(__always)
  static func shift(_ level: Int) -> UInt64 { UInt64(39 - 9 * level) }

  /// Address of the descriptor for `input` at `level`, with the tables above it; nil when tables run
  /// out or a block is in the way.
  public mutating func entry(for input: UInt64, level: Int) -> UInt64? {
    var table = root
    var current = startLevel
    var mask = rootMask
    while true {
      let address = table + (input >> Self.shift(current) & mask) * 8
      if current == level { return address }
      switch Format.kind(of: store.read(address)) {
      case .empty:
        guard let new = store.allocate() else { return nil }
        store.write(address, Format.table(at: new))
        table = new
      case .table(let next):
        table = next
      case .leaf:
        return nil
      }
      current += 1
      mask = 0x1ff
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
      // Its neighbours: larger blocks begin only where this table ends.
      var count = min((0x1000 - (address & 0xfff)) / 8, (size - done) >> Self.shift(level))
      var descriptor = Format.leaf(output + done, attributes, level: level)
      done += count << Self.shift(level)
      while count > 0 {
        guard store.read(address) == 0 else { return false }
        store.write(address, descriptor)
        descriptor += Format.leafDistance(block)
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
