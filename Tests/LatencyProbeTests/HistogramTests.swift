import LatencyProbe
import Testing

@Suite struct HistogramTests {
  @Test func everyValueUpTo255HasItsOwnBin() {
    for value in UInt64(0)...255 {
      var histogram = Histogram()
      histogram.record(value)
      #expect(histogram.bins[Int(value)] == 1)
      #expect(Histogram.bounds(ofBin: Int(value)) == value...value)
      #expect(histogram.minimum == value...value)
      #expect(histogram.maximum == value)
    }
  }

  /// The bins tile 0..<2^24 without gap or overlap, none wider than 1/32 of its lower bound.
  @Test func binsTileTheRange() {
    var next: UInt64 = 0
    for bin in 0..<Histogram.binCount {
      let bounds = Histogram.bounds(ofBin: bin)
      #expect(bounds.lowerBound == next)
      #expect(Histogram.bin(of: bounds.lowerBound) == bin)
      #expect(Histogram.bin(of: bounds.upperBound) == bin)
      #expect((bounds.upperBound - bounds.lowerBound) * 32 <= bounds.lowerBound)
      next = bounds.upperBound + 1
    }
    #expect(next == Histogram.limit)
  }

  @Test func valuesFromTheLimitOnAreOverflow() {
    for value in [Histogram.limit, Histogram.limit + 1, 1 << 40, .max] {
      var histogram = Histogram()
      histogram.record(value)
      #expect(histogram.overflow == 1)
      #expect(histogram.binned == 1)
      #expect(histogram.maximum == value)
      #expect(histogram.value(atRank: 1) == nil)
      #expect(histogram.minimum == Histogram.limit...value)
    }
    var histogram = Histogram()
    histogram.record(Histogram.limit - 1)
    #expect(histogram.overflow == 0)
    #expect(histogram.bins[Histogram.binCount - 1] == 1)
  }

  @Test func emptyHasNoValues() {
    let histogram = Histogram()
    #expect(histogram.minimum == nil)
    #expect(histogram.maximum == nil)
    #expect(histogram.value(atRank: 1) == nil)
    #expect(!histogram.isSaturated)
  }

  @Test func binsSaturateAndSaySo() {
    var histogram = Histogram()
    histogram.bins[7] = .max - 1
    histogram.record(7)
    #expect(histogram.isSaturated)
    histogram.record(7)
    #expect(histogram.bins[7] == .max)
    #expect(histogram.count == 2)
    histogram.bins[7] = 0
    histogram.overflow = .max - 1
    #expect(!histogram.isSaturated)
    histogram.record(.max)
    histogram.record(.max)
    #expect(histogram.overflow == .max)
    #expect(histogram.isSaturated)
    histogram.overflow = 0
    histogram.bins[Histogram.bin(of: 5000)] = .max
    histogram.record(5000)
    #expect(histogram.bins[Histogram.bin(of: 5000)] == .max)
  }

  /// Against a sorted array: count, sum, extremes and every rank, for values of every magnitude.
  @Test(arguments: [1, 2, 3, 4, 5])
  func agreesWithBruteForce(seed: UInt64) {
    var random = SplitMix(seed)
    var values: [UInt64] = []
    var histogram = Histogram()
    for _ in 0..<3000 {
      let value = random.next() >> (random.next() % 64)
      values.append(value)
      histogram.record(value)
    }
    values.sort()
    #expect(histogram.count == 3000)
    #expect(histogram.binned == 3000)
    #expect(histogram.sum == values.reduce(0, &+))
    #expect(histogram.maximum == values.last)
    #expect(histogram.minimum?.contains(values[0]) == true)
    for rank in 1...3000 {
      let expected = values[rank - 1]
      if let bounds = histogram.value(atRank: UInt64(rank)) {
        #expect(bounds.contains(expected))
      } else {
        #expect(expected >= Histogram.limit)
      }
    }
  }

  @Test func mergeIsRecordingBoth() {
    var random = SplitMix(11)
    var one = Histogram()
    var two = Histogram()
    var both = Histogram()
    for index in 0..<2000 {
      let value = random.next() >> (random.next() % 64)
      both.record(value)
      if index % 3 == 0 { one.record(value) } else { two.record(value) }
    }
    one.merge(two)
    #expect(bytes(of: one) == bytes(of: both))
  }

  @Test func mergeSaturates() {
    var one = Histogram()
    var two = Histogram()
    one.bins[3] = 0xffff_fff0
    two.bins[3] = 0x20
    one.overflow = .max
    two.overflow = 1
    one.merge(two)
    #expect(one.bins[3] == .max)
    #expect(one.overflow == .max)
  }
}

@Suite struct CPUProbeBlockTests {
  @Test func countsByReasonAndKeepsTheLongest() {
    var block = CPUProbeBlock(cpu: 2, zone: 1, hardwareID: 0x80)
    block.recordExit(reason: .firmwareCall, ticks: 60, pc: 0x1000)
    block.recordExit(reason: .ipi, ticks: 300, pc: 0x2000)
    block.recordExit(reason: .firmwareCall, ticks: 62, pc: 0x3000)
    #expect(block.exitCount == 3)
    #expect(block.exitCount(.firmwareCall) == 2)
    #expect(block.exitCount(.ipi) == 1)
    #expect(block.exitCount(.fault) == 0)
    #expect(block.longestTicks == 300)
    #expect(block.longestPC == 0x2000)
    #expect(block.longestReason == UInt64(ExitReason.ipi.rawValue))
    #expect(block.lastExit == 0)
    block.recordExit(reason: .fault, ticks: 70, pc: 0x4000)
    block.noteFinalExit(reason: .fault, ticks: 70, pc: 0x4000)
    #expect(block.lastPC == 0x4000)
    #expect(block.lastExit == 70 << 8 | UInt64(ExitReason.fault.rawValue))
    #expect(block.exitCount == 4)
    #expect(block.residency[0].maximum == 62)
  }

  @Test func everyReasonHasASlotAndAName() {
    var names: Set<String> = []
    for raw in UInt8.min...UInt8.max {
      guard let reason = ExitReason(rawValue: raw) else { continue }
      #expect(raw < ExitReason.slotCount)
      names.insert("\(reason.name)")
      var block = CPUProbeBlock()
      block.recordExit(reason: reason, ticks: 1, pc: 0)
      #expect(block.residency[Int(raw)].count == 1)
      #expect(block.exitCount == 1)
    }
    #expect(names.count == 15)
    #expect(ExitReason(rawValue: 15) == nil)
  }
}
