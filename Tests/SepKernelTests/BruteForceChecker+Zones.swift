import SepKernel

extension BruteForceChecker {
  /// The interrupt controller's two windows and the console as the zone sees them.
  private func emulated(_ index: Int) -> [Span] {
    let zone = model.zones[index]
    let sizes: [UInt128] =
      switch model.controllerKind {
      case 2: [0x1000, 0x2000]
      case 16: [0x60_0000, 0]
      case 17: [0x8000, 0x1000 * UInt128(zone.cpuCount)]
      default: [0x10000, 0x20000 * UInt128(zone.cpuCount)]
      }
    return [
      Span(start: zone.controller[0], size: sizes[0]),
      Span(start: zone.controller[1], size: sizes[1]),
      Span(start: UInt128(zone.consoleGuest), size: zone.has(flag: 2) ? 4096 : 0),
    ]
      + (model.controllerKind == 3 && model.controllerParameter == UInt64(index) + 1
        ? [model.controller[2]] : [])
  }

  private func owns(_ zone: Int, doorbell line: UInt64) -> Bool {
    line < 1024 && model.lines[Int(line)].word == UInt16(zone) + 0x100
  }

  mutating func identity(_ index: Int) {
    let zone = model.zones[index]
    let characters = zone.name.prefix { $0 != 0 }
    let text = String(decoding: characters, as: UTF8.self)
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
    require(!text.isEmpty && text.allSatisfy(allowed.contains), .zoneName)
    require(zone.name.dropFirst(characters.count).allSatisfy { $0 == 0 }, .zoneName)
    require(text != "kernel", .zoneNameReserved)
    require(model.zones.filter { $0.name == zone.name }.count == 1, .zoneNameDuplicate)
    require(zone.kind <= 2, .zoneKind)
    require(zone.kind != 0 || model.zones.filter { $0.kind == 0 }.count == 1, .zoneDuplicateZone0)
    require(zone.reserved == 0, .zoneReserved)
    require(zone.flags < 16, .zoneFlags)
    require(!zone.has(flag: 0) || context.architecture == .aarch64, .zoneExecution)
    if zone.has(flag: 3) {
      let starters = model.zones.indices.filter { $0 != index && model.zones[$0].kind == 0 }
      require(zone.kind != 0 && !starters.isEmpty, .zoneManualStart)
    }
    let cpus = model.cpus.prefix(Int(model.header.cpuCount)).filter { $0.owner == index }
    require(cpus.count == zone.cpuCount, .zoneCPUCount)
    require(!cpus.isEmpty || zone.has(flag: 3), .zoneWithoutCPU)
    lines(index)
    guard zone.cpuCount <= 64 else { return }
    let windows = emulated(index)
    for (position, window) in windows.enumerated() {
      let unit: UInt128 = position < 2 && model.controllerKind == 3 ? 65536 : 4096
      require(window.start % unit == 0, .guestWindowAlignment)
      require(!isPLIC || position != 1 || window.start == 0, .guestWindowUnused)
      require(window.end <= 1 << 39, .guestWindowAddress)
      for other in windows[..<position] { require(!window.touches(other), .guestWindowOverlap) }
    }
  }

  private mutating func lines(_ index: Int) {
    let zone = model.zones[index]
    if zone.has(flag: 2) {
      require(owns(index, doorbell: zone.consoleLine), .consoleLine)
    } else {
      require(zone.consoleGuest == 0 && zone.consoleLine == 0, .consoleUnused)
    }
    if zone.stimulusLine != 0 {
      require(owns(index, doorbell: zone.stimulusLine), .stimulusLine)
      require(zone.stimulusLine != zone.consoleLine, .stimulusShared)
    }
  }

