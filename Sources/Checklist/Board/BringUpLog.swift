/// What a run of the bring-up image left in a console log.
package struct BringUpLog: Sendable {
  /// A check, in the order they were begun.
  package struct Check: Sendable, Equatable {
    package var id: String
    /// Line of its start, or of its result where the start is lost.
    package var line: Int
    /// nil: it did not return.
    package var result: BringUpResult?
    /// What it said before it was begun once more.
    var earlier: BringUpResult?
    /// Something that was not this check came after it.
    package var isFollowed = false
    /// Lines of others that came after its start, as long as it had not returned; the first few.
    package var after: [String] = []
  }

  package let name: String
  /// As `begin` says; nil: there is no whole `begin`.
  package private(set) var board: String?
  /// How many checks `begin` announced.
  package private(set) var announced: UInt64?
  package private(set) var checks: [Check] = []
  /// The counts of `end`; nil: there is none.
  package private(set) var end: [String: UInt64]?
  /// How often the image began: the last time counts.
  package private(set) var beginnings = 0
  /// Checks in which an earlier time ended, without an end.
  package private(set) var abandoned: [String] = []
  /// Damaged lines, by line number; the first few.
  package private(set) var damaged: [Int] = []
  package private(set) var damagedCount = 0
  /// Checks with more than one result: the worst counts.
  package private(set) var repeated: [String] = []
  /// The capture ends within a line.
  package let isCut: Bool

  /// Nothing of the image is in the log.
  package var isEmpty: Bool { beginnings == 0 && checks.isEmpty && end == nil && damagedCount == 0 }

  /// Checks kept; a board has far fewer.
  private static let capacity = 4096
  private var places: [String: Int] = [:]
  private var open: Int?

  /// Reads the lines that are not a zone's.
  package init(_ log: ConsoleLog) {
    name = log.name
    isCut = log.isCut
    for line in log.lines where line.zone == nil { take(line) }
  }

  private mutating func take(_ line: ConsoleLog.Line) {
    let pieces = Self.pieces(line.text)
    guard !pieces.isEmpty else {
      if let open, checks[open].after.count < 4, !line.text.isEmpty {
        checks[open].after.append(String(line.text.prefix(200)))
      }
      return
    }
    for piece in pieces {
      if let said = BringUpLine(piece) {
        take(said, line.number)
      } else {
        damagedCount += 1
        if damaged.count < 8 { damaged.append(line.number) }
      }
    }
  }

  /// What stands behind each mark of a line: where a line end was lost, the next one begins within it.
  /// Not in free text, which may quote anything, and not behind the prefix of a zone.
  private static func pieces(_ text: String) -> [Substring] {
    var pieces: [Substring] = []
    // A terminal's carriage return begins a line anew.
    for part in text.split(whereSeparator: { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }) {
      var rest = part
      guard let first = rest.firstRange(of: BringUpLine.mark),
        !isZonePrefix(rest[..<first.lowerBound])
      else { continue }
      rest = rest[first.upperBound...]
      while true {
        let code = rest.prefix { $0 != "#" }
        guard let next = code.firstRange(of: BringUpLine.mark) else { break }
        pieces.append(rest[..<next.lowerBound])
        rest = rest[next.upperBound...]
      }
      pieces.append(rest)
    }
    return pieces
  }

  /// `name| ` or `name+ ` as the kernel's multiplexer puts it before a zone's lines.
  private static func isZonePrefix(_ text: Substring) -> Bool {
    guard text.hasSuffix("| ") || text.hasSuffix("+ ") else { return false }
    let word = text.dropLast(2).split(separator: " ").last ?? ""
    return word != "kernel" && !word.isEmpty && BringUpLine.isIdentifier(String(word))
  }

  private mutating func take(_ said: BringUpLine, _ line: Int) {
    switch said {
    case .begin(let board, let checks):
      if beginnings > 0 || !self.checks.isEmpty, end == nil {
        let place = self.checks.last { $0.result == nil }?.id ?? "between checks"
        if abandoned.count < 8 { abandoned.append(place) }
      }
      self.board = board
      announced = checks
      beginnings += 1
      self.checks = []
      places = [:]
      open = nil
      end = nil
    case .start(let id):
      follow()
      guard let index = place(of: id, line) else { return }
      // Begun again: what it said before does not say that it returned this time.
      checks[index].line = line
      checks[index].earlier = checks[index].result ?? checks[index].earlier
      checks[index].result = nil
      checks[index].isFollowed = false
      open = index
    case .result(let result):
      guard let index = place(of: result.id, line) else { return }
      if open != index { follow() }
      open = nil
      checks[index].after = []
      guard let earlier = checks[index].result ?? checks[index].earlier else {
        checks[index].result = result
        return
      }
      if repeated.count < 8 { repeated.append(result.id) }
      let isWorse = earlier.state.verdict.worse(result.state.verdict) == earlier.state.verdict
      checks[index].result = isWorse ? earlier : result
    case .end(let counts):
      follow()
      end = counts
    }
  }

  /// The check that is under way is not the last thing that happened.
  private mutating func follow() {
    if let open { checks[open].isFollowed = true }
    open = nil
  }

  private mutating func place(of id: String, _ line: Int) -> Int? {
    if let index = places[id] { return index }
    guard checks.count < Self.capacity else {
      damagedCount += 1
      return nil
    }
    places[id] = checks.count
    checks.append(Check(id: id, line: line))
    return checks.count - 1
  }
}

extension BringUpResult.State {
  /// As the checklist has it.
  var verdict: Verdict {
    switch self {
    case .ok: .ok
    case .warn: .warn
    case .fail: .fail
    case .skip: .notChecked
    }
  }
}
