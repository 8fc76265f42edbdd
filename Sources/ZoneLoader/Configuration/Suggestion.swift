/// The nearest of some known words, for error messages.
enum Suggestion {
  /// The known word with the fewest edits from `word`, when that is at most a third of its length
  /// (and at least 1); nil otherwise.
  static func nearest(to word: String, in known: [String]) -> String? {
    let limit = max(2, word.count / 3)
    guard word.count <= 64 else { return nil }
    let best = known.map { (word: $0, distance: editDistance(word.lowercased(), $0.lowercased())) }
      .min { $0.distance < $1.distance }
    guard let best, best.distance <= limit else { return nil }
    return best.word
  }

  /// Levenshtein distance, O(n*m).
  static func editDistance(_ first: String, _ second: String) -> Int {
    let a = Array(first.utf8)
    let b = Array(second.utf8)
    var previous = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var current = [i + 1]
      for (j, right) in b.enumerated() {
        current.append(
          min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left == right ? 0 : 1)))
      }
      previous = current
    }
    return previous[b.count]
  }
}
