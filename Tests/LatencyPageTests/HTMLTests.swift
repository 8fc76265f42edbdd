import Testing

@testable import LatencyReport

@Suite struct HTMLTests {
  @Test(arguments: [
    ("<a b=\"c\">'&", "&lt;a b=&quot;c&quot;&gt;&#39;&amp;"), ("Grüße, 3 µs\n", "Grüße, 3 µs\n"),
    ("a\u{0}\u{1b}[31m\u{7f}\u{9b}", "a\u{fffd}\u{fffd}[31m\u{fffd}\u{fffd}"),
    ("\u{202e}txt\u{2066}\u{200f}", "\u{fffd}txt\u{fffd}\u{fffd}"),
    ("e\u{301}<\u{338}", "e\u{301}&lt;\u{338}"), ("\r\n", "\u{fffd}\n"),
  ])
  func text(row: (text: String, source: String)) {
    #expect(HTML.text(row.text).source == row.source)
  }

  @Test func elements() {
    #expect(tag("p", ["class": "a\"b"], text: "<").source == "<p class=\"a&quot;b\">&lt;</p>")
    #expect(tag("meta", ["charset": "utf-8"]).source == "<meta charset=\"utf-8\">")
    #expect(tag("p", [:], tag("b", text: "x"), .text("y")).source == "<p><b>x</b>y</p>")
  }

  @Test func tableHasHeadings() {
    let source = htmlTable(caption: "c", head: ["a", "b"], rows: [["<1>", "2"]]).source
    #expect(source.contains("<caption>c</caption>"))
    #expect(source.contains("<th scope=\"row\" class=\"text\">&lt;1&gt;</th><td class=\"\">2</td>"))
    #expect(source.contains("tabindex=\"0\" role=\"region\" aria-label=\"c\""))
  }
}

@Suite struct HTMLAxisTests {
  @Test func chooses() {
    #expect(HTMLAxis(covering: 100...2000).isLogarithmic == false)
    #expect(HTMLAxis(covering: 100...4000).isLogarithmic)
    #expect(HTMLAxis(covering: 0...4000).isLogarithmic)
  }

  @Test(
    arguments: [
      5...5, 0...0, 0...1, 0...1e19, 1...3, 999...1001, 1e18...1.8e19, 0.5...1e3,
    ] as [ClosedRange<Double>])
  func everyValueHasAPlaceAndSomeLabels(values: ClosedRange<Double>) {
    let axis = HTMLAxis(covering: values)
    #expect(axis.low < axis.high)
    #expect((0...1).contains(axis.position(values.lowerBound)))
    #expect(axis.position(values.lowerBound) <= axis.position(values.upperBound))
    #expect((1...24).contains(axis.ticks.count), "\(axis.ticks)")
    for tick in axis.ticks { #expect(tick >= axis.low * 0.998 && tick <= axis.high * 1.002) }
  }

  @Test func decadesToTenToTheMinusSeven() {
    let axis = HTMLAxis(logarithmicFrom: 1e-7, to: 1)
    #expect(axis.ticks.count == 8)
    #expect(abs(axis.position(1e-7)) < 1e-12 && abs(axis.position(1) - 1) < 1e-12)
    #expect(axis.position(0) == 0 && axis.position(.infinity) == 1 && axis.position(.nan) == 1)
  }

  @Test(arguments: [
    (0.0, "0"), (999, "999"), (1000, "1\u{2009}000"), (1_234_567.25, "1\u{2009}234\u{2009}567.25"),
    (2.05, "2.05"), (2.5, "2.5"), (-0.001, "0"), (-12, "-12"), (1e19, "1e+19"), (.infinity, "inf"),
  ])
  func numbers(row: (value: Double, text: String)) {
    #expect(grouped(row.value) == row.text)
  }

  @Test func powers() {
    #expect([0, -1, -7, 12].map { powerOfTen($0) } == ["1", "10⁻¹", "10⁻⁷", "10¹²"])
  }
}
