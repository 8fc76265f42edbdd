import Foundation
import LatencyProbe
import LatencyReport
import Testing

/// Whole runs against each other: clocks, verdicts, words.
@Suite struct ComparisonTests {
  private func run(
    _ name: String, _ values: [UInt64], timebase: Timebase = .hardware, shift: UInt32? = nil,
    frequency: UInt64 = 1_000_000_000, measurement: String = "timer-busy"
  ) -> Dataset {
    var machine = Machine(name: "board", ticksPerSecond: frequency)
    machine.timebase = timebase
    machine.icountShift = shift
    return Dataset(
      source: name, machine: machine, provenance: [],
      series: [
        Series(
          measurement: measurement, origin: .zone("rt"), distribution: Distribution(values),
          samples: OrderedSamples(values: values))
      ], warnings: [])
  }

  /// 10^5 samples: 99,890 below 7 us, 109 of exactly 10 us and one maximum.
  private func equalQuantiles(maximum: UInt64, seed: UInt64) -> [UInt64] {
    var random = SplitMix(seed)
    var values = (0..<99_890).map { _ in 3000 + random.next() % 4000 }
    values += [UInt64](repeating: 10_000, count: 109)
    return values + [maximum]
  }

  @Test func maximaFarApartAreCaughtBehindEqualQuantiles() throws {
    let before = run("a", equalQuantiles(maximum: 30_000, seed: 1))
    let after = run("b", equalQuantiles(maximum: 1_901_000, seed: 2))
    let comparison = try Comparison(baseline: before, candidate: after)
    let measured = try #require(comparison.measurements.first)
    #expect(measured.before?.quantiles["p99.9"]?.ticks == 10_000)
    #expect(measured.after?.quantiles["p99.9"]?.ticks == 10_000)
    #expect(comparison.verdict == .worse)
    #expect(comparison.method == "statistical")
    #expect(measured.findings.map(\.kind) == ["maximum"])
    #expect(measured.findings.first?.text.contains("30000 -> 1901000 ns") == true)
    #expect(try Comparison(baseline: after, candidate: before).verdict == .better)
    let again = run("c", equalQuantiles(maximum: 30_000, seed: 3))
    #expect(try Comparison(baseline: before, candidate: again).verdict == .same)
  }

  private func exact(_ values: [UInt64], _ name: String = "x") -> Dataset {
    run(name, values, timebase: .icount, shift: 4, frequency: 62_500_000)
  }

  @Test func oneInstructionMoreIsWorse() throws {
    let before = [UInt64](repeating: 90, count: 1000)
    let comparison = try Comparison(
      baseline: exact(before, "a"), candidate: exact(before.map { $0 + 1 }, "b"))
    let measured = try #require(comparison.measurements.first)
    #expect(comparison.verdict == .worse)
    #expect(comparison.method == "exact")
    #expect(measured.exact?.shift == 1)
    #expect(
      measured.findings.map(\.text) == [
        "every sample: +1 instructions", "maximum: 90 -> 91 instructions",
        "90 instructions: 1000 -> 0 samples", "91 instructions: 0 -> 1000 samples",
      ])
    let text = ComparisonRenderer.text(comparison, unit: .instructions, width: 60)
    #expect(text.hasPrefix("WORSE: b against a\n1 worse. Compared exactly"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 60 })
    #expect(!text.contains("\u{1b}"))
    let back = try Comparison(
      baseline: exact(before.map { $0 + 1 }), candidate: exact(before))
    #expect(back.verdict == .better)
  }

  @Test(arguments: [
    ([4, 4, 4, 5], [4, 4, 4, 5], Comparison.Verdict.same),
    // The same shape, stopped later.
    ([4, 4, 4, 5], [4, 4, 4, 5, 4, 4, 4, 5], .same),
    // One more sample of the longer path.
    ([4, 4, 4, 5], [4, 4, 5, 5], .worse),
    ([4, 4, 5, 5], [4, 4, 4, 5], .better),
    // Short ones longer, long ones shorter.
    ([4, 4, 9, 9], [5, 5, 8, 9], .mixed),
    // The longest longer, whatever the rest.
    ([4, 4, 4, 9], [3, 3, 3, 10], .worse),
    ([4], [], .inconclusive),
  ])
  func exactVerdicts(before: [UInt64], after: [UInt64], verdict: Comparison.Verdict) throws {
    let comparison = try Comparison(baseline: exact(before), candidate: exact(after))
    #expect(comparison.verdict == verdict)
  }

  @Test func unlikeClocksAreRefused() {
    let exact = exact([4, 4])
    let hardware = run("h", [4, 4])
    let emulated = run("e", [4, 4], timebase: .emulated)
    let slower = run("s", [4, 4], frequency: 1_000_000)
    let shifted = run("f", [4, 4], timebase: .icount, shift: 5, frequency: 62_500_000)
    func refusal(_ a: Dataset, _ b: Dataset) -> String {
      do throws(Comparison.Refusal) {
        _ = try Comparison(baseline: a, candidate: b)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(refusal(exact, hardware).contains("the timebases differ: x is icount, h is hardware"))
    #expect(refusal(emulated, emulated).contains("depend on the host"))
    #expect(refusal(hardware, slower).contains("the ticks differ"))
    #expect(refusal(exact, shifted).contains("62500000 Hz, icount shift 5"))
    #expect(refusal(exact, exact).isEmpty)
  }

  @Test func measurementsThatCameOrWent() throws {
    let a = exact([4, 4])
    var b = a
    b.series += run("x", [7], measurement: "ipi-self").series
    #expect(try Comparison(baseline: a, candidate: b).verdict == .same)
    let gone = try Comparison(baseline: b, candidate: a)
    #expect(gone.verdict == .inconclusive)
    #expect(gone.measurements.last?.reason == "the candidate does not have it")
    #expect(
      try Comparison(baseline: b, candidate: a, options: .init(measurement: "timer-busy")).verdict
        == .same)
    #expect(throws: Comparison.Refusal.self) {
      try Comparison(baseline: a, candidate: b, options: .init(zone: "nowhere"))
    }
  }

  @Test func jsonAndMarkdown() throws {
    let comparison = try Comparison(
      baseline: run("a|b", equalQuantiles(maximum: 30_000, seed: 1)),
      candidate: run("b", equalQuantiles(maximum: 1_901_000, seed: 2)),
      options: .init(deadline: 100_000))
    let json = try ComparisonRenderer.json(comparison)
    #expect(try JSONDecoder().decode(Comparison.self, from: Data(json.utf8)) == comparison)
    #expect(comparison.measurements.first?.tests?.bounds.contains { $0.ticks == 100_000 } == true)
    let markdown = ComparisonRenderer.markdown(comparison, unit: .nanoseconds(perTick: 1))
    #expect(markdown.contains("# WORSE: b against a\\|b"))
    #expect(markdown.contains("| 30000 → 1901000 |"))
  }
}
