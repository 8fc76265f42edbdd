import LatencyProbe

/// Why two datasets cannot be merged exactly.
public struct MergeProblem: Error, Equatable, CustomStringConvertible, Sendable {
  public let description: String
}

extension Dataset {
  /// Both datasets as one: every count is the sum of the two, nothing is estimated.
  ///
  /// Throws unless both were measured alike: same machine, image, plan, clock, tool and series, and
  /// bins that do not cut across each other. The order of samples is not kept.
  public func merged(with other: Dataset) throws(MergeProblem) -> Dataset {
    try checkMachine(other)
    var result = self
    result.source = "\(source) + \(other.source)"
    result.isSealed = false
    result.lostStamps = lostStamps.addingSaturating(other.lostStamps)
    result.warnings += other.warnings.filter { !warnings.contains($0) }
    result.zones = try zones(mergedWith: other)
    result.cpus = try cpus(mergedWith: other)
    result.series = try series(mergedWith: other)
    for item in other.provenance where !provenance.contains(item) { result.provenance.append(item) }
    return result
  }

  private func checkMachine(_ other: Dataset) throws(MergeProblem) {
    let (a, b) = (machine, other.machine)
    try Self.require("timebase", a.timebase.name, b.timebase.name)
    if let file = unitless(of: self, other) {
      throw MergeProblem(
        description:
          "\(file.source) does not name the unit of its values; --unit ns, us, ms or s says it")
    }
    try Self.require("counter frequency", "\(a.counterFrequency)", "\(b.counterFrequency)")
    try Self.require("icount shift", "\(a.icountShift ?? 0)", "\(b.icountShift ?? 0)")
    try Self.require("board", a.board, b.board)
    try Self.require("cpu model", hexadecimal(a.cpuModel), hexadecimal(b.cpuModel))
    try Self.require("plan", hexadecimal(a.planChecksum), hexadecimal(b.planChecksum))
    try Self.require("image", a.imageHash, b.imageHash)
    for key in ["format", "load", "period"] {
      try Self.require(key, value(of: key), other.value(of: key))
    }
  }

  /// Which of two files of other tools does not say what its values are, when the other one does.
  private func unitless(of one: Dataset, _ two: Dataset) -> Dataset? {
    guard (one.machine.counterFrequency == 0) != (two.machine.counterFrequency == 0) else {
      return nil
    }
    let file = one.machine.counterFrequency == 0 ? one : two
    return file.series.contains(where: \.isImported) ? file : nil
  }

  private func value(of key: String) -> String {
    provenance.first { $0.key == key }?.value ?? "not recorded"
  }

  private static func require(_ what: String, _ a: String, _ b: String) throws(MergeProblem) {
    guard a == b else {
      throw MergeProblem(description: "different \(what): \(a) and \(b)")
    }
  }

  private func zones(mergedWith other: Dataset) throws(MergeProblem) -> [ZoneSummary] {
    try Self.require(
      "zones", zones.map(\.name).joined(separator: ", "),
      other.zones.map(\.name).joined(separator: ", "))
    var result = zones
    for (index, zone) in other.zones.enumerated() {
      guard zone.kind == result[index].kind, zone.cpus == result[index].cpus else {
        throw MergeProblem(description: "zone \(zone.name) has another kind or other CPUs")
      }
      result[index].starts = result[index].starts.addingSaturating(zone.starts)
    }
    return result
  }

  private func cpus(mergedWith other: Dataset) throws(MergeProblem) -> [CPUResidency] {
    try Self.require(
      "CPUs", cpus.map { "\($0.index)" }.joined(separator: ", "),
      other.cpus.map { "\($0.index)" }.joined(separator: ", "))
    var result: [CPUResidency] = []
    for (a, b) in zip(cpus, other.cpus) { result.append(try a.merged(with: b)) }
    return result
  }

  private func series(mergedWith other: Dataset) throws(MergeProblem) -> [Series] {
    let (mine, theirs) = (series.map(\.place), other.series.map(\.place))
    if let extra = mine.first(where: { !theirs.contains($0) }) {
      throw MergeProblem(description: "only \(source) has \(extra)")
    }
    if let extra = theirs.first(where: { !mine.contains($0) }) {
      throw MergeProblem(description: "only \(other.source) has \(extra)")
    }
    guard mine.count == theirs.count, Set(mine).count == mine.count else {
      throw MergeProblem(
        description: "two series have the same name, so it is unclear which to add")
    }
    var result: [Series] = []
    for one in series {
      guard let two = other.series.first(where: { $0.place == one.place }) else { continue }
      result.append(try one.merged(with: two))
    }
    return result
  }
}

