import LatencyProbe
import Testing

@testable import LatencyReport

/// What ran inside the worst gaps, from records with exit logs.
@Suite struct CauseTests {
  /// Exits of CPU 2, and of CPU 0, which is another zone's; samples of `timer-busy` on CPU 2.
  private static func worst(
    exits: [ExitLogEntry], others: [ExitLogEntry] = [], short: Int = 0,
    samples: [(deadline: UInt64, ticks: UInt64)], frequency: UInt64 = 62_500_000,
    change: (inout [UInt8]) -> Void = { _ in }
  ) throws -> (worst: [WorstSample], warnings: [String]) {
    var record = SampleRecord.raw(frequency: frequency) { region, writer in
      for (index, list) in [(0, others), (2, exits)] {
        let cpu = unsafe region.initialiseCPU(index, hardwareID: 0, zone: index == 2 ? 1 : 0)
        let log = unsafe region.exitLog(cpu: index)
        for exit in list {
          let reason = ExitReason(rawValue: UInt8(exit.reason)) ?? .other
          unsafe cpu.pointee.recordExit(reason: reason, ticks: exit.ticks, pc: exit.pc)
          unsafe log.pointee.note(exit)
        }
      }
      let cpu = unsafe region.initialiseCPU(1, hardwareID: 1, zone: 0)
      for _ in 0..<short { unsafe cpu.pointee.recordExit(reason: .ipi, ticks: 40, pc: 1) }
      for sample in samples {
        writer.write(
          Stamp(deadline: sample.deadline, entry: sample.deadline + sample.ticks, id: 1))
      }
    }
    change(&record)
    let sealed = try RecordSealer.seal(record, run: .init(timebase: .icount, icountShift: 4))
    let data = try RecordReader.read(sealed, source: "x")
    let series = Report(data).measurements.first { $0.origin == "zone rt-control" }
    return (series?.worst ?? [], data.warnings)
  }

  private static func exit(
    _ end: UInt64, _ ticks: UInt64, _ reason: ExitReason = .console, pc: UInt64 = 0x4000
  ) -> ExitLogEntry {
    ExitLogEntry(end: end, ticks: ticks, reason: reason, pc: pc)
  }

