import Synchronization

// The part of the boot that is the same everywhere: CPUs are started, then the zones they belong to;
// real-time zones first, and without waiting for anybody else's CPUs.

extension KernelBlock {
  /// Brings up the CPUs of the real-time zones, or all others, and starts those zones. A CPU that does
  /// not come up is reported and its zone refused; no wait is longer than 200 ms for all together.
  ///
  /// `own` is the boot CPU, which calls this; `frequency` is that of the counter, in Hz.
  @_optimize(size)
  public mutating func startZones<M: Machine>(
    realTime: Bool, own: Int, plan: PlanView, frequency: UInt64, machine: M
  ) {
    for cpu in 0..<plan.cpuCount where cpu != own && Self.isRealTime(cpu, plan) == realTime {
      if plan.baselineSamples == 0 { powerOn(cpu, machine) }
    }
    let limit = machine.counter() &+ frequency / 5
    for cpu in 0..<plan.cpuCount where cpu != own && Self.isRealTime(cpu, plan) == realTime {
      awaitCPU(cpu, limit: limit, machine)
    }
    for zone in 0..<plan.zoneCount where (plan.zone(zone).kind == .zoneR) == realTime {
      startAtBoot(zone, own: own, plan, machine)
    }
    if realTime { awaitStarts(own: own, plan, frequency, machine) }
  }

  @inline(never) @_optimize(size)
  private static func isRealTime(_ cpu: Int, _ plan: PlanView) -> Bool {
    let owner = Int(plan.cpu(cpu).owner)
    return owner < plan.zoneCount && plan.zone(owner).kind == .zoneR
  }

  /// Whether a CPU has not come up, or not yet.
  public func isOffline(_ cpu: Int) -> Bool {
    cpus[cpu].state.load(ordering: .sequentiallyConsistent) == CPUState.offline.rawValue
  }

  /// Whether it was reported that a CPU does not start.
  public func isReportedMissing(_ cpu: Int) -> Bool {
    cpus[cpu].entry.load(ordering: .relaxed) != 0
  }

  /// Starts a CPU, or reports that it does not start.
  @inline(never) @_optimize(size)
  public mutating func powerOn<M: Machine>(_ cpu: Int, _ machine: M) {
    guard let reason = machine.powerOn(cpu: cpu) else { return }
    reportMissing(cpu, reason, machine)
  }

  /// Waits for a CPU to come up, until the counter is at `limit`; reports it then.
  public mutating func awaitCPU<M: Machine>(_ cpu: Int, limit: UInt64, _ machine: M) {
    if isReportedMissing(cpu) { return }
    while isOffline(cpu) {
      machine.pause()
      if Int64(bitPattern: machine.counter() &- limit) > 0 {
        reportMissing(cpu, "it did not answer in 200 ms", machine)
        return
      }
    }
  }

  @_optimize(size)
  private mutating func reportMissing<M: Machine>(
    _ cpu: Int, _ reason: StaticString, _ machine: M
  ) {
    cpus[cpu].entry.store(1, ordering: .relaxed)
    beginMessage()
    put("cpu ")
    put(decimal: UInt64(cpu))
    put(" did not start: ")
    put(reason)
    endMessage(machine)
  }

  @_optimize(size)
  private mutating func startAtBoot<M: Machine>(
    _ zone: Int, own: Int, _ plan: PlanView, _ machine: M
  ) {
    for vcpu in 0..<plan.zone(zone).cpuCount where isOffline(Int(zones[zone].cpus[vcpu])) {
      refuse(zone: zone, .missingCPU, machine)
      return
    }
    if plan.zone(zone).flags.contains(.manualStart) { return }
    _ = restart(zone: zone, caller: own, ticksPerMillisecond: 1, machine: machine)
  }

  /// Gives the real-time zones a head start: until each is in its memory, at most two seconds. The one
  /// on this CPU is loaded here and entered when the others have been started.
  @_optimize(size)
  private mutating func awaitStarts<M: Machine>(
    own: Int, _ plan: PlanView, _ frequency: UInt64, _ machine: M
  ) {
    let limit = machine.counter() &+ frequency * 2
    for zone in 0..<plan.zoneCount where plan.zone(zone).kind == .zoneR {
      if plan.cpu(own).owner == UInt8(zone), takeCommand(cpu: own, zone: zone) == .startZone {
        load(zone: zone, plan.zone(zone), machine)
        cpus[own].command.store(CPUCommand.enterZone.rawValue, ordering: .sequentiallyConsistent)
      }
      while zones[zone].state.load(ordering: .sequentiallyConsistent)
        == ZoneState.starting.rawValue, Int64(bitPattern: machine.counter() &- limit) < 0
      {
        machine.pause()
      }
    }
  }

  /// Loads a zone from its pristine image, gives it its memory and declares it running. Called by the
  /// zone's boot CPU, while the zone is `starting`.
  @_optimize(size)
  public mutating func load<M: Machine>(zone: Int, _ plan: PlanZoneView, _ machine: M) {
    machine.quietLines(ofZone: zone)
    // What the last life left in the caches must not reach memory when the new one has begun, which
    // starts with its caches off. Before the first life that is the boot loader's duty.
    if zones[zone].starts.load(ordering: .relaxed) > 0 { machine.cleanMemory(ofZone: zone) }
    for index in 0..<plan.payloadCount {
      let payload = plan.payload(index)
      if let host = plan.host(of: payload.guest) { machine.copy(payload, to: host) }
    }
    machine.restoreMemory(ofZone: zone)
    let starts = zones[zone].starts.wrappingAdd(1, ordering: .relaxed).newValue
    machine.noteStart(zone: zone)
    sayStarted(zone, starts: starts, machine)
    zones[zone].state.store(ZoneState.running.rawValue, ordering: .sequentiallyConsistent)
  }

  /// Marks a zone failed before it ever started, and says so.
  @_optimize(size)
  public mutating func refuse<M: Machine>(zone: Int, _ failure: ZoneFailure, _ machine: M) {
    guard zones[zone].transition(from: .created, to: .failed) else { return }
    zones[zone].failure.store(failure.rawValue, ordering: .relaxed)
    beginMessage()
    put("zone ")
    put(name: zone)
    put(" refused: ")
    put(failure.name)
    endMessage(machine)
  }
}

extension PlanZoneView {
  /// Host-physical address of a guest-physical one; nil where the zone has nothing.
  public func host(of guest: UInt64) -> UInt64? {
    for index in 0..<rangeCount {
      let range = self.range(index)
      if guest >= range.guest, guest - range.guest < range.size {
        return range.host + (guest - range.guest)
      }
    }
    return nil
  }
}
