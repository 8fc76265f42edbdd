import PlanTestSupport
import RTPartition
import SepKernel
import Testing

/// What a zoneR must have on top of a valid Plan.
@Suite struct AdmissionRulesTests {
  /// Zone 1 of the small Plan is the zoneR.
  private let control = 1

  @Test func smallPlanIsAdmitted() throws {
    let builder = PlanBuilder.small()
    builder.seal()
    let plan = try builder.admit()
    #expect(plan.zoneCount == 2)
    #expect(plan.zone(control).kind == .zoneR)
  }

  @Test func brokenPlanIsRefusedFirst() {
    let builder = PlanBuilder.small()
    builder.plan.pointee.zones[control].cpuCount = 0
    #expect(builder.verdict() == PlanError(.zoneCPUCount, zone: control))
  }

  @Test func needsOwnCPU() {
    let builder = PlanBuilder.small()
    builder.plan.pointee.zones[control].flags |= PlanZoneFlags.manualStart.rawValue
    builder.plan.pointee.zones[control].cpuCount = 0
    builder.plan.pointee.cpus[2].owner = PlanOwner.nobody
    #expect(builder.verdict() == PlanError(.realtimeWithoutCPU, zone: control))
    builder.plan.pointee.zones[control].kind = PlanZoneKind.zoneU.rawValue
    #expect(builder.verdict() == nil)
  }

  @Test func needsWritableMemory() {
    let builder = PlanBuilder.small()
    builder.plan.pointee.zones[control].ranges[1].permissions = PlanPermissions.read.rawValue
    #expect(builder.verdict() == PlanError(.realtimeWithoutMemory, zone: control))
    builder.plan.pointee.zones[control].kind = PlanZoneKind.zoneU.rawValue
    #expect(builder.verdict() == nil)
  }

  @Test func needsLoadedEntry() {
    let builder = PlanBuilder.small()
    // The last word a payload copies, then the first word after it.
    builder.plan.pointee.zones[control].entry = 0x4000_5ffc
    #expect(builder.verdict() == nil)
    builder.plan.pointee.zones[control].entry = 0x4000_6000
    #expect(builder.verdict() == PlanError(.realtimeEntryNotLoaded, zone: control))
    builder.plan.pointee.zones[control].kind = PlanZoneKind.zoneU.rawValue
    #expect(builder.verdict() == nil)
  }

  @Test func zeroedTailIsNotLoaded() {
    let builder = PlanBuilder.small()
    builder.plan.pointee.zones[control].payloads[0].fileSize = 0x1000
    #expect(builder.verdict() == PlanError(.realtimeEntryNotLoaded, zone: control))
  }

  @Test func mayBeStartedByHand() {
    let builder = PlanBuilder.small()
    builder.plan.pointee.zones[control].flags |= PlanZoneFlags.manualStart.rawValue
    #expect(builder.verdict() == nil)
  }
}
