public import LatencyProbe

extension KernelBlock {
  /// Copies what exits need of a checked Plan. Once, at boot, into a zeroed block.
  @_optimize(size)
  public mutating func describe(_ plan: PlanView) {
    zoneCount = UInt32(plan.zoneCount)
    cpuCount = UInt32(plan.cpuCount)
    for cpu in 0..<plan.cpuCount {
      let owner = Int(plan.cpu(cpu).owner)
      guard owner < plan.zoneCount else { continue }
      let vcpu = zones[owner].cpuCount
      zones[owner].cpus[Int(vcpu)] = UInt8(cpu)
      zones[owner].cpuCount = vcpu + 1
    }
    for line in min(plan.firstSharedLine, plan.lineCount)..<plan.lineCount {
      let owner = Int(plan.line(line).owner)
      if owner < plan.zoneCount { zones[owner].lines[line >> 5] |= 1 << UInt32(line & 31) }
    }
    for index in 0..<plan.zoneCount {
      let zone = plan.zone(index)
      zones[index].kind = (zone.kind ?? .zoneU).rawValue
      zones[index].stimulusLine = zone.stimulusLine
      for byte in 0..<16 { consoles.ports[index].name[byte] = zone.name(byte) }
      if zone.flags.contains(.console) { consoles.ports[index].line = zone.consoleLine }
      consoles.ports[index].reset()
    }
    chooseConsoleServer(plan)
  }

  /// What the records say of a zone.
  public func recordZone(_ index: Int) -> RecordZone {
    var cpus: UInt64 = 0
    for vcpu in 0..<Int(zones[index].cpuCount) { cpus |= 1 << UInt64(zones[index].cpus[vcpu]) }
    return RecordZone(
      name: consoles.ports[index].name, kind: UInt32(zones[index].kind),
      cpuCount: zones[index].cpuCount, cpus: cpus)
  }

  /// Names the kernel's own port; before the first message.
  public mutating func nameKernel() {
    consoles.ports[ConsoleMultiplexer.kernelSource].name = [
      0x6b, 0x65, 0x72, 0x6e, 0x65, 0x6c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
    consoleServer = PlanOwner.nobody
  }

  /// zone0 serves the console if it has one, else the owner of the UART's line, else the first zone
  /// with a console. Input starts there, too.
  private mutating func chooseConsoleServer(_ plan: PlanView) {
    var first: Int?
    var best: Int?
    let line = Int(plan.uart.line)
    let lineOwner = line < 1024 ? Int(plan.line(line).owner) : Int(PlanOwner.nobody)
    for index in 0..<plan.zoneCount where plan.zone(index).flags.contains(.console) {
      if first == nil { first = index }
      if plan.zone(index).kind == .zone0 { best = index }
    }
    if best == nil, lineOwner < plan.zoneCount, plan.zone(lineOwner).flags.contains(.console) {
      best = lineOwner
    }
    guard let server = best ?? first else { return }
    consoleServer = UInt8(server)
    router.select(UInt8(server))
  }
}
