/// One line of the checklist: what was looked at, and what was found.
package struct ChecklistItem: Sendable, Equatable {
  /// Stable: that of the catalogue's entry, and where there are several a dot and which one,
  /// `cpu-start.2`.
  package var id: String
  /// Why it matters and what to do.
  package var entry: CatalogueEntry
  package var verdict: Verdict
  /// What was found, in one or a few sentences.
  package var found: String
  /// Where it was found: `board`, or a file and its line; empty where nothing was.
  package var source: String
  /// What to do when the entry's advice is not it; empty: the entry's.
  package var advice: String = ""

  /// `subject`: which one, where the entry has one for each CPU, zone or cache.
  package init(
    _ entry: CatalogueEntry, subject: String? = nil, _ verdict: Verdict, _ found: String,
    source: String = "", advice: String = ""
  ) {
    id = subject.map { "\(entry.id).\($0)" } ?? entry.id
    self.entry = entry
    self.verdict = verdict
    self.found = found
    self.source = source
    self.advice = advice
  }

  /// What to do about it; nothing where all is well.
  package var action: String {
    verdict == .ok ? "" : advice.isEmpty ? entry.advice : advice
  }
}
