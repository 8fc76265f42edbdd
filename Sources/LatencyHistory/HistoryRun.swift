internal import LatencyProbe
public import LatencyReport

/// What must be equal for two runs to be comparable. The image is not part of it: that is what changes
/// from run to run.
public struct HistoryKey: Sendable, Hashable, Codable {
  public var board: String
  public var measurement: String
  /// As `Series.Origin.name`.
  public var place: String
  /// What else was running, as the provenance says; empty: not recorded.
  public var load: String
  /// `hardware`, `icount`, `emulated` or `unknown`.
  public var timebase: String
  /// Hz; 0: unknown.
  public var counterFrequency: UInt64
  /// QEMU's icount shift, under icount only.
  public var icountShift: UInt32?

  /// The key of a series.
  public init(_ dataset: Dataset, _ series: Series) {
    board = dataset.machine.board
    measurement = series.measurement
    place = series.origin.name
    load = dataset.provenance.first { $0.key == "load" }?.value ?? ""
    timebase = dataset.machine.timebase.name
    counterFrequency = dataset.machine.counterFrequency
    icountShift = dataset.machine.icountShift
  }

  init(
    board: String, measurement: String, place: String, load: String, timebase: String,
    counterFrequency: UInt64, icountShift: UInt32?
  ) {
    self.board = board
    self.measurement = measurement
    self.place = place
    self.load = load
    self.timebase = timebase
    self.counterFrequency = counterFrequency
    self.icountShift = icountShift
  }

  /// What the numbers are.
  public var unit: TickUnit {
    var machine = Machine(name: board, ticksPerSecond: counterFrequency)
    machine.icountShift = icountShift
    machine.timebase =
      [Timebase.hardware, .icount, .emulated].first { $0.name == timebase } ?? .unknown
    return TickUnit(machine)
  }

  /// For headings.
  public var title: String {
    "\(measurement), \(place), \(board)" + (load.isEmpty ? "" : ", load: \(load)")
  }
}

/// One series of one run.
public struct HistoryRun: Sendable, Equatable {
  /// Rises with every run that is added.
  public var id: Int64
  /// ISO 8601: when it was measured where the file says so, otherwise when it was added.
  public var date: String
  public var source: String
  public var key: HistoryKey
  /// Hexadecimal; zeros: unknown.
  public var imageHash: String
  /// What somebody wrote beside it, such as a commit.
  public var label: String
  /// Whether later runs are held to it.
  public var isBaseline: Bool
  public var distribution: Distribution
}

/// Which runs are meant; nil: all.
public struct HistoryFilter: Sendable {
  public var board: String?
  public var measurement: String?
  public var place: String?
  public var load: String?

  /// All runs.
  public init() {}

  func matches(_ key: HistoryKey) -> Bool {
    (board ?? key.board) == key.board && (measurement ?? key.measurement) == key.measurement
      && (place ?? key.place) == key.place && (load ?? key.load) == key.load
  }
}
