internal import LatencyStatistics

/// A series with what only its page needs.
struct SeriesDetail: Sendable {
  let part: SeriesPart
  /// What the report says of it.
  let report: Report.SeriesReport
  let unit: TickUnit
  /// Models of the tail, those there are; why there is not another one: `report`.
  let models: [TailModel]
  /// The run in the order of time, as far as its order is known; nil: not at all.
  let run: SampleSketch?
  /// Samples after those of `run`.
  let omitted: UInt64

  var series: Series { part.series }

  init(_ part: SeriesPart, _ report: Report.SeriesReport, unit: TickUnit) {
    self.part = part
    self.report = report
    self.unit = unit
    models = TailModel.Method.allCases.compactMap { method in
      try? part.series.tailModel(method, isTime: unit.isTime).get()
    }
    if let sketch = part.series.sketch {
      (run, omitted) = (sketch, 0)
    } else if var kept = part.series.samples, !kept.values.isEmpty {
      omitted = kept.omitted
      kept.omitted = 0
      run = kept.sketch
    } else {
      (run, omitted) = (nil, 0)
    }
  }

  /// Values on axes and in tables for one tick.
  var scale: Double { unit.nanosecondsPerTick ?? 1 }

  /// Ticks in the report's unit, for tables.
  func text(_ ticks: Double) -> String {
    let value = ticks * scale
    return grouped(abs(value) >= 100 ? value.rounded() : (value * 10).rounded() / 10)
  }

  /// The same with the unit's name.
  func named(_ ticks: Double) -> String { "\(text(ticks)) \(unit.name)" }

  /// Whether all samples are one value, so that there is nothing to draw.
  var constant: UInt64? {
    let points = series.distribution.points
    guard series.distribution.overflow == 0, points.count == 1,
      points[0].bounds.lowerBound == points[0].bounds.upperBound
    else { return nil }
    return points[0].bounds.lowerBound
  }

  /// How samples of such a series are taken (docs/measuring.md).
  var method: String {
    switch series.origin {
    case .zone(let name):
      "Zone \(name) stamped its own events: when each was due, and when its handler began."
    case .baseline:
      "The kernel measured its own timer on a CPU before zones started: what the machine costs"
        + " without zones."
    case .kernel:
      "The kernel measured each exit of a zone from trap entry to its last counter read; counting the exit"
        + " comes after that."
    case .imported(let place): "Another tool took the samples of \(place)."
    }
  }
}
