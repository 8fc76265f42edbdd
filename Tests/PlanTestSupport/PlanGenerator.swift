import LatencyProbe
import RTPartition
import SepKernel

/// Random Plans, valid by construction: pages, lines and CPUs are handed out from pools, so that
/// nothing can be handed out twice.
public struct PlanGenerator {
  var random: SeededGenerator
  static let page: UInt64 = 4096

  public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// Free memory: runs of pages that are cut from the front.
  private struct Pool {
    var runs: [PlanRegion] = []

    /// Cuts `size` bytes from a run that has them, after a gap of `gap` bytes.
    mutating func take(_ size: UInt64, gap: UInt64) -> UInt64? {
      guard let index = runs.firstIndex(where: { $0.size >= size + gap }) else { return nil }
      let base = runs[index].base + gap
      runs[index] = PlanRegion(
        base: base + size, size: runs[index].size - size - gap)
      return base
    }
  }

  /// A new valid Plan, sealed.
  public mutating func next() -> PlanBuilder {
    let image = PlanRegion(
      base: UInt64.random(in: 1...0x10_0000, using: &random) * 0x20_0000,
      size: UInt64.random(in: 1...40, using: &random) * Self.page
        - .random(in: 0...7, using: &random))
    let kind = PlanInterruptControllerKind.allCases.randomElement(using: &random) ?? .gicV3
    let builder = PlanBuilder(context: PlanContext(architecture: kind.architecture, image: image))
    builder.plan.pointee.board.interruptController.kind = kind.rawValue
    // A GICv2 has at most eight CPUs.
    let most = kind == .gicV2 ? 8 : 64
    let zones = Int.random(
      in: 0...(Bool.random(using: &random) ? 3 : min(16, most)), using: &random)
    // As many zones as have CPUs; `board` needs their number, zones are added after it.
    let cpus = Int.random(in: max(zones, 1)...min(zones + 6, most), using: &random)
    var ram = Pool()
    var devices = Pool()
    addBoard(to: builder, zones: zones, cpus: cpus, &ram, &devices)
    var lines = freeLines(of: builder)
    addZones(to: builder, zones)
    addCPUs(to: builder, zones: zones, cpus)
    for zone in 0..<zones {
      addMemory(to: builder, zone, &ram)
      addDevices(to: builder, zone, &devices, &lines)
      addPayloads(to: builder, zone)
    }
    builder.seal()
    return builder
  }

  private mutating func addBoard(
    to builder: PlanBuilder, zones: Int, cpus: Int, _ ram: inout Pool, _ devices: inout Pool
  ) {
    let plan = builder.plan
    plan.pointee.board.name[0] = UInt8.random(in: 0x20...0x7e, using: &random)
    addController(to: builder, cpus: cpus)
    plan.pointee.board.deviceCount = 2
    plan.pointee.board.devices[0] = PlanRegion(base: 0x2000, size: 24 * Self.page)
    plan.pointee.board.devices[1] = PlanRegion(base: 0, size: 8 * Self.page)
    devices.runs = [plan.pointee.board.devices[0]]
    addKernel(to: builder, zones: zones, cpus: cpus, &ram)
  }

  private mutating func addKernel(
    to builder: PlanBuilder, zones: Int, cpus: Int, _ ram: inout Pool
  ) {
    let plan = builder.plan
    let image = builder.context.image
    let planEnd = builder.context.planBase + UInt64(Plan.byteCount(zones: zones))
    let payloads = (planEnd + 0xfff) & ~0xfff
    let tables = payloads + 32 * Self.page
    let tablesSize =
      UInt64(zones + .random(in: 1...4, using: &random))
      * builder.context.architecture.rootTableSize
      + (plan.pointee.board.interruptController.ownedTranslation == nil
        ? 0 : PlanLimits.translationTables(cpus: cpus))
    plan.pointee.board.tables = PlanRegion(base: tables, size: tablesSize)
    plan.pointee.board.kernel = PlanRegion(base: image.base, size: tables + tablesSize - image.base)
    let end = tables + tablesSize
    let before = UInt64.random(in: 0...64, using: &random) * Self.page
    let after = UInt64.random(in: 0...600, using: &random) * Self.page
    var recordsSize: UInt64 = 0
    if Bool.random(using: &random),
      let layout = RecordLayout(
        cpus: cpus, zones: zones, stampBytes: 4096 * .random(in: 0...3, using: &random))
    {
      recordsSize = UInt64(layout.byteCount)
      plan.pointee.board.records = PlanRegion(base: end + after, size: recordsSize)
    }
    plan.pointee.board.ramCount = 2
    plan.pointee.board.ram[0] = PlanRegion(
      base: image.base - before, size: end + after + recordsSize - image.base + before)
    let second = PlanRegion(
      base: plan.pointee.board.ram[0].end, size: .random(in: 1...100, using: &random) * Self.page)
    plan.pointee.board.ram[1] = second
    ram.runs = [
      PlanRegion(base: image.base - before, size: before), PlanRegion(base: end, size: after),
      second,
    ]
  }

