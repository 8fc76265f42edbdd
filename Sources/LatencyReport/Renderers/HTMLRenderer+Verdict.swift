extension HTMLRenderer {
  /// What the page says before anything else.
  private enum Outcome {
    /// Kept by an emulator: no reason for green.
    case emulated
    case kept, missed, open

    var style: String {
      switch self {
      case .kept: "kept"
      case .missed: "missed"
      case .open, .emulated: "open"
      }
    }
  }

  /// The verdict on the limits given, or on the deadlines the zones stamped.
  func verdict() -> HTML {
    let checks = options.thresholds.map(check)
    let (outcome, label) = judgement(checks.map(\.outcome))
    let rows = checks.map { [$0.limit, $0.result] }
    let table =
      rows.isEmpty
      ? .markup("")
      : htmlTable(
        caption: "Limits given, and what was found", head: ["limit", "result"], rows: rows,
        text: [0, 1])
    return tag(
      "section", ["id": "verdict", "class": "verdict \(outcome.style)", "aria-label": "Verdict"],
      tag("strong", text: label),
      checks.isEmpty || report.verdict.deadlineMisses != nil
        ? tag("p", text: report.verdict.text) : .markup(""), table)
  }

  private func judgement(_ checks: [Outcome]) -> (Outcome, String) {
    let misses = report.verdict.deadlineMisses
    let place = isEmulated ? " in the emulator, which says nothing of hardware" : ""
    let kept = isEmulated ? Outcome.emulated : .kept
    if checks.contains(.missed) { return (.missed, "FAIL: a limit was not kept" + place) }
    if let misses, misses > 0 {
      return (.missed, "FAIL: \(misses) deadline \(misses == 1 ? "miss" : "misses")" + place)
    }
    if checks.contains(.open) { return (.open, "NO VERDICT: a limit could not be checked") }
    if misses != nil, dataset.lostStamps > 0 {
      return (.open, "NO VERDICT: not every cycle was recorded")
    }
    if !checks.isEmpty { return (kept, "PASS: all limits kept" + place) }
    return misses == nil
      ? (.open, "NO VERDICT: no deadline was given")
      : (kept, "PASS: no deadline missed" + place)
  }

  private func check(_ threshold: Threshold) -> (limit: String, result: String, outcome: Outcome) {
    do {
      let hits = try Threshold.hits(
        [threshold], in: dataset, measurement: options.measurement, zone: options.zone)
      let prefix = threshold.description + ": "
      return (
        threshold.description,
        hits.isEmpty
          ? "kept"
          : "not kept: "
            + hits.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
            .joined(separator: "; "),
        hits.isEmpty ? .kept : .missed
      )
    } catch {
      return (threshold.description, "not checked: \(error.description)", .open)
    }
  }
}
