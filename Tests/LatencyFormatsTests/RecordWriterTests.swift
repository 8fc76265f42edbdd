import LatencyReport
import Testing

@testable import LatencyFormats

@Suite struct RecordWriterTests {
  /// What a report is made from, without the name of the file and the seal.
  private func content(_ dataset: Dataset) throws -> Report {
    var dataset = dataset
    dataset.source = ""
    var report = Report(dataset)
    report.isSealed = false
    return report
  }

  /// Importing loses nothing that a report shows.
  @Test func roundTrip() throws {
    for (format, bytes) in Fixtures.all {
      let direct = try read(bytes, unit: .microseconds)
      let imported = try read(try RecordWriter.write(direct))
      #expect(imported.isSealed)
      #expect(try content(imported) == content(direct), "\(format)")
      for (a, b) in zip(imported.series, direct.series) {
        #expect(a.distribution == b.distribution, "\(format)")
        #expect(a.samples == b.samples, "\(format)")
        #expect(a.origin == b.origin)
      }
    }
  }

  /// The bytes of the section, as docs/record-format.md lists them.
  @Test func goldenBytes() throws {
    let dataset = Dataset(
      source: "x", machine: Machine(name: "m", ticksPerSecond: 1_000_000),
      provenance: [ProvenanceItem("format", "test")],
      series: [
        Series(
          measurement: "abc", origin: .imported("cpu 1"),
          distribution: Distribution(
            points: [.init(bounds: 2...3, count: 7)], overflow: 1, overflowBound: 9, maximum: 12),
          misses: 0, warmUp: 4, rejected: ["bad": 2], notes: ["n"],
          samples: OrderedSamples(values: [2], times: [5], omitted: 6))
      ], warnings: ["w"])
    let bytes = try RecordWriter.write(dataset)
    func text(_ text: String) -> [UInt8] {
      let raw = Fixtures.little(UInt32(text.utf8.count)) + Array(text.utf8)
      return raw + [UInt8](repeating: 0, count: (8 - raw.count % 8) % 8)
    }
    func words(_ values: UInt64...) -> [UInt8] { values.flatMap { Fixtures.little($0) } }
    func halves(_ values: UInt32...) -> [UInt8] { values.flatMap { Fixtures.little($0) } }
    var expected = Array("HVDATASE".utf8) + halves(1, 1, 0, 0) + words(1, 0) + text("w")
    expected += text("abc") + halves(3, 0) + text("cpu 1") + words(1, 0, 4) + halves(1, 1)
    expected += text("bad") + words(2) + text("n")
    expected += words(1, 1, 9, 1, 12) + words(2, 3, 7)
    expected += words(1, 1, 1, 6, 2, 5)
    #expect(Array(bytes[4096...]) == expected)
    #expect(Array(bytes[256..<288]) == halves(6, 1) + words(4096, UInt64(expected.count), 0))
    #expect(Array(bytes[24..<36]) == halves(0, 0, 1), "no CPUs, no zones, hardware")
  }

  /// Every field of the section may hold anything; the seal is made right again each time.
  @Test func hostileSection() throws {
    let whole = try RecordWriter.write(try read(Fixtures.csvColumns))
    for offset in stride(from: 4096, to: whole.count, by: 4) {
      for value: UInt32 in [0, 1, 0x7fff_ffff, .max] {
        var bytes = whole
        bytes.replaceSubrange(offset..<offset + 4, with: Fixtures.little(value))
        bytes.replaceSubrange(116..<128, with: [UInt8](repeating: 0, count: 12))  // unseal
        if let dataset = try? read(bytes) { _ = Report(dataset) }
      }
    }
    for length in stride(from: 0, to: whole.count, by: 7) {
      #expect(throws: FormatError.self) { try read(Array(whole[..<length]), as: .record) }
    }
  }

  @Test func nothingFitsTwice() throws {
    var dataset = try read(Fixtures.csv)
    dataset.provenance = [ProvenanceItem("k", String(repeating: "x", count: 4000))]
    #expect(throws: RecordError.self) { try RecordWriter.write(dataset) }
    dataset.provenance = []
    dataset.machine.board = String(repeating: "x", count: 33)
    #expect(throws: RecordError.self) { try RecordWriter.write(dataset) }
  }
}
