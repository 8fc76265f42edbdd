import Arch
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
}
