#if hasFeature(Embedded)
/// Marsaglia's xorshift64: the same seed gives the same attacks.
struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed == 0 ? 1 : seed }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// Below `limit`, which is not zero.
  mutating func next(below limit: UInt64) -> UInt64 { next() % limit }

  /// 0, all ones, one bit, a small number or anything.
  mutating func argument() -> UInt64 {
    switch next(below: 5) {
    case 0: 0
    case 1: UInt64.max
    case 2: 1 << next(below: 64)
    case 3: next(below: 64)
    default: next()
    }
  }
}
#endif
