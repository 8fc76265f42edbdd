import Foundation
import LatencyProbe
import LatencyReport
import Testing

/// What a report says beyond its table: judgement, tail, order, causes, splits.
@Suite struct ReportTests {
  private func dataset(
    _ values: [UInt64], times: [UInt64] = [], origin: Series.Origin = .imported("cpu 0")
  ) -> Dataset {
    Dataset(
      source: "x", machine: Machine(name: "board", ticksPerSecond: 1_000_000_000),
      provenance: [],
      series: [
        Series(
          measurement: "samples", origin: origin, distribution: Distribution(values),
          samples: OrderedSamples(values: values, times: times))
      ], warnings: [])
  }

  /// Exponential above 1,000, mean excess 500.
  private func exponential(_ count: Int, seed: UInt64 = 1) -> [UInt64] {
    var random = SplitMix(seed)
    return (0..<count).map { _ in
      let uniform = (Double(random.next() >> 11) + 0.5) / 9_007_199_254_740_992
      return 1000 + UInt64(-500 * log(uniform))
    }
  }

  /// 10^6 samples: 0 to 999 steps, each 1,000 times.
  private func counted(step: UInt64) -> Dataset {
    var result = dataset([])
    result.series[0].samples = nil
    result.series[0].sketch = nil
    result.series[0].distribution = Distribution(
      points: (0..<1000).map { .init(bounds: $0 * step...$0 * step, count: 1000) })
    return result
  }

  private func text(_ report: Report, width: Int = 80) -> String {
    TextRenderer.render(
      report, unit: .nanoseconds(perTick: 1), style: .init(width: width, histograms: false))
  }

