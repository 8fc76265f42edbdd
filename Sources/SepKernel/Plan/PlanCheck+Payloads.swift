extension PlanCheck {
  /// Checks what is copied into zone `index`, after its ranges.
  @_optimize(size)
  func payloads(of index: Int) throws(PlanError) {
    let zone = plan.zone(index)
    for item in 0..<zone.payloadCount {
      let payload = zone.payload(item)
      guard (payload.source | payload.guest) & 7 == 0 else {
        throw PlanError(.payloadAlignment, zone: index, item: item)
      }
      guard payload.memorySize > 0 else { throw PlanError(.payloadEmpty, zone: index, item: item) }
      guard payload.fileSize <= payload.memorySize else {
        throw PlanError(.payloadSizes, zone: index, item: item)
      }
      guard isInRAMRange(payload.guestRegion, of: zone) else {
        throw PlanError(.payloadDestination, zone: index, item: item)
      }
      for other in 0..<item where payload.guestRegion.overlaps(zone.payload(other).guestRegion) {
        throw PlanError(.payloadOverlap, zone: index, item: item, otherItem: other)
      }
      if payload.fileSize > 0 { try source(payload.sourceRegion, index, item) }
    }
    let record = PlanView.zonesOffset + index * MemoryLayout<PlanZone>.stride
    let used = zone.payloadCount * MemoryLayout<PlanPayload>.stride
    guard
      plan.isZero(
        from: record + PlanView.payloadsOffset + used, to: record + MemoryLayout<PlanZone>.stride)
    else { throw PlanError(.payloadUnused, zone: index) }
  }

  /// A source may serve several zones; it may not show a zone what belongs to the kernel.
  @_optimize(size)
  private func source(_ source: PlanRegion, _ zone: Int, _ item: Int) throws(PlanError) {
    guard plan.kernel.contains(source) else {
      throw PlanError(.payloadSource, zone: zone, item: item)
    }
    guard !source.overlaps(context.image) else {
      throw PlanError(.payloadOverImage, zone: zone, item: item)
    }
    guard !source.overlaps(planRegion) else {
      throw PlanError(.payloadOverPlan, zone: zone, item: item)
    }
    guard !source.overlaps(plan.tables) else {
      throw PlanError(.payloadOverTables, zone: zone, item: item)
    }
  }

  @_optimize(size)
  private func isInRAMRange(_ guest: PlanRegion, of zone: PlanZoneView) -> Bool {
    for item in 0..<zone.rangeCount {
      let range = zone.range(item)
      if range.kind == PlanRangeKind.ram.rawValue, range.guestRegion.contains(guest) { return true }
    }
    return false
  }
}
