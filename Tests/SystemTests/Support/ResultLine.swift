/// A line such as `rt-control: RESULT timer-busy samples=1000 min=2 max=2`: the words before the
/// first field, and the fields.
struct ResultLine: Equatable, Sendable {
  var title: String
  var fields: [String: String]

  init(_ line: some StringProtocol) {
    let words = line.split(separator: " ")
    title = words.filter { !$0.contains("=") }.joined(separator: " ")
    fields = [:]
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
    }
  }

  /// A field as a number.
  subscript(field: String) -> Int? { fields[field].flatMap { Int($0) } }
}

extension String {
  /// Its lines that contain `text`.
  func lines(with text: String) -> [String] {
    split(separator: "\n").filter { $0.contains(text) }.map { String($0) }
  }

  /// Lines with `text`, taken apart.
  func results(_ text: String) -> [ResultLine] { lines(with: text).map { ResultLine($0) } }

  /// How often `text` is in it.
  func count(of text: String) -> Int { ranges(of: text).count }

  /// Whether all `texts` are in it, one after the other.
  func has(inOrder texts: String...) -> Bool {
    var rest = self[...]
    for text in texts {
      guard let range = rest.firstRange(of: text) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }
}
