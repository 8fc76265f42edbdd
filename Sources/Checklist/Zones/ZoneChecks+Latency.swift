import LatencyReport

extension ZoneChecks {
  /// Whether anything ran beside `zone`: somebody says so, or other zones were started.
  private func isLoaded(_ record: Dataset, beside zone: String) -> Bool {
    let load = record.provenance.first { $0.key == "load" }?.value ?? ""
    let words = ["", "none", "idle", "alone"]
    return !words.contains(load.lowercased())
      || record.zones.contains { $0.name != zone && $0.starts > 0 }
  }

  /// Latencies of `zone` with or without neighbours; a loaded one is compared with the one alone.
  func latency(_ zone: String, isLoaded: Bool) -> ChecklistItem {
    let entry = isLoaded ? Catalogue.Zones.latencyLoaded : Catalogue.Zones.latencyAlone
    let fitting = records.filter { record in
      record.zones.contains { $0.name == zone } && self.isLoaded(record, beside: zone) == isLoaded
    }
    var verdict = Verdict.ok
    var found: [String] = []
    var sources: [String] = []
    for record in fitting {
      let unit = TickUnit(record.machine)
      let series = record.series.filter { $0.origin == .zone(zone) && $0.distribution.count > 0 }
      guard !series.isEmpty else { continue }
      sources.append(record.source)
      let load = record.provenance.first { $0.key == "load" }?.value
      if isLoaded { found.append("beside \(load ?? "unnamed load")") }
      for one in series {
        let summary = LatencySummary(one, unit)
        verdict = verdict.worse(summary.verdict)
        found.append(summary.text)
        if let misses = one.misses, misses > 0 {
          // Turns of an emulator's CPUs look like misses (docs/measuring.md, "Turns").
          verdict = verdict.worse(unit.isTime ? .fail : .warn)
        }
        if isLoaded, let text = growth(one, unit, zone) { found.append(text) }
      }
      if !unit.isTime {
        verdict = verdict.worse(.warn)
        found.append("emulated: no statement about the time a board takes")
      }
    }
    guard !sources.isEmpty else {
      return ChecklistItem(
        entry, subject: zone, .notChecked,
        "no record has its samples \(isLoaded ? "beside load" : "without neighbours")")
    }
    return ChecklistItem(
      entry, subject: zone, verdict, found.joined(separator: "; "),
      source: sources.joined(separator: ", "))
  }

  /// The longest beside load against the longest alone.
  private func growth(_ loaded: Series, _ unit: TickUnit, _ zone: String) -> String? {
    let alone = records.filter { !isLoaded($0, beside: zone) && TickUnit($0.machine) == unit }
      .flatMap(\.series).filter {
        $0.origin == loaded.origin && $0.measurement == loaded.measurement
      }
      .compactMap(\.distribution.maximum).max()
    guard let alone, let most = loaded.distribution.maximum else { return nil }
    return
      "\(loaded.measurement) alone: max \(unit.format(alone)), beside load: \(unit.format(most))"
  }
}
