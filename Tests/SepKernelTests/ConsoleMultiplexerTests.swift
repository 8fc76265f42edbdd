import PlanTestSupport
import Testing
import Workbench

@testable import SepKernel

/// Sources as plain arrays; what is taken is gone.
private final class Queues: ConsoleSources {
  var waiting: [[UInt8]] = Array(repeating: [], count: ConsoleMultiplexer.sourceCount)
  var names: [String]

  init(names: [String] = ["a", "ab", "c"]) { self.names = names }

  func waiting(_ source: Int) -> Int { waiting[source].count }
  func takeFirst(_ source: Int) -> UInt8? {
    waiting[source].isEmpty ? nil : waiting[source].removeFirst()
  }
  func nameByte(_ source: Int, _ index: Int) -> UInt8 {
    let name = Array(
      (source == ConsoleMultiplexer.kernelSource
        ? "kernel" : source < names.count ? names[source] : "").utf8)
    return index < name.count ? name[index] : 0
  }

  func put(_ source: Int, _ text: String) { waiting[source] += Array(text.utf8) }
}

@Suite struct ConsoleMultiplexerTests {
  private let queues = Queues()

  private func drain(_ multiplexer: inout ConsoleMultiplexer, limit: Int = .max) -> String {
    var bytes: [UInt8] = []
    while bytes.count < limit, let byte = multiplexer.next(queues) { bytes.append(byte) }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func saysNothingWithoutSources() {
    var multiplexer = ConsoleMultiplexer()
    #expect(multiplexer.next(queues) == nil)
    #expect(multiplexer.next(queues) == nil)
  }

  @Test func prefixesEachLine() {
    var multiplexer = ConsoleMultiplexer()
    queues.put(0, "one\ntwo\r\n\n")
    #expect(drain(&multiplexer) == "a| one\na| two\r\na| \n")
    queues.put(ConsoleMultiplexer.kernelSource, "up\n")
    #expect(drain(&multiplexer) == "kernel| up\n")
  }

  @Test func usesAllSixteenBytesOfAName() {
    var multiplexer = ConsoleMultiplexer()
    queues.names = ["abcdefghijklmnop"]
    queues.put(0, "x\n")
    #expect(drain(&multiplexer) == "abcdefghijklmnop| x\n")
    // The longest thing that is ever staged: a break, a prefix.
    queues.put(0, "y")
    #expect(drain(&multiplexer) == "abcdefghijklmnop| y")
    queues.put(ConsoleMultiplexer.kernelSource, "k\n")
    #expect(drain(&multiplexer) == "\r\nkernel| k\n")
    queues.put(0, "z\n")
    #expect(drain(&multiplexer) == "abcdefghijklmnop+ z\n")
  }

  @Test func aHalfLineWaitsForItsRest() {
    var multiplexer = ConsoleMultiplexer()
    queues.put(0, "hal")
    #expect(drain(&multiplexer) == "a| hal")
    queues.put(0, "f\n")
    #expect(drain(&multiplexer) == "f\n")
  }

  @Test func anotherSourceBreaksAHalfLine() {
    var multiplexer = ConsoleMultiplexer()
    queues.put(0, "hal")
    #expect(drain(&multiplexer) == "a| hal")
    queues.put(1, "x\n")
    #expect(drain(&multiplexer) == "\r\nab| x\n")
    queues.put(0, "f\nnext\n")
    #expect(drain(&multiplexer) == "a+ f\na| next\n")
  }

  @Test func aLineIsNotBrokenWhileItsSourceHasBytes() {
    var multiplexer = ConsoleMultiplexer()
    queues.put(0, "whole line\nsecond\n")
    queues.put(1, "other\n")
    #expect(drain(&multiplexer, limit: 5) == "a| wh")
    queues.put(2, "third\n")
    #expect(drain(&multiplexer) == "ole line\nab| other\nc| third\na| second\n")
  }

  @Test func takesSourcesInTurns() {
    var multiplexer = ConsoleMultiplexer()
    for source in [0, 1, 2, ConsoleMultiplexer.kernelSource] { queues.put(source, "1\n2\n") }
    #expect(
      drain(&multiplexer)
        == "a| 1\nab| 1\nc| 1\nkernel| 1\na| 2\nab| 2\nc| 2\nkernel| 2\n")
  }

