import LatencyReport

extension ZoneChecks {
  /// Whether anything ran beside `zone`: somebody says so, or other zones were started.
  private func isLoaded(_ record: Dataset, beside zone: String) -> Bool {
    let load = record.provenance.first { $0.key == "load" }?.value ?? ""
    let words = ["", "none", "idle", "alone"]
    return !words.contains(load.lowercased())
      || record.zones.contains { $0.name != zone && $0.starts > 0 }
  }

  /// A series with what its record's ticks are.
  private struct Measured {
    var series: Series
    var unit: TickUnit
  }

  /// Latencies of `zone` with or without neighbours; a loaded one is compared with the one alone.
  func latency(_ zone: String, isLoaded: Bool) -> ChecklistItem {
    let entry = isLoaded ? Catalogue.Zones.latencyLoaded : Catalogue.Zones.latencyAlone
    let fitting = records.filter { record in
      record.zones.contains { $0.name == zone } && self.isLoaded(record, beside: zone) == isLoaded
    }
    var verdict = Verdict.ok
    var all: [Measured] = []
    var loads: [String] = []
    var sources: [String] = []
    for record in fitting {
      let unit = TickUnit(record.machine)
      let series = record.series.filter { $0.origin == .zone(zone) && $0.distribution.count > 0 }
      guard !series.isEmpty else { continue }
      sources.append(record.source)
      let load = record.provenance.first { $0.key == "load" }?.value ?? "unnamed load"
      if !loads.contains(load) { loads.append(load) }
      for one in series {
        all.append(Measured(series: one, unit: unit))
        verdict = verdict.worse(LatencySummary(one, unit).verdict)
        if let misses = one.misses, misses > 0 {
          // Turns of an emulator's CPUs look like misses (docs/measuring.md, "Turns").
          verdict = verdict.worse(unit.isTime ? .fail : .warn)
        }
      }
    }
    guard !sources.isEmpty else {
      return ChecklistItem(
        entry, subject: zone, .notChecked,
        "no record has its samples \(isLoaded ? "beside load" : "without neighbours")")
    }
    var found =
      isLoaded
      ? loads.map { "beside \($0)" } + longest(all, zone)
      : all.map { LatencySummary($0.series, $0.unit).text }
    if all.contains(where: { !$0.unit.isTime }) {
      verdict = verdict.worse(.warn)
      found.append("emulated: no statement about the time a board takes")
    }
    return ChecklistItem(
      entry, subject: zone, verdict, found.joined(separator: "; "),
      source: sources.joined(separator: ", "))
  }

  /// Of each measurement the longest of all records beside load, against the longest alone: what a reader compares. All
  /// other numbers are in the records (`hvlat analyze`).
  private func longest(_ loaded: [Measured], _ zone: String) -> [String] {
    var found: [String] = []
    var few: [String] = []
    var seen: [Measured] = []
    for one in loaded {
      let name = one.series.measurement
      guard !seen.contains(where: { $0.series.measurement == name && $0.unit == one.unit }) else {
        continue
      }
      seen.append(one)
      let same = loaded.filter { $0.series.measurement == name && $0.unit == one.unit }
        .map(\.series)
      let samples = same.map(\.distribution.count).reduce(0, +)
      let bound = same.contains { $0.distribution.maximumIsBound } ? ">= " : ""
      let most = same.compactMap(\.distribution.maximum).max().map(one.unit.format) ?? "unknown"
      var text = "\(name) max \(bound)\(most) \(one.unit.name) of \(samples)"
      if let alone = longestAlone(one, zone) { text += ", alone \(one.unit.format(alone))" }
      let misses = same.compactMap(\.misses)
      if !misses.isEmpty { text += ", \(misses.reduce(0, +)) deadlines missed" }
      let beyond = same.map(\.distribution.overflow).reduce(0, +)
      if beyond > 0 { text += ", \(beyond) beyond the histogram" }
      found.append(text)
      if one.unit.isTime, same.contains(where: { $0.distribution.count < LatencySummary.enough }) {
        few.append(name)
      }
    }
    if !few.isEmpty {
      found.append(
        "fewer than \(LatencySummary.enough) samples in a record, where a maximum says little: "
          + few.joined(separator: ", "))
    }
    return found
  }

  private func longestAlone(_ loaded: Measured, _ zone: String) -> UInt64? {
    records.filter { !isLoaded($0, beside: zone) && TickUnit($0.machine) == loaded.unit }
      .flatMap(\.series).filter {
        $0.origin == loaded.series.origin && $0.measurement == loaded.series.measurement
      }
      .compactMap(\.distribution.maximum).max()
  }
}
