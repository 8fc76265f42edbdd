import Testing

@testable import LatencyStatistics

@Suite struct ContaminationTests {
  private func findings(_ samples: [UInt64]) -> Contamination {
    Contamination(SampleSketch(samples))
  }

  @Test func independentSamplesAreClean() {
    var runs = Runs(21)
    var dirty = 0
    for _ in 0..<6 where findings(runs.exponential(5000)).verdict != .clean { dirty += 1 }
    #expect(dirty == 0)
  }

  @Test func shortAndConstantRuns() {
    #expect(findings([]).verdict == .notAssessed(have: 0, needed: 1000))
    #expect(findings([1, 2, 3]).verdict == .notAssessed(have: 3, needed: 1000))
    #expect(findings([UInt64](repeating: 4, count: 3000)).verdict == .clean)
    #expect(findings([UInt64](repeating: .max, count: 3000)).verdict == .clean)
    let extremes = (0..<3000).map { $0 % 2 == 0 ? UInt64.max : 0 }
    #expect(findings(extremes).verdict == .contaminated)
  }

  @Test func burstIsFoundWithItsSamplesAndTime() throws {
    var runs = Runs(22)
    var samples = runs.exponential(20_000)
    for index in 7000..<7040 { samples[index] += 2000 }
    var sketch = SampleSketch()
    for (index, sample) in samples.enumerated() { sketch.append(sample, time: UInt64(index) * 10) }
    let result = Contamination(sketch)
    #expect(result.verdict == .contaminated)
    let bursts = result.findings.filter {
      if case .burst = $0.kind { true } else { false }
    }
    let found = try #require(bursts.first)
    #expect(bursts.count == 1)
    #expect((6950...7000).contains(found.samples.lowerBound))
    #expect((7039...7090).contains(found.samples.upperBound))
    let times = try #require(found.times)
    #expect(times == found.samples.lowerBound * 10...found.samples.upperBound * 10)
  }

  @Test(arguments: [2, 7, 64, 100, 333, 1000, 2500])
  func periodIsFound(_ period: Int) throws {
    var runs = Runs(23)
    var samples = runs.exponential(period < 500 && period != 7 ? 10_000 : 40_000)
    for index in stride(from: 5, to: samples.count, by: period) { samples[index] += 800 }
    let result = findings(samples)
    var found: Periodicity?
    for finding in result.findings {
      if case .periodic(let periodicity, _) = finding.kind { found = periodicity }
    }
    let periodicity = try #require(found)
    #expect(isClose(periodicity.period, Double(period), 0.01), "\(periodicity)")
    #expect(periodicity.strength > 0.2)
  }

  /// A timer of the system that is no multiple of the measuring cycle, and that is late at times.
  @Test func periodNeedNotBeWhole() throws {
    var runs = Runs(24)
    var samples = runs.exponential(40_000)
    var next = 3.0
    while next < 39_999 {
      samples[Int(next) + (runs.random.next() % 8 == 0 ? 1 : 0)] += 900
      next += 123.4
    }
    var found: Periodicity?
    for finding in findings(samples).findings {
      if case .periodic(let periodicity, _) = finding.kind { found = periodicity }
    }
    #expect(isClose(try #require(found).period, 123.4, 0.001))
  }

  @Test func driftIsFound() throws {
    var runs = Runs(25)
    let samples = runs.exponential(20_000).enumerated().map { $1 + UInt64($0 / 100) }
    let result = findings(samples)
    var change: Double?
    for finding in result.findings {
      if case .drift(let found, _) = finding.kind { change = found }
    }
    #expect((160...240).contains(try #require(change)))
  }

  /// Changes too small to be told are not told, but their samples belong to a stretch that is.
  @Test func stepsSayTheMeansOfTheirStretches() throws {
    var runs = Runs(27)
    let samples = runs.exponential(50_000, mean: 50).enumerated().map { $1 + UInt64($0 / 100) }
    var stretches = 0
    var start = 0
    var latest: Double?
    for finding in findings(samples).findings {
      guard case .step(let before, let after, _) = finding.kind else { continue }
      let range = Int(finding.samples.lowerBound)...Int(finding.samples.upperBound)
      #expect(isClose(before, mean(samples[start..<range.lowerBound]), 1e-9))
      #expect(isClose(after, mean(samples[range]), 1e-9))
      #expect(latest == nil || latest == before)
      #expect(abs(after - before) >= 0.02 * mean(samples[...]))
      (start, latest) = (range.lowerBound, after)
      stretches += 1
    }
    #expect(stretches > 2)
  }

  private func mean(_ samples: ArraySlice<UInt64>) -> Double {
    samples.reduce(0) { $0 + Double($1) } / Double(samples.count)
  }

  @Test func stepIsFoundWhereItIs() throws {
    var runs = Runs(26)
    let samples = runs.exponential(20_000).enumerated().map { $0 < 12_000 ? $1 : $1 + 150 }
    let steps = findings(samples).findings.filter {
      if case .step = $0.kind { true } else { false }
    }
    #expect(steps.count == 1)
    #expect((11_500...12_500).contains(try #require(steps.first).samples.lowerBound))
  }

