import Histogram
import LatencyReport
import Testing

@testable import LatencyFormats

@Suite struct HDRTests {
  /// Bin by bin the same as hdrhistogram-swift.
  @Test(
    arguments: [
      (1, 2, 0), (1, 1000, 1), (1, 3_600_000_000, 3), (20_000, 3_600_000_000_000, 2),
      (1000, 1_000_000, 4), (1, 1 << 62, 2), (7, 14, 3),
    ] as [(UInt64, UInt64, Int)])
  func geometry(lowest: UInt64, highest: UInt64, digits: Int) throws {
    let geometry = try #require(HDRGeometry(lowest: lowest, highest: highest, digits: digits))
    let oracle = Histogram<UInt64>(
      lowestDiscernibleValue: lowest, highestTrackableValue: highest,
      numberOfSignificantValueDigits: try #require(SignificantDigits(rawValue: Int8(digits))))
    var next: UInt64 = 0
    for index in 0..<geometry.countsLength {
      let bounds = try #require(geometry.bounds(index))
      #expect(bounds.lowerBound == next, "count \(index)")
      if bounds.upperBound <= highest {
        #expect(oracle.equivalentRangeForValue(next) == bounds, "count \(index)")
      }
      guard bounds.upperBound < 1 << 63 else { break }
      next = bounds.upperBound + 1
    }
    #expect(next > highest)
  }

  @Test func impossibleGeometry() {
    for (lowest, highest, digits): (UInt64, UInt64, Int) in [
      (0, 10, 3), (1, 1, 3), (10, 19, 3), (1, .max, 3), (1, 10, 6), (1, 10, -1), (.max, .max, 3),
      (1 << 60, 1 << 62, 5),
    ] {
      #expect(HDRGeometry(lowest: lowest, highest: highest, digits: digits) == nil)
    }
  }

  @Test func log() throws {
    let dataset = try read(HDRFixtures.log)
    #expect(dataset.machine.counterFrequency == 0, "a log does not name its unit")
    #expect(dataset.warnings.contains { $0.contains("--unit") })
    let untagged = try #require(dataset.series("untagged")).distribution
    #expect(untagged.count == 242, "two intervals")
    #expect(untagged.bins == [5: 200, 3000: 40, 999_936: 2])
    #expect(untagged.points.map(\.bounds) == [5...5, 3000...3001, 999_936...1_000_447])
    #expect(dataset.series("tag read")?.distribution.count == 121)
    #expect(try read(HDRFixtures.log, unit: .nanoseconds).machine.counterFrequency == 1_000_000_000)
  }

  @Test func olderEncodings() throws {
    let expected = try #require(try read(HDRFixtures.log).series("tag read")).distribution
    for encoded in [
      HDRFixtures.v0(width: 2), HDRFixtures.v0(width: 4), HDRFixtures.v0(width: 8),
      HDRFixtures.v1(width: 2), HDRFixtures.v1(width: 4), HDRFixtures.v1(width: 8),
    ] {
      let text = "#[Histogram log format version 1.01]\n0.1,1.0,2.0,\(encoded)\n"
      #expect(try read(text).series("untagged")?.distribution == expected)
    }
  }

  @Test func damagedLines() throws {
    let v2 = HDRFixtures.v2
    for line in [
      "Ta=a,7.133,0.999,0.459,\(v2)", "Tag=a,7.1a33,0.999,0.459,\(v2)", "Tag=a,7.1,0.9,0.4",
      "0.1,1.0,2.0,\(v2.dropLast(4))", "0.1,1.0,2.0,\(v2)AAAA", "0.1,1.0,2.0,", "0.1,1.0,2.0,!!!!",
      "0.1,1.0,2.0,\(v2.replacing("A", with: "B"))", "#[Histogram log format version 1.3]",
      "#[Histogram log format version 2.0]",
      "0.1,1.0,2.0,"
        + HDRFixtures.envelope(0x1c84_9304, [0, 0]),
    ] {
      let error = try #require(throws: FormatError.self) {
        try read(HDRFixtures.log + line + "\n")
      }
      #expect(error.position == .line(8), "\(line)")
      #expect(error.readSoFar == "3 intervals")
    }
  }

  /// Hostile contents behind a right envelope.
  @Test func hostileHistograms() {
    func v2(
      _ payload: [UInt8], length: Int? = nil, lowest: UInt64 = 1, highest: UInt64 = 1000,
      digits: UInt32 = 3, offset: UInt32 = 0, ratio: Double = 1
    ) -> String {
      HDRFixtures.envelope(
        0x1c84_9304,
        Fixtures.big(UInt32(0x1c84_9303)) + Fixtures.big(UInt32(length ?? payload.count))
          + Fixtures.big(offset) + Fixtures.big(digits) + Fixtures.big(lowest)
          + Fixtures.big(highest) + Fixtures.big(ratio.bitPattern) + payload)
    }
    let minimum = [UInt8](repeating: 0xff, count: 9)
    for encoded in [
      v2([2], length: 2), v2([2], lowest: 0), v2([2], highest: .max), v2([2], digits: .max),
      v2([2], offset: 1), v2([2], ratio: 0.5), v2(minimum), v2([0x80]), v2([0xff, 0xff, 3, 2]),
      v2([UInt8](repeating: 2, count: 5000)),
    ] {
      #expect(throws: HDRCodec.Problem.self) { try HDRCodec.decode(ArraySlice(encoded.utf8)) }
    }
    #expect(throws: Never.self) { try HDRCodec.decode(ArraySlice(v2([2]).utf8)) }
  }

  @Test func percentiles() throws {
    let dataset = try read(Fixtures.hgrm, unit: .milliseconds)
    #expect(dataset.machine.counterFrequency == 1_000_000, "ticks are 0.001 ms")
    let distribution = try #require(dataset.series("whole run")).distribution
    #expect(distribution.points.map(\.bounds) == [1500...1500, 1501...2000, 2001...9250])
    #expect(distribution.points.map(\.count) == [10, 50, 40])
    #expect(try read(Fixtures.hgrm).machine.counterFrequency == 0)
    let csv =
      "\"Value\",\"Percentile\",\"TotalCount\",\"1/(1-Percentile)\"\n3,0.5,1,2\n5,1.0,2,Infinity\n"
    #expect(try read(csv).series("whole run")?.distribution.count == 2)
  }

  @Test(arguments: [
    ("Total count    =          100", "Total count    =          101", "the summary 101"),
    ("1.000000000000        100", "0.990000000000        100", "percentile 1"),
    ("2.000 0.550000000000         60", "2.000 0.450000000000         60", "goes back"),
    ("2.000 0.500000000000", "1.400 0.500000000000", "goes back"),
    ("2.000 0.500000000000         60", "2.000 0.500000000000         xx", "no row"),
    ("    =          100]", "    =             ]", "no total count"),
  ])
  func damagedPercentiles(part: String, replacement: String, expected: String) throws {
    let text = Fixtures.hgrm.replacing(part, with: replacement)
    #expect(text != Fixtures.hgrm)
    let error = try #require(throws: FormatError.self) { try read(text) }
    #expect(error.description.contains(expected), "\(error)")
  }
}
