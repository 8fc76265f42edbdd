import Foundation
import LatencyStatistics
import Testing

@testable import LatencyReport

@Suite struct CheckResultTests {
  private func exact(_ before: String, _ after: String, sameShape: Bool = false) throws
    -> CheckResult
  {
    CheckResult(
      name: "sgi", place: "zone rt",
      difference: ExactDifference(
        baseline: try #require(Distribution(exactText: before)),
        candidate: try #require(Distribution(exactText: after))),
      unit: .instructions, sameShape: sameShape)
  }

  @Test(arguments: [
    ("90 x 10", "90 x 10", CheckResult.State.passed, "the same path"),
    ("90 x 10", "91 x 10", .failed, "every sample is 1 instruction longer"),
    ("90 x 9, 95 x 1", "88 x 9, 93 x 1", .failed, "every sample is 2 instructions shorter"),
    (
      "90 x 10", "90 x 9, 91 x 1", .failed,
      "2 values changed in count, first 90 instructions: 10 -> 9 samples"
    ),
    ("90 x 10", "90 x 20", .failed, "1 value changed in count"),
  ])
  func exactEquality(row: (before: String, after: String, state: CheckResult.State, text: String))
    throws
  {
    let result = try exact(row.before, row.after)
    #expect(result.state == row.state && result.message.hasPrefix(row.text), "\(result)")
  }

  @Test func lengthMayDiffer() throws {
    #expect(try exact("90 x 10", "90 x 20", sameShape: true).state == .passed)
    #expect(try exact("90 x 10", "90 x 19, 91 x 1", sameShape: true).state == .failed)
  }

  /// The case of equal p99.9 and very different maxima.
  @Test func statistics() {
    let base = Pages.samples(100_000, seed: 1)
    var other = Pages.samples(100_000, seed: 2)
    let unit = TickUnit.nanoseconds(perTick: 1)
    func check(_ samples: [UInt64]) -> CheckResult {
      CheckResult(
        name: "t", place: "p",
        comparison: RunComparison(baseline: Distribution(base), candidate: Distribution(samples)),
        unit: unit)
    }
    #expect(check(other).state == .passed)
    other[5] = 1_901_000
    let result = check(other)
    #expect(result.state == .failed && result.message.contains("maximum"), "\(result)")
    #expect(check([]).state == .undecided)
  }
}

@Suite struct CheckWriterTests {
  static let results = [
    CheckResult(name: "a", place: "zone <rt>&\"", state: .passed, message: ""),
    CheckResult(
      name: "b,c:d", place: "", state: .failed, message: "50% \"more\"\u{1}", details: ["x\ny]]>"]),
    CheckResult(name: "e", place: "p", state: .undecided, message: "too short"),
  ]

  @Test func junit() {
    #expect(
      JUnitWriter.render(suite: "s", Self.results) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites tests="3" failures="1" errors="1" skipped="0">
          <testsuite name="s" tests="3" failures="1" errors="1" skipped="0">
            <testcase classname="s" name="a, zone &lt;rt&gt;&amp;&quot;"/>
            <testcase classname="s" name="b,c:d">
              <failure message="50% &quot;more&quot;\u{fffd}" type="failed">50% &quot;more&quot;\u{fffd}
        x&#10;y]]&gt;</failure>
            </testcase>
            <testcase classname="s" name="e, p">
              <error message="too short" type="undecided">too short</error>
            </testcase>
          </testsuite>
        </testsuites>

        """)
  }

  @Test func gitHub() {
    #expect(
      GitHubAnnotations.render(Self.results)
        == """
        ::error title=b%2Cc%3Ad::50%25 "more"\u{1}%0Ax%0Ay]]>
        ::warning title=e, p::too short

