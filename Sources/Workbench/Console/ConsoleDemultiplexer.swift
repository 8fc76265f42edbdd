/// Takes the kernel's console stream apart; see "Console stream" in docs/interfaces.md.
///
/// A source is known only by the prefix the kernel puts at the start of a line. A zone that prints
/// another zone's prefix does so after its own, so it cannot pretend to be somebody else. What the
/// bytes of a line are does not matter here, and how the stream is cut into chunks changes nothing
/// but the number of `.text` events.
package struct ConsoleDemultiplexer: Sendable {
  private struct Prefix {
    var bytes: [UInt8]
    var source: ConsoleSource
    var continued: Bool
  }

  private let prefixes: [Prefix]
  /// The source of the line that has begun; nil at the start of a line.
  private var current: ConsoleSource?
  /// The start of a line as long as it may still become a prefix.
  private var undecided: [UInt8] = []
  /// A CR that may belong to the line's end.
  private var heldReturn = false

  /// `zones`: the zones' names by index; prefixes with other names are not recognised.
  package init(zones: [String]) {
    var prefixes: [Prefix] = []
    let named = [("kernel", ConsoleSource.kernel)] + zones.enumerated().map { ($1, .zone($0)) }
    for (name, source) in named {
      prefixes.append(Prefix(bytes: Array("\(name)| ".utf8), source: source, continued: false))
      prefixes.append(Prefix(bytes: Array("\(name)+ ".utf8), source: source, continued: true))
    }
    self.prefixes = prefixes
  }

  /// Takes the next bytes of the stream. Cost: linear, plus a prefix search for each line.
  package mutating func consume(_ bytes: some Sequence<UInt8>) -> [ConsoleEvent] {
    var events: [ConsoleEvent] = []
    var text: [UInt8] = []
    for byte in bytes {
      if let source = current {
        take(byte, source, &text, &events)
      } else {
        decide(byte, &text, &events)
      }
    }
    if let source = current { flush(&text, source, &events) }
    return events
  }

  /// Ends the stream: what was held back for a decision is given out as it is.
  package mutating func finish() -> [ConsoleEvent] {
    var events: [ConsoleEvent] = []
    if !undecided.isEmpty {
      events.append(.begin(.unattributed, continued: false))
      events.append(.text(.unattributed, undecided))
      undecided = []
    } else if let source = current, heldReturn {
      events.append(.text(source, [Byte.carriageReturn]))
    }
    heldReturn = false
    current = nil
    return events
  }

  /// One byte inside a line.
  private mutating func take(
    _ byte: UInt8, _ source: ConsoleSource, _ text: inout [UInt8], _ events: inout [ConsoleEvent]
  ) {
    if byte == Byte.lineFeed {
      flush(&text, source, &events)
      events.append(.end(source, heldReturn ? Byte.lineEnd : [Byte.lineFeed]))
      heldReturn = false
      current = nil
      return
    }
    if heldReturn { text.append(Byte.carriageReturn) }
    heldReturn = byte == Byte.carriageReturn
    if !heldReturn { text.append(byte) }
  }

  /// One byte at the start of a line.
  private mutating func decide(
    _ byte: UInt8, _ text: inout [UInt8], _ events: inout [ConsoleEvent]
  ) {
    undecided.append(byte)
    let candidates = prefixes.filter { $0.bytes.starts(with: undecided) }
    if let prefix = candidates.first {
      guard prefix.bytes.count == undecided.count else { return }
      undecided = []
      current = prefix.source
      events.append(.begin(prefix.source, continued: prefix.continued))
      return
    }
    let line = undecided
    undecided = []
    current = .unattributed
    events.append(.begin(.unattributed, continued: false))
    for byte in line { take(byte, .unattributed, &text, &events) }
  }

  private func flush(
    _ text: inout [UInt8], _ source: ConsoleSource, _ events: inout [ConsoleEvent]
  ) {
    if !text.isEmpty { events.append(.text(source, text)) }
    text = []
  }
}
