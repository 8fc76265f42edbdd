/// Why a `--until`, `--send` or `--input` argument cannot be used; the text says what to do.
package struct ScriptError: Error, Equatable, CustomStringConvertible {
  package var description: String

  package init(description: String) { self.description = description }
}
