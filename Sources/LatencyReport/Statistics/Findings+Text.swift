public import LatencyStatistics

// Findings in words, in the unit of the report. What the numbers are called in JSON is the report's
// business.

extension RunComparison.Finding {
  /// One sentence without a full stop: what changed, from what to what, and how sure that is.
  public func text(_ unit: TickUnit) -> String {
    let sure = pValue.map { ", p = \(probability($0))" } ?? ""
    let change =
      switch kind {
      case .body(let quantile, let before, let after):
        "p\(trimmed(quantile * 100)): \(unit.format(before)) -> \(unit.format(after)) \(unit.name)"
      case .exceedances(let table, let bound):
        "above \(unit.format(bound)) \(unit.name): \(table.exceedancesA) of \(table.countA) samples"
          + " -> \(table.exceedancesB) of \(table.countB)"
      case .maximum(let before, let after, let rank, let isBound):
        (rank == 1 ? "maximum" : "maximum against the sample with rank \(rank) of the longer run")
          + ": \(unit.format(before)) -> \(unit.format(after)) \(unit.name)"
          + (isBound ? ", the larger one at least" : "")
      case .largest(let before, let after):
        "middle of the ten largest: \(unit.format(before)) -> \(unit.format(after)) \(unit.name)"
      }
    return "\(direction.rawValue): \(change)\(sure)"
  }
}

extension Contamination.Finding {
  /// One sentence without a full stop: what was found, and in which samples.
  public func text(_ unit: TickUnit) -> String {
    let place = "samples \(samples.lowerBound)-\(samples.upperBound)"
    return switch kind {
    case .burst(let burst):
      "burst: \(burst.events) of the \(burst.total) largest samples in \(place),"
        + " expected \(tenths(burst.expected)), p = \(probability(burst.pValue))"
    case .drift(let change, let pValue):
      "drift: the mean moves by \(amount(change, unit)) over \(place), p = \(probability(pValue))"
    case .step(let before, let after, _):
      "step: mean \(amount(before, unit)) -> \(amount(after, unit)) in \(place)"
    case .periodic(let periodicity, _):
      "periodic: large samples come back every \(tenths(periodicity.period)) samples,"
        + " strength \(tenths(periodicity.strength * 100)) %, p = \(probability(periodicity.pValue))"
    }
  }
}

extension TailModel.Estimate {
  /// Always says that it is an estimate, and when it is one of what was never seen.
  public var text: String {
    let interval =
      "\(probability(lower)) to \(probability(upper)) at \(tenths(confidence * 100)) % confidence"
    let start =
      self.probability == 0
      ? "estimate: 0, for the fitted tail ends below; that is no proof (\(interval))"
      : "estimate: \(LatencyReport.probability(self.probability)) per sample (\(interval))"
    if isFarExtrapolated { return start + "; far beyond what the run shows" }
    return isExtrapolated ? start + "; never reached in the run" : start
  }

  private func probability(_ value: Double) -> String { LatencyReport.probability(value) }
}

/// A probability with two digits, as a power of ten when it is small.
func probability(_ value: Double) -> String {
  guard value > 0 else { return "0" }
  if value >= 0.001 { return "\((value * 1000).rounded() / 1000)" }
  var scaled = value
  var exponent = 0
  while scaled < 1, exponent > -400 {
    scaled *= 10
    exponent -= 1
  }
  return "\((scaled * 10).rounded() / 10)e\(exponent)"
}

private func tenths(_ value: Double) -> String { trimmed((value * 10).rounded() / 10) }

/// A mean or a change of it, in the unit; ticks have a fraction here.
private func amount(_ ticks: Double, _ unit: TickUnit) -> String {
  "\(tenths(ticks * (unit.nanosecondsPerTick ?? 1))) \(unit.name)"
}