  mutating func memory(_ index: Int) {
    let zone = model.zones[index]
    for (position, range) in zone.ranges.enumerated() {
      require(range.permissions < 8, .rangePermissions)
      require(range.permissions & 1 == 1, .rangeUnreadable)
      require(range.kind == 0 || range.permissions & 4 == 0, .rangeExecutable)
      require(range.reserved.allSatisfy { $0 == 0 }, .rangeReserved)
      require(
        range.guestSpan.isMultiple(of: 4096) && range.hostSpan.isMultiple(of: 4096),
        .rangeAlignment)
      require(range.size != 0, .rangeEmpty)
      require(range.guestSpan.end <= 1 << 39, .rangeGuestAddress)
      pages(range, index, position)
      for other in zone.ranges[..<position] {
        require(!range.guestSpan.touches(other.guestSpan), .rangeGuestOverlap)
      }
      for window in emulated(index) where zone.cpuCount <= 64 {
        require(!range.guestSpan.touches(window), .rangeOverGuestWindow)
      }
    }
    require(zone.restIsZero.ranges, .rangeUnused)
    entry(zone)
  }

  /// Walks the range page by page until the first page it may not have.
  private mutating func pages(_ range: PlanModel.Range, _ zone: Int, _ position: Int) {
    let stamps = stampPages(zone)
    let outside: PlanError.Reason
    let homes: [Span]
    switch range.kind {
    case 0: (outside, homes) = (.rangeOutsideRAM, usedRAM)
    case 1: (outside, homes) = (.rangeOutsideWindow, usedWindows)
    case 2:
      let area = Span(start: stamps.lowerBound * 4096, size: UInt128(stamps.count) * 4096)
      (outside, homes) = (.rangeOutsideStamps, [area])
    default:
      require(false, .rangeKind)
      return
    }
    let home = homes.first { $0.start <= range.host && range.host < $0.end }
    var page = range.host / 4096
    while page * 4096 < range.host + range.size {
      let span = Span(start: page * 4096, size: 4096)
      guard let home, span.isWithin(home) else {
        require(false, outside)
        return
      }
      if range.kind == 0 {
        require(!span.touches(model.kernel), .rangeOverKernel)
        require(!span.touches(model.records), .rangeOverRecords)
      }
      if range.kind == 1 {
        require(kernelDevices.allSatisfy { !$0.touches(span) }, .rangeOverKernelDevice)
      }
      require(owners.updateValue((zone, position), forKey: UInt64(page)) == nil, .rangeHostOverlap)
      page += 1
    }
  }

  private mutating func entry(_ zone: PlanModel.Zone) {
    let thumb = zone.has(flag: 0) && zone.entry % 2 == 1
    require(
      thumb || zone.entry % (context.architecture == .riscv64 ? 2 : 4) == 0, .entryAlignment)
    if zone.has(flag: 0) { require(zone.entry <= UInt32.max, .entryBeyond32Bit) }
    let holder = zone.ranges.first {
      $0.kind == 0 && $0.permissions & 4 != 0 && $0.guest <= UInt128(zone.entry)
        && UInt128(zone.entry) < $0.guestSpan.end
    }
    require(holder != nil, .entryAddress)
  }

  mutating func payloads(_ index: Int) {
    let zone = model.zones[index]
    var written: [Span] = []
    for payload in zone.payloads {
      require(payload.source % 8 == 0 && payload.guest % 8 == 0, .payloadAlignment)
      require(payload.memorySize != 0, .payloadEmpty)
      require(payload.fileSize <= payload.memorySize, .payloadSizes)
      let target = payload.guestSpan
      require(
        zone.ranges.contains { $0.kind == 0 && target.isWithin($0.guestSpan) },
        .payloadDestination)
      require(!written.contains { $0.touches(target) }, .payloadOverlap)
      written.append(target)
      let source = Span(start: payload.source, size: payload.fileSize)
      guard source.size != 0 else { continue }
      require(source.isWithin(model.kernel), .payloadSource)
      require(!source.touches(image), .payloadOverImage)
      require(!source.touches(planSpan), .payloadOverPlan)
      require(!source.touches(model.tables), .payloadOverTables)
    }
    require(zone.restIsZero.payloads, .payloadUnused)
  }
}
