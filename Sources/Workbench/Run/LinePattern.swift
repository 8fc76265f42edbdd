/// A regular expression on the console lines of one source or of all: `[SOURCE:]REGEX`.
///
/// SOURCE is a zone's name, `kernel` or `*` (everybody, the default). What looks like a source,
/// a word of `[a-z0-9-]` before a colon, is one: an unknown name is an error, not a regex that can
/// never match. The expression may match anywhere in a line; `^` and `$` are the line's ends.
package struct LinePattern {
  /// The argument as it was written.
  package let written: String
  /// nil: any source.
  package let source: ConsoleSource?
  private let regex: Regex<AnyRegexOutput>

  /// Parses the argument `written` of `option`; `zones`: the zones' names by index.
  package init(_ written: String, option: String, zones: [String]) throws(ScriptError) {
    self.written = written
    let head = written.prefix { $0 != ":" }
    let hasSource =
      head.count < written.count && !head.isEmpty
      && (head == "*" || head.allSatisfy(\.isNameLetter))
    if hasSource {
      self.source = try LinePattern.source(String(head), written, option, zones)
      self.regex = try LinePattern.compile(
        String(written.dropFirst(head.count + 1)), written, option)
    } else {
      self.source = nil
      self.regex = try LinePattern.compile(written, written, option)
    }
  }

  /// Whether the line is of the pattern's source and the expression matches somewhere in it.
  package func matches(_ line: ConsoleLine) -> Bool {
    (source == nil || source == line.source) && line.text.firstMatch(of: regex) != nil
  }

  private static func source(
    _ name: String, _ written: String, _ option: String, _ zones: [String]
  ) throws(ScriptError) -> ConsoleSource? {
    if name == "*" { return nil }
    if name == "kernel" { return .kernel }
    if let index = zones.firstIndex(of: name) { return .zone(index) }
    throw ScriptError(
      description:
        "\(option) '\(written)': there is no zone '\(name)' (there are: "
        + "\((zones + ["kernel"]).joined(separator: ", "))); "
        + "for a text with a colon in any zone write '*:\(written)'")
  }

  /// Compiles `regex`; the error quotes the whole argument `written` of `option`.
  static func compile(
    _ regex: String, _ written: String, _ option: String
  ) throws(ScriptError) -> Regex<AnyRegexOutput> {
    guard !regex.isEmpty else {
      throw ScriptError(description: "\(option) '\(written)': the regular expression is empty")
    }
    do {
      return try Regex(regex)
    } catch {
      throw ScriptError(
        description: "\(option) '\(written)': '\(regex)' is no regular expression: \(error)")
    }
  }
}

extension Character {
  /// A letter of a zone name, `[a-z0-9-]`.
  var isNameLetter: Bool {
    ("a"..."z").contains(self) || ("0"..."9").contains(self) || self == "-"
  }
}
