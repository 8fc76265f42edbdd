import Foundation
import LatencyReport
import Testing

@testable import LatencyFormats

@Suite struct CyclictestTests {
  @Test func oldText() throws {
    let dataset = try read(Fixtures.cyclictest)
    #expect(dataset.machine.counterFrequency == 1_000_000)
    let first = try #require(dataset.series("thread 0"))
    #expect(first.measurement == "cyclictest")
    #expect(first.distribution.bins == [5: 100, 6: 700, 9: 150, 41: 1])
    #expect(first.distribution.overflow == 0)
    #expect(first.distribution.maximum == 41)
    let second = try #require(dataset.series("thread 1"))
    #expect(second.distribution.count == 993)
    #expect(second.distribution.overflow == 3)
    #expect(second.distribution.overflowBound == 43, "the bin after the last row")
    #expect(second.distribution.maximum == 977)
    #expect(!second.distribution.maximumIsBound)
    #expect(second.notes == ["overflow in cycles 100, 200"])
    #expect(dataset.warnings.isEmpty)
  }

  /// The thread count is that of Min: the last column is a sum, not a thread.
  @Test func summaryColumn() throws {
    let dataset = try read(Fixtures.cyclictestAll)
    #expect(dataset.series.count == 2)
    #expect(dataset.series("thread 0")?.distribution.bins == [2: 90, 3: 9])
    #expect(dataset.series("thread 0")?.distribution.maximum == 900)
    #expect(dataset.series("thread 1")?.distribution.overflow == 0)
    let wrong = Fixtures.cyclictestAll.replacing("000049", with: "000050")
    #expect(throws: FormatError.self) { try read(wrong) }
  }

