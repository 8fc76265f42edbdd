internal import LatencyStatistics

/// A series with what only its page needs: the tail model or why there is none, and what disturbed it.
struct SeriesDetail: Sendable {
  let series: Series
  let unit: TickUnit
  /// Nil: see `refusal`.
  let model: TailModel?
  /// Why there is no model, in words; nil: there is one.
  let refusal: String?
  /// Of samples in order.
  let findings: [Contamination.Finding]

  init(_ series: Series, unit: TickUnit, options: HTMLRenderer.Options) {
    self.series = series
    self.unit = unit
    let samples = series.samples.flatMap { $0.values.isEmpty ? nil : $0 }
    var sketch: SampleSketch?
    if let samples {
      var filled = SampleSketch()
      let times = samples.times.count == samples.values.count ? samples.times : []
      for (index, value) in samples.values.enumerated() {
        filled.append(value, time: times.isEmpty ? nil : times[index])
      }
      sketch = filled
    }
    findings = sketch.map { Contamination($0).findings } ?? []
    guard unit.isTime else {
      model = nil
      refusal =
        "the numbers are not time, so a model of their tail would say nothing of any machine"
      return
    }
    do throws(TailRefusal) {
      model =
        if let sketch, samples?.omitted == 0 { try TailModel(sketch, options: options.tail) } else {
          try series.distribution.tailModel(options: options.tail)
        }
      refusal = nil
    } catch {
      model = nil
      refusal = error.description
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
      "The kernel counted each exit of a zone from trap entry to return, its own counting included."
    case .imported(let place): "Another tool took the samples of \(place)."
    }
  }
}
