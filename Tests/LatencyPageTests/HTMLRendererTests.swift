import Foundation
import LatencyStatistics
import Testing

@testable import LatencyReport

@Suite struct HTMLRendererTests {
  private func options(_ thresholds: String) throws -> HTMLRenderer.Options {
    var options = HTMLRenderer.Options()
    options.thresholds = try Threshold.parse(thresholds)
    return options
  }

  /// The verdict as the page has it: its colour and its first line.
  private func verdict(_ page: String) -> (style: Substring, text: Substring)? {
    page.firstMatch(of: /class="verdict (\w+)" aria-label="Verdict"><strong>([^<]*)</).map {
      ($0.1, $0.2)
    }
  }

  @Test(arguments: [
    ("max<=20us", "kept", "PASS: all limits kept"), ("max<=19us", "missed", "FAIL: a limit was"),
    ("max<=20us,p99<=1us", "missed", "FAIL: a limit was"),
    ("misses==0", "missed", "FAIL: a limit was"), ("p99.99<=1ms", "missed", "FAIL"),
    ("", "open", "NO VERDICT: no deadline was given"),
  ])
  func verdictOnLimits(row: (limits: String, style: String, text: String)) throws {
    let page = HTMLRenderer.render(
      Pages.hardware(), options: row.limits.isEmpty ? .init() : try options(row.limits))
    let shown = try #require(verdict(page))
    #expect(shown.style == row.style && shown.text.hasPrefix(row.text), "\(shown)")
  }

  @Test func aLimitThatCannotBeCheckedIsNoPass() throws {
    var asked = try options("max<=20us")
    asked.measurement = "no-such"
    let page = HTMLRenderer.render(Pages.hardware(), options: asked)
    #expect(verdict(page)?.style == "open")
    #expect(page.contains("not checked: no measurement"))
  }

