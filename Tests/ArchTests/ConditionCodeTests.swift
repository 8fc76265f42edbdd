import ArchAArch64
import Testing

/// DDI 0487, F1.3.1: table F1-1, spelled out.
@Suite struct ConditionCodeTests {
  @Test(arguments: UInt32(0)..<16) func completeTruthTable(_ flags: UInt32) {
    let n = flags & 8 != 0
    let z = flags & 4 != 0
    let c = flags & 2 != 0
    let v = flags & 1 != 0
    let table: [(name: String, holds: Bool)] = [
      ("EQ", z), ("NE", !z), ("CS", c), ("CC", !c), ("MI", n), ("PL", !n), ("VS", v), ("VC", !v),
      ("HI", c && !z), ("LS", !c || z), ("GE", n == v), ("LT", n != v), ("GT", !z && n == v),
      ("LE", z || n != v), ("AL", true), ("unconditional", true),
    ]
    for (condition, row) in table.enumerated() {
      #expect(
        ConditionCode.holds(UInt32(condition), flags: flags) == row.holds, "\(row.name) \(flags)")
    }
  }

  /// DDI 0487, F1.2.1: a block of four, instruction by instruction, then none. ITSTATE is split over
  /// SPSR bits 15:10 (its 7:2) and 26:25 (its 1:0).
  @Test func advancesABlock() {
    func state(_ block: UInt64) -> UInt64 { 0x6000_01d3 | (block & 0xfc) << 8 | (block & 3) << 25 }
    // ITTET EQ: condition 0000, mask 0101 becomes 1010, ...
    let steps: [UInt64] = [0b0000_0101, 0b0000_1010, 0b0001_0100, 0b0000_1000, 0]
    for (now, next) in zip(steps, steps.dropFirst()) {
      #expect(ConditionCode.advanceBlock(state(now)) == state(next))
    }
    #expect(ConditionCode.advanceBlock(state(0)) == state(0))
  }
}
