import LatencyProbe

/// What the numbers of a report are, and what may be claimed of them.
public enum TickUnit: Sendable, Equatable {
  /// Real time: one tick takes this many nanoseconds.
  case nanoseconds(perTick: Double)
  /// One tick is one executed instruction: path length, not latency.
  case instructions
  /// Ticks with a remark: an emulator without such a relation, or an unknown frequency.
  case ticks(String)

  /// Chooses the unit: nanoseconds for hardware only, instructions when icount makes one tick one.
  public init(_ machine: Machine) {
    switch machine.timebase {
    case .hardware:
      guard machine.counterFrequency > 0 else {
        self = .ticks("frequency unknown")
        return
      }
      self = .nanoseconds(perTick: 1e9 / Double(machine.counterFrequency))
    case .icount:
      // An instruction takes 2^shift ns of virtual time, a tick 10^9 / frequency ns.
      if let shift = machine.icountShift, shift < 32,
        machine.counterFrequency.multipliedReportingOverflow(by: 1 << UInt64(shift))
          == (1_000_000_000, false)
      {
        self = .instructions
      } else {
        self = .ticks("icount shift \(machine.icountShift.map(String.init) ?? "unknown")")
      }
    case .emulated: self = .ticks("emulated")
    case .unknown: self = .ticks("timebase unknown, taken as emulated")
    }
  }

  /// For headings: `ns`, `instructions`, `ticks (emulated)`.
  public var name: String {
    switch self {
    case .nanoseconds: "ns"
    case .instructions: "instructions"
    case .ticks(let remark): "ticks (\(remark))"
    }
  }

  /// A number of ticks in this unit, without its name.
  public func format(_ ticks: UInt64) -> String {
    switch self {
    case .nanoseconds(let perTick):
      let tenths = (Double(ticks) * perTick * 10).rounded()
      guard tenths < 1e18 else { return "\(Double(ticks) * perTick)" }
      let whole = UInt64(tenths)
      return whole % 10 == 0 || whole >= 10_000
        ? "\((whole + 5) / 10)" : "\(whole / 10).\(whole % 10)"
    case .instructions, .ticks:
      return "\(ticks)"
    }
  }

  /// Whether ticks are time.
  public var isTime: Bool {
    switch self {
    case .nanoseconds: true
    case .instructions, .ticks: false
    }
  }
}

extension TickUnit {
  /// Nanoseconds a tick takes; nil when ticks are not time.
  public var nanosecondsPerTick: Double? {
    switch self {
    case .nanoseconds(let perTick): perTick
    case .instructions, .ticks: nil
    }
  }
}
