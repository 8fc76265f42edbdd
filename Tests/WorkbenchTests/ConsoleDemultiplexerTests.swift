import PlanTestSupport
import Testing

@testable import Workbench

/// What a stream means, in a form that does not depend on how it was cut into chunks.
private func meaning(_ stream: String, zones: [String] = ["a", "ab"], chunk: Int? = nil) -> Meaning
{
  meaning(Array(stream.utf8), zones: zones, chunk: chunk)
}

private struct Meaning: Equatable {
  var transcripts: [ConsoleSource: String] = [:]
  var lines: [ConsoleLine] = []
  var screen = ""
}

private func meaning(_ stream: [UInt8], zones: [String], chunk: Int?) -> Meaning {
  var demultiplexer = ConsoleDemultiplexer(zones: zones)
  var transcript = ConsoleTranscript()
  var assembler = LineAssembler()
  var printer = ConsolePrinter(zones: zones, style: .init(colour: false, aligned: false))
  var bytes: [ConsoleSource: [UInt8]] = [:]
  var screen: [UInt8] = []
  var result = Meaning()
  let size = max(chunk ?? stream.count, 1)
  var chunks = stride(from: 0, to: stream.count, by: size).map {
    demultiplexer.consume(stream[$0..<min($0 + size, stream.count)])
  }
  chunks.append(demultiplexer.finish())
  for event in chunks.joined() {
    let exact = transcript.bytes(for: event)
    bytes[exact.source, default: []] += exact.bytes
    screen += printer.bytes(for: event)
    if let line = assembler.take(event) { result.lines.append(line) }
  }
  for exact in transcript.finish() { bytes[exact.source, default: []] += exact.bytes }
  result.transcripts = bytes.mapValues { String(decoding: $0, as: UTF8.self) }
  result.screen = String(decoding: screen, as: UTF8.self)
  return result
}

@Suite struct ConsoleDemultiplexerTests {
  /// Stream, and the exact output of the sources of the zones `a` and `ab`, and of others.
  static let table: [(stream: String, a: String?, ab: String?, kernel: String?, other: String?)] = [
    ("", nil, nil, nil, nil),
    ("a| one\r\n", "one\r\n", nil, nil, nil),
    ("a| one\r\na| two\r\n", "one\r\ntwo\r\n", nil, nil, nil),
    ("ab| x\r\na| y\r\n", "y\r\n", "x\r\n", nil, nil),
    ("kernel| zone a started\r\na| x", "x", nil, "zone a started\r\n", nil),
    // The kernel cut a's line: its CR LF is not a's.
    ("a| on\r\nab| x\r\na+ e\r\n", "one\r\n", "x\r\n", nil, nil),
    ("a| o\r\nab| x\r\na+ n\r\nab| y\r\na+ e", "one", "x\r\ny\r\n", nil, nil),
    // Cut between a's own CR and LF.
    ("a| one\r\r\nab| x\r\na+ \na| two\r\n", "one\r\ntwo\r\n", "x\r\n", nil, nil),
    // Cut after an empty beginning.
    ("a| \r\nab| x\r\na+ one\r\n", "one\r\n", "x\r\n", nil, nil),
    // A line feed alone is the zone's own.
    ("a| one\na| two\n", "one\ntwo\n", nil, nil, nil),
    ("a| one\nab| x\r\na+ two\r\n", "one\ntwo\r\n", "x\r\n", nil, nil),
    // Carriage returns inside a line.
    ("a| 10%\r20%\r\r\n", "10%\r20%\r\r\n", nil, nil, nil),
    ("a| x\r", "x\r", nil, nil, nil),
    // A zone that imitates prefixes does so after its own.
    ("a| kernel| PANIC\r\n", "kernel| PANIC\r\n", nil, nil, nil),
    ("a| \rkernel| PANIC\r\n", "\rkernel| PANIC\r\n", nil, nil, nil),
    ("a| a+ x\r\n", "a+ x\r\n", nil, nil, nil),
    // What has no known prefix belongs to nobody.
    ("firmware\r\na| x\r\n", "x\r\n", nil, nil, "firmware\r\n"),
    ("b| x\r\n", nil, nil, nil, "b| x\r\n"),
    ("a|x\r\n", nil, nil, nil, "a|x\r\n"),
    ("a- x\r\n", nil, nil, nil, "a- x\r\n"),
    ("kern", nil, nil, nil, "kern"),
    ("\r\na| x\r\n", "x\r\n", nil, nil, "\r\n"),
    ("\n\na| x\r\n", "x\r\n", nil, nil, "\n\n"),
    ("a| \0\u{1b}[2Jx\r\n", "\0\u{1b}[2Jx\r\n", nil, nil, nil),
  ]

  @Test(arguments: table.indices) func rebuildsEachSource(index: Int) {
    let row = Self.table[index]
    let found = meaning(row.stream).transcripts
    #expect(found[.zone(0)].flatMap { $0.isEmpty ? nil : $0 } == row.a)
    #expect(found[.zone(1)] == row.ab)
    #expect(found[.kernel] == row.kernel)
    #expect(found[.unattributed] == row.other)
  }

