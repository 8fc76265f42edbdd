import PlanTestSupport
import SepKernel
import Testing

/// One way to break the small Plans, and the error that must come of it.
struct PlanRefusal: Sendable, CustomTestStringConvertible {
  let error: PlanError
  /// The interrupt controllers whose small Plans it breaks so.
  let kinds: [PlanInterruptControllerKind]
  /// Whether the byte count is made to fit afterwards; the checksum always is.
  let reseal: Bool
  let damage: @Sendable (PlanBuilder) -> Void

  init(
    _ error: PlanError, on kinds: [PlanInterruptControllerKind] = [.gicV2, .gicV3, .plic, .aia],
    reseal: Bool = true, _ damage: @escaping @Sendable (PlanBuilder) -> Void
  ) {
    self.error = error
    self.kinds = kinds
    self.reseal = reseal
    self.damage = damage
  }

  var testDescription: String { error.reason.name.description }

  static let all =
    header + board + devices + controllers + kernel + owners + cpus + releases + zones + ranges
    + payloads + realtime
}

@Suite struct PlanErrorTests {
  @Test(arguments: PlanRefusal.all)
  func refused(_ refusal: PlanRefusal) {
    for kind in refusal.kinds {
      let builder = PlanBuilder.small(kind)
      refusal.damage(builder)
      if refusal.reseal { builder.seal() } else { builder.sealChecksum() }
      #expect(builder.currentVerdict() == refusal.error, "\(kind)")
    }
  }

  @Test(arguments: PlanInterruptControllerKind.allCases)
  func undamagedPlansAreAdmitted(_ kind: PlanInterruptControllerKind) {
    #expect(PlanBuilder.small(kind).verdict() == nil)
  }

  /// These reasons cannot come of a sealed small Plan; `PlanHeaderTests` shows them.
  static let shownElsewhere: Set<PlanError.Reason> = [
    .truncated, .misaligned, .checksum,
  ]

  @Test func everyReasonIsShown() {
    let shown = Set(PlanRefusal.all.map(\.error.reason))
    #expect(shown.union(Self.shownElsewhere) == Set(PlanError.Reason.allCases))
    #expect(shown.isDisjoint(with: Self.shownElsewhere))
  }

  @Test func namesAndCodesAreDistinct() {
    let reasons = PlanError.Reason.allCases
    #expect(Set(reasons.map { $0.name.description }).count == reasons.count)
    #expect(Set(reasons.map(\.rawValue)).count == reasons.count)
    for reason in reasons {
      #expect(
        reason.name.description.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
    }
  }

  @Test(arguments: PlanError.Reason.allCases)
  func descriptionIsASentence(_ reason: PlanError.Reason) {
    let text = PlanError(reason, zone: 1, item: 2, otherZone: 0, otherItem: 3).description
    #expect(text.hasPrefix("plan: "))
    #expect(text.hasSuffix(". [\(reason.name) \(reason.rawValue)]"))
    #expect(text.contains("  ") == false)
    switch reason.itemKind {
    case .none, .kernelDevice, .guestWindow: break
    case .cpu, .line, .range, .payload, .ram, .window: #expect(text.contains("2"))
    }
  }

  @Test func indicesThatDoNotApplyAreNil() {
    let error = PlanError(.rangeEmpty, zone: 3, item: 63)
    #expect(error.zone == 3)
    #expect(error.item == 63)
    #expect(error.otherZone == nil)
    #expect(error.otherItem == nil)
    #expect(error.code == 607)
    #expect(PlanError(.magic).zone == nil)
  }
}
