import LatencyProbe
import Testing

@testable import LatencyReport

@Suite struct DistributionTests {
  @Test func quantilesAgainstBruteForce() {
    var random = SplitMix(5)
    for count in [20, 999, 1000, 1001, 9999, 10_000, 100_000] {
      let values = (0..<count).map { _ in random.next() % 1000 }
      let sorted = values.sorted()
      let distribution = Distribution(values)
      for quantile in Quantile.reported {
        let needed = 100_000 / (10_000 - Int(quantile.permyriad))
        if count < needed {
          #expect(distribution.value(quantile) == .refused(needed: UInt64(needed)))
          continue
        }
        // Nearest rank: the smallest value with at least that fraction at or below it.
        let permyriad = Int(quantile.permyriad)
        let found = sorted.indices.first { ($0 + 1) * 10_000 >= permyriad * count } ?? 0
        #expect(distribution.value(quantile) == .within(sorted[found]...sorted[found]))
      }
      #expect(distribution.maximum == sorted.last)
      #expect(distribution.minimum == sorted[0]...sorted[0])
      #expect(distribution.count == UInt64(count))
    }
  }

  @Test func neededSamples() {
    #expect(Quantile.reported.map(\.neededSamples) == [20, 1000, 10_000, 100_000])
  }

  @Test func histogramsGiveBoundsWhereBinsAreShared() {
    var histogram = Histogram()
    for _ in 0..<99 { histogram.record(100) }
    for _ in 0..<901 { histogram.record(1003) }
    let distribution = Distribution(histogram)
    #expect(distribution.minimum == 100...100)
    #expect(distribution.maximum == 1003)
    // 992-1007 share a bin; the maximum is known to be 1003.
    #expect(distribution.value(Quantile.reported[0]) == .within(992...1003))
    #expect(distribution.jitter == 903...903)
  }

  @Test func quantilesInTheOverflowAreLowerBounds() throws {
    var histogram = Histogram()
    for _ in 0..<985 { histogram.record(5) }
    for _ in 0..<15 { histogram.record(1 << 30) }
    let distribution = Distribution(histogram)
    #expect(distribution.value(Quantile.reported[0]) == .within(5...5))
    #expect(distribution.value(Quantile.reported[1]) == .atLeast(1 << 24))
    #expect(distribution.maximum == 1 << 30)
    #expect(distribution.overflow == 15)
    let statistics = Statistics(distribution)
    #expect(statistics.quantiles["p99"]?.atLeast == 1 << 24)
  }

  /// A record may claim anything: the bins win over a maximum that contradicts them.
  @Test(arguments: [UInt64(0), 3, 300, 5000, .max])
  func contradictoryMaximum(largest: UInt64) {
    var histogram = Histogram()
    for _ in 0..<30 { histogram.record(1000) }
    histogram.largest = largest
    let distribution = Distribution(histogram)
    #expect(distribution.maximum.map { (992...1007).contains($0) } == true)
    _ = Statistics(distribution)
  }

  @Test func empty() {
    for distribution in [Distribution([]), Distribution(Histogram())] {
      #expect(distribution.count == 0)
      #expect(distribution.minimum == nil)
      #expect(distribution.maximum == nil)
      #expect(distribution.jitter == nil)
      #expect(distribution.plotRows().isEmpty)
    }
  }

  @Test func plotRowsKeepEverySample() {
    var random = SplitMix(9)
    for shift in [UInt64(0), 10, 30, 50, 60] {
      let values = (0..<2000).map { _ in random.next() >> (shift + random.next() % 4) }
      let rows = Distribution(values).plotRows()
      #expect(rows.count <= 64)
      #expect(rows.reduce(0) { $0 + $1.count } == 2000)
      for (row, next) in zip(rows, rows.dropFirst()) { #expect((row.high ?? .max) < next.low) }
      for row in rows {
        #expect(values.count { $0 >= row.low && $0 <= (row.high ?? .max) } == Int(row.count))
      }
    }
    #expect(Distribution([4, 4, 5]).plotRows().map(\.count) == [2, 1])
    #expect(Distribution(Array(0..<1024)).allRows()?.count == 1024)
    #expect(Distribution(Array(0..<1025)).allRows() == nil)
  }
}

@Suite struct TickUnitTests {
  private func machine(
    _ timebase: Timebase, frequency: UInt64 = 62_500_000, shift: UInt32? = nil
  ) -> Machine {
    Machine(
      board: "b", architecture: 183, cpuModel: 0, counterFrequency: frequency, timebase: timebase,
      icountShift: shift, planChecksum: 0, imageHash: "")
  }

  @Test func onlyHardwareIsTime() {
    #expect(TickUnit(machine(.hardware)) == .nanoseconds(perTick: 16))
    #expect(TickUnit(machine(.hardware, frequency: 0)) == .ticks("frequency unknown"))
    #expect(TickUnit(machine(.emulated)).name == "ticks (emulated)")
    #expect(!TickUnit(machine(.emulated)).isTime)
    #expect(!TickUnit(machine(.unknown)).isTime)
    #expect(!TickUnit(machine(.icount, shift: 4)).isTime)
  }

