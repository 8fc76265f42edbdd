/// Turns console events into what a person sees: every line behind its source's name.
///
/// Text is passed on as it comes, so a prompt appears at once; the kernel's lines are never mixed,
/// so neither are ours. Lines end with LF.
package struct ConsolePrinter: Sendable {
  private static let colours = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94]

  private let zones: [String]
  private let style: Style
  private let width: Int
  private var atLineStart = true

  /// How lines look.
  package struct Style: Equatable, Sendable {
    /// Colour the names (ECMA-48 SGR).
    package var colour: Bool
    /// Pad the names so that the text stands in one column.
    package var aligned: Bool

    /// Both as said, whatever the output is.
    package init(colour: Bool, aligned: Bool) {
      self.colour = colour
      self.aligned = aligned
    }

    /// Aligned on a terminal, and coloured unless `NO_COLOR` is set or the terminal is dumb.
    package init(descriptor: Int32?, environment: [String: String]) {
      aligned = descriptor.map(DescriptorIO.isTerminal) ?? false
      colour = aligned && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
  }

  /// `zones`: the zones' names by index.
  package init(zones: [String], style: Style) {
    self.zones = zones
    self.style = style
    width = (zones + ["kernel"]).map(\.count).max() ?? 0
  }

  /// The bytes to print for one event.
  package mutating func bytes(for event: ConsoleEvent) -> [UInt8] {
    switch event {
    case .begin(let source, let continued):
      var bytes: [UInt8] = atLineStart ? [] : [Byte.lineFeed]
      bytes += Array(prefix(of: source, continued: continued).utf8)
      atLineStart = false
      return bytes
    case .text(_, let text):
      atLineStart = false
      return text
    case .end:
      atLineStart = true
      return Array((style.colour ? "\u{1b}[0m\n" : "\n").utf8)
    }
  }

  /// What brings the next output to the start of a line.
  package mutating func freshLine() -> [UInt8] {
    guard !atLineStart else { return [] }
    atLineStart = true
    return Array((style.colour ? "\u{1b}[0m\n" : "\n").utf8)
  }

  /// The name printed for a source.
  package func name(of source: ConsoleSource) -> String {
    switch source {
    case .kernel: "kernel"
    case .zone(let index): zones.indices.contains(index) ? zones[index] : "?"
    case .unattributed: "?"
    }
  }

  private func prefix(of source: ConsoleSource, continued: Bool) -> String {
    let name = name(of: source)
    let padding = style.aligned ? String(repeating: " ", count: width - name.count) : ""
    let mark = continued ? "+ " : "| "
    guard style.colour else { return name + padding + mark }
    let colour =
      switch source {
      case .kernel: 1
      case .zone(let index): ConsolePrinter.colours[index % ConsolePrinter.colours.count]
      case .unattributed: 2
      }
    return "\u{1b}[\(colour)m\(name)\(padding)\(mark)\u{1b}[0m"
  }
}
