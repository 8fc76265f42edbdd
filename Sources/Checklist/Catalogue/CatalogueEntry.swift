package import SepKernel

/// What the checklist knows of a kind of item, whatever was found.
package struct CatalogueEntry: Sendable, Equatable {
  /// What an item needs to be checked.
  package enum Tier: Int, Sendable, CaseIterable, Encodable {
    /// The board's facts alone.
    case facts = 1
    /// The console log of the bring-up image.
    case board = 2
    /// Records and logs of runs with zones.
    case zones = 3

    /// For headings.
    package var title: String {
      switch self {
      case .facts: "Facts (no board needed)"
      case .board: "On the board, before any zone"
      case .zones: "With zones"
      }
    }
  }

  /// What there is one item of for each.
  package enum Subject: String, Sendable {
    case none = ""
    case cpu
    case level
    case zone
  }

  /// Lower-case letters, digits and hyphens; never used for anything else.
  package var id: String
  package var tier: Tier
  package var subject: Subject
  /// What it looks at.
  package var title: String
  /// What goes wrong in a real-time system where it does not hold.
  package var why: String
  /// What to do where it does not hold or is not known.
  package var advice: String
  /// Those that have it.
  package var architectures: [PlanArchitecture]

  init(
    _ id: String, _ tier: Tier, per subject: Subject = .none, _ title: String, why: String,
    advice: String, on architectures: [PlanArchitecture] = [.aarch64, .riscv64]
  ) {
    self.id = id
    self.tier = tier
    self.subject = subject
    self.title = title
    self.why = why
    self.advice = advice
    self.architectures = architectures
  }

  /// The id as documents have it: `cpu-start.<cpu>`.
  package var pattern: String {
    subject == .none ? id : "\(id).<\(subject.rawValue)>"
  }
}

/// Everything the checklist may say, in its order.
package enum Catalogue {
  /// All tiers.
  package static let all: [CatalogueEntry] = Facts.all + Board.all + Zones.all

  /// The entry of an item's id, such as `cpu-start.2`; nil: none.
  package static func entry(for id: String) -> CatalogueEntry? {
    let parts = id.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let entry = all.first(where: { parts.first.map(String.init) == $0.id }),
      (parts.count == 2) == (entry.subject != .none)
    else { return nil }
    return entry
  }
}