  /// Statistically there, but of no size: 1 in 1,000.
  @Test func tinyShiftIsNoFinding() {
    var runs = Runs(27)
    let samples = runs.exponential(20_000, mean: 2).enumerated().map { $0 < 12_000 ? $1 : $1 + 1 }
    let shifts = findings(samples).findings.filter {
      switch $0.kind {
      case .step, .drift: true
      case .burst, .periodic: false
      }
    }
    #expect(shifts.isEmpty)
  }
}

@Suite struct SampleSketchTests {
  @Test func blocksAndPeaksAgainstBruteForce() {
    var random = SeededGenerator(seed: 31)
    for count in [0, 1, 15, 2048, 2049, 5000, 9999] {
      let samples = (0..<count).map { _ in random.next() % 500 }
      let sketch = SampleSketch(samples, peakCapacity: 64)
      #expect(sketch.count == UInt64(count))
      #expect(sketch.maximum == samples.max())
      #expect(sketch.minimum == samples.min())
      #expect(sketch.blocks.count <= SampleSketch.blockLimit)
      #expect(sketch.blocks.reduce(0) { $0 + $1.samples } == UInt64(count))
      #expect(sketch.blocks.reduce(0) { $0 + $1.sum } == samples.reduce(0, +))
      for block in sketch.blocks { #expect(samples[Int(block.maximumSample)] == block.maximum) }
      let largest = samples.sorted(by: >).prefix(64)
      #expect(sketch.peaks.map(\.value).sorted(by: >) == Array(largest))
      for peak in sketch.peaks { #expect(samples[Int(peak.sample)] == peak.value) }
      #expect(sketch.largestDropped == (count > 64 ? samples.sorted(by: >)[64] : nil))
    }
  }

  /// Samples taken together are the same as one by one, with sums that overflow, too.
  @Test func sketchOfPieces() {
    var runs = Runs(9)
    let samples = runs.exponential(70_000)
    for (samples, capacity) in [
      (samples, 64), (samples, 4096), ([UInt64](repeating: 5, count: 9000), 16),
      (samples.map { $0 | 1 << 62 }, 16), (samples.map { $0 << 32 }, 16),
    ] {
      var single = SampleSketch(peakCapacity: capacity)
      for sample in samples { single.append(sample) }
      var pieces = SampleSketch(peakCapacity: capacity)
      var start = 0
      for size in [1, 2, 255, 256, 257, 5000, 1024, samples.count] {
        let piece = samples[start..<min(samples.count, start + size)]
        pieces.append(piece.span)
        start += piece.count
      }
      #expect(pieces.count == single.count && pieces.blocks == single.blocks)
      #expect(pieces.peaks == single.peaks && pieces.largestDropped == single.largestDropped)
    }
  }

  /// Of equal values those kept must not be the first ones: that would look like a burst.
  @Test func tiesAreSpreadOverTheRun() {
    let sketch = SampleSketch([UInt64](repeating: 1, count: 10_000), peakCapacity: 1000)
    let early = sketch.peaks.filter { $0.sample < 5000 }.count
    #expect((430...570).contains(early))
  }
}

@Suite struct ChangePointTests {
  @Test func changesAreFoundAndNothingElse() {
    var runs = Runs(41)
    let noise = { (level: UInt64) in runs.exponential(40, base: Double(level), mean: 20) }
    let values = (noise(1000) + noise(1100) + noise(1000)).map { Double($0) }
    let changes = ChangePointDetector().changePoints(in: values)
    #expect(changes.count == 2)
    #expect(zip(changes, [40, 80]).allSatisfy { abs($0.index - $1) <= 2 })
    #expect(changes.first.map { $0.meanAfter > $0.meanBefore } == true)
  }

  /// Path lengths in instructions are constant until the code changes.
  @Test func constantValuesChangeExactly() {
    let values = [Double](repeating: 62, count: 12) + [Double](repeating: 63, count: 9)
    let changes = ChangePointDetector().changePoints(in: values)
    #expect(changes.map(\.index) == [12])
    #expect(changes.map(\.meanBefore) == [62] && changes.map(\.meanAfter) == [63])
  }

  @Test func noiseHasNoChanges() {
    var runs = Runs(42)
    var found = 0
    for _ in 0..<20 {
      let values = runs.exponential(60).map { Double($0) }
      found += ChangePointDetector().changePoints(in: values).count
    }
    #expect(found <= 2)
  }

  @Test func hostileSeries() {
    let detector = ChangePointDetector()
    #expect(detector.changePoints(in: []).isEmpty)
    #expect(detector.changePoints(in: [1]).isEmpty)
    #expect(detector.changePoints(in: [Double](repeating: 3, count: 50)).isEmpty)
    #expect(detector.changePoints(in: [1, .nan, 2] + [Double](repeating: 1, count: 20)).isEmpty)
    #expect(detector.changePoints(in: [1, .infinity] + [Double](repeating: 1, count: 20)).isEmpty)
  }
}
