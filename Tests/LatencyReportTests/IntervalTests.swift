import LatencyProbe
import LatencyReport
import LatencyStatistics
import Testing

/// Where quantiles lie, and what order says in an emulator.
@Suite struct IntervalTests {
  /// `count` samples around 1,000, on hardware with 1 ns ticks unless said otherwise.
  private static func dataset(
    _ count: Int, timebase: Timebase = .hardware, step: UInt64 = 0, omitted: UInt64 = 0
  ) -> Dataset {
    var random = SplitMix(5)
    let values = (0..<count).map { 1000 + random.next() % 100 + ($0 < count / 2 ? 0 : step) }
    var machine = Machine(name: "board", ticksPerSecond: 1_000_000_000)
    machine.timebase = timebase
    return Dataset(
      source: "x", machine: machine, provenance: [],
      series: [
        Series(
          measurement: "samples", origin: .imported("cpu 0"), distribution: Distribution(values),
          samples: OrderedSamples(values: values, omitted: omitted))
      ], warnings: [])
  }

  private static func bootstrap(
    _ dataset: Dataset, _ bootstrap: BlockBootstrap = BlockBootstrap(replicates: 99)
  ) throws -> Report.BootstrapReport {
    let report = Report(dataset, options: .init(bootstrap: bootstrap))
    return try #require(report.measurements.first?.bootstrap)
  }

  @Test func bothKindsStandInText() throws {
    let options = Report.Options(
      confidence: 0.99, bootstrap: BlockBootstrap(blockLength: 20, replicates: 99, seed: 7))
    let report = Report(Self.dataset(2000), options: options)
    let series = try #require(report.measurements.first)
    let p99 = try #require(series.statistics.quantiles["p99"])
    #expect(try #require(p99.coverage) >= 0.99)
    let interval = try #require(series.bootstrap?.quantiles["p99"])
    let value = try #require(p99.ticks)
    #expect(interval.lower <= value && value <= interval.upper)
    #expect(series.bootstrap?.quantiles["p99.9"] == nil, "2,000 samples do not support it")
    let text = TextRenderer.render(
      report, unit: .nanoseconds(perTick: 1), style: .init(width: 100, histograms: false))
    #expect(text.contains("Where quantiles lie, 99 % confidence (ns)"))
    #expect(text.contains("order statistics: p50 "))
    #expect(text.contains("bootstrap, blocks of 20 samples, 99 replicates, seed 7: p50 "))
    let markdown = MarkdownRenderer.render(report, unit: .nanoseconds(perTick: 1))
    #expect(markdown.contains("## Where quantiles lie, 99 % confidence"))
    #expect(markdown.contains("| bootstrap, blocks of 20 samples, 99 replicates, seed 7 |"))
    #expect(report == Report(Self.dataset(2000), options: options), "the seed decides")
  }

  @Test func bootstrapNeedsOrder() throws {
    var histogram = Self.dataset(2000)
    histogram.series[0].samples = nil
    #expect(try Self.bootstrap(histogram).refused?.contains("only a histogram is known") == true)
    let cut = Self.dataset(2000, omitted: 5)
    #expect(try Self.bootstrap(cut).refused?.contains("not of 5 more") == true)
    #expect(try Self.bootstrap(Self.dataset(9)).refused?.contains("none of the quantiles") == true)
    let long = BlockBootstrap(blockLength: 1001, replicates: 9)
    #expect(
      try Self.bootstrap(Self.dataset(2000), long).refused
        == "2000 samples are fewer than two blocks of 1001")
    let emulated = Self.dataset(2000, timebase: .icount)
    #expect(try Self.bootstrap(emulated).refused?.contains("no time") == true)
    #expect(try Self.bootstrap(Self.dataset(2000)).refused == nil)
  }

  @Test(
    arguments: [
      (Timebase.hardware, "contaminated", nil), (.icount, "emulated-pattern", "measured code"),
      (.emulated, "emulated-pattern", "emulator and its host"),
    ] as [(Timebase, String, String?)])
  func aStepIsContaminationOnHardwareOnly(
    timebase: Timebase, verdict: String, reason: String?
  ) throws {
    let report = Report(Self.dataset(4000, timebase: timebase, step: 500))
    let order = try #require(report.measurements.first?.order)
    #expect(order.verdict == verdict && !order.findings.isEmpty)
    #expect(reason == nil ? order.reason == nil : order.reason?.contains(reason ?? "") == true)
    let clean = Report(Self.dataset(4000, timebase: timebase)).measurements.first?.order
    #expect(clean?.verdict == "clean" && clean?.reason == nil)
  }
}