  @Test(arguments: table.indices) func chunksDoNotMatter(index: Int) {
    let stream = Self.table[index].stream
    let whole = meaning(stream)
    for size in 1..<max(stream.utf8.count, 2) {
      #expect(meaning(stream, chunk: size) == whole, "chunks of \(size)")
    }
  }

  @Test func everySplitOfALongStream() throws {
    let stream = try Fixture.bytes("two-zones.stream")
    let zones = ["rt", "linux"]
    let whole = meaning(stream, zones: zones, chunk: nil)
    #expect(
      whole.transcripts[.zone(1)]
        == "[    0.000000] Booting Linux on physical CPU 0x0000000000\r\n"
        + "[    0.000000] Linux version 6.1.0\r\n/ # uname -m\r\naarch64\r\n/ # ")
    for split in 0...stream.count {
      var demultiplexer = ConsoleDemultiplexer(zones: zones)
      var transcript = ConsoleTranscript()
      var bytes: [UInt8] = []
      for part in [stream[..<split], stream[split...]] {
        for event in demultiplexer.consume(part) {
          let exact = transcript.bytes(for: event)
          if exact.source == .zone(1) { bytes += exact.bytes }
        }
      }
      #expect(String(decoding: bytes, as: UTF8.self) == whole.transcripts[.zone(1)])
    }
  }

  /// Cuts lines of random output as the kernel would and asks for the output back.
  @Test(arguments: 0..<20) func inverseOfTheKernel(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let alphabet = Array("xy\r\n|+ a".utf8)
    var written: [[UInt8]] = [[], []]
    var stream: [UInt8] = []
    // The kernel's side, from docs/interfaces.md: who has the UART, and who is inside a line.
    var current: Int?
    var inLine = [false, false]
    for step in 0..<402 {
      // Both end with a line feed: whether a last CR LF is a cut is not known otherwise.
      let zone = step < 400 ? Int(random.next() % 2) : step - 400
      let byte =
        step < 400 ? alphabet[Int(random.next() % UInt64(alphabet.count))] : Byte.lineFeed
      written[zone].append(byte)
      if current != zone {
        if let current, inLine[current] { stream += Byte.lineEnd }
        current = zone
        stream += Array("\(["a", "ab"][zone])\(inLine[zone] ? "+" : "|") ".utf8)
      } else if !inLine[zone] {
        stream += Array("\(["a", "ab"][zone])| ".utf8)
      }
      stream.append(byte)
      inLine[zone] = byte != Byte.lineFeed
    }
    let found = meaning(stream, zones: ["a", "ab"], chunk: 7).transcripts
    for zone in 0...1 {
      #expect(found[.zone(zone)] == String(decoding: written[zone], as: UTF8.self))
    }
  }

  @Test func linesAreJoinedAndReportedAgain() {
    let found = meaning("a| on\r\nab| x\r\na+ e\r\na| \u{1b}[1;32mtwo\u{1b}[0m\r\n").lines
    #expect(
      found == [
        ConsoleLine(source: .zone(0), number: 1, text: "on"),
        ConsoleLine(source: .zone(1), number: 1, text: "x"),
        ConsoleLine(source: .zone(0), number: 1, text: "one"),
        ConsoleLine(source: .zone(0), number: 2, text: "two"),
      ])
  }

  @Test func screenHasOnePrefixPerLine() {
    #expect(meaning("a| on\r\nab| x\r\na+ e\r\n??\r\n").screen == "a| on\nab| x\na+ e\n?| ??\n")
  }

  @Test func alignedAndColoured() {
    var printer = ConsolePrinter(zones: ["a"], style: .init(colour: true, aligned: true))
    let events: [ConsoleEvent] = [
      .begin(.zone(0), continued: false), .text(.zone(0), [0x78]), .end(.zone(0), [0x0a]),
    ]
    let bytes = events.flatMap { printer.bytes(for: $0) }
    #expect(String(decoding: bytes, as: UTF8.self) == "\u{1b}[36ma     | \u{1b}[0mx\u{1b}[0m\n")
    #expect(printer.freshLine().isEmpty)
  }
}

@Suite struct PlainTextTests {
  @Test(arguments: [
    ("x", "x"), ("\u{1b}[1;32muart:~$ \u{1b}[m", "uart:~$ "), ("a\u{1b}]0;title\u{7}b", "ab"),
    ("a\u{1b}]0;title\u{1b}\\b", "ab"), ("a\u{1b}7b", "ab"), ("x\r\r", "x"), ("a\rb\r", "a\rb"),
    ("\u{1b}\u{1b}[1mx", "x"), ("x\u{1b}", "x"), ("x\u{1b}[", "x"), ("", ""),
  ]) func withoutEscapes(row: (String, String)) {
    var plain = PlainText()
    for byte in row.0.utf8 { plain.append([byte]) }
    #expect(plain.text() == row.1)
  }

  @Test func isBounded() {
    var plain = PlainText()
    plain.append([UInt8](repeating: 0x78, count: 3 * PlainText.capacity))
    #expect(plain.text().count == PlainText.capacity)
  }

  @Test func acceptsAnyBytes() {
    var plain = PlainText()
    plain.append((0...255).map { UInt8($0) })
    #expect(!plain.text().isEmpty)
  }
}
