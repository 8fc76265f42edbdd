import LatencyProbe
import LatencyStatistics

// What the order of samples tells: the tail model, which needs it to be trusted, and contamination.

extension Report {
  /// An extreme value model of a measurement in ticks, or why there is none. An estimate, never a bound.
  public struct TailReport: Sendable, Codable, Equatable {
    /// Why there is none; the rest is absent then.
    public var refused: String?
    public var method: String?
    public var estimator: String?
    /// ξ: below 0 the fitted tail ends, from 0 on it does not.
    public var shape: Double?
    public var shapeLower: Double?
    public var shapeUpper: Double?
    /// The model speaks of values from here on.
    public var validFrom: Double?
    /// Largest value of the fitted distribution; absent: none.
    public var endpoint: Double?
    /// Values the fit was made from.
    public var fitted: Int?
    /// Probability per sample of values of interest: the longest sample, the deadline.
    public var estimates: [Exceedance] = []
    /// For drawing: ascending values, each with the probability of exceeding it.
    public var curve: [CurvePoint] = []
    /// Tests the samples passed before they were modelled.
    public var gates: [Gate] = []
    public var warnings: [String] = []

    public struct Exceedance: Sendable, Codable, Equatable {
      /// `longest` or `deadline`.
      public var of: String
      public var ticks: UInt64
      public var probability: Double
      public var lower: Double
      public var upper: Double
      /// The estimate in words.
      public var text: String
    }

    public struct CurvePoint: Sendable, Codable, Equatable {
      public var ticks: Double
      public var probability: Double
    }

    public struct Gate: Sendable, Codable, Equatable {
      public var test: String
      public var statistic: Double
      public var pValue: Double
      public var significance: Double
    }
  }

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

extension Report.TailReport {
  /// `isTime`: only time has a tail; path lengths of an emulator have paths.
  init(_ series: Series, isTime: Bool, deadline: UInt64?) {
    self.init()
    guard isTime else {
      refused = "the values are no time: a model of their tail would say nothing of hardware"
      return
    }
    do throws(TailRefusal) {
      if let sketch = series.sketch {
        self = Self(try TailModel(sketch), deadline: deadline)
      } else if let samples = series.samples, samples.omitted > 0 {
        refused =
          "the file keeps the order of \(samples.values.count) samples and not of \(samples.omitted)"
          + " more: analyse the original file"
      } else {
        self = Self(try series.distribution.tailModel(), deadline: deadline)
      }
    } catch {
      refused = error.description
    }
  }

  private init(_ model: TailModel, deadline: UInt64?) {
    method = model.method.rawValue
    estimator = model.estimator.rawValue
    shape = model.shape
    (shapeLower, shapeUpper) = model.shapeInterval
    validFrom = model.validFrom
    endpoint = model.fit.endpoint
    fitted = model.fitted
    var values = [("longest", model.largest)]
    if let deadline { values.append(("deadline", deadline)) }
    for (name, ticks) in values {
      guard let estimate = model.exceedanceProbability(at: Double(ticks)) else { continue }
      estimates.append(
        Exceedance(
          of: name, ticks: ticks, probability: estimate.probability, lower: estimate.lower,
          upper: estimate.upper, text: estimate.text))
    }
    // Half a decade apart, down to what nobody measures.
    var probability = 0.1
    while probability > 1e-10 {
      if let ticks = model.value(exceededWith: probability), ticks.isFinite {
        curve.append(CurvePoint(ticks: ticks, probability: probability))
      }
      probability /= 10.0.squareRoot()
    }
    gates = model.gates.map {
      Gate(
        test: $0.kind.test, statistic: $0.result.statistic, pValue: $0.result.pValue,
        significance: $0.significance)
    }
    warnings = model.warnings.map(\.description)
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
