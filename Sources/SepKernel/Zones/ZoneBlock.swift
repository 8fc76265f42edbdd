public import Synchronization

/// What the kernel keeps of a zone. Filled in once from the Plan before any zone starts; later only
/// the atomics change, and `console` lives in `KernelBlock.consoles`.
public struct ZoneBlock: ~Copyable {
  /// A `ZoneState` raw value.
  public let state: Atomic<UInt32>
  /// A `ZoneFailure` raw value.
  public let failure: Atomic<UInt32>
  /// How often the zone was started.
  public let starts: Atomic<UInt32>
  /// Record clock when the zone's memory was last taken away.
  public let revokedAt: Atomic<UInt64>
  /// A `PlanZoneKind` raw value.
  public internal(set) var kind: UInt8
  /// CPUs it owns: entries used in `cpus`.
  public internal(set) var cpuCount: UInt32
  /// vCPU number to CPU index.
  public internal(set) var cpus: InlineArray<16, UInt8>
  /// Bit n of word w: the zone owns line 32 w + n.
  public internal(set) var lines: InlineArray<32, UInt32>
  /// 0: none.
  public internal(set) var stimulusLine: UInt32

  /// A zone without CPUs and lines, created.
  public init() {
    state = Atomic(ZoneState.created.rawValue)
    failure = Atomic(0)
    starts = Atomic(0)
    revokedAt = Atomic(0)
    kind = 0
    cpuCount = 0
    cpus = InlineArray(repeating: 0)
    lines = InlineArray(repeating: 0)
    stimulusLine = 0
  }

  /// Ownership of lines `32 * word` to `32 * word + 31`; `word` is below 32.
  @inline(__always)
  public func lineBits(_ word: Int) -> UInt32 { lines[word] }

  /// Whether the zone owns `line`.
  @inline(__always)
  public func owns(line: UInt32) -> Bool {
    line < 1024 && lines[Int(line >> 5)] & (1 &<< (line & 31)) != 0
  }

  /// Moves from one state to another if it is in the first; the mover has the zone for itself.
  public func transition(from old: ZoneState, to new: ZoneState) -> Bool {
    state.compareExchange(
      expected: old.rawValue, desired: new.rawValue, ordering: .sequentiallyConsistent
    ).exchanged
  }

  /// Whether the zone is `running`: its memory is there.
  public var isRunning: Bool {
    state.load(ordering: .sequentiallyConsistent) == ZoneState.running.rawValue
  }
}

/// What the kernel keeps of a CPU.
public struct CPUControl: ~Copyable {
  /// A `CPUState` raw value.
  public let state: Atomic<UInt32>
  /// A `CPUCommand` raw value; written by others, taken by the CPU itself.
  public let command: Atomic<UInt32>
  /// Entry point and argument of a `startVCPU` command.
  public let entry: Atomic<UInt64>
  /// The argument, x0 of the vCPU.
  public let context: Atomic<UInt64>

  /// A CPU that has not come up.
  public init() {
    state = Atomic(0)
    command = Atomic(0)
    entry = Atomic(0)
    context = Atomic(0)
  }
}

/// Where a CPU is.
public enum CPUState: UInt32, Sendable {
  /// Never came up.
  case offline = 0
  /// Waits in the kernel for a command.
  case idle = 1
  /// In its zone, or in the kernel on behalf of its zone.
  case running = 2
}

/// What became of a wish to start a CPU.
public enum StartOutcome: Equatable {
  /// It is being woken.
  case started
  /// It runs.
  case alreadyOn
  /// Somebody else is starting it.
  case pending
}

/// What a CPU that waits in the kernel shall do.
public enum CPUCommand: UInt32, Sendable {
  /// Nothing: go on waiting.
  case none = 0
  /// Load the zone's memory and start it; boot CPU of a zone only.
  case startZone = 1
  /// Start this vCPU (PSCI CPU_ON).
  case startVCPU = 2
  /// Enter the zone at its entry point: it is loaded already. Boot CPU of the machine, once.
  case enterZone = 4
  /// Somebody is about to write entry and context of a `startVCPU`.
  case reserved = 3
}
