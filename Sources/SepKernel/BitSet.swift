/// A set of flag bits: what `OptionSet` is, without its array-literal initialiser, which the image's
/// `-no-allocations` mode rejects.
public protocol BitSet: Equatable, Sendable {
  associatedtype RawValue: FixedWidthInteger & Sendable
  var rawValue: RawValue { get }
  init(rawValue: RawValue)
}

extension BitSet {
  @inlinable
  public init() { self.init(rawValue: 0) }

  @inlinable
  public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }

  @inlinable
  public func union(_ other: Self) -> Self { Self(rawValue: rawValue | other.rawValue) }

  @inlinable
  public func subtracting(_ other: Self) -> Self { Self(rawValue: rawValue & ~other.rawValue) }

  public static func == (a: Self, b: Self) -> Bool { a.rawValue == b.rawValue }
}
