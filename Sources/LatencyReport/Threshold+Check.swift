extension Threshold {
  /// Why thresholds are hit, one text for each; empty: all are kept.
  ///
  /// Without `measurement` they apply to all that zones stamped, `misses` to what has a deadline.
  /// Throws when nothing matches the names, or a threshold does not fit the unit.
  public static func hits(
    _ thresholds: [Threshold], in dataset: Dataset, measurement: String? = nil, zone: String? = nil
  ) throws(Problem) -> [String] {
    if thresholds.isEmpty { return [] }
    let chosen = dataset.series.filter { series in
      switch series.origin {
      case .zone(let name), .imported(let name):
        (zone == nil || zone == name) && (measurement == nil || measurement == series.measurement)
      case .baseline: false
      case .kernel: zone == nil && measurement == series.measurement
      }
    }
    guard !chosen.isEmpty else {
      throw Problem(
        description: "no measurement '\(measurement ?? "any")' of zone '\(zone ?? "any")' to check"
          + " thresholds on; `hvlat info` lists what there is")
    }
    let unit = TickUnit(dataset.machine)
    var hits: [String] = []
    for threshold in thresholds {
      let withDeadline = chosen.filter { $0.misses != nil }
      let concerned =
        threshold.metric == .misses && !withDeadline.isEmpty ? withDeadline : chosen
      for series in concerned {
        if let hit = try threshold.hit(by: series, unit: unit) { hits.append(hit) }
      }
    }
    return hits
  }

  /// Why the threshold is hit by a measurement; nil: it is kept.
  ///
  /// What cannot be shown counts as hit: a refused quantile, a measurement without samples. Where
  /// only bounds are known the unfavourable one is compared.
  public func hit(by series: Series, unit: TickUnit) throws(Problem) -> String? {
    let place = "\(series.measurement) in \(series.origin.name)"
    let distribution = series.distribution
    let bounds: ClosedRange<UInt64>?
    var isDuration = true
    switch metric {
    case .samples:
      bounds = distribution.count...distribution.count
      isDuration = false
    case .overflow:
      bounds = distribution.overflow...distribution.overflow
      isDuration = false
    case .misses:
      bounds = series.misses.map { $0...$0 }
      isDuration = false
    case .minimum: bounds = distribution.minimum
    case .maximum: bounds = distribution.maximumBounds
    case .jitter: bounds = distribution.jitter
    case .quantile(let quantile):
      switch distribution.value(quantile) {
      case .within(let range): bounds = range
      case .atLeast(let bound):
        bounds = bound...max(bound, distribution.maximumBounds?.upperBound ?? bound)
      case .refused(let needed):
        return "\(description): \(place) has \(distribution.count) samples, \(quantile.name) needs"
          + " \(needed)"
      }
    }
    guard let bounds else { return "\(description): \(place) has no value to compare" }
    if isTime && !(isDuration && unit.isTime) {
      let name = isDuration ? unit.name : "a count"
      throw Problem(
        description:
          "threshold '\(description)': the value is \(name), not time; write a plain number"
      )
    }
    let scale = isDuration ? unit.nanosecondsPerTick ?? 1 : 1
    if isKept(bounds, scale: scale) { return nil }
    let isOpen = isDuration && bounds.upperBound == .max
    let found = bounds.lowerBound == bounds.upperBound ? "" : isOpen ? "at least " : "up to "
    let value = isOpen ? bounds.lowerBound : bounds.upperBound
    let shown = isDuration ? "\(unit.format(value)) \(unit.name)" : "\(value)"
    return "\(description): \(place) has \(found)\(shown)"
  }

  private func isKept(_ bounds: ClosedRange<UInt64>, scale: Double) -> Bool {
    if scale != 1 {
      let low = Double(bounds.lowerBound) * scale
      let high = Double(bounds.upperBound) * scale
      let limit = Double(value)
      switch comparison {
      case .atMost: return high <= limit
      case .below: return high < limit
      case .equal: return low == limit && high == limit
      case .atLeast: return low >= limit
      }
    }
    switch comparison {
    case .atMost: return bounds.upperBound <= value
    case .below: return bounds.upperBound < value
    case .equal: return bounds.lowerBound == value && bounds.upperBound == value
    case .atLeast: return bounds.lowerBound >= value
    }
  }
}