  @Test func emulatorNeverPassesWithoutSayingSo() throws {
    let kept = HTMLRenderer.render(Pages.emulated())
    #expect(
      verdict(kept)?.text
        == "PASS: no deadline missed in the emulator, which says nothing of hardware")
    #expect(verdict(kept)?.style == "open")
    #expect(kept.contains("<p class=\"emulated\">Measured in QEMU under -icount"))
    #expect(verdict(HTMLRenderer.render(Pages.emulated(misses: 3)))?.style == "missed")
    var lossy = Pages.emulated()
    lossy.lostStamps = 1
    #expect(verdict(HTMLRenderer.render(lossy))?.style == "open")
    #expect(!HTMLRenderer.render(Pages.hardware()).contains("class=\"emulated\""))
  }

  @Test func verdictComesFirstAndLimitsLast() throws {
    let page = HTMLRenderer.render(Pages.hardware())
    var rest = page[...]
    for id in ["verdict", "provenance", "numbers", "series-0", "method", "limits"] {
      let place = try #require(rest.range(of: "<section id=\"\(id)\""), "\(id)")
      rest = rest[place.upperBound...]
    }
  }

  /// Each drawing has a name and its numbers in a table; nothing is loaded, nothing runs.
  @Test func pageStandsAlone() throws {
    let page = HTMLRenderer.render(Pages.hardware())
    #expect(page.matches(of: #/<svg /#).count == 3)
    #expect(page.matches(of: /<svg [^>]*aria-label="[^"]+/).count == 3)
    #expect(page.matches(of: /<figure>.*?<details><summary>/).count == 3)
    for forbidden in [
      "<script", "<link", "<img", "<iframe", "http://", "https://", "url(", "@import",
    ] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
    #expect(page.contains("default-src &#39;none&#39;"))
    for scheme in ["prefers-color-scheme: dark", "@media print"] { #expect(page.contains(scheme)) }
  }

  @Test func drawsTheModelAndCallsItAnEstimate() throws {
    let page = HTMLRenderer.render(Pages.hardware(), options: try options("max<=25us"))
    for model in ["peaks", "maxima"] {
      #expect(page.contains("class=\"model \(model)\" d=\"M"))
      #expect(page.contains("class=\"band \(model)\" d=\"M"))
    }
    #expect(page.contains("generalized Pareto fitted to the"))
    #expect(page.contains("generalized extreme value fitted to the maxima of"))
    #expect(page.contains("for a future that is like this run: no bounds."))
    #expect(
      page.matches(of: /exceedance probability at 25000 ns \(the deadline\): estimate/).count == 2)
    #expect(page.contains("Warning: the tail may be unbounded"))
    #expect(page.contains("A bound from a tail model"))
    #expect(page.matches(of: /class="limit" d=/).count == 3)
  }

  @Test func saysWhyThereIsNoModel() throws {
    #expect(
      HTMLRenderer.render(Pages.emulated()).contains("No tail model: the values are no time"))
    var unordered = Pages.hardware()
    unordered.series[0].samples = nil
    unordered.series[0].sketch = nil
    let page = HTMLRenderer.render(unordered)
    #expect(page.contains("No tail model: a histogram does not keep the order"))
    #expect(page.contains("the source does not keep the order of the samples"))
    #expect(!page.contains("class=\"model"))
  }

  @Test func causesStandBesideTheirSample() throws {
    let page = HTMLRenderer.render(Pages.hardware())
    #expect(
      page.contains(
        "19\u{2009}013</th><td class=\"text\">sample 20000, at 20 s</td>"
          + "<td class=\"text\">the file says nothing of what else ran</td>"))
  }

  /// Readers keep some millions of samples in order and a sketch of all: the page must not call the longest
  /// of the first ones the longest.
  @Test func theLongestMayComeAfterTheSamplesThatAreKept() throws {
    var values = Pages.samples(20_000)
    values[19_990] = 1_901_000
    var dataset = Pages.hardware(samples: values)
    let samples = OrderedSamples(values: Array(values[..<5000]), omitted: 15_000)
    dataset.series[0] = Series(
      measurement: "timer", origin: .imported("thread 0"), distribution: Distribution(values),
      samples: samples, sketch: SampleSketch(values))
    let page = HTMLRenderer.render(dataset)
    #expect(page.contains("1\u{2009}901\u{2009}000</th><td class=\"text\">sample 19990<"))
    #expect(page.contains("sample 19990: 1\u{2009}901\u{2009}000 ns"), "the dot over time")
    #expect(page.contains("far beyond the others"), "the tail is that of all samples")
    // Without the sketch it is not known where it was.
    dataset.series[0].sketch = nil
    let cut = HTMLRenderer.render(dataset)
    #expect(cut.contains("1\u{2009}901\u{2009}000</th><td class=\"\">1</td>"))
    #expect(cut.contains("The last 15\u{2009}000 samples were not kept in order."))
    #expect(cut.contains("keeps the order of 5000 samples and not of 15000 more"))
  }

  @Test func disturbancesHaveSamplesAndTimes() throws {
    var values = Pages.samples(20_000)
    for index in 9000..<9020 { values[index] = 50_000 }
    let page = HTMLRenderer.render(Pages.hardware(samples: values))
    #expect(page.contains("Something other than the measured path shaped this run:"))
    #expect(
      page.contains(/<li>burst: [^<]* in samples 90\d\d-90\d\d,[^<]*, from 9\.\d+ s to 9\.\d+ s/))
    #expect(HTMLRenderer.render(Pages.hardware()).contains("which is no proof that there was none"))
  }

  @Test func quantilesAndPartsAreThoseAskedFor() throws {
    var options = HTMLRenderer.Options()
    options.quantiles = [try #require(Quantile("p90"))]
    options.split = .phase
    var values = Pages.samples(6000)
    for index in 3000..<6000 { values[index] += 40_000 }
    let page = HTMLRenderer.render(Pages.hardware(samples: values), options: options)
    #expect(page.contains(">p90</th>") && !page.contains(">p99</th>"))
    #expect(page.contains("<h2>timer phase 1, thread 0</h2>") && page.contains("timer phase 2"))
  }

  @Test func hostileNamesStayText() throws {
    let page = HTMLRenderer.render(Pages.hardware(name: Pages.hostile))
    #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("\u{202e}"))
    #expect(page.contains("&lt;script&gt;"))
  }

  /// Shapes that break drawings: nothing, one sample, only overflow, the whole range of values.
  @Test(
    arguments: [
      Distribution([]), Distribution([0]), Distribution([UInt64.max]), Distribution([0, .max]),
      Distribution(points: [], overflow: 5, overflowBound: 100),
      Distribution(points: [.init(bounds: 0...UInt64.max, count: .max)]),
      Distribution(
        points: [.init(bounds: 3...5, count: 7)], overflow: 2, overflowBound: .max, maximum: nil),
      Distribution((0..<5000).map { UInt64($0 * $0) }),
    ])
  func oddDistributions(distribution: Distribution) {
    var dataset = Pages.hardware()
    dataset.series = [
      Series(measurement: "m", origin: .imported("t"), distribution: distribution)
    ]
    let page = HTMLRenderer.render(dataset)
    #expect(!page.contains(/"[^"]*[ MLVHx]-?(nan|inf)\b|="-?(nan|inf)/))
    #expect(page.utf8.count < 400_000)
  }

  @Test func longRunsMakeSmallPages() {
    let page = HTMLRenderer.render(Pages.hardware(samples: Pages.samples(300_000)))
    #expect(page.utf8.count < 250_000, "\(page.utf8.count)")
  }

  @Test func usualValuesAreNoWorstCases() {
    let page = HTMLRenderer.render(
      Pages.hardware(samples: [UInt64](repeating: 90, count: 99) + [700]))
    #expect(page.contains(">sample 99, at 0.1 s</td>") && !page.contains(">sample 0, "))
  }

  /// No sample is lost between bars, and on a linear axis they are of one width.
  @Test(arguments: [true, false]) func barsHoldAllSamples(isLogarithmic: Bool) {
    let distribution = Distribution(Pages.samples(20_000))
    let bars = distribution.bars(isLogarithmic: isLogarithmic)
    #expect(bars.reduce(0) { $0 + $1.count } == 20_000)
    #expect((20...65).contains(bars.count))
    for index in 1..<bars.count { #expect(bars[index - 1].high ?? .max < bars[index].low) }
    if !isLogarithmic {
      let widths: [UInt64] = bars.dropLast().map { bar in (bar.high ?? 0) - bar.low }
      #expect(Set(widths).count == 1)
    }
  }

  @Test func wideBinsStayAsTheyAre() {
    let points = (0..<100).map { (index: UInt64) -> Distribution.Point in
      Distribution.Point(bounds: index * 100...index * 100 + 99, count: 1)
    }
    let bars = Distribution(points: points).bars(isLogarithmic: false)
    #expect(bars.reduce(0) { $0 + $1.count } == 100)
  }
}
