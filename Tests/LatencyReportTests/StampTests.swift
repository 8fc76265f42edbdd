import LatencyProbe
import LatencyReport
import Testing

/// Stamp areas are guest memory: honest, careless and hostile guests.
@Suite struct StampTests {
  private func read(_ bytes: [UInt8]) throws -> Dataset {
    try RecordReader.read(bytes, source: "x")
  }

  /// Offset of rt-control's stamp area.
  private static let area = 0x6_4000 + 8192

  @Test func warmUpIsLeftOut() throws {
    let dataset = try read(
      SampleRecord.raw { _, writer in
        writer.write(Stamp(deadline: 10, entry: 1000, id: 1, flags: Stamp.warmUp))
        writer.write(Stamp(deadline: 10, entry: 14, id: 1))
        writer.write(Stamp(deadline: 10, entry: 14, id: 2, flags: Stamp.warmUp))
      })
    let busy = try #require(dataset.stamped("timer-busy"))
    #expect(busy.distribution.count == 1)
    #expect(busy.distribution.maximum == 4)
    #expect(busy.warmUp == 1)
    #expect(dataset.stamped("timer-idle")?.distribution.count == 0)
    #expect(dataset.stamped("timer-idle")?.warmUp == 1)
  }

  /// Relative deadline 1,000: released at 1,000, due at 2,000.
  @Test(arguments: [
    (UInt64(1600), UInt32(0), UInt64(0), UInt64(600)), (2000, 0, 0, 1000), (2001, 0, 1, 1001),
    (1600, 1, 1, 600), (1000, 0, 0, 0),
  ])
  func controlLoop(entry: UInt64, flags: UInt32, misses: UInt64, response: UInt64) throws {
    let dataset = try read(
      SampleRecord.raw { _, writer in
        writer.write(Stamp(deadline: 2000, entry: entry, id: 7, flags: flags))
      })
    let loop = try #require(dataset.stamped("control-loop"))
    #expect(loop.misses == misses)
    #expect(loop.distribution.maximum == response)
    let report = Report(dataset)
    #expect(report.verdict.deadlineMisses == misses)
    #expect(report.verdict.cycles == 1)
  }

  @Test func controlLoopThatEndsBeforeItBeganIsRejected() throws {
    let dataset = try read(
      SampleRecord.raw { _, writer in
        writer.write(Stamp(deadline: 2000, entry: 999, id: 7))
        writer.write(Stamp(deadline: 500, entry: 600, id: 7))
      })
    let loop = try #require(dataset.stamped("control-loop"))
    #expect(loop.distribution.count == 0)
    #expect(loop.rejected == ["output before its cycle began": 2])
    #expect(loop.misses == 1, "the second was due at 500")
    #expect(Report(dataset).verdict.cycles == 2)
  }

  @Test func flaggedMissesOfOtherMeasurementsCount() throws {
    let dataset = try read(
      SampleRecord.raw { _, writer in
        writer.write(Stamp(deadline: 10, entry: 14, id: 1, flags: Stamp.deadlineMissed))
        writer.write(Stamp(deadline: 10, entry: 14, id: 1))
      })
    #expect(dataset.stamped("timer-busy")?.misses == 1)
    #expect(Report(dataset).verdict.text.hasPrefix("Deadline misses: 1 of 2 recorded cycles"))
  }

  @Test func entryBeforeDeadlineIsRejected() throws {
    let dataset = try read(
      SampleRecord.raw { _, writer in
        writer.write(Stamp(deadline: 100, entry: 99, id: 1))
        writer.write(Stamp(deadline: .max, entry: 0, id: 8))
        writer.write(Stamp(deadline: 0, entry: .max, id: 8))
      })
    #expect(dataset.stamped("timer-busy")?.rejected == ["entry before the deadline": 1])
    let user = try #require(dataset.stamped("user-8"))
    #expect(user.rejected == ["entry before the deadline": 1])
    #expect(user.distribution.maximum == .max)
    #expect(!TextRenderer.render(dataset, style: .init()).isEmpty)
  }

