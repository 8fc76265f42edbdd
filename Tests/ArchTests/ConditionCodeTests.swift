import Arch
import Testing

@Suite struct ConditionCodeTests {
  @Test func followsTheArchitecture() {
    // EQ, NE, GT, AL, and the unconditional space.
    #expect(ConditionCode.holds(0, flags: 0b0100))
    #expect(!ConditionCode.holds(1, flags: 0b0100))
    #expect(ConditionCode.holds(12, flags: 0b1001))
    #expect(!ConditionCode.holds(12, flags: 0b1000))
    #expect(ConditionCode.holds(14, flags: 0))
    #expect(ConditionCode.holds(15, flags: 0))
  }
}
