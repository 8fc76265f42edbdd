extension PlanCheck {
  /// Checks what zone `index` is, and the devices emulated for it.
  @_optimize(size)
  func zone(_ index: Int) throws(PlanError) {
    let zone = plan.zone(index)
    try name(of: index)
    guard let kind = zone.kind else { throw PlanError(.zoneKind, zone: index) }
    guard zone.reserved == 0 else { throw PlanError(.zoneReserved, zone: index) }
    guard PlanZoneFlags.all.contains(zone.flags) else { throw PlanError(.zoneFlags, zone: index) }
    guard !zone.flags.contains(.aarch32) || context.architecture.has32BitState else {
      throw PlanError(.zoneExecution, zone: index)
    }
    if kind == .zone0, let other = zone0(before: index) {
      throw PlanError(.zoneDuplicateZone0, zone: index, otherZone: other)
    }
    if zone.flags.contains(.manualStart), kind == .zone0 || zone0(before: plan.zoneCount) == nil {
      throw PlanError(.zoneManualStart, zone: index)
    }
    guard zone.cpuCount == ownedCPUs(index) else { throw PlanError(.zoneCPUCount, zone: index) }
    guard zone.cpuCount > 0 || zone.flags.contains(.manualStart) else {
      throw PlanError(.zoneWithoutCPU, zone: index)
    }
    guard zone.rangeCount <= Plan.rangeCapacity else { throw PlanError(.rangeCount, zone: index) }
    guard zone.payloadCount <= Plan.payloadCapacity else {
      throw PlanError(.payloadCount, zone: index)
    }
    try guestWindows(of: index)
    try ownLines(of: index)
  }

  @_optimize(size)
  private func name(of index: Int) throws(PlanError) {
    let zone = plan.zone(index)
    var length = 0
    while length < 16, Self.isNameCharacter(zone.name(length)) { length += 1 }
    guard length > 0 else { throw PlanError(.zoneName, zone: index) }
    for position in length..<16 where zone.name(position) != 0 {
      throw PlanError(.zoneName, zone: index)
    }
    let words = zone.nameWords
    // "kernel" read as a little-endian word.
    guard words.0 != 0x6c65_6e72_656b || words.1 != 0 else {
      throw PlanError(.zoneNameReserved, zone: index)
    }
    for other in 0..<index {
      let others = plan.zone(other).nameWords
      if words.0 == others.0, words.1 == others.1 {
        throw PlanError(.zoneNameDuplicate, zone: index, otherZone: other)
      }
    }
  }

  @_optimize(size)
  private static func isNameCharacter(_ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// Index of a zone of kind zone0 below `end`.
  @_optimize(size)
  private func zone0(before end: Int) -> Int? {
    for index in 0..<end where plan.zone(index).kind == .zone0 { return index }
    return nil
  }

  @_optimize(size)
  private func guestWindows(of index: Int) throws(PlanError) {
    let zone = plan.zone(index)
    if !zone.flags.contains(.console) {
      guard zone.consoleGuest == 0, zone.consoleLine == 0 else {
        throw PlanError(.consoleUnused, zone: index)
      }
    }
    for window in 0..<Self.guestWindowCount {
      let region = guestWindow(window, of: index)
      let granule = guestShape(window, of: zone).granule
      guard window >= 2 || region.size > 0 || zone.cpuCount == 0 || region.base == 0 else {
        throw PlanError(.guestWindowUnused, zone: index, item: window)
      }
      guard region.base & (granule - 1) == 0 else {
        throw PlanError(.guestWindowAlignment, zone: index, item: window)
      }
      guard region.lies(below: guestLimit) else {
        throw PlanError(.guestWindowAddress, zone: index, item: window)
      }
      for other in 0..<window where region.overlaps(guestWindow(other, of: index)) {
        throw PlanError(.guestWindowOverlap, zone: index, item: window, otherItem: other)
      }
    }
  }

  @_optimize(size)
  private func ownLines(of index: Int) throws(PlanError) {
    let zone = plan.zone(index)
    if zone.flags.contains(.console), !isDoorbell(zone.consoleLine, of: index) {
      throw PlanError(.consoleLine, zone: index, item: Int(zone.consoleLine))
    }
    guard zone.stimulusLine != 0 else { return }
    guard isDoorbell(zone.stimulusLine, of: index) else {
      throw PlanError(.stimulusLine, zone: index, item: Int(zone.stimulusLine))
    }
    guard zone.stimulusLine != zone.consoleLine else {
      throw PlanError(.stimulusShared, zone: index, item: Int(zone.stimulusLine))
    }
  }

  /// Checks the first instruction of zone `index`, after its ranges.
  @_optimize(size)
  func entry(of index: Int) throws(PlanError) {
    let zone = plan.zone(index)
    let entry = zone.entry
    var address = entry
    if zone.flags.contains(.aarch32) {
      guard entry >> 32 == 0 else { throw PlanError(.entryBeyond32Bit, zone: index) }
      // Bit 0 selects T32, as in a BX target (Arm ARM F1.2.2); A32 instructions are words.
      if entry & 1 == 1 { address = entry & ~3 }
    }
    let unit = context.architecture.instructionAlignment
    guard address & (unit - 1) == 0 else { throw PlanError(.entryAlignment, zone: index) }
    for item in 0..<zone.rangeCount {
      let range = zone.range(item)
      if range.kind == PlanRangeKind.ram.rawValue,
        PlanPermissions(rawValue: range.permissions).contains(.execute),
        range.guestRegion.contains(PlanRegion(base: address, size: unit))
      {
        return
      }
    }
    throw PlanError(.entryAddress, zone: index)
  }
}
