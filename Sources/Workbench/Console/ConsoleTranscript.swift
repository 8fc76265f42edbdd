/// Rebuilds what each source wrote, byte for byte, from the events of a `ConsoleDemultiplexer`.
///
/// The CR LF at the end of a line may be the kernel's, put there because another source took the
/// UART. Only the source's next line tells (`NAME+ `), so a CR LF is held back until then. At the
/// end of the stream what is held counts as the source's own.
package struct ConsoleTranscript: Sendable {
  /// Sources whose last CR LF is held back.
  private var held: Set<ConsoleSource> = []

  /// At the start of a stream.
  package init() {}

  /// The bytes that are certain after `event`, of the event's source; often none.
  package mutating func bytes(for event: ConsoleEvent) -> (source: ConsoleSource, bytes: [UInt8]) {
    switch event {
    case .begin(let source, let continued):
      let wasHeld = held.remove(source) != nil
      return (source, wasHeld && !continued ? Byte.lineEnd : [])
    case .text(let source, let bytes):
      return (source, bytes)
    case .end(let source, let bytes):
      guard bytes == Byte.lineEnd else { return (source, bytes) }
      held.insert(source)
      return (source, [])
    }
  }

  /// The line ends still held back, at the end of the stream.
  package mutating func finish() -> [(source: ConsoleSource, bytes: [UInt8])] {
    let rest = held.map { (source: $0, bytes: Byte.lineEnd) }
    held = []
    return rest
  }
}