  @Test func aTailThatCanBeModelled() throws {
    let values = exponential(50_000, seed: 4)
    let report = Report(dataset(values), options: .init(deadline: 20_000))
    let series = try #require(report.measurements.first)
    #expect(series.order.verdict == "clean")
    #expect(series.tail.refused == nil)
    #expect(series.tail.gates.count >= 4)
    let estimates = series.tail.estimates
    #expect(estimates.map(\.of) == ["longest", "deadline"])
    // Of an exponential with this mean, 19,000 above the start: exp(-38).
    #expect(estimates.last.map { $0.probability < 1e-9 } == true)
    #expect(estimates.first.map { $0.lower <= $0.probability } == true)
    let curve = series.tail.curve
    #expect(curve.count > 8)
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.ticks <= $1.ticks })
    let maxima = series.tailOfMaxima
    #expect(maxima.refused == nil && maxima.estimates.map(\.of) == ["longest", "deadline"])
    for tail in [series.tail, maxima] {
      let printed = text(report, width: 400)
      #expect(printed.contains("\(tail.distribution ?? "") fitted to the "))
      for estimate in tail.estimates {
        #expect(estimate.otherProbability != nil, "no maximum likelihood")
        #expect(printed.contains("\(estimate.ticks) ns (the ") && printed.contains(estimate.text))
      }
      // An exponential tail knows no largest value, and a reader must be told.
      #expect(tail.warnings.contains { $0.hasPrefix("the tail may be unbounded") })
    }
    #expect(
      text(report, width: 400).contains(
        "exceedance probability at 20000 ns (the deadline): estimate: "))
    #expect(maxima.blockLength.map { $0 >= 50 } == true)
    let json = try JSONRenderer.render([report])
    #expect(
      json.contains("\"generalized Pareto\"") && json.contains("\"generalized extreme value\""))
    let markdown = MarkdownRenderer.render(report, unit: .nanoseconds(perTick: 1))
    #expect(markdown.contains("block maxima: exceedance probability at 20000 ns"))
    let statistics = series.statistics
    #expect(statistics.mean.map { abs($0 - 1500) < 10 } == true)
    #expect(statistics.standardDeviation.map { abs($0 - 500) < 10 } == true)
    let p99 = try #require(statistics.quantiles["p99"])
    #expect(p99.coverage.map { $0 >= 0.95 } == true)
    #expect(p99.lower.map { $0 <= p99.ticks ?? 0 } == true)
    #expect(p99.upper.map { $0 >= p99.ticks ?? .max } == true)
  }

  @Test func refusalsSayWhy() {
    let constant = Report(dataset([UInt64](repeating: 7, count: 5000)))
    #expect(
      constant.measurements.first?.tail.refused == "all samples are 7: there is no tail to model")
    #expect(constant.measurements.first?.worst.isEmpty == true)
    var histogram = dataset(exponential(5000))
    histogram.series[0].sketch = nil
    histogram.series[0].samples = nil
    let tail = Report(histogram).measurements.first?.tail.refused
    #expect(tail?.hasPrefix("a histogram does not keep the order") == true)
    histogram.series[0].samples = OrderedSamples(values: [1, 2], omitted: 4998)
    let cut = Report(histogram).measurements.first?.tail.refused
    #expect(cut?.contains("keeps the order of 2 samples and not of 4998 more") == true)
    var emulated = dataset(exponential(5000))
    emulated.machine.timebase = .emulated
    let report = Report(emulated).measurements.first
    #expect(report?.tail.refused?.hasPrefix("the values are no time") == true)
    #expect(report?.statistics.quantiles["p99"]?.coverage == nil, "an interval of what is no time")
  }

  @Test func contaminationNamesSamplesAndTimes() throws {
    var values = exponential(20_000)
    for index in 9000..<9020 { values[index] = 50_000 }
    let times = (0..<20_000).map { UInt64($0) * 1_000_000 }
    let report = Report(dataset(values, times: times))
    let order = try #require(report.measurements.first?.order)
    #expect(order.verdict == "contaminated")
    let burst = try #require(order.findings.first { $0.kind == "burst" })
    #expect(burst.firstSample == 9000 && burst.lastSample == 9019)
    #expect(burst.firstTime == 9_000_000_000)
    #expect(text(report).contains("from 9.000000 s to 9.019000 s"))
    #expect(report.measurements.first?.worst.first?.sample == 9000)
  }

  @Test func quantilesAreChosenAndLongRunsGetMore() throws {
    let report = Report(
      dataset(exponential(2000)),
      options: .init(quantiles: [try #require(Quantile("p99.5")), try #require(Quantile("p50"))]))
    #expect(report.quantiles == ["p50", "p99.5"])
    #expect(Array(report.measurements[0].statistics.quantiles.keys).sorted() == ["p50", "p99.5"])
    #expect(text(report).contains("p50  p99.5"))
    let long = Report(counted(step: 1))
    #expect(long.measurements[0].statistics.quantiles["p99.999"]?.ticks == 999)
    #expect(text(long).contains("p99.999"))
    #expect(text(Report(dataset(exponential(2000)))).contains("p99.999") == false)
  }

  @Test func tablesAreSplitToTheWidth() {
    for width in [60, 80, 200] {
      let report = Report(counted(step: 1_000_000_007))
      let lines = text(report, width: width).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= width }, "\(width)")
    }
  }

  @Test func judgementComesFirst() {
    let data = dataset(exponential(2000))
    let failed = Report(
      data, options: .init(judgement: .init(limits: ["max<=1us"], hits: ["max<=1us: too long"])))
    #expect(failed.verdict.passed == false)
    let lines = text(failed).split(separator: "\n")
    #expect(lines[2] == "FAIL: max<=1us: too long")
    let passed = Report(data, options: .init(judgement: .init(limits: ["max<=1us"], hits: [])))
    #expect(text(passed).contains("\nPASS: max<=1us\n"))
    #expect(Report(data).verdict.judgement == nil)
    let markdown = MarkdownRenderer.render(failed, unit: .nanoseconds(perTick: 1))
    #expect(markdown.contains("**FAIL: max\\<=1us: too long**"))
  }

  @Test func withoutALogCausesAreGraded() throws {
    var record = SampleRecord.raw(stampBytes: 1 << 16) { region, writer in
      let cpu = unsafe region.initialiseCPU(2, hardwareID: 2, zone: 1)
      unsafe cpu.pointee.recordExit(reason: .interruptController, ticks: 100, pc: 0x1000)
      unsafe cpu.pointee.recordExit(reason: .console, ticks: 700, pc: 0x2000)
      for cycle in 0..<100 as Range<UInt64> {
        let tick = 1_000_000 + cycle * 62_500
        func write(_ measurement: LatencyProbe.Measurement, _ duration: UInt64) {
          writer.write(
            Stamp(deadline: tick, entry: tick + duration, id: measurement.rawValue))
        }
        write(.timerBusy, cycle == 50 ? 600 : 4)
        write(.timerIdle, cycle == 50 ? 1600 : 4)
      }
    }
    SampleRecord.removeExitLogs(&record)
    let sealed = try RecordSealer.seal(record, run: .init(timebase: .icount, icountShift: 4))
    let data = try RecordReader.read(sealed, source: "x")
    #expect(data.cpus.allSatisfy { $0.log == nil } && data.warnings.count == 2)
    let report = Report(data)
    func worst(_ name: String) -> WorstSample? {
      report.measurements.first { $0.measurement == name && $0.origin == "zone rt-control" }?
        .worst.first
    }
    let possible = try #require(worst("timer-busy"))
    #expect(possible.ticks == 600 && possible.sample == 50)
    // One tick is 16 ns.
    #expect(possible.time == (1_000_000 + 50 * 62_500 + 600) * 16)
    #expect(possible.cause.kind == .possible)
    #expect(
      possible.cause.text.hasPrefix(
        "possibly an exit of cpu 2: 1 console may have taken the 596 instructions beyond"))
    #expect(possible.cause.text.contains("console, 700 instructions, guest pc 0x2000"))
    #expect(worst("timer-idle")?.cause.kind == .noSingleExit)
    let kernel = report.measurements.first { $0.origin == "kernel cpu 2" }?.worst.first
    #expect(kernel?.cause.kind == .exit)
    #expect(kernel?.cause.text.contains("guest pc 0x2000") == true)
    let imported = Report(dataset([1, 2])).measurements.first?.worst.first
    #expect(imported?.cause.kind == .unknown)
  }

  @Test func splits() throws {
    let sealed = try RecordSealer.seal(
      SampleRecord.typical(cycles: 30), run: .init(timebase: .icount, icountShift: 4))
    let data = try RecordReader.read(sealed, source: "x")
    func places(_ split: Split) -> [String] {
      Report(data, options: .init(split: split)).measurements.map {
        "\($0.measurement) @ \($0.origin)"
      }
    }
    #expect(
      places(.cpu).prefix(3) == [
        "kernel-residency @ cpu 0", "timer-busy (baseline) @ cpu 2", "timer-busy @ cpu 2",
      ])
    #expect(
      places(.zone).prefix(2) == [
        "kernel-residency @ zone linux", "timer-busy (baseline cpu 2) @ zone rt-control",
      ])
    #expect(
      places(.reason).prefix(3) == [
        "firmware-call @ kernel cpu 0", "interrupt-controller @ kernel cpu 0",
        "console @ kernel cpu 0",
      ])
    let counts = Report(data).measurements.map(\.statistics.samples).reduce(0, +)
    for split in Split.allCases {
      let parts = Report(data, options: .init(split: split)).measurements
      #expect(parts.map(\.statistics.samples).reduce(0, +) == counts, "\(split)")
    }
    let steps = exponential(4000) + exponential(4000, seed: 2).map { $0 + 2000 }
    let phases = Report(dataset(steps), options: .init(split: .phase)).measurements
    #expect(phases.map(\.measurement) == ["samples phase 1", "samples phase 2"])
    #expect(phases.map(\.statistics.samples).reduce(0, +) == 8000)
    #expect(phases.last?.statistics.minimum.map { $0 >= 3000 } == true)
  }
}
