import Boards

/// Guest memory of one zone while its parts are placed.
struct GuestSpace {
  let memory: [AddressRange]
  private(set) var used: [AddressRange]

  /// Takes the lowest place of `size` bytes at or above `floor`, at a multiple of `alignment` (a
  /// power of two), in the first memory range that has one; nil when none has.
  mutating func place(size: UInt64, alignment: UInt64, floor: UInt64 = 0) -> AddressRange? {
    let start = max(size, 1)
    for range in memory {
      guard let end = range.end else { continue }
      var candidate = max(range.base, floor)
      while true {
        let (sum, overflow) = candidate.addingReportingOverflow(alignment - 1)
        guard !overflow else { break }
        candidate = sum & ~(alignment - 1)
        guard candidate < end, end - candidate >= start else { break }
        let place = AddressRange(base: candidate, size: start)
        guard let obstacle = used.first(where: { $0.overlaps(place) }),
          let next = obstacle.end
        else {
          used.append(place)
          return place
        }
        candidate = next
      }
    }
    return nil
  }

  /// Takes exactly `range`; false when it is outside memory or in use.
  mutating func take(_ range: AddressRange) -> Bool {
    guard memory.contains(where: { $0.contains(range) }),
      !used.contains(where: { $0.overlaps(range) })
    else { return false }
    used.append(range)
    return true
  }
}