  @Test func aTurnEndsAfterItsLongestLength() {
    var multiplexer = ConsoleMultiplexer()
    let longest = Int(ConsoleMultiplexer.longestTurn)
    queues.put(0, String(repeating: "x", count: 2 * longest) + "\n")
    queues.put(1, "y\n")
    let first = String(repeating: "x", count: longest)
    #expect(drain(&multiplexer) == "a| \(first)\r\nab| y\na+ \(first)\n")
  }

  @Test func aloneASourceIsNeverBroken() {
    var multiplexer = ConsoleMultiplexer()
    let long = String(repeating: "x", count: 3 * Int(ConsoleMultiplexer.longestTurn))
    queues.put(0, long)
    #expect(drain(&multiplexer) == "a| " + long)
    // Its turn is over: the next who comes does not wait.
    queues.put(0, "more")
    queues.put(1, "y\n")
    #expect(drain(&multiplexer) == "\r\nab| y\na+ more")
  }

  /// A source that never ends its lines costs the others one turn each time, no more.
  @Test func nobodyStarves() {
    var multiplexer = ConsoleMultiplexer()
    queues.put(0, String(repeating: "x", count: 20_000))
    queues.put(1, String(repeating: "y", count: 20_000))
    queues.put(2, "now\n")
    let longest = Int(ConsoleMultiplexer.longestTurn)
    let text = drain(&multiplexer, limit: 2 * (longest + 8) + 10)
    #expect(text.contains("c| now\n"))
  }

  /// The worst case of the above: nobody else is there to pass the turn on.
  @Test func oneOfTwoSourcesDoesNotStarve() {
    var multiplexer = ConsoleMultiplexer()
    queues.put(0, String(repeating: "x", count: 20_000))
    queues.put(1, "now\n")
    let text = drain(&multiplexer, limit: Int(ConsoleMultiplexer.longestTurn) + 20)
    #expect(text.contains("ab| now\n"))
  }

  /// Whatever the sources write and however their bytes arrive, the stream taken apart by the
  /// workbench gives each source's exact bytes back.
  @Test(arguments: 0..<40) func canBeTakenApart(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let queues = Queues(names: ["a", "ab", "kern", "zone-with-a-16ch"])
    let sources = [0, 1, 2, 3, ConsoleMultiplexer.kernelSource]
    let pieces = [
      "\r", "\n", "\r\n", "a| ", "a+ ", "\r\na+ ", "kernel| ", "|", "+", " ", "x", "\u{0}",
    ]
    var written: [Int: [UInt8]] = [:]
    var stream: [UInt8] = []
    var multiplexer = ConsoleMultiplexer()
    for _ in 0..<400 {
      let source = sources[Int.random(in: 0..<sources.count, using: &random)]
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        bytes += Array(pieces[Int.random(in: 0..<pieces.count, using: &random)].utf8)
      }
      if Int.random(in: 0..<20, using: &random) == 0 {
        bytes += Array(repeating: UInt8(ascii: "L"), count: 700)
      }
      written[source, default: []] += bytes
      queues.waiting[source] += bytes
      for _ in 0..<Int.random(in: 0...120, using: &random) {
        if let byte = multiplexer.next(queues) { stream.append(byte) }
      }
    }
    // An end of line for each, so that no line stays cut.
    for source in sources {
      written[source, default: []].append(0x0a)
      queues.waiting[source].append(0x0a)
    }
    while let byte = multiplexer.next(queues) { stream.append(byte) }

    var demultiplexer = ConsoleDemultiplexer(zones: queues.names)
    var transcript = ConsoleTranscript()
    var rebuilt: [ConsoleSource: [UInt8]] = [:]
    for event in demultiplexer.consume(stream) + demultiplexer.finish() {
      let exact = transcript.bytes(for: event)
      rebuilt[exact.source, default: []] += exact.bytes
    }
    for exact in transcript.finish() { rebuilt[exact.source, default: []] += exact.bytes }
    #expect(rebuilt[.unattributed, default: []].isEmpty)
    for source in sources {
      let key: ConsoleSource =
        source == ConsoleMultiplexer.kernelSource ? .kernel : .zone(source)
      #expect(rebuilt[key] == written[source], "source \(source)")
    }
  }
}
