/// Arithmetic on ranges of addresses that no input can make trap or wrap.
extension PlanRegion {
  /// First address after the region. Meaningful once `lies(below:)` holds.
  @inlinable
  public var end: UInt64 {
    // &+: callers have established that the region does not wrap; a wrapped value must not trap.
    base &+ size
  }

  /// Whether base and size are multiples of `PlanLimits.granule`.
  @inlinable
  public var isGranular: Bool { (base | size) & (PlanLimits.granule - 1) == 0 }

  /// Whether every byte lies below `limit` and the region does not wrap around.
  @inlinable
  public func lies(below limit: UInt64) -> Bool { base <= limit && size <= limit - base }

  /// Whether every byte of `other` lies in this region; holds for no `other` that wraps around.
  @inlinable
  public func contains(_ other: PlanRegion) -> Bool {
    guard other.base >= base else { return false }
    let offset = other.base - base
    return offset <= size && other.size <= size - offset
  }

  /// Whether the two have a byte in common. Neither may wrap around; an empty region overlaps nothing.
  @inlinable
  public func overlaps(_ other: PlanRegion) -> Bool {
    max(base, other.base) < min(end, other.end)
  }
}

extension PlanRange {
  /// The range as the zone sees it.
  @inlinable
  public var guestRegion: PlanRegion { PlanRegion(base: guest, size: size) }

  /// The range as hardware sees it.
  @inlinable
  public var hostRegion: PlanRegion { PlanRegion(base: host, size: size) }
}

extension PlanPayload {
  /// Where the pristine copy is, host-physical.
  @inlinable
  public var sourceRegion: PlanRegion { PlanRegion(base: source, size: fileSize) }

  /// What it fills, guest-physical, the zeroed tail included.
  @inlinable
  public var guestRegion: PlanRegion { PlanRegion(base: guest, size: memorySize) }
}
