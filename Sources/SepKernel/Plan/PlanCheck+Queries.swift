internal import LatencyProbe

extension PlanCheck {
  /// Devices the kernel drives: regions 0-2 of the interrupt controller, UART.
  static var kernelDeviceCount: Int { 4 }
  /// Devices emulated for each zone: windows 0-1 of the interrupt controller, console, ITS.
  static var guestWindowCount: Int { 4 }

  /// Region of kernel device `index`; empty if the board has none.
  @_optimize(size)
  func kernelDeviceRegion(_ index: Int) -> PlanRegion {
    index == 3 ? plan.uart.region : plan.interruptController.regions[index]
  }

  /// Size and granule of emulated device `index` of `zone`; size 0 if the zone has none.
  @_optimize(size)
  func guestShape(
    _ index: Int, of zone: PlanZoneView
  ) -> PlanInterruptControllerKind.GuestWindow {
    guard index < 2 else {
      return .init(
        size: index == 2 && zone.flags.contains(.console) ? PlanLimits.granule : 0,
        granule: PlanLimits.granule)
    }
    return controllerKind.guestWindow(index, cpus: zone.cpuCount)
  }

  /// Guest-physical window of emulated device `index` of zone `zoneIndex`; empty if the zone has none.
  @_optimize(size)
  func guestWindow(_ index: Int, of zoneIndex: Int) -> PlanRegion {
    if index == 3 {
      // Where the board has it: devices write to its address.
      return zoneIndex == plan.interruptController.translationOwner
        ? plan.interruptController.regions[2] : PlanRegion()
    }
    let zone = plan.zone(zoneIndex)
    return PlanRegion(
      base: index < 2 ? zone.interruptControllerGuest(index) : zone.consoleGuest,
      size: guestShape(index, of: zone).size)
  }

  /// What the ITS takes of the pool of tables; nothing if nobody owns it.
  var translationTables: UInt64 {
    let owner = plan.interruptController.translationOwner
    return owner < 0 ? 0 : PlanLimits.translationTables(cpus: plan.zone(owner).cpuCount)
  }

  /// Where everything is in `board.records`; `nil` if the region is too small for the kernel's part.
  var recordLayout: RecordLayout? {
    RecordLayout(cpus: plan.cpuCount, zones: plan.zoneCount, regionBytes: plan.records.size)
  }

  /// Stamp area of zone `index`, host-physical; empty if no records are kept.
  @_optimize(size)
  func stampArea(of index: Int) -> PlanRegion {
    guard plan.records.size > 0, let layout = recordLayout else { return PlanRegion() }
    // &+: the area lies inside the records, which do not wrap around.
    return PlanRegion(
      base: plan.records.base &+ UInt64(layout.stampOffset(zone: index)),
      size: UInt64(layout.stampByteCount))
  }

  /// Whether `region` lies inside one RAM region of the board.
  @_optimize(size)
  func isInRAM(_ region: PlanRegion) -> Bool {
    for index in 0..<plan.ramCount where plan.ram(index).contains(region) { return true }
    return false
  }

  /// Index of a RAM region that overlaps `region`, which must not wrap around.
  @_optimize(size)
  func ramOverlapping(_ region: PlanRegion) -> Int? {
    for index in 0..<plan.ramCount where plan.ram(index).overlaps(region) { return index }
    return nil
  }

  /// Whether `region` lies inside one device window of the board.
  @_optimize(size)
  func isInWindow(_ region: PlanRegion) -> Bool {
    for index in 0..<plan.deviceCount where plan.device(index).contains(region) { return true }
    return false
  }

  /// Whether the board has `line` and a zone could own it.
  @_optimize(size)
  func isOwnable(line: UInt32) -> Bool {
    line >= UInt32(controllerKind.firstSharedLine)
      && line < UInt32(controllerKind.firstSpecialLine) && line < plan.header.lineCount
  }

  /// Whether `zone` owns `line` as a doorbell.
  @_optimize(size)
  func isDoorbell(_ line: UInt32, of zone: Int) -> Bool {
    guard line < Plan.lineCapacity else { return false }
    let entry = plan.line(Int(line))
    return Int(entry.owner) == zone && entry.kind == PlanLine.doorbell
  }
}
