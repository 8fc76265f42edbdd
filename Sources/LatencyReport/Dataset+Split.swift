import LatencyProbe
import LatencyStatistics

/// How a report takes measurements apart, or puts them together.
public enum Split: String, Sendable, CaseIterable {
  /// By the CPU the samples were taken on.
  case cpu
  /// By the zone that owned the CPU.
  case zone
  /// The kernel's residency by reason of the exit.
  case reason
  /// By the stretches of the run between changes of level.
  case phase
}

/// A series under the heading it has in a report.
struct SeriesPart {
  var series: Series
  var measurement: String
  var place: String

  init(_ series: Series, measurement: String? = nil, place: String? = nil) {
    self.series = series
    self.measurement = measurement ?? series.measurement
    self.place = place ?? series.origin.name
  }
}

extension Dataset {
  /// The series as a report shows them.
  func parts(by split: Split?) -> [SeriesPart] {
    switch split {
    case nil: series.map { SeriesPart($0) }
    case .cpu: partsByCPU()
    case .zone: partsByZone()
    case .reason: partsByReason()
    case .phase: series.flatMap(partsByPhase)
    }
  }

  /// A zone with one CPU took its samples there; of others the stamps do not say where.
  private func partsByCPU() -> [SeriesPart] {
    var known: [(cpu: Int, part: SeriesPart)] = []
    var others: [SeriesPart] = []
    for one in series {
      switch one.origin {
      case .kernel(let cpu): known.append((cpu, SeriesPart(one, place: "cpu \(cpu)")))
      case .baseline(let cpu):
        let name = "\(one.measurement) (baseline)"
        known.append((cpu, SeriesPart(one, measurement: name, place: "cpu \(cpu)")))
      case .zone(let name):
        let cpus = zones.first { $0.name == name }?.cpus ?? []
        if cpus.count == 1 {
          known.append((cpus[0], SeriesPart(one, place: "cpu \(cpus[0])")))
        } else {
          var part = SeriesPart(one)
          part.series.notes.append(
            "the zone has several CPUs, and its stamps do not say on which one they were taken")
          others.append(part)
        }
      case .imported: others.append(SeriesPart(one))
      }
    }
    // A stable order within each CPU: that of the file.
    let sorted = known.enumerated().sorted {
      ($0.element.cpu, $0.offset) < ($1.element.cpu, $1.offset)
    }
    return sorted.map(\.element.part) + others
  }

  /// Exits of the CPUs of a zone become one distribution.
  private func partsByZone() -> [SeriesPart] {
    var parts: [SeriesPart] = []
    for zone in zones {
      let place = "zone \(zone.name)"
      for one in series {
        switch one.origin {
        case .zone(let name) where name == zone.name: parts.append(SeriesPart(one, place: place))
        case .baseline(let cpu) where zone.cpus.contains(cpu):
          let name = "\(one.measurement) (baseline cpu \(cpu))"
          parts.append(SeriesPart(one, measurement: name, place: place))
        case .kernel(let cpu) where zone.cpus.contains(cpu):
          let index = parts.firstIndex {
            $0.place == place && $0.measurement == one.measurement
          }
          if let index {
            parts[index].series.add(one)
          } else {
            parts.append(SeriesPart(one, place: place))
          }
        case .zone, .baseline, .kernel, .imported: break
        }
      }
    }
    let rest = series.filter { one in
      switch one.origin {
      case .zone(let name): !zones.contains { $0.name == name }
      case .baseline(let cpu), .kernel(let cpu): !zones.contains { $0.cpus.contains(cpu) }
      case .imported: true
      }
    }
    return parts + rest.map { SeriesPart($0) }
  }

  private func partsByReason() -> [SeriesPart] {
    series.flatMap { one -> [SeriesPart] in
      guard case .kernel(let cpu) = one.origin,
        let residency = cpus.first(where: { $0.index == cpu })
      else { return [SeriesPart(one)] }
      return residency.reasons.map { reason in
        let series = Series(
          measurement: reason.reason, origin: one.origin,
          distribution: Distribution(reason.residency))
        return SeriesPart(series)
      }
    }
  }

  private func partsByPhase(_ one: Series) -> [SeriesPart] {
    func whole(_ why: String) -> [SeriesPart] {
      var part = SeriesPart(one)
      part.series.notes.append(why)
      return [part]
    }
    guard let samples = one.samples, samples.omitted == 0, let sketch = one.sketch else {
      return whole("not split into phases: the samples are not all there in their order")
    }
    let steps = Contamination(sketch).findings.compactMap { finding -> Int? in
      guard case .step = finding.kind else { return nil }
      return Int(exactly: finding.samples.lowerBound)
    }
    let cuts =
      ([0] + steps.filter { $0 > 0 && $0 < samples.values.count }.sorted()) + [
        samples.values.count
      ]
    guard cuts.count > 2 else { return whole("one phase: no change of level was found") }
    return zip(cuts, cuts.dropFirst()).enumerated().map { index, range in
      let values = Array(samples.values[range.0..<range.1])
      let times = samples.times.isEmpty ? [] : Array(samples.times[range.0..<range.1])
      let part = Series(
        measurement: one.measurement, origin: one.origin, distribution: Distribution(values),
        notes: ["samples \(range.0)-\(range.1 - 1) of the run"],
        samples: OrderedSamples(values: values, times: times))
      return SeriesPart(part, measurement: "\(one.measurement) phase \(index + 1)")
    }
  }
}

extension Series {
  /// Adds the counts of another series; the order is no longer known.
  fileprivate mutating func add(_ other: Series) {
    distribution = Distribution(
      points: distribution.points + other.distribution.points,
      overflow: distribution.overflow.addingSaturating(other.distribution.overflow),
      overflowBound: min(distribution.overflowBound, other.distribution.overflowBound),
      maximum: [distribution.maximum, other.distribution.maximum].compactMap(\.self).max())
    samples = nil
    sketch = nil
  }
}
