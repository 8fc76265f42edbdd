import Boards
import SepKernel

/// How many 4 KiB tables of the second stage a zone can need at most.
///
/// The second stage has a 4 KiB granule and three levels: AArch64 starts at level 1 (Arm ARM D8.2),
/// RISC-V is Sv39x4 (Privileged ISA, "Guest-Page Translation"), whose root is larger. A zone needs a
/// live and a master root, one table for each 1 GiB of guest-physical addresses it touches, and one
/// for each 2 MiB that cannot be a block: the edges of a range, and all of a range whose guest and
/// host addresses are not congruent modulo 2 MiB. 1 GiB blocks only make it less.
struct TablePool {
  private let rootTables: Int
  private var level2: Set<UInt64> = []
  private var level3: Set<UInt64> = []

  static let tableSize: UInt64 = 4096

  init(_ architecture: PlanArchitecture) {
    // The two roots lie side by side, aligned to their size.
    rootTables = Int(2 * TablePool.alignment(on: architecture) / TablePool.tableSize) - 1
  }

  /// What a zone's pair of roots is aligned to: its size.
  static func alignment(on architecture: PlanArchitecture) -> UInt64 {
    2 * architecture.rootTableSize
  }
  private static let block: UInt64 = 2 << 20

  /// Counts a guest-physical range; `congruent`: its host address is the same modulo 2 MiB.
  mutating func add(_ guest: AddressRange, congruent: Bool) {
    guard guest.size > 0, let end = guest.end else { return }
    for slot in (guest.base >> 30)...((end - 1) >> 30) { level2.insert(slot) }
    let first = guest.base / TablePool.block
    let last = (end - 1) / TablePool.block
    if congruent {
      if guest.base % TablePool.block != 0 { level3.insert(first) }
      if end % TablePool.block != 0 { level3.insert(last) }
    } else {
      for slot in first...last { level3.insert(slot) }
    }
  }

  /// Tables for this zone.
  var tableCount: Int { rootTables + level2.count + level3.count }
}
