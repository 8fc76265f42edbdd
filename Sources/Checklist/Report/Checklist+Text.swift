import Boards
import SepKernel
import Workbench

extension Checklist {
  /// The list for a terminal.
  package var text: String {
    var text = "Bring-up checklist: \(board.name)\n\(headline)\n"
    if let notice { text += "\(notice)\n" }
    text += "\n" + provenance.map { "\($0.key): \(TextTable.line($0.value))\n" }.joined()
    for tier in CatalogueEntry.Tier.allCases {
      let items = items.filter { $0.entry.tier == tier }
      text += "\n\(tier.rawValue). \(tier.title)\n\n" + table(items).plain
      text += explained(items)
    }
    return text + "\nSigned: ____________________________  Date: ______________\n"
  }

  /// Why and what to do, once for all items of a kind. For what was not checked only in the item that
  /// speaks for the tier: the rest is in the pages for people and programs.
  private func explained(_ items: [ChecklistItem]) -> String {
    let speakers = [Catalogue.Facts.system, Catalogue.Board.log, Catalogue.Zones.records]
    var shown = items.filter {
      switch $0.verdict {
      case .ok: false
      case .warn, .fail: true
      case .notChecked: !$0.advice.isEmpty || speakers.contains($0.entry)
      }
    }
    var text = ""
    while let first = shown.first {
      let alike = shown.filter { $0.entry == first.entry && $0.action == first.action }
      shown.removeAll { $0.entry == first.entry && $0.action == first.action }
      text += "\n\(alike.map { "\($0.id) (\($0.verdict.rawValue))" }.joined(separator: ", "))\n"
      text += "  why: \(first.entry.why)\n  do:  \(TextTable.line(first.action))\n"
    }
    return text
  }

  /// The list as Markdown, for a merge request or a wiki.
  package var markdown: String {
    var text = "# Bring-up checklist: \(board.name)\n\n**\(headline)**\n"
    if let notice { text += "\n> \(notice)\n" }
    text +=
      "\n"
      + TextTable(
        header: ["from", "what"], rows: provenance.map { [$0.key, TextTable.line($0.value)] }
      ).markdown
    for tier in CatalogueEntry.Tier.allCases {
      let items = items.filter { $0.entry.tier == tier }
      text += "\n## \(tier.rawValue). \(tier.title)\n\n"
      text +=
        TextTable(
          header: ["item", "verdict", "found", "why it matters", "what to do"],
          rows: items.map {
            [$0.id, $0.verdict.rawValue, $0.found, $0.entry.why, $0.action].map(Self.inert)
          }
        ).markdown
    }
    return text + "\nSigned: ____________________________  Date: ______________\n"
  }

  /// Text from a log as Markdown shows it and does not read it.
  private static func inert(_ text: String) -> String {
    text.map { "\\`*_<>[]&".contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  private func table(_ items: [ChecklistItem]) -> TextTable {
    TextTable(
      header: ["item", "verdict", "found"],
      rows: items.map { [$0.id, $0.verdict.rawValue, $0.found] })
  }

  /// The list for programs; keys in docs/hv.md.
  package var json: String { PrettyJSON.text(JSONObject(self)) }

  private struct JSONObject: Encodable {
    struct Item: Encodable {
      var id: String
      var tier: Int
      var title: String
      var verdict: Verdict
      var found: String
      var source: String
      var why: String
      var action: String
    }
    var board: String
    var architecture: String
    var isEmulated: Bool
    var verdict: String
    var counts: [String: Int]
    var provenance: [Origin]
    var items: [Item]

    init(_ list: Checklist) {
      board = list.board.name
      architecture = "\(list.board.architecture)"
      isEmulated = list.board.emulator != nil
      verdict = list.verdict.rawValue
      counts = Dictionary(
        uniqueKeysWithValues: Verdict.allCases.map { ($0.rawValue, list.count($0)) })
      provenance = list.provenance
      items = list.items.map {
        Item(
          id: $0.id, tier: $0.entry.tier.rawValue, title: $0.entry.title, verdict: $0.verdict,
          found: $0.found, source: $0.source, why: $0.entry.why, action: $0.action)
      }
    }
  }
}