  @Test func namesWhatRanInsideAndNothingElse() throws {
    let (worst, _) = try Self.worst(
      exits: [
        Self.exit(9999, 500), Self.exit(10_400, 300, pc: 0x4123),
        Self.exit(10_550, 40, .firmwareCall),
        Self.exit(11_000, 300), Self.exit(20_700, 900, .fault),
      ],
      others: [Self.exit(10_300, 250, .interruptController, pc: 0x9999)],
      samples: [(10_000, 600), (20_000, 500), (30_000, 4)])
    let first = try #require(worst.first?.cause)
    #expect(first.kind == .inside)
    #expect(first.exits?.map(\.exit.reason) == ["console", "firmware-call"])
    #expect(first.exits?.map(\.inside) == [300, 40])
    #expect(first.exits?.map(\.end) == [10_400, 10_550])
    #expect(
      first.text
        == "340 of these 600 instructions went to 2 exits of cpu 2: console, 300 instructions, guest"
        + " pc 0x4123; firmware-call, 40 instructions, guest pc 0x4000")
    // It began before the deadline and ended after the handler: all of the sample.
    let second = try #require(worst.dropFirst().first?.cause)
    #expect(second.exits?.map(\.inside) == [500])
    #expect(second.text.hasPrefix("500 of these 500 instructions went to an exit of cpu 2: fault"))
    #expect(!worst.contains { $0.cause.text.contains("0x9999") })
  }

  @Test(arguments: [
    (UInt64(10_000), UInt64(0), true), (9999, 100, false), (10_601, 1, true), (10_602, 1, false),
  ]) func endsOfAGap(end: UInt64, ticks: UInt64, isInside: Bool) throws {
    let (worst, _) = try Self.worst(
      exits: [Self.exit(end, ticks)], samples: [(10_000, 600), (30_000, 4)])
    #expect(worst.first?.cause.kind == (isInside ? .inside : .noExit))
  }

  @Test func exitsOfAnotherZonesCPUAreNoCause() throws {
    let (worst, _) = try Self.worst(
      exits: [Self.exit(500, 10)], others: [Self.exit(10_500, 450)], short: 9,
      samples: [(10_000, 600), (30_000, 4)])
    #expect(worst.first?.cause.kind == .noExit)
    #expect(worst.first?.cause.text.contains("took nothing from cpu 2 in this time") == true)
  }

  @Test func exitsOfTheShortPathAreNotExcluded() throws {
    let (worst, _) = try Self.worst(
      exits: [Self.exit(500, 10)], samples: [(10_000, 600), (30_000, 4)]
    ) { record in
      // One exit more was counted than logged.
      guard let layout = SampleRecord.layout() else { return }
      let histogram = layout.cpusOffset + 2 * 49_792 + 128 + 4 * 3104
      SampleRecord.store(UInt64(1), in: &record, at: histogram)
      SampleRecord.store(UInt32(1), in: &record, at: histogram + 32 + 40 * 4)
    }
    #expect(worst.first?.cause.kind == .shortOnly)
    #expect(worst.first?.cause.text.contains("may have: 1 in the whole run") == true)
  }

  @Test func whatWasOverwrittenIsNotKnown() throws {
    let exits = (0..<2000 as Range<UInt64>).map { Self.exit(1000 + $0 * 100, 10) }
    let (worst, _) = try Self.worst(
      exits: exits, samples: [(10_005, 600), (150_005, 500), (300_000, 4)])
    #expect(worst.first?.cause.kind == .overwritten)
    #expect(worst.first?.cause.text.contains("the latest 1023 of 2000 exits") == true)
    #expect(worst.dropFirst().first?.cause.kind == .inside)
    #expect(worst.dropFirst().first?.cause.text.contains("went to 5 exits") == true)
    #expect(worst.dropFirst().first?.cause.text.hasSuffix("and 2 shorter ones") == true)
  }

  @Test func damagedLogsAreLeftOut() throws {
    let (worst, warnings) = try Self.worst(
      exits: [Self.exit(10_400, 300), Self.exit(10_500, 50)],
      samples: [(10_000, 600), (30_000, 4)]
    ) { record in
      guard let layout = SampleRecord.layout() else { return }
      SampleRecord.store(UInt64(7), in: &record, at: layout.exitLogsOffset + 2 * 32_832 + 64)
    }
    #expect(warnings.contains("cpu 2: its exit log is damaged and was left out"))
    #expect(worst.first?.cause.kind == .noSingleExit)
  }

  /// A log that claims any number of exits must not cost time or trap.
  @Test(arguments: [UInt64.max, 1 << 63, 1023, 1024])
  func hostileCounts(logged: UInt64) throws {
    _ = try Self.worst(exits: [], samples: [(10_000, 600), (30_000, 4)]) { record in
      guard let layout = SampleRecord.layout() else { return }
      SampleRecord.store(logged, in: &record, at: layout.exitLogsOffset + 2 * 32_832 + 16)
    }
  }

  /// Times are rounded to nanoseconds on the way; the ticks come back.
  @Test(arguments: [UInt64(24_000_000), 62_500_000, 99_999_989, 1_000_000_000])
  func ticksComeBackFromTimes(frequency: UInt64) {
    var random = SplitMix(frequency)
    for _ in 0..<1000 {
      let tick = random.next() >> 16
      let (high, low) = tick.multipliedFullWidth(by: 1_000_000_000)
      let time = frequency.dividingFullWidth((high, low)).quotient
      let gap = SampleGap(ticks: 5, endingAt: time, frequency: frequency)
      #expect(gap?.end == tick && gap?.start == tick - 5)
    }
    #expect(SampleGap(ticks: 5, endingAt: .max, frequency: frequency) == nil)
    #expect(SampleGap(ticks: 5, endingAt: 16, frequency: 62_500_000) == nil)
    #expect(SampleGap(ticks: 5, endingAt: 1000, frequency: 0) == nil)
  }
}
