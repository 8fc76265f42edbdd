import PlanTestSupport
import SepKernel
import Testing

/// Every byte of a Plan matters: changed, it makes the Plan refused, or it is one of few fields where
/// another value is another valid Plan.
@Suite struct PlanFlipTests {
  /// Bits that are flipped in each byte: all, or one that differs from byte to byte.
  enum Pattern: CaseIterable {
    case wholeByte, oneBit
    func bits(at offset: Int) -> UInt8 {
      switch self {
      case .wholeByte: 0xff
      case .oneBit: 1 << UInt8((offset / 8 + offset) % 8)
      }
    }
  }

  @Test(arguments: PlanInterruptControllerKind.allCases)
  func withoutNewChecksumEveryFlipIsRefused(_ kind: PlanInterruptControllerKind) {
    let builder = PlanBuilder.small(kind)
    builder.seal()
    let bytes = UnsafeMutableRawPointer(builder.plan).assumingMemoryBound(to: UInt8.self)
    for offset in 0..<builder.byteCount {
      let bit = UInt8(1) << UInt8(offset % 8)
      bytes[offset] ^= bit
      #expect(builder.currentVerdict() != nil, "byte \(offset)")
      bytes[offset] ^= bit
    }
    #expect(builder.currentVerdict() == nil)
  }

  @Test(arguments: Pattern.allCases, PlanInterruptControllerKind.allCases)
  func withNewChecksumOnlyFreeFieldsMayChange(
    _ pattern: Pattern, _ kind: PlanInterruptControllerKind
  ) {
    let builder = PlanBuilder.small(kind)
    builder.seal()
    let byteCount = builder.byteCount
    let bytes = UnsafeMutableRawPointer(builder.plan).assumingMemoryBound(to: UInt8.self)
    var admitted = 0
    for offset in 0..<byteCount where !(32..<40).contains(offset) {
      bytes[offset] ^= pattern.bits(at: offset)
      // The count of zones decides how far the checksum reaches.
      if builder.plan.pointee.header.zoneCount == 2 { builder.sealChecksum() }
      let verdict = builder.currentVerdict()
      if let verdict {
        let reasons = BruteForceChecker.reasons(builder.bytes, builder.context)
        #expect(
          reasons.contains(verdict.reason), "byte \(offset): \(verdict.reason.name), not \(reasons)"
        )
      } else {
        admitted += 1
        let field = PlanField.at(offset, kind)
        #expect(field.isFree, "byte \(offset) (\(field.name)) with \(pattern) is admitted")
        let reasons = BruteForceChecker.reasons(builder.bytes, builder.context)
        #expect(reasons.isEmpty, "byte \(offset) (\(field.name)): \(reasons)")
      }
      bytes[offset] ^= pattern.bits(at: offset)
    }
    // Hash, arguments, frequency and more are free: if nothing is admitted, the test is broken.
    #expect(admitted > 16 + 2 * 32)
    builder.sealChecksum()
    #expect(builder.currentVerdict() == nil)
  }
}
