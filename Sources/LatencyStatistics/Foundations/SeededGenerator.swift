/// Random numbers that are the same on every machine for the same seed, so that a report can be made
/// again to the last digit: SplitMix64 (Steele, Lea and Flood 2014, OOPSLA, figure 4).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Any seed is as good as any other.
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mixed(state)
  }

  /// Uniform in the open interval 0-1.
  public mutating func nextUnit() -> Double {
    (Double(next() >> 11) + 0.5) * 0x1p-53
  }

  /// The output function by itself: a hash of 64 bits.
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
