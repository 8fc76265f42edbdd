import Boards
import LatencyReport

extension Checklist {
  /// One page that a person reads, prints and signs; nothing is loaded from anywhere.
  package var html: String {
    let style =
      switch verdict {
      case .ok: "kept"
      case .warn, .notChecked: "open"
      case .fail: "missed"
      }
    return htmlPage(
      title: "Bring-up checklist: \(board.name)",
      tag(
        "header", [:], tag("h1", text: "Bring-up checklist: \(board.name)"),
        tag("p", ["class": "soft"], text: board.summary)),
      tag(
        "section", ["id": "verdict", "class": "verdict \(style)", "aria-label": "Verdict"],
        tag("strong", text: headline)),
      notice.map { tag("p", ["class": "emulated"], text: $0) } ?? .markup(""),
      tag("h2", text: "Provenance"),
      htmlTable(
        caption: "What this list was made from", head: ["what", "which"],
        rows: provenance.map { [$0.key, $0.value] }, text: [0, 1]),
      .join(CatalogueEntry.Tier.allCases.map(section)), signature)
  }

  private func section(_ tier: CatalogueEntry.Tier) -> HTML {
    let items = items.filter { $0.entry.tier == tier }
    let head = ["item", "verdict", "found", "why it matters", "what to do"].map {
      tag("th", ["scope": "col", "class": "text"], text: $0)
    }
    return tag(
      "section", [:], tag("h2", text: "\(tier.rawValue). \(tier.title)"),
      tag(
        "div",
        ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": tier.title],
        tag(
          "table", ["class": "checklist"], tag("thead", [:], .element("tr", [:], head)),
          .element("tbody", [:], items.map(row)))))
  }

  private func row(_ item: ChecklistItem) -> HTML {
    let style =
      switch item.verdict {
      case .ok: "kept"
      case .warn, .notChecked: "open"
      case .fail: "missed"
      }
    let found = ["", "board"].contains(item.source) ? item.found : "\(item.found) (\(item.source))"
    return tag(
      "tr", [:],
      tag(
        "th", ["scope": "row", "class": "text", "title": item.entry.title], text: item.id),
      tag("td", ["class": "text \(style)"], text: item.verdict.rawValue),
      tag("td", ["class": "text"], text: found),
      tag("td", ["class": "text"], text: item.entry.why),
      tag("td", ["class": "text"], text: item.action))
  }

  /// Who signs signs for the inputs named above, and for what is still open.
  private var signature: HTML {
    let rows = ["Name and function", "Signature", "Date", "Accepted although open, and why"].map {
      tag("tr", [:], tag("th", ["scope": "row", "class": "text"], text: $0), tag("td", text: ""))
    }
    return tag(
      "section", [:], tag("h2", text: "Signature"),
      tag(
        "p",
        text:
          "Signed for exactly the inputs named under \"Provenance\", with every item that is not ok."
      ),
      tag("table", ["class": "sign"], .element("tbody", [:], rows)))
  }
}