  @Test func zonesWithThousandsOfIdsCannotFloodTheReport() throws {
    let dataset = try read(
      SampleRecord.raw(stampBytes: 1 << 17) { _, writer in
        for id in UInt32(0)..<4000 { writer.write(Stamp(deadline: 0, entry: 1, id: id)) }
      })
    #expect(dataset.series.count == 41, "40 ids and the stimulus")
    #expect(
      dataset.warnings.contains { $0.contains("3959 stamps have id 0 or one of too many ids") })
  }

  @Test func writtenBeyondCapacityIsCut() throws {
    var bytes = SampleRecord.raw { _, writer in
      writer.write(Stamp(deadline: 0, entry: 4, id: 1))
    }
    SampleRecord.store(UInt32.max, in: &bytes, at: Self.area + 12)
    SampleRecord.store(UInt64.max, in: &bytes, at: Self.area + 16)
    SampleRecord.store(UInt64.max, in: &bytes, at: Self.area + 24)
    let dataset = try read(bytes)
    #expect(dataset.warnings.contains { $0.contains("claims room for 4294967295 stamps") })
    #expect(dataset.warnings.contains { $0.contains("only 254 fit") })
    #expect(dataset.lostStamps == .max)
    #expect(dataset.stamped("timer-busy")?.distribution.count == 1)
    #expect(dataset.warnings.contains { $0.contains("253 stamps have id 0") })
  }

  @Test func lostStampsAreInTheVerdict() throws {
    let dataset = try read(
      SampleRecord.raw(stampBytes: 4096) { _, writer in
        for tick in UInt64(0)..<130 {
          writer.write(Stamp(deadline: 2000, entry: 1500 + tick, id: 7))
        }
      })
    #expect(dataset.lostStamps == 4)
    #expect(
      Report(dataset).verdict.text
        == "Deadline misses: 0 of 126 recorded cycles; 4 later stamps were not recorded"
        + " (emulated: not a statement about hardware).")
  }

  @Test func foreignAreasAreLeftOut() throws {
    var wrong = SampleRecord.typical(cycles: 2)
    SampleRecord.store(UInt64(0x1234), in: &wrong, at: Self.area)
    #expect(try read(wrong).warnings.contains { $0.contains("does not start with the magic") })
    var newer = SampleRecord.typical(cycles: 2)
    SampleRecord.store(UInt32(2), in: &newer, at: Self.area + 8)
    #expect(try read(newer).warnings.contains { $0.contains("has version 2") })
    var unused = SampleRecord.typical(cycles: 2)
    SampleRecord.store(UInt64(0), in: &unused, at: Self.area)
    #expect(try read(unused).stamped("timer-busy") == nil)
  }

  @Test func stimuliPairWithTheFirstUnansweredRaise() throws {
    let dataset = try read(
      SampleRecord.raw { region, writer in
        let ring = unsafe region.stimulus(zone: 1)
        for tick in [UInt64(100), 200, 210, 400] { unsafe StimulusRing.note(ring, tick: tick) }
        for entry in [UInt64(50), 130, 250, 260] {
          writer.write(Stamp(deadline: 0, entry: entry, id: 4))
        }
      })
    let stimulus = try #require(dataset.stamped("stimulus"))
    #expect(stimulus.distribution == Distribution([30, 50]))
    #expect(stimulus.rejected == ["no raise before it": 2])
    #expect(
      stimulus.notes == [
        "1 raises came while one was pending and are not counted", "1 raises were not answered",
      ])
  }

  @Test func ringThatWrappedKeepsTheLatest() throws {
    let dataset = try read(
      SampleRecord.raw(stampBytes: 1 << 18) { region, writer in
        let ring = unsafe region.stimulus(zone: 1)
        for tick in UInt64(1)...5000 {
          unsafe StimulusRing.note(ring, tick: tick * 100)
          writer.write(Stamp(deadline: 0, entry: tick * 100 + 7, id: 4))
        }
      })
    let stimulus = try #require(dataset.stamped("stimulus"))
    #expect(stimulus.distribution == Distribution([UInt64](repeating: 7, count: 4096)))
    #expect(stimulus.rejected.isEmpty)
    #expect(stimulus.notes == ["904 answers are older than the latest 4096 raises, left out"])
  }

  @Test func warmUpAnswersTakeTheirRaises() throws {
    let dataset = try read(
      SampleRecord.raw { region, writer in
        let ring = unsafe region.stimulus(zone: 1)
        for tick in [UInt64(100), 200] { unsafe StimulusRing.note(ring, tick: tick) }
        writer.write(Stamp(deadline: 0, entry: 190, id: 4, flags: Stamp.warmUp))
        writer.write(Stamp(deadline: 0, entry: 207, id: 4))
      })
    let stimulus = try #require(dataset.stamped("stimulus"))
    #expect(stimulus.distribution == Distribution([7]))
    #expect(stimulus.warmUp == 1)
    #expect(stimulus.notes.isEmpty)
  }

  @Test func raisesBeforeARestartAreForgotten() throws {
    let dataset = try read(
      SampleRecord.raw { region, writer in
        let ring = unsafe region.stimulus(zone: 1)
        for tick in [UInt64(100), 200, 300] { unsafe StimulusRing.note(ring, tick: tick) }
        region.noteStart(zone: 1)
        unsafe StimulusRing.note(ring, tick: 1000)
        writer.write(Stamp(deadline: 0, entry: 1004, id: 4))
      })
    let stimulus = try #require(dataset.stamped("stimulus"))
    #expect(stimulus.distribution == Distribution([4]))
    #expect(stimulus.notes.isEmpty)
    #expect(dataset.zones[1].starts == 2)
  }

  @Test func damagedRingEntriesAreIgnored() throws {
    var bytes = SampleRecord.raw { region, writer in
      let ring = unsafe region.stimulus(zone: 1)
      for tick in UInt64(1)...3 { unsafe StimulusRing.note(ring, tick: tick * 100) }
      for tick in UInt64(1)...3 {
        writer.write(Stamp(deadline: 0, entry: tick * 100 + 7, id: 4))
      }
    }
    // Entry 1 claims to be raise 7 of 3.
    SampleRecord.store(UInt64(7), in: &bytes, at: 0x2_a000 + 65_600 + 64 + 16)
    let stimulus = try #require(try read(bytes).stamped("stimulus"))
    #expect(stimulus.distribution.count == 2)
    #expect(stimulus.rejected == ["no raise before it": 1])
  }
}
