import PlanTestSupport
import SepKernel
import Testing

/// Random Plans, judged by `PlanCheck` and by `BruteForceChecker`.
@Suite struct PlanPropertyTests {
  @Test(arguments: 0..<8)
  func plansValidByConstructionAreAdmittedByBoth(_ worker: Int) {
    var generator = PlanGenerator(seed: UInt64(worker))
    for number in 0..<40 {
      let builder = generator.next()
      let label = Comment("seed \(worker), plan \(number)")
      #expect(builder.currentVerdict() == nil, label)
      #expect(BruteForceChecker.reasons(builder.bytes, builder.context).isEmpty, label)
    }
  }

  /// One to three words changed in each Plan: neighbours, copies of other words, extreme values, bits.
  @Test(arguments: 0..<8)
  func bothAgreeOnChangedPlans(_ worker: Int) {
    var generator = PlanGenerator(seed: 1000 + UInt64(worker))
    var random = SeededGenerator(seed: 2000 + UInt64(worker))
    var refused = 0
    var admitted = 0
    for number in 0..<20 {
      let original = generator.next()
      let bytes = original.bytes
      for change in 0..<25 {
        original.bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) { Self.change(original, &random) }
        original.sealChecksum()
        let verdict = original.currentVerdict()
        let reasons = BruteForceChecker.reasons(original.bytes, original.context)
        let label = Comment("seed \(worker), plan \(number), change \(change): \(reasons)")
        if let verdict {
          refused += 1
          #expect(reasons.contains(verdict.reason), label)
        } else {
          admitted += 1
          #expect(reasons.isEmpty, label)
        }
      }
    }
    // Both outcomes must be frequent, or the test says nothing.
    #expect(refused > 100)
    #expect(admitted > 25)
  }

  /// Changes a word that means something, without moving the end of the Plan.
  private static func change(_ builder: PlanBuilder, _ random: inout SeededGenerator) {
    let words = UnsafeMutableRawPointer(builder.plan).assumingMemoryBound(to: UInt64.self)
    let count = builder.byteCount / 8
    let idle: UInt64 = 0x00ff_00ff_00ff_00ff
    let used = (5..<count).filter { words[$0] != 0 && words[$0] != idle && words[$0] != 0xff }
    guard let target = used.randomElement(using: &random) else { return }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: words[target] &+= 4096
    case 1: words[target] &-= 4096
    case 2: words[target] = words[used.randomElement(using: &random) ?? target]
    case 3:
      let extremes: [UInt64] = [0, 1, 4096, 1 << 38, 1 << 39, 1 << 47, 1 << 48, .max, 0 &- 4096]
      words[target] = extremes.randomElement(using: &random) ?? 0
    case 4: words[target] ^= 1 << UInt64.random(in: 0..<64, using: &random)
    default: words[target] ^= 1 << UInt64.random(in: 0..<16, using: &random)
    }
  }
}