  private mutating func addZones(to builder: PlanBuilder, _ count: Int) {
    let names = (0..<count).map { "zone-\($0)" }.shuffled(using: &random)
    let manager = Int.random(in: 0..<20, using: &random)
    for index in 0..<count {
      let kind: PlanZoneKind =
        index == manager ? .zone0 : Bool.random(using: &random) ? .zoneU : .zoneR
      builder.addZone(names[index], kind)
      var flags: UInt16 = 0
      if Bool.random(using: &random) { flags |= PlanZoneFlags.absentReadsZero.rawValue }
      if builder.context.architecture.has32BitState, Int.random(in: 0..<4, using: &random) == 0 {
        flags |= PlanZoneFlags.aarch32.rawValue
      }
      if manager < count, index != manager, Bool.random(using: &random) {
        flags |= PlanZoneFlags.manualStart.rawValue
      }
      builder.plan.pointee.zones[index].flags = flags
    }
  }

  private mutating func addCPUs(to builder: PlanBuilder, zones: Int, _ count: Int) {
    // One for each zone, the rest by chance.
    var owners: [Int?] = (0..<zones).map { $0 }
    while owners.count < count { owners.append(Int?.some(.random(in: 0...zones, using: &random))) }
    owners = owners.map { $0 == zones ? nil : $0 }
    owners.shuffle(using: &random)
    let high: UInt64 = builder.context.architecture == .aarch64 ? 7 << 32 : 0xff00_0000
    for (index, owner) in owners.enumerated() {
      builder.addCPU(UInt64(index % 4) | UInt64(index / 4) << 8 | high, owner: owner)
    }
    builder.context.bootHardwareID = high
  }

  private mutating func addMemory(to builder: PlanBuilder, _ zone: Int, _ ram: inout Pool) {
    var guest: UInt64 = 0x4000_0000
    for index in 0..<Int.random(in: 1...5, using: &random) {
      let size = UInt64.random(in: 1...6, using: &random) * Self.page
      let gap = UInt64.random(in: 0...1, using: &random) * Self.page
      // A zone cannot be without memory: as a last resort, RAM that only this zone has.
      guard let host = ram.take(size, gap: gap) ?? (index == 0 ? extend(builder, size) : nil) else {
        break
      }
      guest += UInt64.random(in: 0...2, using: &random) * Self.page
      let permissions = index == 0 ? PlanPermissions.all : .read
      builder.addRange(zone, guest: guest, host: host, size: size, kind: .ram, permissions)
      guest += size
    }
    let entry = builder.plan.pointee.zones[zone].ranges[0].guest
    builder.plan.pointee.zones[zone].entry =
      entry
      + .random(in: 0..<0x400, using: &random) * builder.context.architecture.instructionAlignment
    addStamps(to: builder, zone)
  }

  private mutating func addStamps(to builder: PlanBuilder, _ zone: Int) {
    let plan = builder.plan
    let records = plan.pointee.board.records
    guard records.size > 0,
      let layout = RecordLayout(
        cpus: Int(plan.pointee.header.cpuCount), zones: Int(plan.pointee.header.zoneCount),
        regionBytes: records.size), layout.stampByteCount > 0
    else { return }
    builder.addRange(
      zone, guest: 0x5000_0000, host: records.base + UInt64(layout.stampOffset(zone: zone)),
      size: Self.page, kind: .stamps, .read.union(.write))
  }

  /// Enlarges the last RAM region and gives the new part.
  private func extend(_ builder: PlanBuilder, _ size: UInt64) -> UInt64 {
    let end = builder.plan.pointee.board.ram[1].end
    builder.plan.pointee.board.ram[1].size += size
    return end
  }

  private mutating func addDevices(
    to builder: PlanBuilder, _ zone: Int, _ devices: inout Pool, _ lines: inout Lines
  ) {
    let plan = builder.plan
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      guard let host = devices.take(Self.page, gap: 0) else { break }
      builder.addRange(
        zone, guest: 0x1000_0000 + host, host: host, size: Self.page, kind: .device, .read)
    }
    if Bool.random(using: &random), let line = lines.wired.popLast() {
      builder.setLine(line, owner: UInt8(zone))
    }
    if Bool.random(using: &random), let line = lines.takeDoorbell() {
      builder.setLine(line, owner: UInt8(zone), kind: PlanLine.doorbell)
      plan.pointee.zones[zone].flags |= PlanZoneFlags.console.rawValue
      plan.pointee.zones[zone].consoleGuest = 0x0900_0000
      plan.pointee.zones[zone].consoleLine = UInt32(line)
    }
    if Bool.random(using: &random), let line = lines.takeDoorbell() {
      builder.setLine(line, owner: UInt8(zone), kind: PlanLine.doorbell)
      plan.pointee.zones[zone].stimulusLine = UInt32(line)
    }
  }

  private mutating func addPayloads(to builder: PlanBuilder, _ zone: Int) {
    let plan = builder.plan
    let payloads = plan.pointee.board.tables.base - 32 * Self.page
    for index in 0..<min(Int(plan.pointee.zones[zone].rangeCount), 4) {
      let range = plan.pointee.zones[zone].ranges[index]
      guard range.kind == PlanRangeKind.ram.rawValue else { continue }
      let memorySize = UInt64.random(in: 0x1000...range.size, using: &random)
      let fileSize = index == 0 ? 0x1000 : UInt64.random(in: 0...memorySize, using: &random)
      builder.addPayload(
        zone, source: payloads + .random(in: 0...16, using: &random) * 8, guest: range.guest,
        fileSize: fileSize, memorySize: memorySize)
    }
  }
}
