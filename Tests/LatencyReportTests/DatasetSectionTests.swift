import LatencyProbe
import LatencyReport
import Testing

/// The dataset section with what only the kernel's own records have: CPUs, zones, misses.
@Suite struct DatasetSectionTests {
  private func dataset(icount shift: UInt32 = 4) throws -> Dataset {
    try RecordReader.read(
      try RecordSealer.seal(
        SampleRecord.typical(cycles: 30),
        run: .init(
          timebase: .icount, icountShift: shift, provenance: [ProvenanceItem("load", "idle")])),
      source: "x")
  }

  @Test func kernelRecordsRoundTrip() throws {
    let original = try dataset()
    let back = try RecordReader.read(try RecordWriter.write(original), source: "x")
    var expected = Report(original)
    // The copy has no exit logs, so nothing is missing in them.
    expected.notShown.removeAll { $0.hasPrefix("When exits of the kernel's short path ran") }
    #expect(Report(back) == expected)
    for (a, b) in zip(back.cpus, original.cpus) {
      #expect(a.last == b.last && a.longest == b.longest)
      for (mine, theirs) in zip(a.reasons, b.reasons) {
        #expect(mine.residency.count == theirs.residency.count)
        #expect(mine.residency.largest == theirs.residency.largest)
        #expect(Distribution(mine.residency) == Distribution(theirs.residency))
      }
    }
  }

  @Test func kernelRecordsMerge() throws {
    let one = try dataset()
    let both = try one.merged(with: one)
    #expect(both.cpus.map(\.exitCount) == [162, 0])
    #expect(both.zones.map(\.starts) == [2, 2])
    let loop = try #require(both.stamped("control-loop"))
    #expect(loop.distribution.count == 60)
    #expect(loop.misses == 0)
    let report = Report(try RecordReader.read(try RecordWriter.write(both), source: "x"))
    #expect(report.verdict.cycles == 60)
    #expect(report.exits.first?.reasons.first?.statistics.samples == 80)
  }

  @Test func otherMachinesAreRefused() throws {
    let one = try dataset()
    let other = try dataset(icount: 3)
    let problem = #expect(throws: MergeProblem.self) { try one.merged(with: other) }
    #expect(problem?.description == "different icount shift: 4 and 3")
    var image = one
    image.machine.imageHash = String(repeating: "f", count: 32)
    #expect(throws: MergeProblem.self) { try one.merged(with: image) }
    var full = one
    full.cpus[0].reasons[0].residency.bins[62] = .max - 1
    let saturated = #expect(throws: MergeProblem.self) { try one.merged(with: full) }
    #expect(saturated?.description.contains("a bin would be full") == true)
  }
}
