package import LatencyReport

/// A series of samples in one sentence.
package struct LatencySummary: Sendable, Equatable {
  /// ok, or warn where less can be said of it than a reader might think.
  package var verdict: Verdict
  package var text: String

  /// `unit`: what the record's ticks are.
  package init(_ series: Series, _ unit: TickUnit) {
    let distribution = series.distribution
    var parts = ["\(series.measurement): \(distribution.count) samples"]
    if let least = distribution.minimum { parts.append("min \(unit.format(least.lowerBound))") }
    for quantile in Quantile.reported {
      if case .within(let bounds) = distribution.value(quantile) {
        parts.append("\(quantile.name) \(unit.format(bounds.upperBound))")
      }
    }
    if let most = distribution.maximum {
      parts.append(
        "max \(distribution.maximumIsBound ? ">= " : "")\(unit.format(most)) \(unit.name)")
    }
    if let misses = series.misses { parts.append("\(misses) deadlines missed") }
    verdict = .ok
    if unit.isTime, distribution.count < Self.enough {
      verdict = .warn
      parts.append("fewer than \(Self.enough) samples: the maximum says little")
    }
    if distribution.overflow > 0 {
      verdict = .warn
      parts.append("\(distribution.overflow) beyond the histogram")
    }
    text = parts.joined(separator: ", ")
  }

  /// What p99.99 needs (`Quantile.neededSamples`).
  static let enough: UInt64 = 100_000
}