extension CPUResidency {
  fileprivate func merged(with other: CPUResidency) throws(MergeProblem) -> CPUResidency {
    guard hardwareID == other.hardwareID, zone == other.zone, probeCost == other.probeCost else {
      throw MergeProblem(
        description: "cpu \(index) has another hardware id, owner or cost of counting")
    }
    var result = self
    for theirs in other.reasons {
      if let slot = result.reasons.firstIndex(where: { $0.reason == theirs.reason }) {
        result.reasons[slot].residency.merge(theirs.residency)
        guard !result.reasons[slot].residency.isSaturated else {
          throw MergeProblem(
            description: "cpu \(index), \(theirs.reason): a bin would be full, so the sum would not"
              + " be exact")
        }
      } else {
        result.reasons.append(theirs)
      }
    }
    if let theirs = other.longest, theirs.ticks > result.longest?.ticks ?? 0 {
      result.longest = theirs
    }
    result.last = other.last ?? result.last
    return result
  }
}

extension Series {
  /// What identifies a series in messages and when merging.
  var place: String { "\(measurement) of \(origin.name)" }

  fileprivate func merged(with other: Series) throws(MergeProblem) -> Series {
    guard (misses == nil) == (other.misses == nil) else {
      throw MergeProblem(description: "\(place): only one of both has a deadline")
    }
    var result = self
    do {
      result.distribution = try distribution.merged(with: other.distribution)
    } catch {
      throw MergeProblem(description: "\(place): \(error.description)")
    }
    if let misses, let others = other.misses { result.misses = misses.addingSaturating(others) }
    result.warmUp = warmUp.addingSaturating(other.warmUp)
    for (reason, count) in other.rejected {
      result.rejected[reason] = (result.rejected[reason] ?? 0).addingSaturating(count)
    }
    result.notes += other.notes.filter { !notes.contains($0) }
    result.samples = nil
    result.sketch = nil
    return result
  }
}

extension Distribution {
  /// The sum of both.
  ///
  /// Throws when bins of one cut across bins of the other, when overflow of one begins below values
  /// the other has bins for, or when a count does not fit 64 bits.
  public func merged(with other: Distribution) throws(MergeProblem) -> Distribution {
    let bounds = [self, other].filter { $0.overflow > 0 }.map(\.overflowBound).min()
    var merged: [Point] = []
    for point in (points + other.points).sorted(by: Self.isBefore) {
      if let bound = bounds, point.bounds.lowerBound >= bound {
        throw MergeProblem(
          description: "overflow begins at \(bound) in one, the other has bins above it")
      }
      guard let last = merged.last, last.bounds.upperBound >= point.bounds.lowerBound else {
        merged.append(point)
        continue
      }
      // The last bin of each is cut off at its maximum, so upper ends of the same bin may differ.
      let (sum, carry) = last.count.addingReportingOverflow(point.count)
      guard last.bounds.lowerBound == point.bounds.lowerBound, !carry else {
        throw MergeProblem(
          description: "bins differ: \(last.bounds) and \(point.bounds), or too many samples")
      }
      merged[merged.count - 1] = Point(bounds: point.bounds, count: sum)
    }
    guard !count.addingReportingOverflow(other.count).overflow else {
      throw MergeProblem(description: "too many samples to count")
    }
    let known = [self, other].compactMap { $0.maximumIsBound ? nil : $0.maximum }.max()
    let isBound = [self, other].contains {
      $0.maximumIsBound && ($0.maximum ?? 0) >= known ?? 0
    }
    return Distribution(
      points: merged, overflow: overflow + other.overflow, overflowBound: bounds ?? overflowBound,
      maximum: isBound ? nil : known)
  }

  private static func isBefore(_ a: Point, _ b: Point) -> Bool {
    (a.bounds.lowerBound, a.bounds.upperBound) < (b.bounds.lowerBound, b.bounds.upperBound)
  }
}
