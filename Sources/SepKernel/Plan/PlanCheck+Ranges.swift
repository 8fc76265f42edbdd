extension PlanCheck {
  /// Checks the memory of zone `index`, against the board, the kernel and the zones up to this one.
  @_optimize(size)
  func ranges(of index: Int) throws(PlanError) {
    let zone = plan.zone(index)
    for item in 0..<zone.rangeCount {
      let range = zone.range(item)
      try shape(of: range, index, item)
      switch PlanRangeKind(rawValue: range.kind) {
      case .ram: try ramRange(range.hostRegion, index, item)
      case .device: try deviceRange(range.hostRegion, index, item)
      case .stamps: try stampsRange(range.hostRegion, index, item)
      case nil: throw PlanError(.rangeKind, zone: index, item: item)
      }
      try hostOverlap(range.hostRegion, index, item)
      try guestOverlap(range.guestRegion, index, item)
    }
    let record = PlanView.zonesOffset + index * MemoryLayout<PlanZone>.stride
    let used = zone.rangeCount * MemoryLayout<PlanRange>.stride
    guard
      plan.isZero(
        from: record + PlanView.rangesOffset + used, to: record + PlanView.payloadsOffset)
    else { throw PlanError(.rangeUnused, zone: index) }
  }

  @_optimize(size)
  private func shape(of range: PlanRange, _ zone: Int, _ item: Int) throws(PlanError) {
    let permissions = PlanPermissions(rawValue: range.permissions)
    guard PlanPermissions.all.contains(permissions) else {
      throw PlanError(.rangePermissions, zone: zone, item: item)
    }
    guard permissions.contains(.read) else {
      throw PlanError(.rangeUnreadable, zone: zone, item: item)
    }
    guard range.kind == PlanRangeKind.ram.rawValue || !permissions.contains(.execute) else {
      throw PlanError(.rangeExecutable, zone: zone, item: item)
    }
    guard range.reservedIsZero else { throw PlanError(.rangeReserved, zone: zone, item: item) }
    guard range.guestRegion.isGranular, range.hostRegion.isGranular else {
      throw PlanError(.rangeAlignment, zone: zone, item: item)
    }
    guard range.size > 0 else { throw PlanError(.rangeEmpty, zone: zone, item: item) }
    guard range.guestRegion.lies(below: guestLimit) else {
      throw PlanError(.rangeGuestAddress, zone: zone, item: item)
    }
  }

  @_optimize(size)
  private func ramRange(_ host: PlanRegion, _ zone: Int, _ item: Int) throws(PlanError) {
    guard isInRAM(host) else { throw PlanError(.rangeOutsideRAM, zone: zone, item: item) }
    guard !host.overlaps(plan.kernel) else {
      throw PlanError(.rangeOverKernel, zone: zone, item: item)
    }
    guard !host.overlaps(plan.records) else {
      throw PlanError(.rangeOverRecords, zone: zone, item: item)
    }
  }

  /// Windows do not overlap RAM, so a device range overlaps neither the kernel nor the records.
  @_optimize(size)
  private func deviceRange(_ host: PlanRegion, _ zone: Int, _ item: Int) throws(PlanError) {
    guard isInWindow(host) else { throw PlanError(.rangeOutsideWindow, zone: zone, item: item) }
    for device in 0..<Self.kernelDeviceCount where host.overlaps(kernelDeviceRegion(device)) {
      throw PlanError(.rangeOverKernelDevice, zone: zone, item: item, otherItem: device)
    }
  }

  @_optimize(size)
  private func stampsRange(_ host: PlanRegion, _ zone: Int, _ item: Int) throws(PlanError) {
    guard stampArea(of: zone).contains(host) else {
      throw PlanError(.rangeOutsideStamps, zone: zone, item: item)
    }
  }

  /// Compares with every range before this one, of all zones: each page has one owner.
  @_optimize(size)
  private func hostOverlap(_ host: PlanRegion, _ zone: Int, _ item: Int) throws(PlanError) {
    for otherZone in 0...zone {
      let other = plan.zone(otherZone)
      let count = otherZone == zone ? item : other.rangeCount
      for otherItem in 0..<count where host.overlaps(other.range(otherItem).hostRegion) {
        throw PlanError(
          .rangeHostOverlap, zone: zone, item: item, otherZone: otherZone, otherItem: otherItem)
      }
    }
  }

  @_optimize(size)
  private func guestOverlap(_ guest: PlanRegion, _ index: Int, _ item: Int) throws(PlanError) {
    let zone = plan.zone(index)
    for other in 0..<item where guest.overlaps(zone.range(other).guestRegion) {
      throw PlanError(.rangeGuestOverlap, zone: index, item: item, otherItem: other)
    }
    for window in 0..<Self.guestWindowCount where guest.overlaps(guestWindow(window, of: index)) {
      throw PlanError(.rangeOverGuestWindow, zone: index, item: item, otherItem: window)
    }
  }
}

extension PlanRange {
  fileprivate var reservedIsZero: Bool {
    var bits: UInt8 = 0
    for index in 0..<6 { bits |= reserved[index] }
    return bits == 0
  }
}