  @Test func instructionsOnlyWhereOneTickIsOne() {
    #expect(TickUnit(machine(.icount, shift: 4)) == .instructions)
    #expect(TickUnit(machine(.icount, frequency: 1_000_000_000, shift: 0)) == .instructions)
    #expect(TickUnit(machine(.icount, shift: 0)).name == "ticks (icount shift 0)")
    #expect(TickUnit(machine(.icount, shift: nil)).name == "ticks (icount shift unknown)")
    #expect(TickUnit(machine(.icount, shift: 63)).name == "ticks (icount shift 63)")
    #expect(
      TickUnit(machine(.icount, frequency: .max, shift: 31)).name == "ticks (icount shift 31)")
  }

  @Test func formatsNanoseconds() {
    let unit = TickUnit.nanoseconds(perTick: 1e9 / 24_000_000)  // 41.67 ns
    #expect(unit.format(0) == "0")
    #expect(unit.format(1) == "41.7")
    #expect(unit.format(24_000_000) == "1000000000")
    #expect(unit.format(100) == "4167")
    #expect(!unit.format(.max).isEmpty)
    #expect(TickUnit.instructions.format(.max) == "18446744073709551615")
  }
}

@Suite struct ThresholdTests {
  private func dataset(_ timebase: Timebase) throws -> Dataset {
    try RecordReader.read(
      try RecordSealer.seal(
        SampleRecord.typical(cycles: 1200, stampBytes: 1 << 19),
        run: .init(timebase: timebase, icountShift: timebase == .icount ? 4 : nil)),
      source: "x")
  }

  @Test(arguments: [
    ("max<=4", "timer-busy", 0), ("max<4", "timer-busy", 1), ("max<=3", "timer-busy", 1),
    ("p99<=4,max<=5", "timer-idle", 1), ("p99 <= 5, max <= 5", "timer-idle", 0),
    ("jitter==1", "timer-idle", 0), ("jitter<=0", "timer-idle", 1), ("min>=4", "timer-busy", 0),
    ("min==5", "timer-busy", 1), ("samples>=1200", "timer-busy", 0),
    ("samples>=1201", "timer-busy", 1), ("overflow==0", "timer-busy", 0),
    ("misses==0", "control-loop", 0), ("misses==0", "timer-busy", 1),
    ("p99.9<=1000", "timer-busy", 1), ("max<=700", "kernel-residency", 0),
  ])
  func judges(text: String, measurement: String, hits: Int) throws {
    let found = try Threshold.hits(
      try Threshold.parse(text), in: try dataset(.icount), measurement: measurement)
    #expect(found.count == hits, "\(found)")
  }

  @Test func withoutAMeasurementAllStampedOnesAreJudged() throws {
    let data = try dataset(.icount)
    #expect(try Threshold.hits(Threshold.parse("max<=100"), in: data).count == 2)
    #expect(try Threshold.hits(Threshold.parse("misses==0"), in: data).isEmpty)
    #expect(try Threshold.hits(Threshold.parse("max<=1"), in: data, zone: "rt-control").count == 7)
  }

  @Test func whatCannotBeShownIsHit() throws {
    let hits = try Threshold.hits(
      Threshold.parse("p99.9<=1000000"), in: try dataset(.icount), measurement: "timer-busy")
    #expect(
      hits == ["p99.9<=1000000: timer-busy in zone rt-control has 1200 samples, p99.9 needs 10000"])
  }

  @Test func timeSuffixesNeedHardware() throws {
    let hardware = try dataset(.hardware)
    for (text, hits) in [("max<=64", 0), ("max<=63", 1), ("max<=64ns", 0), ("max<1us", 0)] {
      #expect(
        try Threshold.hits(Threshold.parse(text), in: hardware, measurement: "timer-busy").count
          == hits)
    }
    for timebase in [Timebase.icount, .emulated] {
      #expect(throws: Threshold.Problem.self) {
        try Threshold.hits(Threshold.parse("max<=64ns"), in: try dataset(timebase))
      }
    }
    #expect(throws: Threshold.Problem.self) {
      try Threshold.hits(Threshold.parse("samples>=64ns"), in: hardware)
    }
  }

  @Test func namesThatMatchNothingAreErrors() throws {
    let data = try dataset(.icount)
    #expect(throws: Threshold.Problem.self) {
      try Threshold.hits(Threshold.parse("max<=1"), in: data, measurement: "timer")
    }
    #expect(throws: Threshold.Problem.self) {
      try Threshold.hits(Threshold.parse("max<=1"), in: data, zone: "linux")
    }
  }

  @Test(arguments: [
    "", "max", "max<=", "<=4", "p98.12345<=4", "max=<4", "max<=4s", "max<=-1", "max<=1.5",
    "max<=4,",
    "max<=99999999999999999999", "max<=18446744073709551615ms", "max!=4",
  ])
  func refusesWrongTexts(text: String) {
    let problem = #expect(throws: Threshold.Problem.self) { try Threshold.parse(text) }
    #expect(problem?.description.contains("threshold") == true)
  }
}
