import Synchronization

/// The kernel's own hypercalls; docs/interfaces.md, "Hypercalls".
public enum Hypercall: UInt32, Sendable {
  /// Version of the calls.
  case abiVersion = 0x00
  /// State and failure reason of a zone.
  case zoneState = 0x01
  /// Starts a zone that does not run.
  case zoneStart = 0x02
  /// Stops another zone.
  case zoneStop = 0x03
  /// Stops another zone if it runs, and starts it.
  case zoneRestart = 0x04
  /// Index of the caller's zone.
  case zoneSelf = 0x05
  /// Exits of the calling CPU.
  case exitCount = 0x10
  /// Raises a zone's stimulus line.
  case stimulate = 0x11
  /// How often a zone was started.
  case zoneStarts = 0x12
  /// Frequency of the clock the latency records count, if it is not that of the system counter.
  case clock = 0x13

  /// SMC Calling Convention (DEN 0028) function identifier of number 0: SMC64 fast call, vendor
  /// specific hypervisor service.
  public static let base: UInt32 = 0xc600_0000
  /// Major << 16 | minor.
  public static let version: Int64 = 0x1_0000
}

/// Results shared by PSCI (DEN 0022, section 5.2.2) and the hypercalls.
public enum CallStatus {
  /// Done.
  public static let success: Int64 = 0
  /// No such call.
  public static let notSupported: Int64 = -1
  /// An argument names nothing.
  public static let invalidParameters: Int64 = -2
  /// Not the caller's right, or not possible in the state things are in.
  public static let denied: Int64 = -3
  /// The zone is in transition: ask again.
  public static let pending: Int64 = -5
}

/// What a call gives back to the zone, and what the CPU does then.
public struct CallResult: Equatable {
  /// x0.
  public var value: Int64
  /// Second result, when the call has one.
  public var second: UInt64?
  /// The calling CPU does not return to its zone: it waits in the kernel for a command.
  public var parks: Bool

  /// A call that answers and returns, unless said otherwise.
  public init(_ value: Int64, second: UInt64? = nil, parks: Bool = false) {
    self.value = value
    self.second = second
    self.parks = parks
  }
}

extension KernelBlock {
  /// Zone control calls of `zone`, made on CPU `caller`, about zone `argument`.
  @_optimize(size)
  public mutating func zoneCall<M: Machine>(
    _ call: Hypercall, argument: UInt64, zone: Int, caller: Int, ticksPerMillisecond: UInt64,
    machine: M
  ) -> CallResult {
    switch call {
    case .abiVersion: return CallResult(Hypercall.version)
    case .zoneSelf: return CallResult(Int64(zone))
    case .zoneState, .zoneStarts, .zoneStart, .zoneStop, .zoneRestart, .stimulate:
      break
    case .exitCount, .clock: return CallResult(CallStatus.notSupported)  // answered by Arch
    }
    guard argument < UInt64(zoneCount) else { return CallResult(CallStatus.invalidParameters) }
    let target = Int(argument)
    let isManager = zones[zone].kind == PlanZoneKind.zone0.rawValue
    switch call {
    case .abiVersion, .zoneSelf, .exitCount, .clock:
      return CallResult(CallStatus.notSupported)
    case .zoneState:
      let state = zones[target].state.load(ordering: .sequentiallyConsistent)
      // The kernel's own states read as what the zone still is.
      let shown: ZoneState? =
        state == ZoneState.stopping.rawValue
        ? .running : state == ZoneState.starting.rawValue ? .created : nil
      return CallResult(
        Int64(shown?.rawValue ?? state),
        second: UInt64(zones[target].failure.load(ordering: .relaxed)))
    case .zoneStarts:
      return CallResult(Int64(zones[target].starts.load(ordering: .relaxed)))
    case .stimulate:
      guard isManager || target == zone else { return CallResult(CallStatus.denied) }
      guard zones[target].stimulusLine != 0, zones[target].isRunning else {
        return CallResult(CallStatus.invalidParameters)
      }
      // Noted before the line is raised, so that the measured distance is never too short.
      machine.noteStimulus(zone: target)
      machine.raise(line: zones[target].stimulusLine)
      return CallResult(CallStatus.success)
    case .zoneStart, .zoneStop, .zoneRestart:
      guard isManager, target != zone else {
        return CallResult(CallStatus.denied)
      }
      let old = zones[target].state.load(ordering: .sequentiallyConsistent)
      if old == ZoneState.starting.rawValue || old == ZoneState.stopping.rawValue {
        return CallResult(CallStatus.pending)
      }
      let done =
        switch call {
        case .zoneStop:
          stop(
            zone: target, final: .stopped, failure: .none, caller: caller,
            ticksPerMillisecond: ticksPerMillisecond, machine: machine)
        case .zoneStart:
          zones[target].isRunning
            ? false
            : restart(
              zone: target, caller: caller, ticksPerMillisecond: ticksPerMillisecond,
              machine: machine)
        default:
          restart(
            zone: target, caller: caller, ticksPerMillisecond: ticksPerMillisecond,
            machine: machine)
        }
      if done, call == .zoneStop { sayStopped(target, "by zone0", machine) }
      return CallResult(done ? CallStatus.success : CallStatus.denied)
    }
  }

  /// `zone NAME failed: reason=stuck-cpu`: one of its CPUs did not come back.
  @inline(never) @_optimize(size)
  mutating func sayStuck<M: Machine>(_ zone: Int, _ machine: M) {
    beginMessage()
    put("zone ")
    put(name: zone)
    put(" failed: reason=")
    put(ZoneFailure.stuckCPU.name)
    endMessage(budget: Self.finalDrainBudget, machine)
  }

  /// `zone NAME stopped: REASON`.
  @inline(never) @_optimize(size)
  public mutating func sayStopped<M: Machine>(_ zone: Int, _ reason: StaticString, _ machine: M) {
    beginMessage()
    put("zone ")
    put(name: zone)
    put(" stopped: ")
    put(reason)
    endMessage(budget: Self.finalDrainBudget, machine)
  }
}
