import LatencyReport
import Testing

@testable import LatencyFormats

@Suite struct JSONFormatTests {
  @Test func jitterdebugger() throws {
    let dataset = try read(Fixtures.jitterdebugger)
    #expect(dataset.machine.board == "bench")
    #expect(dataset.machine.counterFrequency == 1_000_000)
    #expect(dataset.series("cpu 0")?.distribution.bins == [3: 3678, 4: 220, 5: 1])
    let second = try #require(dataset.series("cpu 1")).distribution
    #expect(second.overflow == 2, "count less the sum of the bins")
    #expect(second.overflowBound == 1000, "its histogram ends at 1 ms")
    #expect(second.maximum == 2500)
    let nanoseconds = Fixtures.jitterdebugger.replacing(
      "\"resolution_in_ns\": 1000", with: "\"resolution_in_ns\": 1")
    #expect(throws: FormatError.self, "2,500 ns is inside a histogram of 1 ms") {
      try read(nanoseconds)
    }
    let longer = nanoseconds.replacing("2500", with: "2500000")
    #expect(try read(longer).machine.counterFrequency == 1_000_000_000)
    #expect(try read(longer).series("cpu 1")?.distribution.overflowBound == 1_000_000)
  }

  @Test(arguments: [
    ("\"count\": 3899", "\"count\": 3898", "more than the 3898"),
    ("\"count\": 3899", "\"count\": 3900", "in no bin, yet the maximum is 5"),
    ("\"count\": 3899, ", "", "\"count\" is missing"),
    ("\"max\": 5", "\"max\": 6", "the maximum is 6"),
    ("\"resolution_in_ns\": 1000", "\"resolution_in_ns\": 0", "resolution of 0"),
    ("\"3\": 3678", "\"3\": 3678.5", "bin \"3\""),
    ("\"3\": 3678", "\"3\": 18446744073709551616", "bin \"3\""),
  ])
  func damagedJitterdebugger(part: String, replacement: String, expected: String) throws {
    let text = Fixtures.jitterdebugger.replacing(part, with: replacement)
    #expect(text != Fixtures.jitterdebugger)
    let error = try #require(throws: FormatError.self) { try read(text) }
    #expect(error.description.contains(expected), "\(error)")
  }

  @Test func osadl() throws {
    let dataset = try read(Fixtures.osadl)
    #expect(dataset.series.count == 3, "row 0 of cores is the bin index, not a core")
    #expect(dataset.machine.board == "rack0slot8.example.org")
    let first = try #require(dataset.series("core 0"))
    #expect(first.distribution.bins == [1: 990, 2: 5])
    #expect(first.distribution.overflow == 5, "its maximum 7 is above the bins")
    #expect(first.distribution.overflowBound == 3)
    #expect(first.distribution.maximum == 7)
    #expect(first.notes == ["overflow is at most 5: cycles less the sum of the bins"])
    let second = try #require(dataset.series("core 1"))
    #expect(second.distribution.overflow == 0, "its maximum is in the bins")
    #expect(second.notes.count == 1)
    #expect(dataset.provenance.contains(ProvenanceItem("load", "idle")))
  }

  /// Without maxima what is missing may have been overflow, so it is taken as that.
  @Test func osadlWithoutMaxima() throws {
    let dataset = try read(Fixtures.osadl.replacing(",\n    \"maxima\": [7, 1, 2]", with: ""))
    let second = try #require(dataset.series("core 1")).distribution
    #expect(second.overflow == 10)
    #expect(second.maximumIsBound)
    let unknown = try read(Fixtures.osadl.replacing("\"cycles\": 1000, ", with: ""))
    #expect(unknown.series("core 0")?.distribution.overflow == 1)
  }

  @Test(arguments: [
    ("\"version\": \"1.0\"", "\"version\": \"2.0\"", "version '2.0'"),
    ("[0, 1, 2]", "[0, 2, 1]", "does not ascend"), ("[0, 990, 5]", "[0, 990]", "row 1"),
    ("[0, 990, 5]", "[0, 990, null]", "row 1"), ("[7, 1, 2]", "[7, 1]", "2 maxima"),
    ("\"microseconds\"", "\"fortnights\"", "fortnights"), ("[10, 980, 0]", "7", "row 2"),
    ("[7, 1, 2]", "[7, 0, 2]", "the maximum is 0"),
    ("[[0, 1, 2], ", "[[0, 1, 2]], \"x\": [", "no cores"),
  ])
  func damagedOSADL(part: String, replacement: String, expected: String) throws {
    let text = Fixtures.osadl.replacing(part, with: replacement)
    #expect(text != Fixtures.osadl)
    let error = try #require(throws: FormatError.self) { try read(text) }
    #expect(error.description.contains(expected), "\(error)")
  }

  @Test(arguments: [
    "{", "{\"a\": [1, 2", "{\"a\": \"x", "{\"a\": 1} {", "{\"a\" 1}", "{\"a\": 01a}",
    "{\"a\": \"\\x\"}",
    "{\"a\": tru}", "{\"a\": \"\\u12\"}", "{}", "{\"a\": 1,}", "{\"a\": .5}", "{\"a\": 1e999}",
    "{" + String(repeating: "\"a\":[", count: 1) + String(repeating: "[", count: 10_000),
  ])
  func noJSON(text: String) {
    #expect(throws: FormatError.self) { try read(text) }
  }

  /// What was read so far are values that were read to their ends.
  @Test(arguments: [
    ("{", "nothing"), ("{\"a\": 1", "1 whole JSON value"), ("{\"a\": ", "nothing"),
    ("{\"a\": [1, tru", "1 whole JSON value"), ("{\"a\": [1, {}], \"b\": ", "3 whole JSON values"),
    ("{\"a\": \"x", "nothing"), ("{} {", "1 whole JSON value"),
  ])
  func readSoFar(text: String, expected: String) throws {
    let error = try #require(throws: FormatError.self) { try read(text) }
    #expect(error.readSoFar == expected)
  }

  @Test func linesAndValues() throws {
    let node = try JSONParser.parse(
      Array("{\"a\":\n[1, -2.5, \"x\\u00e9\\n\\\"\", true, null]\n}".utf8))
    let elements = try #require(node["a"]?.elements)
    #expect(node.line == 1 && elements[0].line == 2)
    #expect(elements[0].integer == 1)
    #expect(elements[1].text == "-2.5")
    #expect(elements[2].string == "xé \"")
    #expect(elements[3].text == "true" && elements[4].text == nil)
  }
}
