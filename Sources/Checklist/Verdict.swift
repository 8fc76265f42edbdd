/// How an item of the checklist stands.
package enum Verdict: String, Sendable, CaseIterable, Encodable {
  case ok
  case warn
  case fail = "FAIL"
  /// Nothing is known: the files that would say it were not given, or do not say it.
  case notChecked = "not checked"

  /// The graver of the two, where both were checked.
  package func worse(_ other: Verdict) -> Verdict {
    rank >= other.rank ? self : other
  }

  private var rank: Int {
    switch self {
    case .notChecked: 0
    case .ok: 1
    case .warn: 2
    case .fail: 3
    }
  }
}
