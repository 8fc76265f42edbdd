import LatencyProbe
import SepKernel

/// A second opinion on Plans, written to be unlike `PlanCheck`: it reads fields one after the other
/// instead of by structure, enters every page of every zone into one dictionary, computes with 128-bit
/// integers, and collects all broken invariants instead of stopping at the first.
struct BruteForceChecker {
  private(set) var broken: Set<PlanError.Reason> = []
  var model: PlanModel
  let context: PlanContext
  /// Owner of each host-physical page that a zone has, as "zone.range".
  var owners: [UInt64: (zone: Int, range: Int)] = [:]

  /// All reasons to refuse the Plan; empty if it is valid.
  static func reasons(_ bytes: [UInt8], _ context: PlanContext) -> Set<PlanError.Reason> {
    guard let model = PlanModel(bytes) else { return [.zoneCount, .byteCount, .truncated] }
    var checker = BruteForceChecker(model: model, context: context)
    checker.header(bytes)
    checker.board()
    checker.kernelPlaces()
    checker.owners(of: model)
    for zone in model.zones.indices { checker.identity(zone) }
    for zone in model.zones.indices { checker.memory(zone) }
    for zone in model.zones.indices { checker.payloads(zone) }
    for zone in model.zones.indices where model.zones[zone].kind == 2 { checker.realtime(zone) }
    return checker.broken
  }

  private init(model: PlanModel, context: PlanContext) {
    self.model = model
    self.context = context
  }

  /// Notes `reason` unless `condition` holds.
  mutating func require(_ condition: Bool, _ reason: PlanError.Reason) {
    if !condition { broken.insert(reason) }
  }

  private mutating func header(_ bytes: [UInt8]) {
    let header = model.header
    require(header.magic == Array("HVPLAN\r\n".utf8), .magic)
    require(header.version == 2, .version)
    require(header.architecture == UInt64(context.architecture.rawValue), .architecture)
    require(header.byteCount == UInt64(4632 + 2664 * model.zones.count), .byteCount)
    require(header.cpuCount >= 1 && header.cpuCount <= 64, .cpuCount)
    require(model.controllerKind != 2 || header.cpuCount <= 8, .cpuCount)
    require(header.lineCount <= 1024, .lineCount)
    require(header.reserved == 0, .headerReserved)
    require(model.ramCount >= 1 && model.ramCount <= 16, .ramCount)
    require(model.windowCount <= 64, .deviceCount)
    for zone in model.zones {
      require(zone.rangeCount <= 64, .rangeCount)
      require(zone.payloadCount <= 16, .payloadCount)
    }
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    for word in 0..<(bytes.count / 8) {
      let value = bytes.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self))
      }
      sum =
        (sum ^ (word == 4 ? 0 : value)).multipliedReportingOverflow(by: 1_099_511_628_211)
        .partialValue
    }
    require(header.checksum == sum, .checksum)
  }

  private mutating func owners(of model: PlanModel) {
    let cpus = model.cpus.prefix(Int(model.header.cpuCount))
    let zones = model.zones.count
    require(Set(cpus.map(\.id)).count == cpus.count, .cpuDuplicate)
    for cpu in cpus {
      if [2, 3].contains(model.controllerKind) {
        require(
          [24, 25, 26, 27, 28, 29, 30, 31].allSatisfy { cpu.id >> $0 & 1 == 0 }, .cpuHardwareID)
      }
      require(cpu.id < 1 << ([2, 3].contains(model.controllerKind) ? 40 : 32), .cpuHardwareID)
      require(cpu.owner < zones || cpu.owner == 255, .cpuOwner)
      require(cpu.reserved.allSatisfy { $0 == 0 }, .cpuReserved)
    }
    controllerIndices(Array(cpus))
    releases(Array(cpus))
    for cpu in model.cpus.dropFirst(cpus.count) {
      require(cpu.controllerIndex == 0 && cpu.release == 0, .cpuUnused)
      require(cpu.id == 0 && cpu.owner == 255 && cpu.reserved.allSatisfy { $0 == 0 }, .cpuUnused)
    }
    if let boot = context.bootHardwareID {
      require(cpus.contains { $0.id == boot }, .bootCPUMissing)
    }
    for (number, line) in model.lines.enumerated() where !line.isIdle {
      require(number >= ownable.lowerBound, .linePrivate)
      require(number <= ownable.upperBound, .lineSpecial)
      if isPLIC {
        let highest = Int(model.controllerParameter)
        let isDoorbellWord = number / 32 == highest / 32 + 1
        let isUART = number == model.uart.line
        require(line.kind == 1 && !isUART ? isDoorbellWord : number <= highest, .lineSource)
      }
      require(number < model.header.lineCount, .lineBeyondCount)
      require(line.owner < zones || line.owner >= 254, .lineOwner)
      require(line.kind < 2, .lineKind)
      if number == model.uart.line {
        require(line.owner >= zones || line.kind == 1, .uartLineWired)
      }
    }
  }

  private mutating func controllerIndices(_ cpus: [PlanModel.CPU]) {
    let indices = cpus.map { UInt128($0.controllerIndex) }
    switch model.controllerKind {
    case 2, 3:
      require(indices.allSatisfy { $0 == 0 }, .cpuController)
      return
    case 16:
      for index in indices {
        require(0x20_0000 + 4096 * (index + 1) <= model.controller[0].size, .cpuController)
      }
    default:
      for index in indices {
        require((index + 1) * imsicStride <= model.controller[1].size, .cpuController)
      }
    }
    require(Set(indices).count == indices.count, .cpuControllerDuplicate)
  }

  private mutating func releases(_ cpus: [PlanModel.CPU]) {
    let words = cpus.map(\.release).filter { $0 != 0 }
    if words.isEmpty { return }
    require(words.count == cpus.count && Set(words).count == words.count, .cpuRelease)
    require([2, 3].contains(model.controllerKind), .cpuRelease)
    for word in words {
      let page = PlanModel.Span(start: word / 4096 * 4096, size: 4096)
      let others = model.ram + model.windows + model.controller + [model.uart.region]
      require(word % 8 == 0 && !others.contains { $0.touches(page) }, .cpuRelease)
    }
  }

  private mutating func realtime(_ index: Int) {
    let zone = model.zones[index]
    let cpus = model.cpus.prefix(Int(model.header.cpuCount))
    require(cpus.contains { $0.owner == index }, .realtimeWithoutCPU)
    require(
      zone.ranges.contains { $0.kind == 0 && $0.permissions & 2 != 0 }, .realtimeWithoutMemory)
    let loaded = zone.payloads.contains {
      ($0.guest..<$0.guest + $0.fileSize).contains(UInt128(zone.entry))
    }
    require(loaded, .realtimeEntryNotLoaded)
  }
}
