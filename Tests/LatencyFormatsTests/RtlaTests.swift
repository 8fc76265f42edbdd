import Foundation
import LatencyReport
import Testing

@testable import LatencyFormats

@Suite struct RtlaTests {
  @Test func timerlat() throws {
    let dataset = try read(Fixtures.rtla)
    #expect(dataset.machine.counterFrequency == 1_000_000)
    #expect(dataset.series.count == 6)
    #expect(dataset.warnings.isEmpty)
    let irq = try #require(dataset.series("cpu 0", "timerlat-irq")).distribution
    #expect(irq.points.map(\.bounds) == [0...4, 5...8], "buckets of 5, cut at the maximum")
    #expect(irq.maximum == 8)
    let thread = try #require(dataset.series("cpu 0", "timerlat-thread")).distribution
    #expect(thread.overflow == 101)
    #expect(thread.overflowBound == 21, "the bucket size is not printed: at least after 20")
    #expect(thread.value(Quantile.reported[1]) == .atLeast(21))
    #expect(thread.maximum == 230)
    #expect(dataset.series("cpu 2", "timerlat-user")?.distribution.count == 20)
    #expect(dataset.series("cpu 1", "timerlat-irq") == nil)
  }

  /// Without a user workload there are no `Usr` columns; a bucket size of 1 shows nowhere.
  @Test func timerlatOfTheKernelAlone() throws {
    let text = """
      # RTLA timerlat histogram
      # Time unit is nanoseconds (ns)
      # Duration:   0 00:00:01
      Index   IRQ-003   Thr-003
      41            7         0
      48            2         9
      over:         0         1
      count:        9        10
      min:         41        48
      avg:         42        60
      max:         48       170
      ALL:        IRQ       Thr
      count:        9        10
      min:         41        48
      avg:         42        60
      max:         48       170

      """
    let dataset = try read(text)
    #expect(dataset.machine.counterFrequency == 1_000_000_000)
    #expect(dataset.series("cpu 3", "timerlat-irq")?.distribution.bins == [41: 7, 48: 2])
    #expect(dataset.series("cpu 3", "timerlat-thread")?.distribution.overflowBound == 49)
  }

  @Test func osnoise() throws {
    let dataset = try read(Fixtures.osnoise)
    #expect(dataset.machine.counterFrequency == 1_000_000_000)
    #expect(dataset.series("cpu 0")?.measurement == "osnoise")
    let first = try #require(dataset.series("cpu 0")).distribution
    #expect(first.points.map(\.bounds) == [10...19, 20...29])
    #expect(first.maximum == 29, "rtla prints the lower end of the last bucket")
    #expect(dataset.series("cpu 3")?.distribution.overflow == 2)
    #expect(dataset.series("cpu 3")?.distribution.maximum == 409)
  }

  /// rtla osnoise prints zeros when every sample is above the buckets.
  @Test func osnoiseWithoutRows() throws {
    let text = """
      # RTLA osnoise histogram
      # Time unit is microseconds (us)
      # Duration:   0 00:00:10
      Index   CPU-000
      over: 0
      count: 0
      min: 0
      avg: 0
      max: 0

      """
    let error = try #require(throws: FormatError.self) { try read(text) }
    #expect(error.description.contains("above all buckets"))
  }

  /// Without a summary nothing is known of the maximum but that it is in the overflow.
  @Test func noSummary() throws {
    let cut = try #require(Fixtures.rtla.range(of: "count:"))
    let dataset = try read(String(Fixtures.rtla[..<cut.lowerBound]))
    let thread = try #require(dataset.series("cpu 0", "timerlat-thread")).distribution
    #expect(thread.maximumIsBound)
    #expect(thread.maximum == 21)
    #expect(dataset.warnings.contains { $0.contains("no summary") })
    let threshold = try Threshold.parse("max<=100us")
    #expect(try Threshold.hits(threshold, in: dataset, measurement: "timerlat-thread").count == 2)
    #expect(TextRenderer.render(dataset, style: .init(histograms: false)).contains(">=21000"))
  }

  @Test(arguments: [
    ("5            10      9000", "5            11      9000", "'count:' says 10000"),
    (
      "20            0       900         9         0         0         0\n", "",
      "'count:' says 10001"
    ),
    (
      "20            0       900         9         0         0         0\n", "20  0 900\n", "line 7"
    ),
    ("20            0", "4             0", "line 7"),
    ("over:         0", "over:", "line 8"),
    ("over:         0       101         1         2         1         0\n", "", "over"),
    ("max:          8       230        99        31        40         9\n", "", "summary"),
    ("max:          8", "max:          3", "maximum is 3"),
    ("count:    20000", "count:    20001", "'ALL:' counts 20001"),
    ("max:         31       230        99\n", "", "inside 'ALL:'"),
    ("IRQ-002", "Foo-002", "column 'Foo-002'"),
    ("min:          0         5", "min:          0         x", "'x' is no number"),
    ("ALL: ", "{\nALL: ", "line 13"),
  ])
  func damaged(part: String, replacement: String, expected: String) throws {
    let range = try #require(Fixtures.rtla.range(of: part))
    let text = Fixtures.rtla.replacingCharacters(in: range, with: replacement)
    let error = try #require(throws: FormatError.self) { try read(text) }
    #expect(error.description.contains(expected), "\(error)")
  }

  @Test func messagesOfRtlaMayFollow() throws {
    let text = Fixtures.rtla + "rtla timerlat hit stop tracing\n## CPU 3 hit stop tracing\n"
    #expect(try read(text).warnings == ["2 lines after the histogram were ignored"])
    #expect(throws: FormatError.self) { try read(Fixtures.rtla + Fixtures.rtla) }
    #expect(throws: FormatError.self) { try read(Fixtures.rtla + "000001 000001\n", as: .rtla) }
  }
}
