/// Why a `--until`, `--send` or `--input` argument cannot be used; the text says what to do.
package struct ScriptError: Error, Equatable, CustomStringConvertible {
  /// One sentence that quotes the argument.
  package var description: String

  /// `description`: one sentence that quotes the argument.
  package init(description: String) { self.description = description }
}
