/// A half-open range of addresses, by base and size in bytes.
public struct AddressRange: Equatable, Hashable, Sendable {
  /// The first address.
  public var base: UInt64
  /// Bytes.
  public var size: UInt64

  /// `size` bytes from `base` on.
  public init(base: UInt64, size: UInt64) {
    self.base = base
    self.size = size
  }

  /// One past the last address, or nil when the range leaves the 64-bit address space.
  public var end: UInt64? {
    let (end, overflow) = base.addingReportingOverflow(size)
    return overflow ? nil : end
  }

  /// Whether every address of `other` is in this range. False for a range that wraps.
  public func contains(_ other: AddressRange) -> Bool {
    guard let end, let otherEnd = other.end else { return false }
    return base <= other.base && otherEnd <= end
  }

  /// Whether `address` is in this range.
  public func contains(_ address: UInt64) -> Bool {
    address >= base && address - base < size
  }

  /// What is left of this range, which does not wrap, without the addresses of `hole`.
  public func without(_ hole: AddressRange) -> [AddressRange] {
    guard overlaps(hole), let end, let holeEnd = hole.end else { return [self] }
    var pieces: [AddressRange] = []
    if base < hole.base { pieces.append(AddressRange(base: base, size: hole.base - base)) }
    if holeEnd < end { pieces.append(AddressRange(base: holeEnd, size: end - holeEnd)) }
    return pieces
  }

  /// Whether the two ranges share an address. An empty range overlaps nothing.
  public func overlaps(_ other: AddressRange) -> Bool {
    guard size > 0, other.size > 0 else { return false }
    return contains(other.base) || other.contains(base)
  }
}

extension AddressRange: CustomStringConvertible {
  /// `0x40000000-0x47ffffff`: both ends inclusive, as QEMU and Linux print ranges.
  public var description: String {
    guard size > 0 else { return "0x\(String(base, radix: 16)) (empty)" }
    let last = base.addingReportingOverflow(size - 1)
    let lastText = last.overflow ? "beyond 2^64" : "0x\(String(last.partialValue, radix: 16))"
    return "0x\(String(base, radix: 16))-\(lastText)"
  }
}
