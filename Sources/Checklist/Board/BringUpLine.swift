/// What one line of the bring-up image says (docs/checklist.md, "The log").
package enum BringUpLine: Sendable, Equatable {
  case begin(board: String?, checks: UInt64?)
  case start(String)
  case result(BringUpResult)
  case end([String: UInt64])

  /// What stands before everything the image prints.
  static let mark = "bringup: "

  /// Reads what follows the mark; nil: it is damaged.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let words = parts[0].split(whereSeparator: { $0 == " " || $0 == "\t" }).map { String($0) }
    let note = parts.count > 1 ? parts[1].trimmingCharacters : ""
    guard let first = words.first else { return nil }
    let fields = Fields(words.dropFirst(first == "begin" || first == "end" ? 1 : 2))
    switch first {
    case "begin":
      guard let fields, fields.text("board") != nil else { return nil }
      self = .begin(board: fields.text("board"), checks: fields.number("checks"))
    case "end":
      guard let fields else { return nil }
      var counts: [String: UInt64] = [:]
      for name in ["ok", "warn", "fail", "skip"] {
        guard let count = fields.number(name) else { return nil }
        counts[name] = count
      }
      self = .end(counts)
    default:
      guard Self.isIdentifier(first), words.count > 1 else { return nil }
      if words[1] == "start" {
        guard words.count == 2 else { return nil }
        self = .start(first)
        return
      }
      guard let state = BringUpResult.State(rawValue: words[1]), let fields else {
        return nil
      }
      self = .result(BringUpResult(id: first, state: state, fields: fields, note: note))
    }
  }

  /// `name` or `name.which`, each of a-z, 0-9 and hyphens, 48 characters at most.
  static func isIdentifier(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 48 && (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
      }
  }
}

/// How a check of the bring-up image ended.
package struct BringUpResult: Sendable, Equatable {
  /// As it is printed.
  package enum State: String, Sendable {
    case ok
    case warn
    case fail = "FAIL"
    case skip
  }

  package var id: String
  package var state: State
  package var fields: Fields
  /// Free text behind `#`.
  package var note: String
}

/// The `key=value` words of a line, in their order.
package struct Fields: Sendable, Equatable {
  package private(set) var pairs: [Pair] = []

  /// One word.
  package struct Pair: Sendable, Equatable {
    package var key: String
    package var value: String
  }

  /// nil: a word is no pair, a key is there twice, or there are more than 64.
  init?(_ words: ArraySlice<String>) {
    guard words.count <= 64 else { return nil }
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, text(String(parts[0])) == nil else { return nil }
      pairs.append(Pair(key: String(parts[0]), value: String(parts[1])))
    }
  }

  /// The value of a key.
  package func text(_ key: String) -> String? {
    pairs.first { $0.key == key }?.value
  }

  /// The value as a decimal or `0x` hexadecimal number of 64 bits; nil: absent, or no such number.
  package func number(_ key: String) -> UInt64? {
    guard let value = text(key), let first = value.utf8.first, (48...57).contains(first) else {
      return nil
    }
    return value.hasPrefix("0x") ? UInt64(value.dropFirst(2), radix: 16) : UInt64(value)
  }

  /// As printed.
  package var text: String {
    pairs.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}

extension StringProtocol {
  /// Without spaces and tabs at both ends.
  var trimmingCharacters: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
