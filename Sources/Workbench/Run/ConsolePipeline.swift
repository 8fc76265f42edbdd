/// All that happens to the console stream on its way from the UART: logs, screen, lines of text.
package final class ConsolePipeline {
  /// Last lines kept of each source.
  package static let tailLength = 8

  private var demultiplexer: ConsoleDemultiplexer
  private var transcript = ConsoleTranscript()
  private var assembler = LineAssembler()
  private var printer: ConsolePrinter
  private let logs: RunLogs
  private let output: Int32?
  /// Last lines of each source, with the order in which they came.
  private var tails: [ConsoleSource: [(order: Int, line: ConsoleLine)]] = [:]
  private var lineCount = 0
  /// Nobody reads the output any more.
  package private(set) var outputClosed = false

  /// `output`: where to print the lines; nil: nowhere.
  package init(zones: [String], style: ConsolePrinter.Style, logs: RunLogs, output: Int32?) {
    demultiplexer = ConsoleDemultiplexer(zones: zones)
    printer = ConsolePrinter(zones: zones, style: style)
    self.logs = logs
    self.output = output
  }

  /// Takes bytes from the UART; the lines that ended in them.
  package func take(_ bytes: [UInt8]) -> [ConsoleLine] {
    logs.writeRaw(bytes)
    return handle(demultiplexer.consume(bytes))
  }

  /// The line being written, a prompt for example.
  package var openLine: ConsoleLine? { assembler.openLine }

  /// Ends the stream: writes what was held back and leaves the screen at the start of a line. The
  /// last line, if it did not end.
  package func finish() -> ConsoleLine? {
    _ = handle(demultiplexer.finish())
    for (source, bytes) in transcript.finish() { logs.write(bytes, of: source) }
    let last = openLine
    if let last { note(last) }
    show(printer.freshLine())
    return last
  }

  /// The last lines of `source`, or of everybody, oldest first, as they were printed.
  package func lastLines(of source: ConsoleSource?) -> [String] {
    let lines = source.map { tails[$0] ?? [] } ?? tails.values.flatMap { $0.suffix(3) }
    return lines.sorted { $0.order < $1.order }.map(\.line).map {
      "\(printer.name(of: $0.source))| \($0.text)"
    }
  }

  /// Leaves the line being printed, so that a message can follow.
  package func freshLine() { show(printer.freshLine()) }

  private func handle(_ events: [ConsoleEvent]) -> [ConsoleLine] {
    var screen: [UInt8] = []
    var lines: [ConsoleLine] = []
    for event in events {
      screen += printer.bytes(for: event)
      let exact = transcript.bytes(for: event)
      logs.write(exact.bytes, of: exact.source)
      if let line = assembler.take(event) {
        lines.append(line)
        note(line)
      }
    }
    show(screen)
    return lines
  }

  private func note(_ line: ConsoleLine) {
    var tail = tails[line.source] ?? []
    if tail.last?.line.number == line.number { tail.removeLast() }
    lineCount += 1
    tail.append((lineCount, line))
    tails[line.source] = tail.suffix(ConsolePipeline.tailLength)
  }

  private func show(_ bytes: [UInt8]) {
    guard let output, !outputClosed, !bytes.isEmpty else { return }
    if DescriptorIO.writeAll(output, bytes) != nil { outputClosed = true }
  }
}
