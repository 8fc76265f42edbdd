/// The text of one console line, as a person would read it.
package struct ConsoleLine: Equatable, Sendable {
  /// Who wrote it.
  package var source: ConsoleSource
  /// Counts the lines of the source; a continued line keeps its number.
  package var number: Int
  /// Plain text so far; see `PlainText`.
  package var text: String

  /// For tests and for lines that come from elsewhere.
  package init(source: ConsoleSource, number: Int, text: String) {
    self.source = source
    self.number = number
    self.text = text
  }
}

/// Joins the events of a `ConsoleDemultiplexer` to lines of text.
///
/// A line is reported when it ends, and again, longer, when the kernel had cut it and its rest has
/// come. `openLine` is the line being written, a prompt for example.
package struct LineAssembler: Sendable {
  private struct Line {
    var number = 0
    var plain = PlainText()
  }

  private var lines: [ConsoleSource: Line] = [:]
  private var open: ConsoleSource?

  /// At the start of a stream.
  package init() {}

  /// Takes one event; the line it completes, if it does.
  package mutating func take(_ event: ConsoleEvent) -> ConsoleLine? {
    switch event {
    case .begin(let source, let continued):
      open = source
      if !continued || lines[source] == nil {
        lines[source] = Line(number: (lines[source]?.number ?? 0) + 1)
      }
      return nil
    case .text(let source, let bytes):
      lines[source, default: Line()].plain.append(bytes)
      return nil
    case .end(let source, _):
      open = nil
      return line(of: source)
    }
  }

  /// The line that has begun and not ended, unless it is empty.
  package var openLine: ConsoleLine? {
    guard let source = open, let line = line(of: source), !line.text.isEmpty else { return nil }
    return line
  }

  private func line(of source: ConsoleSource) -> ConsoleLine? {
    lines[source].map { ConsoleLine(source: source, number: $0.number, text: $0.plain.text()) }
  }
}