        """.replacing("title=e, p", with: "title=e%2C p"))
  }

  @Test(arguments: [
    ([0], "PASS: all 1"), ([0, 1, 2], "FAIL: 1 of 3"), ([0, 2], "NO VERDICT"), ([], "NO"),
  ])
  func page(row: (chosen: [Int], text: String)) {
    let page = HTMLGatePage.render(
      title: "<t>", source: "s", notice: "n", row.chosen.map { Self.results[$0] })
    #expect(page.contains("<strong>\(row.text)"))
    #expect(page.contains("<h1>&lt;t&gt;</h1>") && !page.contains("zone <rt>"))
  }
}

@Suite struct PathBaselinesTests {
  private func file(_ paths: String) throws(PathBaselines.Problem) -> PathBaselines {
    try PathBaselines(json: Data("{\"about\":\"x\",\"paths\":{\(paths)}}".utf8))
  }

  private let sgi = #""sgi":{"measured":"90 x 10","unit":"instructions","command":"make it"}"#

  @Test func oneInstructionIsADifference() throws {
    let now = try ["sgi": #require(Distribution(exactText: "91 x 10"))]
    let result = try #require(try file(sgi).check(now).first)
    #expect(result.state == .failed)
    #expect(result.message == "was 90 x 10 instructions, is 91 x 10")
    #expect(
      result.details == [
        "every sample: 1 instruction more", "90: 10 -> 0 samples", "91: 0 -> 10 samples",
        "by hand: make it",
      ])
  }

  /// The same values in other numbers are another distribution.
  @Test(arguments: ["90 x 20", "90 x 9", "90 x 9, 91 x 1", "89 x 1, 90 x 10"])
  func countsAreCompared(text: String) throws {
    let now = try ["sgi": #require(Distribution(exactText: text))]
    #expect(try file(sgi).check(now).map(\.state) == [.failed])
  }

  @Test func sameIsAPass() throws {
    let now = try ["sgi": #require(Distribution(exactText: "90 x 10"))]
    #expect(try file(sgi).check(now).map(\.state) == [.passed])
  }

  @Test func nothingIsOverlooked() throws {
    let now = try ["new": #require(Distribution(exactText: "5"))]
    let results = try file(sgi).check(now)
    #expect(results.map(\.state) == [.failed, .failed])
    #expect(
      results.map(\.message) == [
        "no baseline; is 5: record it on purpose", "not measured; was 90 x 10 instructions",
      ])
    #expect(try file(sgi).check(now, ignored: ["new"]).map(\.name) == ["sgi"])
  }

  @Test(arguments: [
    ("{", "no JSON"), ("[]", "wrong kind"), ("{}", "'paths' is missing"),
    (#"{"paths":{"a":{"unit":"x","command":""}}}"#, "'paths.a.measured' is missing"),
    (
      #"{"paths":{"a":{"measured":5,"unit":"x","command":""}}}"#,
      "'paths.a.measured' is of the wrong"
    ),
    (#"{"paths":{"a":{"measured":"9 x 1, 8 x 1","unit":"x","command":""}}}"#, "'a' was '9 x 1"),
    (#"{"paths":{"a":{"measured":"","unit":"x","command":""}}}"#, "'a' was ''"),
  ])
  func malformed(row: (json: String, text: String)) {
    let problem = #expect(throws: PathBaselines.Problem.self) {
      try PathBaselines(json: Data(row.json.utf8))
    }
    #expect(problem?.description.contains(row.text) == true, "\(String(describing: problem))")
  }

  @Test(arguments: ["5", "2 x 100000", "118 x 990, 124 x 10", "0 x 2", "18446744073709551615 x 3"])
  func text(text: String) throws {
    #expect(try #require(Distribution(exactText: text)).exactText == text)
  }

  @Test(arguments: [
    "", "x", "-1", "2 x", "2 x 0", "3 x 1, 2 x 1", "2 x 1, 2 x 1", "2 x 1", "2 x 3, ",
  ])
  func malformedText(text: String) { #expect(Distribution(exactText: text) == nil) }
}
