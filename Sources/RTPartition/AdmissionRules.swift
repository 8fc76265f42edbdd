public import SepKernel

/// What makes a zone fit to be a real-time zone, on top of what holds for every zone.
///
/// `PlanCheck` has made sure that CPUs, pages and lines have one owner. These rules add that all a
/// zoneR needs to run and to restart is its own. What `start: manual` means for it:
/// docs/architecture.md, "Zones".
public enum AdmissionRules {
  /// Judges a Plan completely: `PlanCheck`, then the rules for each zoneR. The host tools and the
  /// kernel call this, and nothing else makes a Plan usable.
  ///
  /// - Parameter bytes: readable, and not to change as long as the result is used; may be longer than
  ///   the Plan.
  @unsafe
  public static func admit(
    _ bytes: UnsafeRawBufferPointer, context: PlanContext
  ) throws(PlanError) -> PlanView {
    // SAFETY: the caller vouches for the bytes.
    let plan = try unsafe PlanCheck.check(bytes, context: context)
    for index in 0..<plan.zoneCount where plan.zone(index).kind == .zoneR {
      try check(plan.zone(index), index)
    }
    return plan
  }

  private static func check(_ zone: PlanZoneView, _ index: Int) throws(PlanError) {
    guard zone.cpuCount > 0 else { throw PlanError(.realtimeWithoutCPU, zone: index) }
    guard hasWritableMemory(zone) else { throw PlanError(.realtimeWithoutMemory, zone: index) }
    guard isLoaded(zone.entry, in: zone) else {
      throw PlanError(.realtimeEntryNotLoaded, zone: index)
    }
  }

  private static func hasWritableMemory(_ zone: PlanZoneView) -> Bool {
    for item in 0..<zone.rangeCount {
      let range = zone.range(item)
      let permissions = PlanPermissions(rawValue: range.permissions)
      if range.kind == PlanRangeKind.ram.rawValue, permissions.contains(.write) { return true }
    }
    return false
  }

  /// Whether a payload copies bytes to `address`: its zeroed tail does not count.
  private static func isLoaded(_ address: UInt64, in zone: PlanZoneView) -> Bool {
    for item in 0..<zone.payloadCount {
      let payload = zone.payload(item)
      let loaded = PlanRegion(base: payload.guest, size: payload.fileSize)
      if loaded.contains(PlanRegion(base: address, size: 1)) { return true }
    }
    return false
  }
}
