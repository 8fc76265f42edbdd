import Synchronization

// Revoke, then wake. A zone is stopped by taking its memory away and waking its CPUs: the next
// instruction each of them fetches faults into the kernel, whatever the zone did with its interrupt
// masks. Nobody has to answer an interrupt.
//
// The handshake with a CPU that is just being started: the stopper moves the zone out of `running`
// and then looks at the CPU; the CPU declares itself `running` and then looks at the zone and its
// command. Both in sequentially consistent order, so at least one of them sees the other; and the
// stopper clears the command only after it saw the CPU idle.

extension KernelBlock {
  /// Longest wait for the CPUs of a zone to reach the kernel. They need no help of any zone to do so:
  /// tens of instructions, or the rest of one exit.
  static var collectMilliseconds: UInt64 { 1000 }

  /// Stops a zone for good: state `final`, CPUs idle, lines quiet. False when the zone does not run,
  /// is in transition already, or a CPU of it could not be taken back (it has failed then, and this
  /// said so).
  ///
  /// `caller` is the CPU that executes this; when it belongs to the zone, it must park afterwards.
  public mutating func stop<M: Machine>(
    zone: Int, final: ZoneState, failure: ZoneFailure, caller: Int, ticksPerMillisecond: UInt64,
    machine: M
  ) -> Bool {
    guard zones[zone].transition(from: .running, to: .stopping) else { return false }
    let failure = collect(
      zone: zone, failure: failure, caller: caller, ticksPerMillisecond: ticksPerMillisecond,
      machine: machine)
    zones[zone].failure.store(failure.rawValue, ordering: .relaxed)
    let state: ZoneState = failure == .none ? final : .failed
    zones[zone].state.store(state.rawValue, ordering: .sequentiallyConsistent)
    if failure == .stuckCPU {
      sayStuck(zone, machine)
      return false
    }
    return true
  }

  /// Starts a zone from its pristine image, stopping it first if it runs. False when it is in
  /// transition already or a CPU of it could not be taken back.
  ///
  /// The zone's boot CPU does the work, when it next looks for a command; when that is `caller`, it
  /// must park afterwards.
  public mutating func restart<M: Machine>(
    zone: Int, caller: Int, ticksPerMillisecond: UInt64, machine: M
  ) -> Bool {
    if zones[zone].transition(from: .running, to: .stopping) {
      let failure = collect(
        zone: zone, failure: .none, caller: caller, ticksPerMillisecond: ticksPerMillisecond,
        machine: machine)
      guard failure == .none else {
        zones[zone].failure.store(failure.rawValue, ordering: .relaxed)
        zones[zone].state.store(ZoneState.failed.rawValue, ordering: .sequentiallyConsistent)
        sayStuck(zone, machine)
        return false
      }
    } else {
      guard canStart(zone),
        zones[zone].transition(from: .created, to: .stopping)
          || zones[zone].transition(from: .stopped, to: .stopping)
          || zones[zone].transition(from: .failed, to: .stopping)
      else { return false }
    }
    zones[zone].failure.store(0, ordering: .relaxed)
    zones[zone].state.store(ZoneState.starting.rawValue, ordering: .sequentiallyConsistent)
    let boot = Int(zones[zone].cpus[0])
    cpus[boot].command.store(CPUCommand.startZone.rawValue, ordering: .sequentiallyConsistent)
    if boot != caller { machine.wake(cpu: boot) }
    return true
  }

  /// A CPU of the zone crashed in the kernel and is lost: the zone has failed for good. Its other CPUs
  /// are not stopped, because nothing that needs a lock can be relied on now; nobody waits for the zone
  /// any more, not even for its service of the console.
  public func loseZone(_ zone: Int) {
    zones[zone].failure.store(ZoneFailure.stuckCPU.rawValue, ordering: .relaxed)
    zones[zone].state.store(ZoneState.failed.rawValue, ordering: .sequentiallyConsistent)
  }

