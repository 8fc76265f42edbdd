public import LatencyProbe

/// Measurements of one run, whatever file they came from: readers produce it, statistics and
/// renderers know nothing else.
public struct Dataset: Sendable {
  /// File name, or `-`.
  public var source: String
  public var machine: Machine
  /// Whether the host sealed the record: only then timebase and provenance are known.
  public var isSealed: Bool
  /// In the order of the file.
  public var provenance: [ProvenanceItem]
  public var cpus: [CPUResidency]
  public var zones: [ZoneSummary]
  public var series: [Series]
  /// Stamps zones say they could not write because their area was full.
  public var lostStamps: UInt64
  /// What is wrong or odd in the data without making it useless, in plain words.
  public var warnings: [String]
}

/// Where the measurements were taken.
public struct Machine: Sendable, Equatable {
  public var board: String
  /// ELF `e_machine`.
  public var architecture: UInt32
  /// AArch64: MIDR_EL1; 0: unknown.
  public var cpuModel: UInt64
  /// Hz; 0: unknown.
  public var counterFrequency: UInt64
  public var timebase: Timebase
  /// QEMU's icount shift; nil when the machine did not run under icount.
  public var icountShift: UInt32?
  public var planChecksum: UInt64
  /// 16 bytes, hexadecimal.
  public var imageHash: String
}

/// One line of provenance.
public struct ProvenanceItem: Sendable, Equatable, Codable {
  public var key: String
  public var value: String

  /// A line `key: value`.
  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}

/// What the kernel counted on one CPU.
public struct CPUResidency: Sendable {
  public var index: Int
  public var hardwareID: UInt64
  /// Owner's name; nil: no zone.
  public var zone: String?
  /// Ticks one count costs; 0: not measured.
  public var probeCost: UInt64
  /// The longest exit; nil: none yet.
  public var longest: ExitEvent?
  /// The latest exit; nil: none yet.
  public var last: ExitEvent?
  /// Reasons that occurred, by slot.
  public var reasons: [ReasonResidency]

  /// Exits, all reasons.
  public var exitCount: UInt64 { reasons.reduce(0) { $0 &+ $1.residency.count } }
}

/// One exit.
public struct ExitEvent: Sendable, Equatable, Codable {
  public var reason: String
  public var ticks: UInt64
  /// Guest program counter.
  public var pc: UInt64
}

/// Exits for one reason.
public struct ReasonResidency: Sendable {
  public var reason: String
  public var residency: Histogram
}

/// One zone of the run.
public struct ZoneSummary: Sendable, Equatable, Codable {
  public var name: String
  public var kind: String
  public var cpus: [Int]
  public var starts: UInt64
}

/// Samples of one measurement in one place.
public struct Series: Sendable {
  /// Stable name, such as `timer-busy`; `user-N` for a user's own id N.
  public var measurement: String
  public var origin: Origin
  public var distribution: Distribution
  /// Deadline misses among the samples; nil when the measurement has no deadline and none was flagged.
  public var misses: UInt64?
  /// Samples left out as warm-up.
  public var warmUp: UInt64 = 0
  /// Samples that could not be used, by reason.
  public var rejected: [String: UInt64] = [:]
  /// Facts of this series a reader should know.
  public var notes: [String] = []

  /// Where the samples were taken, and by whom.
  public enum Origin: Sendable, Equatable {
    /// Stamped by the zone itself.
    case zone(String)
    /// Measured by the kernel on this CPU before zones started.
    case baseline(cpu: Int)
    /// Measured by the kernel on this CPU: time from trap entry to return, all reasons.
    case kernel(cpu: Int)

    /// For tables.
    public var name: String {
      switch self {
      case .zone(let name): "zone \(name)"
      case .baseline(let cpu): "baseline cpu \(cpu)"
      case .kernel(let cpu): "kernel cpu \(cpu)"
      }
    }
  }
}