  /// Older versions with -H have a sum in `# Total:`, too.
  @Test func summaryColumnWithTotal() throws {
    let total = "# Total: 000000099 000000050 000000149\n# Min"
    let dataset = try read(Fixtures.cyclictestAll.replacing("# Min", with: total))
    #expect(
      dataset.series.map(\.distribution)
        == (try read(Fixtures.cyclictestAll)).series.map(\.distribution))
    let wrong = Fixtures.cyclictestAll.replacing("# Min", with: total.replacing("149", with: "150"))
    #expect(throws: FormatError.self) { try read(wrong) }
  }

  /// Deadlines are the kernel's zones': a file of another tool has no stamps to miss.
  @Test func noDeadline() throws {
    let dataset = try read(Fixtures.cyclictest)
    let record = try RecordReader.read(try RecordWriter.write(dataset), source: "x")
    for dataset in [dataset, record] {
      #expect(
        Report(dataset).verdict.text
          == "No deadline was measured: files of other tools have none.")
    }
  }

  /// A quantile that lies in the overflow is a lower bound, never the last bin.
  @Test func quantileInOverflow() throws {
    let text = Fixtures.cyclictestAll.replacing(
      "000090\t000010\t000100", with: "000950\t000010\t000960"
    )
    .replacing("00001 00000 00001", with: "00041 00000 00041")
    let distribution = try #require(try read(text).series("thread 0")).distribution
    #expect(distribution.count == 1000)
    #expect(distribution.value(Quantile.reported[1]) == .atLeast(4))
    #expect(distribution.value(Quantile.reported[0]) == .within(2...2))
  }

  @Test func unitIsMicrosecondsUnlessTold() throws {
    #expect(
      try read(Fixtures.cyclictest, unit: .nanoseconds).machine.counterFrequency == 1_000_000_000)
    #expect(
      try read(Fixtures.cyclictest).provenance.contains(
        ProvenanceItem("unit", "us, cyclictest's default")))
  }

  /// Every way to lose or add lines is noticed and placed.
  @Test(arguments: [
    ("000041 000001\t000000\n", "", "Total"),
    ("# Total: 000000951 000000990\n", "# Total: 000000951\n", "Total"),
    ("000006 000700\t000800\n", "000006 000700\n", "line 7"),
    ("000006 000700\t000800\n", "000004 000700\t000800\n", "line 7"),
    ("000006 000700\t000800\n", "000006 000700\t0x0800\n", "line 7"),
    ("# Max Latencies: 00041 00977\n", "", "Max Latencies"),
    ("# Max Latencies: 00041 00977\n", "# Max Latencies: 00041\n", "Max Latencies"),
    ("# Max Latencies: 00041 00977\n", "# Max Latencies: 00040 00977\n", "maximum is 40"),
    ("# Max Latencies: 00041 00977\n", "# Max Latencies: 00041 00042\n", "maximum is 42"),
    ("# Min Latencies: 00005", "# Min Latencies: 00004", "minimum is 4"),
    ("# Histogram Overflows: 00000 00003\n", "", "Histogram Overflows"),
    ("# Thread 1: 00100 00200 # 00001 others\n", "", "Thread 1"),
    ("# Thread 0:\n", "Index   IRQ-000\n", "line 18"),
    ("000007 000000\t000000\n", "# Histogram\n", "line 8"),
    ("000007 000000\t000000\n", "99999999999999999999999 0 0\n", "line 8"),
    ("000006 000700\t000800\n", "000006 18446744073709551615\t000800\n", "64 bits"),
  ])
  func damaged(part: String, replacement: String, expected: String) throws {
    let text = Fixtures.cyclictest.replacing(part, with: replacement)
    #expect(text != Fixtures.cyclictest)
    let error = try #require(throws: FormatError.self) { try read(text, as: .cyclictest) }
    let isTotal = error.description.contains("Total") && expected == "64 bits"
    #expect(error.description.contains(expected) || isTotal, "\(error)")
    #expect(!error.readSoFar.isEmpty && !error.advice.isEmpty)
  }

  /// A run that was not quiet fills more than the head of the file with status lines.
  @Test func statusLinesBeforeTheHistogram() throws {
    var text = ""
    for cycle in 0..<2000 {
      text += "\u{1b}[3Apolicy: fifo: loadavg: 0.00 0.01 0.01 1/152 2441\n\n"
      text += "T: 0 ( 2440) P:95 I:200 C:\(cycle) Min:      5 Act:    6 Avg:    6 Max:      41\n"
    }
    let dataset = try read(text + Fixtures.cyclictest)
    #expect(dataset.series("thread 0")?.distribution.count == 951)
    #expect(dataset.warnings.isEmpty)
    #expect(throws: FormatError.self) { try read(text) }
  }

  @Test func twoRunsInOneFile() throws {
    let error = try #require(throws: FormatError.self) {
      try read(Fixtures.cyclictest + Fixtures.cyclictest)
    }
    #expect(error.description.contains("a second histogram begins"))
    #expect(error.position == .line(23))
  }

  @Test func json() throws {
    let dataset = try read(Fixtures.cyclictestJSON)
    #expect(dataset.machine.board == "bench")
    #expect(dataset.machine.counterFrequency == 1_000_000, "resolution 0 means microseconds")
    #expect(dataset.series("thread 0")?.distribution.overflow == 0)
    let second = try #require(dataset.series("thread 1")).distribution
    #expect(second.overflow == 102, "cycles less the sum of the bins")
    #expect(second.overflowBound == 400, "the command line says -h400")
    #expect(second.maximum == 12_000)
    #expect(second.value(Quantile.reported[1]) == .atLeast(400))
    #expect(TextRenderer.render(dataset, style: .init(histograms: false)).contains(">=400000"))
    #expect(dataset.provenance.contains(ProvenanceItem("tool", "cyclictest 2.80")))
    let nanoseconds = Fixtures.cyclictestJSON.replacing(
      "\"resolution_in_ns\": 0", with: "\"resolution_in_ns\": 1")
    #expect(try read(nanoseconds).machine.counterFrequency == 1_000_000_000)
    // Without the command line only the highest bin of all threads is known.
    let silent = Fixtures.cyclictestJSON.replacing("-h400", with: "")
    #expect(try read(silent).series("thread 1")?.distribution.overflowBound == 41)
  }

  @Test(
    arguments: [
      (nil, nil), ("cyclictest -h 400 -q", 400), ("cyclictest -q -h250", 250),
      ("cyclictest --histogram=99", 99), ("x --histofall=7", 7), ("x -H 8", 8), ("x -h", nil),
    ] as [(String?, UInt64?)])
  func requestedBins(command: String?, bins: UInt64?) {
    #expect(CyclictestJSONReader.requestedBins(command) == bins)
  }

  @Test(arguments: [
    ("\"cycles\": 10000, \"min\": 2", "\"cycles\": 9999, \"min\": 2", "line 14"),
    ("\"num_threads\": 2", "\"num_threads\": 3", "num_threads"),
    ("\"file_version\": 1", "\"file_version\": 2", "file_version 2"),
    ("\"min\": 1, ", "", "\"min\" is missing"),
    ("\"max\": 12000", "\"max\": 300", "in no bin"),
    ("\"2\": 9000, ", "", "the minimum is 2"),
    ("\"2\": 9000, ", "\"2\": 9000, \"2\": 1, ", "occurs twice"),
    ("\"2\": 9000, ", "\"2\": 9000, \"02\": 1, ", "bin \"02\""),
    ("\"2\": 9000, ", "\"2\": -1, ", "bin \"2\""),
    ("\"resolution_in_ns\": 0", "\"resolution_in_ns\": 7", "resolution of 7"),
    ("\"2\": 9000, \"3\": 900, \"5\": 99, \"40\": 1", "", "in no bin"),
  ])
  func damagedJSON(part: String, replacement: String, expected: String) throws {
    let text = Fixtures.cyclictestJSON.replacing(part, with: replacement)
    #expect(text != Fixtures.cyclictestJSON)
    let error = try #require(throws: FormatError.self) { try read(text) }
    #expect(error.description.contains(expected), "\(error)")
  }
}
