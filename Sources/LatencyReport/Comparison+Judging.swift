import LatencyProbe
import LatencyStatistics

extension Comparison {
  /// Compares two runs. Throws when their ticks mean different things, when ticks mean nothing that
  /// can be compared, or when nothing is there to compare.
  public init(
    baseline: Dataset, candidate: Dataset, options: Options = Options()
  ) throws(Refusal) {
    let isExact = try Self.checkClocks(baseline, candidate)
    let tick = TickUnit(baseline.machine)
    self.baseline = baseline.source
    self.candidate = candidate.source
    method = isExact ? "exact" : "statistical"
    unit = Report(baseline, options: .init(worst: 0)).unit
    warnings = Self.warnings(baseline, candidate)
    measurements = []
    let before = Self.chosen(baseline, options)
    let after = Self.chosen(candidate, options)
    for one in before {
      guard let other = after.first(where: { $0.place == one.place }) else {
        measurements.append(Self.absent(one, isCandidate: true))
        continue
      }
      measurements.append(
        isExact ? Self.exact(one, other, tick) : Self.statistical(one, other, tick, options))
    }
    for one in after where !before.contains(where: { $0.place == one.place }) {
      measurements.append(Self.absent(one, isCandidate: false))
    }
    guard !before.isEmpty else {
      throw Refusal(
        description: "\(baseline.source): no such measurement; `hvlat info` lists what there is")
    }
    verdict = measurements.map(\.verdict).max { $0.severity < $1.severity } ?? .same
  }

  private static func chosen(_ dataset: Dataset, _ options: Options) -> [Series] {
    dataset.series.filter { series in
      (options.measurement == nil || options.measurement == series.measurement)
        && (options.zone == nil || options.zone == series.origin.name
          || series.origin == options.zone.map { .zone($0) })
    }
  }

  /// Whether the comparison is exact.
  private static func checkClocks(_ a: Dataset, _ b: Dataset) throws(Refusal) -> Bool {
    guard a.machine.timebase == b.machine.timebase else {
      throw Refusal(
        description: "the timebases differ: \(a.source) is \(a.machine.timebase.name), \(b.source)"
          + " is \(b.machine.timebase.name); compare runs that were measured alike")
    }
    guard a.machine.counterFrequency == b.machine.counterFrequency,
      a.machine.icountShift == b.machine.icountShift
    else {
      func tick(_ machine: Machine) -> String {
        "\(machine.counterFrequency) Hz"
          + (machine.icountShift.map { ", icount shift \($0)" } ?? "")
      }
      throw Refusal(
        description: "the ticks differ: \(a.source) has \(tick(a.machine)), \(b.source) has"
          + " \(tick(b.machine))")
    }
    switch a.machine.timebase {
    case .icount: return true
    case .hardware: return false
    case .emulated, .unknown:
      throw Refusal(
        description:
          "the timebase is \(a.machine.timebase.name): the numbers depend on the host, so"
          + " that a difference would mean nothing; run under icount or on hardware")
    }
  }

  private static func warnings(_ a: Dataset, _ b: Dataset) -> [String] {
    var lines: [String] = []
    func note(_ what: String, _ before: String, _ after: String) {
      if before != after { lines.append("different \(what): \(before), \(after)") }
    }
    note("board", a.machine.board, b.machine.board)
    note("cpu", hexadecimal(a.machine.cpuModel), hexadecimal(b.machine.cpuModel))
    for key in ["load", "format", "system"] {
      func value(_ dataset: Dataset) -> String {
        dataset.provenance.first { $0.key == key }?.value ?? "not recorded"
      }
      note(key, value(a), value(b))
    }
    for dataset in [a, b] {
      lines += dataset.warnings.map { "\(dataset.source): \($0)" }
    }
    return lines
  }

  /// A measurement that is gone cannot be judged; a new one changes nothing.
  private static func absent(_ series: Series, isCandidate: Bool) -> Measured {
    let statistics = Statistics(series.distribution)
    return Measured(
      measurement: series.measurement, origin: series.origin.name,
      verdict: isCandidate ? .inconclusive : .same,
      reason: isCandidate ? "the candidate does not have it" : "new: the baseline does not have it",
      findings: [], before: isCandidate ? statistics : nil, after: isCandidate ? nil : statistics)
  }

