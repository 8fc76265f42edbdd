import Foundation
import LatencyReport
import Testing

@testable import LatencyFormats

@Suite struct SampleFormatTests {
  @Test func plainLines() throws {
    let dataset = try read(Fixtures.csv)
    let series = try #require(dataset.series("all samples"))
    #expect(series.distribution.bins == [12: 3, 15: 1, 900: 1])
    #expect(series.samples == OrderedSamples(values: [12, 15, 12, 900, 12]))
    #expect(dataset.machine.counterFrequency == 0)
    #expect(dataset.warnings.contains { $0.contains("--unit") })
    #expect(try read(Fixtures.csv, unit: .microseconds).machine.counterFrequency == 1_000_000)
  }

  @Test func columns() throws {
    let dataset = try read(Fixtures.csvColumns)
    #expect(dataset.machine.counterFrequency == 100_000_000, "0.01 us, from the heading")
    let first = try #require(dataset.series("cpu 0"))
    #expect(first.distribution.bins == [1225: 2])
    #expect(first.rejected == ["negative": 1])
    #expect(first.samples?.times == [1_500_000_000, 1_800_000_000])
    #expect(dataset.series("cpu 1")?.distribution.bins == [1350: 1])
  }

  @Test func jittersamples() throws {
    let dataset = try read("0;12.000000005;3\n1;12.000000009;4\n", unit: .microseconds)
    #expect(
      dataset.series("cpu 1")?.samples == OrderedSamples(values: [4], times: [12_000_000_009]))
  }

  @Test func commentsEmptyLinesAndCarriageReturns() throws {
    let text = "# taken by hand\r\nlatency (ns)\r\n1\r\n\r\n2\r\n# end\r\n"
    let dataset = try read(text)
    #expect(dataset.series("all samples")?.distribution.bins == [1: 1, 2: 1])
    #expect(dataset.machine.counterFrequency == 1_000_000_000)
  }

  @Test(arguments: [
    ("12\n15\nx\n", "line 3: 'x' is no number"), ("12\n15", "line 2: the last line"),
    ("12\n15;3\n", "line 2"), ("12\n15.5x\n", "line 2"), ("12\n1e3\n", "line 2"),
    ("1.5\n1.25\n99999999999999999999\n", "line 3"),
    ("99999999999999999999\n5\n", "line 1: '99999999999999999999' has more decimals"),
    ("5\n99999999999999999999\n", "or does not fit; read so far: 1 sample"),
    ("cpu,latency_ns\n0,5\n0\n", "line 3"), ("cpu,latency_ns\n0,5\nx,5\n", "line 3: 'x' is no CPU"),
    ("latency_ns\n5\nlatency_ns\n5\n", "line 3: 'latency_ns' is no number"),
  ])
  func damagedText(text: String, expected: String) throws {
    let error = try #require(throws: FormatError.self) { try read(text, as: .csv) }
    #expect(error.description.contains(expected), "\(error)")
  }

  /// The fast loop, the slow path and pieces of a file give the same as one line after another.
  @Test func manyLines() throws {
    var values: [UInt64] = []
    var state: UInt64 = 1
    for _ in 0..<60_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      values.append(state >> 60 == 0 ? state >> 20 : state >> 50)
    }
    let text = values.map { "\($0)\n" }.joined()
    let series = try #require(try read(text).series("all samples"))
    #expect(series.distribution == Distribution(values))
    #expect(series.samples?.values == values)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let stream = try #require(ByteStream(path: file.path))
    let streamed = try DatasetReader.read(
      stream, source: "x", options: ReadOptions(orderedLimit: 10))
    #expect(streamed.series.first?.distribution == series.distribution)
    #expect(streamed.series.first?.samples?.values == Array(values.prefix(10)))
    #expect(streamed.series.first?.samples?.omitted == 59_990)
  }

  /// Numbers of every length at every distance from an 8-byte boundary, and what else a line may be.
  @Test func plainNumbers() {
    let rest = String(repeating: "1\n", count: 20)
    for digits in 1...20 {
      let number = String(String(repeating: "9081726354", count: 2).prefix(digits))
      for shift in 0..<8 {
        let before = String(repeating: "7", count: shift) + "\n"
        let text = Array((before + number + "\n" + rest).utf8)
        var values = [UInt64](repeating: 0, count: 64)
        let (position, count) = PlainNumbers.read(text.span, shift + 1, text.count, into: &values)
        #expect((count == 0) == (digits > 15), "\(number) at \(shift)")
        guard count > 0 else {
          #expect(position == shift + 1)
          continue
        }
        #expect(values[0] == UInt64(number))
        #expect(values[1..<count].allSatisfy { $0 == 1 })
        #expect(position == shift + 1 + digits + 1 + 2 * (count - 1))
      }
    }
    for odd in ["", "-1", "1.5", " 1", "1 ", "1\r", "x", "\u{e9}", "#", "1,2", "12345678:"] {
      let text = Array(("12\n345\n" + odd + "\n" + rest).utf8)
      var values = [UInt64](repeating: 0, count: 64)
      let (position, count) = PlainNumbers.read(text.span, 0, text.count, into: &values)
      #expect(position == 7 && count == 2, "\(odd)")
      // No more than there is room for.
      var one: [UInt64] = [0]
      #expect(PlainNumbers.read(text.span, 0, text.count, into: &one) == (3, 1))
    }
  }

  @Test func jitterdebuggerSamples() throws {
    let dataset = try read(Fixtures.samples)
    #expect(dataset.machine.counterFrequency == 1_000_000, "microseconds unless told")
    let first = try #require(dataset.series("cpu 0"))
    #expect(first.samples?.values == [3, 3, 9])
    #expect(first.samples?.times == [100_000_000_005, 100_000_001_000, 101_000_000_001])
    #expect(dataset.series("cpu 1")?.distribution.bins == [4: 1, 2_000_000: 1])
  }

  @Test func damagedSamples() throws {
    func error(_ bytes: [UInt8]) throws -> FormatError {
      try #require(throws: FormatError.self) { try read(bytes, as: .jitterdebuggerSamples) }
    }
    let cut = try error(Array(Fixtures.samples.dropLast()))
    #expect(cut.position == .offset(4 * 28))
    #expect(cut.readSoFar == "4 samples")
    let twice = try error(Fixtures.samples + Fixtures.samples)
    #expect(twice.position == .offset(5 * 28))
    #expect(twice.problem.contains("goes back"))
    var wrong = Fixtures.samples
    wrong[28 + 3] = 0xff
    #expect(try error(wrong).position == .offset(28))
    wrong = Fixtures.samples
    wrong[28 + 12 + 7] = 0x7f
    #expect(try error(wrong).problem.contains("no sample"))
  }

  /// More different values than memory is given for are counted in bins, the maximum exactly.
  @Test func tallyIsBounded() {
    var tally = Tally()
    let base: UInt64 = 1 << 30
    for index in 0..<UInt64(1_100_000) { tally.add(base + index * 1000) }
    #expect(tally.isCoarse)
    let distribution = tally.distribution
    #expect(distribution.count == 1_100_000)
    #expect(distribution.maximum == base + 1_099_999 * 1000)
    #expect(distribution.points.count < 20_000)
    let isNarrow = distribution.points.allSatisfy { point in
      point.bounds.upperBound - point.bounds.lowerBound < point.bounds.lowerBound / 16_384
    }
    #expect(isNarrow)
    // The same with values that HdrHistogram cannot hold, and a small one that came too early.
    var odd = Tally()
    let all = [1 << 19] + (0..<1_100_000).map { base + $0 * 1000 } + [.max, 1 << 62, 1 << 19]
    odd.add(all.span)
    let (points, wanted) = (odd.distribution.points.dropFirst().dropLast(), distribution.points)
    // All at once, as a failure would print them all.
    let areEqual = points.elementsEqual(wanted) {
      $0.bounds.lowerBound == $1.bounds.lowerBound && $0.count == $1.count
    }
    #expect(areEqual)
    #expect(odd.distribution.points.first == .init(bounds: 1 << 19...1 << 19, count: 2))
    #expect(odd.distribution.points.last == .init(bounds: 1 << 62...UInt64.max, count: 2))
    #expect(odd.distribution.maximum == .max && odd.count == 1_100_004)
    // A value may be counted in the sparse table first and, when samples are many, in the dense one.
    var growing = Tally()
    let growth: [UInt64] = [1 << 19] + [UInt64](repeating: 7, count: 40_000) + [1 << 19, 1 << 19]
    for value in growth { growing.add(value) }
    #expect(growing.distribution == Distribution(growth))
    var wide = Tally()
    let values: [UInt64] = [0, .max, 1 << 20, (1 << 20) - 1, 5000]
    for value in values { wide.add(value) }
    #expect(wide.distribution == Distribution(values))
  }
}
