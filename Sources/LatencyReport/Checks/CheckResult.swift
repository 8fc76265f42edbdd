public import LatencyStatistics

/// What came of comparing one measurement with what it is held to; JUnit files and annotations are made
/// from these.
public struct CheckResult: Sendable, Equatable, Codable {
  public enum State: String, Sendable, Codable {
    case passed, failed
    /// It could not be judged, which is no pass.
    case undecided
  }

  /// Of the measurement, such as `timer-busy`.
  public var name: String
  /// Where it was taken, such as `zone rt-control`.
  public var place: String
  public var state: State
  /// One line.
  public var message: String
  /// More lines, for those who look.
  public var details: [String]

  /// A result made elsewhere.
  public init(
    name: String, place: String, state: State, message: String, details: [String] = []
  ) {
    self.name = name
    self.place = place
    self.state = state
    self.message = message
    self.details = details
  }

  /// Of runs that must be equal to the last sample. `sameShape`: runs may differ in length.
  public init(
    name: String, place: String, difference: ExactDifference, unit: TickUnit,
    sameShape: Bool = false
  ) {
    self.name = name
    self.place = place
    details = difference.bins.prefix(50).map { $0.text(unit) }
    if difference.bins.count > 50 { details.append("and \(difference.bins.count - 50) more") }
    if difference.isEmpty || (sameShape && difference.isSameShape()) {
      state = .passed
      message = "the same path" + (difference.hasWideBins ? ", as far as the bins can tell" : "")
      return
    }
    state = .failed
    if let shift = difference.shift {
      message = "every sample is \(unit.distance(shift))"
    } else if difference.bins.isEmpty {
      message = "the maximum changed within its bin"
    } else {
      message =
        counted(difference.bins.count, "value") + " changed in count, first "
        + difference.bins[0].text(unit)
    }
  }

  /// Of runs judged by statistics: worse fails.
  public init(name: String, place: String, comparison: RunComparison, unit: TickUnit) {
    self.name = name
    self.place = place
    details = comparison.findings.map { $0.text(unit) }
    switch comparison.verdict {
    case .same: (state, message) = (.passed, "no difference that matters")
    case .better: (state, message) = (.passed, "better: \(details.first ?? "")")
    case .worse:
      let worst = comparison.findings.first { $0.direction == .worse }
      (state, message) = (.failed, worst?.text(unit) ?? "worse")
    case .inconclusive(let reason): (state, message) = (.undecided, reason)
    }
  }
}

extension ExactDifference.Bin {
  /// The bin and how its count changed.
  func text(_ unit: TickUnit) -> String {
    let values =
      low == high
      ? unit.format(low)
      : high == .max ? ">=" + unit.format(low) : "\(unit.format(low))-\(unit.format(high))"
    return "\(values) \(unit.name): \(before) -> \(after) samples"
  }
}

extension TickUnit {
  /// A change in words: `1 instruction longer`.
  func distance(_ ticks: Int64) -> String {
    let amount = format(ticks.magnitude)
    let plural = self == .instructions && amount == "1" ? "instruction" : name
    return "\(amount) \(plural) \(ticks < 0 ? "shorter" : "longer")"
  }
}