  /// Whether every CPU of the zone came up and is not lost.
  @_optimize(size)
  private func canStart(_ zone: Int) -> Bool {
    // A zone without tables never had memory to give back.
    if zones[zone].failure.load(ordering: .relaxed) == ZoneFailure.tablesExhausted.rawValue {
      return false
    }
    for vcpu in 0..<Int(zones[zone].cpuCount) {
      let state = cpus[Int(zones[zone].cpus[vcpu])].state.load(ordering: .sequentiallyConsistent)
      if state != CPUState.idle.rawValue { return false }
    }
    return zones[zone].cpuCount > 0
  }

  /// Brings all CPUs of the zone but `caller` to `idle`. The caller of this has moved the zone to
  /// `stopping`.
  @inline(never) @_optimize(size)
  private mutating func collect<M: Machine>(
    zone: Int, failure: ZoneFailure, caller: Int, ticksPerMillisecond: UInt64, machine: M
  ) -> ZoneFailure {
    zones[zone].revokedAt.store(machine.recordTime(), ordering: .releasing)
    machine.revokeMemory(ofZone: zone)
    let count = Int(zones[zone].cpuCount)
    for vcpu in 0..<count {
      let cpu = Int(zones[zone].cpus[vcpu])
      if cpu != caller { machine.wake(cpu: cpu) }
    }
    var result = failure
    let limit = machine.counter() &+ Self.collectMilliseconds * ticksPerMillisecond
    for vcpu in 0..<count {
      let cpu = Int(zones[zone].cpus[vcpu])
      while cpu != caller, isRunning(cpu) {
        machine.pause()
        // Unsigned difference: right across the counter's wrap.
        if Int64(bitPattern: machine.counter() &- limit) > 0 {
          result = .stuckCPU
          break
        }
      }
    }
    // Only now is nobody left who could give a command: a CPU of the zone inside CPU_ON was running.
    for vcpu in 0..<count {
      cpus[Int(zones[zone].cpus[vcpu])].command.store(0, ordering: .sequentiallyConsistent)
    }
    machine.quietLines(ofZone: zone)
    reportDrops(of: zone)
    consoles.ports[zone].reset()
    return result
  }

  private func isRunning(_ cpu: Int) -> Bool {
    cpus[cpu].state.load(ordering: .sequentiallyConsistent) == CPUState.running.rawValue
  }

  /// Tells an idle CPU of the caller's zone to start at `entry`.
  public func startVCPU<M: Machine>(
    on cpu: Int, entry: UInt64, argument: UInt64, _ machine: M
  ) -> StartOutcome {
    if cpus[cpu].state.load(ordering: .sequentiallyConsistent) != CPUState.idle.rawValue {
      return .alreadyOn
    }
    guard
      cpus[cpu].command.compareExchange(
        expected: CPUCommand.none.rawValue, desired: CPUCommand.reserved.rawValue,
        ordering: .sequentiallyConsistent
      ).exchanged
    else { return .pending }
    cpus[cpu].entry.store(entry, ordering: .releasing)
    cpus[cpu].context.store(argument, ordering: .releasing)
    cpus[cpu].command.store(
      CPUCommand.startVCPU.rawValue, ordering: .sequentiallyConsistent)
    machine.wake(cpu: cpu)
    return .started
  }

  /// What an idle CPU shall do next; called by that CPU. `none` leaves it idle, the others leave it
  /// `running`.
  public func takeCommand(cpu: Int, zone: Int) -> CPUCommand {
    guard cpus[cpu].command.load(ordering: .sequentiallyConsistent) != 0 else { return .none }
    cpus[cpu].state.store(CPUState.running.rawValue, ordering: .sequentiallyConsistent)
    let state = zones[zone].state.load(ordering: .sequentiallyConsistent)
    let wanted: CPUCommand =
      state == ZoneState.starting.rawValue
      ? .startZone : state == ZoneState.running.rawValue ? .startVCPU : .none
    if state == ZoneState.running.rawValue,
      cpus[cpu].command.compareExchange(
        expected: CPUCommand.enterZone.rawValue, desired: 0, ordering: .sequentiallyConsistent
      ).exchanged
    {
      return .enterZone
    }
    if wanted != .none,
      cpus[cpu].command.compareExchange(
        expected: wanted.rawValue, desired: 0, ordering: .sequentiallyConsistent
      ).exchanged
    {
      return wanted
    }
    cpus[cpu].state.store(CPUState.idle.rawValue, ordering: .sequentiallyConsistent)
    return .none
  }
}
