import SepKernel
import Testing

private struct Flags: BitSet {
  let rawValue: UInt8
  static let a = Flags(rawValue: 1)
  static let b = Flags(rawValue: 2)
  static let c = Flags(rawValue: 0x80)
}

@Suite struct BitSetTests {
  @Test func behavesLikeASet() {
    #expect(Flags().rawValue == 0)
    #expect(Flags.a.union(.c).rawValue == 0x81)
    #expect(Flags.a.union(.b).subtracting(.a) == .b)
    #expect(Flags.b.subtracting(.a) == .b)
    #expect(Flags.a.union(.b).contains(.a))
    #expect(Flags.a.union(.b).contains(.a.union(.b)))
    #expect(Flags.a != .b)
  }

  @Test func containsAllOrNothing() {
    #expect(!Flags.a.contains(.a.union(.b)))
    #expect(!Flags().contains(.a))
    // The empty set is in every set.
    #expect(Flags().contains(Flags()))
    #expect(Flags.c.contains(Flags()))
  }
}
