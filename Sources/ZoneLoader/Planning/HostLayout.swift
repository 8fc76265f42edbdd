import Boards

/// Free host-physical memory, given out first fit. Deterministic: the same requests in the same
/// order get the same addresses.
struct HostLayout {
  /// Free ranges, ascending and disjoint.
  private(set) var free: [AddressRange]

  init(ram: [AddressRange]) {
    free = ram
  }

  /// Largest free range, in bytes.
  var largestFree: UInt64 { free.map { $0.size }.max() ?? 0 }

  /// Takes exactly `range`; false when not all of it is free.
  mutating func take(_ range: AddressRange) -> Bool {
    guard let index = free.firstIndex(where: { $0.contains(range) }), let end = range.end,
      let freeEnd = free[index].end
    else { return false }
    let hole = free.remove(at: index)
    let pieces = [
      AddressRange(base: hole.base, size: range.base - hole.base),
      AddressRange(base: end, size: freeEnd - end),
    ]
    free.insert(contentsOf: pieces.filter { $0.size > 0 }, at: index)
    return true
  }

  /// Takes the lowest free `size` bytes whose base is congruent to `address` modulo `modulus`, a
  /// power of two; nil when there is no room.
  mutating func allocate(
    size: UInt64, congruentTo address: UInt64, modulus: UInt64
  ) -> UInt64? {
    for hole in free {
      // &-: only the low bits matter.
      let skip = (address &- hole.base) & (modulus - 1)
      guard hole.size >= skip, hole.size - skip >= size else { continue }
      let base = hole.base + skip
      return take(AddressRange(base: base, size: size)) ? base : nil
    }
    return nil
  }

  /// As `allocate(size:congruentTo:modulus:)`, but the highest.
  mutating func allocateHighest(
    size: UInt64, congruentTo address: UInt64, modulus: UInt64
  ) -> UInt64? {
    for hole in free.reversed() {
      guard hole.size >= size else { continue }
      let highest = hole.base + (hole.size - size)
      // &-: only the low bits matter.
      let skip = (highest &- address) & (modulus - 1)
      guard highest - hole.base >= skip else { continue }
      let base = highest - skip
      return take(AddressRange(base: base, size: size)) ? base : nil
    }
    return nil
  }

  /// Takes memory for a guest range, so that stage 2 can use the largest blocks: congruent modulo
  /// 1 GiB where that fits and helps, else modulo 2 MiB, else any page.
  mutating func allocate(size: UInt64, for guest: UInt64) -> UInt64? {
    if size >= 1 << 30, let base = allocate(size: size, congruentTo: guest, modulus: 1 << 30) {
      return base
    }
    let modulus: UInt64 = size >= 2 << 20 ? 2 << 20 : 4096
    return allocate(size: size, congruentTo: guest, modulus: modulus)
  }
}
