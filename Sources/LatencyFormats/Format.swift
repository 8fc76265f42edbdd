/// A file format `hvlat` reads.
public enum Format: String, CaseIterable, Sendable {
  /// The kernel's record, or what `hvlat import` and `hvlat merge` write.
  case record
  /// Histogram text of cyclictest (`-h`, `-H`, `--histfile`).
  case cyclictest
  /// `cyclictest --json`.
  case cyclictestJSON = "cyclictest-json"
  /// `rtla timerlat hist` and `rtla osnoise hist`.
  case rtla
  /// `results.json` of jitterdebugger.
  case jitterdebugger
  /// `samples.raw` of jitterdebugger.
  case jitterdebuggerSamples = "jitterdebugger-samples"
  /// OSADL "RT Dataset 1.0".
  case osadl
  /// HdrHistogram log.
  case hdr
  /// HdrHistogram percentile distribution.
  case hgrm
  /// One raw sample for each line.
  case csv

  /// For messages.
  public var summary: String {
    switch self {
    case .record: "latency record"
    case .cyclictest: "cyclictest histogram text"
    case .cyclictestJSON: "cyclictest JSON"
    case .rtla: "rtla histogram"
    case .jitterdebugger: "jitterdebugger JSON"
    case .jitterdebuggerSamples: "jitterdebugger binary samples"
    case .osadl: "OSADL RT Dataset 1.0"
    case .hdr: "HdrHistogram log"
    case .hgrm: "HdrHistogram percentile distribution"
    case .csv: "CSV of samples"
    }
  }
}

/// A unit of time a file may be in without saying so.
public enum TimeUnit: String, CaseIterable, Sendable {
  case nanoseconds = "ns"
  case microseconds = "us"
  case milliseconds = "ms"
  case seconds = "s"

  /// How many of it are in a second.
  public var perSecond: UInt64 {
    switch self {
    case .nanoseconds: 1_000_000_000
    case .microseconds: 1_000_000
    case .milliseconds: 1000
    case .seconds: 1
    }
  }
}

/// What the user says about a file.
public struct ReadOptions: Sendable {
  /// The unit of values whose file does not name one; nil: the tool's default, or unknown.
  public var unit: TimeUnit?
  /// Samples kept in order, over all series of a file; the rest is counted only.
  public var orderedLimit: Int

  /// Options; by default about four million samples keep their order (64 MiB with times).
  public init(unit: TimeUnit? = nil, orderedLimit: Int = 1 << 22) {
    self.unit = unit
    self.orderedLimit = orderedLimit
  }
}
