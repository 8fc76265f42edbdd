public import LatencyProbe
public import LatencyStatistics

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

  /// Measurements that did not come from the kernel's own record.
  public init(
    source: String, machine: Machine, provenance: [ProvenanceItem], series: [Series],
    warnings: [String]
  ) {
    self.source = source
    self.machine = machine
    isSealed = false
    self.provenance = provenance
    cpus = []
    zones = []
    self.series = series
    lostStamps = 0
    self.warnings = warnings
  }
}

extension Dataset {
  init(
    source: String, machine: Machine, isSealed: Bool, provenance: [ProvenanceItem],
    cpus: [CPUResidency], zones: [ZoneSummary], series: [Series], lostStamps: UInt64,
    warnings: [String]
  ) {
    self.init(
      source: source, machine: machine, provenance: provenance, series: series, warnings: warnings)
    self.isSealed = isSealed
    self.cpus = cpus
    self.zones = zones
    self.lostStamps = lostStamps
  }
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

extension Machine {
  /// A machine of which only its name and the length of a tick are known.
  ///
  /// `ticksPerSecond` 0: the length of a tick is unknown. The timebase is `hardware`: tools other
  /// than ours report time, and do not say whether an emulator made it.
  public init(name: String, ticksPerSecond: UInt64) {
    self.init(
      board: name, architecture: 0, cpuModel: 0, counterFrequency: ticksPerSecond,
      timebase: .hardware, icountShift: nil, planChecksum: 0,
      imageHash: String(repeating: "0", count: 32))
  }
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
  /// When exits of the full path happened; nil: the source has no such log.
  public var log: ExitHistory?

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

/// The latest exits of a CPU that ran the kernel's full trap path, in the order of time.
public struct ExitHistory: Sendable, Equatable {
  /// Exits that were logged, those that were overwritten included.
  public var logged: UInt64
  /// The latest of them.
  public var exits: [LoggedExit]

  /// All later than this tick are in `exits`; nil: all are.
  public var overwrittenUntil: UInt64? {
    UInt64(exits.count) == logged ? nil : exits.first.map { $0.end } ?? .max
  }
}

/// An exit and when it ended.
public struct LoggedExit: Sendable, Equatable {
  /// Tick of the record's counter.
  public var end: UInt64
  public var exit: ExitEvent

  /// First tick of the exit.
  public var start: UInt64 { end - exit.ticks }
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
  /// The samples in the order they were taken, where the source has one sample for each.
  public var samples: OrderedSamples?
  /// All samples in the order they were taken, in constant memory; nil: the source does not keep the
  /// order, or not of all of them.
  public var sketch: SampleSketch?

  /// A series of samples. Without a sketch one is made of `samples`, if these are all.
  public init(
    measurement: String, origin: Origin, distribution: Distribution, misses: UInt64? = nil,
    warmUp: UInt64 = 0, rejected: [String: UInt64] = [:], notes: [String] = [],
    samples: OrderedSamples? = nil, sketch: SampleSketch? = nil
  ) {
    self.measurement = measurement
    self.origin = origin
    self.distribution = distribution
    self.misses = misses
    self.warmUp = warmUp
    self.rejected = rejected
    self.notes = notes
    self.samples = samples
    self.sketch = sketch ?? samples.flatMap(\.sketch)
  }

  /// Where the samples were taken, and by whom.
  public enum Origin: Sendable, Equatable {
    /// Stamped by the zone itself.
    case zone(String)
    /// Measured by the kernel on this CPU before zones started.
    case baseline(cpu: Int)
    /// Measured by the kernel on this CPU: time from trap entry to return, all reasons.
    case kernel(cpu: Int)
    /// Measured by another tool in the place it names, such as `thread 0` or `cpu 3`.
    case imported(String)

    /// For tables.
    public var name: String {
      switch self {
      case .zone(let name): "zone \(name)"
      case .baseline(let cpu): "baseline cpu \(cpu)"
      case .kernel(let cpu): "kernel cpu \(cpu)"
      case .imported(let place): place
      }
    }
  }
}

/// Samples in the order they were taken.
public struct OrderedSamples: Sendable, Equatable {
  /// Ticks, the first of the series.
  public var values: [UInt64]
  /// When each was taken, in ns since an origin the source chose; empty: the source does not say.
  public var times: [UInt64]
  /// Samples after these that were counted in the distribution but not kept in order.
  public var omitted: UInt64

  /// Samples as they were taken.
  public init(values: [UInt64] = [], times: [UInt64] = [], omitted: UInt64 = 0) {
    self.values = values
    self.times = times
    self.omitted = omitted
  }

  /// What tail model and contamination verdict need; nil when samples were left out.
  var sketch: SampleSketch? {
    guard omitted == 0 else { return nil }
    var sketch = SampleSketch()
    for (index, value) in values.enumerated() {
      sketch.append(value, time: index < times.count ? times[index] : nil)
    }
    return sketch
  }
}