  private static func exact(_ a: Series, _ b: Series, _ unit: TickUnit) -> Measured {
    let difference = ExactDifference(baseline: a.distribution, candidate: b.distribution)
    var result = Measured(
      measurement: a.measurement, origin: a.origin.name, verdict: .same, findings: [],
      before: Statistics(a.distribution), after: Statistics(b.distribution), exact: difference)
    if difference.hasWideBins {
      result.reason = "some bins hold several values: equal counts do not prove equal samples"
    }
    if difference.isEmpty { return result }
    if a.distribution.count == 0 || b.distribution.count == 0 {
      result.verdict = .inconclusive
      result.reason = "a run has no samples"
      return result
    }
    if difference.isSameShape() {
      result.reason =
        "\(difference.samplesBefore) -> \(difference.samplesAfter) samples, in the same proportions"
      return result
    }
    // A longer longest path is worse whatever else became shorter.
    let isMaximumLonger = (b.distribution.maximum ?? 0) > (a.distribution.maximum ?? 0)
    result.verdict =
      isMaximumLonger ? .worse : AlignedBins(a.distribution, b.distribution).direction
    let direction =
      switch result.verdict {
      case .better, .worse: result.verdict.rawValue
      case .same, .mixed, .inconclusive: "changed"
      }
    result.findings = difference.sentences(unit).map {
      Finding(kind: "path", direction: direction, text: $0)
    }
    return result
  }

  private static func statistical(
    _ a: Series, _ b: Series, _ unit: TickUnit, _ options: Options
  ) -> Measured {
    var judging = RunComparison.Options()
    if let deadline = options.deadline { judging.bounds = [deadline] }
    let comparison = RunComparison(
      baseline: a.distribution, candidate: b.distribution, options: judging)
    var result = Measured(
      measurement: a.measurement, origin: a.origin.name, verdict: .same,
      findings: comparison.findings.map { Finding($0, unit) },
      before: Statistics(a.distribution, confidence: 0.95),
      after: Statistics(b.distribution, confidence: 0.95))
    switch comparison.verdict {
    case .same: result.verdict = .same
    case .better: result.verdict = .better
    case .worse: result.verdict = .worse
    case .inconclusive(let why):
      result.verdict = .inconclusive
      result.reason = why
    }
    if let body = comparison.body {
      result.tests = Tests(
        kolmogorovSmirnov: body.kolmogorovSmirnov.statistic,
        kolmogorovSmirnovP: body.kolmogorovSmirnov.pValue,
        mannWhitneyP: body.mannWhitney.pValue, superiority: body.superiority,
        bounds: comparison.bounds.map {
          Tests.Bound(
            ticks: $0.bound, before: $0.table.exceedancesA, after: $0.table.exceedancesB,
            pValueMore: $0.pValueMore, pValueFewer: $0.pValueFewer)
        })
    }
    return result
  }
}

extension Comparison.Finding {
  init(_ finding: RunComparison.Finding, _ unit: TickUnit) {
    kind =
      switch finding.kind {
      case .body: "body"
      case .exceedances: "exceedances"
      case .maximum: "maximum"
      case .largest: "largest"
      }
    direction = finding.direction.rawValue
    text = finding.text(unit)
    pValue = finding.pValue
  }
}

extension AlignedBins {
  /// Worse when the share of samples beyond every value grew or stayed; better for the reverse; mixed
  /// otherwise (stochastic order, Shaked and Shanthikumar 2007, section 1.A).
  fileprivate var direction: Comparison.Verdict {
    let totalBefore = Double(bins.reduce(0) { $0 + $1.before })
    let totalAfter = Double(bins.reduce(0) { $0 + $1.after })
    var seenBefore = 0.0
    var seenAfter = 0.0
    var isLonger = false
    var isShorter = false
    for bin in bins {
      seenBefore += Double(bin.before)
      seenAfter += Double(bin.after)
      let change = seenAfter / totalAfter - seenBefore / totalBefore
      if change < -1e-12 { isLonger = true }
      if change > 1e-12 { isShorter = true }
    }
    switch (isLonger, isShorter) {
    case (true, false): return .worse
    case (false, true): return .better
    case (true, true), (false, false): return .mixed
    }
  }
}

extension ExactDifference {
  /// What changed, a few sentences without full stops.
  func sentences(_ unit: TickUnit) -> [String] {
    var lines: [String] = []
    if let shift {
      let amount = unit.format(shift.magnitude)
      lines.append("every sample: \(shift > 0 ? "+" : "-")\(amount) \(unit.name)")
    }
    if let before = maximumBefore, let after = maximumAfter, before != after {
      lines.append("maximum: \(unit.format(before)) -> \(unit.format(after)) \(unit.name)")
    }
    if samplesBefore != samplesAfter {
      lines.append("samples: \(samplesBefore) -> \(samplesAfter)")
    }
    let shown = 12
    for bin in bins.prefix(shown) {
      let name =
        bin.low == bin.high
        ? unit.format(bin.low)
        : bin.high == .max
          ? ">=\(unit.format(bin.low))" : "\(unit.format(bin.low))-\(unit.format(bin.high))"
      lines.append("\(name) \(unit.name): \(bin.before) -> \(bin.after) samples")
    }
    if bins.count > shown { lines.append("\(bins.count - shown) more values changed") }
    return lines
  }
}
