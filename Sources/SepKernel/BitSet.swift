/// A set of flag bits: what `OptionSet` is, without its array-literal initialiser, which the image's
/// `-no-allocations` mode rejects.
public protocol BitSet: Equatable, Sendable {
  /// The integer whose bits are the flags.
  associatedtype RawValue: FixedWidthInteger & Sendable
  /// The bits.
  var rawValue: RawValue { get }
  /// The set with exactly these bits.
  init(rawValue: RawValue)
}

extension BitSet {
  /// The empty set.
  @inlinable
  public init() { self.init(rawValue: 0) }

  /// Whether every flag of `other` is set.
  @inlinable
  public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }

  /// The flags of either.
  @inlinable
  public func union(_ other: Self) -> Self { Self(rawValue: rawValue | other.rawValue) }

  /// The flags that are not in `other`.
  @inlinable
  public func subtracting(_ other: Self) -> Self { Self(rawValue: rawValue & ~other.rawValue) }

  /// Whether both have the same flags.
  public static func == (a: Self, b: Self) -> Bool { a.rawValue == b.rawValue }
}
