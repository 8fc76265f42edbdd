import LatencyProbe
import LatencyStatistics

// What the order of samples tells of the run.

extension Report {
  /// Whether something other than the measured path shaped the run.
  public struct OrderReport: Sendable, Codable, Equatable {
    /// `clean`, `contaminated`, `emulated-pattern` or `not-assessed`. Clean: nothing found, which proves
    /// nothing. The third: found, but in an emulator, where it is no contamination.
    public var verdict: String
    /// Why it was not assessed, or what made the pattern.
    public var reason: String?
    public var findings: [Finding]

    public struct Finding: Sendable, Codable, Equatable {
      /// `burst`, `drift`, `step` or `periodic`.
      public var kind: String
      public var text: String
      /// Counted from 0.
      public var firstSample: UInt64
      public var lastSample: UInt64
      /// In ns from the origin of the source, where it has times.
      public var firstTime: UInt64?
      public var lastTime: UInt64?
      /// Of `periodic`, in samples.
      public var period: Double?
    }
  }
}

extension Report.OrderReport {
  /// `emulation`: as `Dataset.emulatedPattern`.
  init(_ series: Series, _ unit: TickUnit, emulation: String?) {
    findings = []
    guard let sketch = series.sketch else {
      verdict = "not-assessed"
      reason = "the order of the samples is not known"
      return
    }
    let contamination = Contamination(sketch)
    switch contamination.verdict {
    case .clean: verdict = "clean"
    case .contaminated:
      verdict = emulation == nil ? "contaminated" : "emulated-pattern"
      reason = emulation
    case .notAssessed(let have, let needed):
      verdict = "not-assessed"
      reason = "\(have) samples, \(needed) are needed"
    }
    findings = contamination.findings.map { Finding($0, unit) }
  }
}

extension Dataset {
  /// What bursts, steps and periods are where an emulator kept the time; nil: on hardware.
  var emulatedPattern: String? {
    switch machine.timebase {
    case .hardware: nil
    case .icount where cpus.count > 1:
      "pattern of the emulated timebase, no contamination: the \(cpus.count) CPUs take turns, and"
        + " samples grow and shrink with how busy the others are (docs/measuring.md, Turns)"
    case .icount:
      "pattern of the measured code itself, no contamination: under icount nothing but it runs on the"
        + " one CPU, and a tick is no time"
    case .emulated, .unknown:
      "pattern of the emulator and its host, no contamination: the clock goes on while the host does"
        + " other things"
    }
  }
}

extension Report.OrderReport.Finding {
  fileprivate init(_ finding: Contamination.Finding, _ unit: TickUnit) {
    switch finding.kind {
    case .burst: kind = "burst"
    case .drift: kind = "drift"
    case .step: kind = "step"
    case .periodic(let periodicity, _):
      kind = "periodic"
      period = periodicity.period
    }
    var text = finding.text(unit)
    if unit.isTime, let times = finding.times {
      text += ", from \(seconds(times.lowerBound)) to \(seconds(times.upperBound))"
    }
    if unit.isTime, case .periodic(_, let time?) = finding.kind {
      text += ", every \(seconds(UInt64(exactly: time.rounded()) ?? 0))"
    }
    self.text = text
    firstSample = finding.samples.lowerBound
    lastSample = finding.samples.upperBound
    firstTime = finding.times?.lowerBound
    lastTime = finding.times?.upperBound
  }
}

/// Nanoseconds as seconds with six decimals.
func seconds(_ nanoseconds: UInt64) -> String {
  let micro = String(nanoseconds % 1_000_000_000 / 1000)
  return
    "\(nanoseconds / 1_000_000_000).\(String(repeating: "0", count: 6 - micro.count))\(micro) s"
}
