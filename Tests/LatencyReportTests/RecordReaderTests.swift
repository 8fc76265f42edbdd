import LatencyProbe
import PlanTestSupport
import Testing

@testable import LatencyReport

@Suite struct RecordReaderTests {
  static let sealedRun = RecordSealer.Run(
    timebase: .icount, icountShift: 4, provenance: [ProvenanceItem("load", "idle")])

  @Test func readsWhatKernelAndGuestsWrote() throws {
    let bytes = try RecordSealer.seal(SampleRecord.typical(cycles: 30), run: Self.sealedRun)
    let dataset = try RecordReader.read(bytes, source: "x")
    #expect(dataset.isSealed)
    #expect(dataset.machine.board == "qemu-virt")
    #expect(dataset.machine.counterFrequency == 62_500_000)
    #expect(dataset.machine.timebase == .icount)
    #expect(dataset.machine.icountShift == 4)
    #expect(dataset.machine.planChecksum == 0x1234)
    #expect(dataset.machine.imageHash == "01000000000000000200000000000000")
    #expect(dataset.provenance == [ProvenanceItem("load", "idle")])
    #expect(dataset.zones.map(\.name) == ["linux", "rt-control"])
    #expect(dataset.zones.map(\.kind) == ["zone0", "zoneR"])
    #expect(dataset.zones.map(\.cpus) == [[0, 1], [2]])
    #expect(dataset.zones.map(\.starts) == [1, 1])
    #expect(dataset.cpus.map(\.index) == [0, 2])
    #expect(dataset.warnings == ["cpu 1 wrote no block: it did not start"])
    let linux = try #require(dataset.cpus.first)
    #expect(linux.zone == "linux")
    #expect(linux.exitCount == 81)
    #expect(linux.probeCost == 19)
    #expect(
      linux.longest == ExitEvent(reason: "console", ticks: 700, pc: 0xffff_8000_0802_0000))
    #expect(linux.last == linux.longest)
    #expect(linux.reasons.map(\.reason) == ["firmware-call", "interrupt-controller", "console"])
    let expected: [(String, UInt64, UInt64)] = [
      ("timer-busy", 4, 4), ("timer-idle", 4, 5), ("ipi-self", 88, 88), ("stimulus", 51, 51),
      ("controller-read", 118, 118), ("firmware-call", 62, 62), ("control-loop", 600, 600),
    ]
    for (name, low, high) in expected {
      let series = try #require(dataset.stamped(name))
      #expect(series.distribution.count == 30, "\(name)")
      #expect(series.distribution.minimum == low...low, "\(name)")
      #expect(series.distribution.maximum == high, "\(name)")
      #expect(series.misses == (name == "control-loop" ? 0 : nil), "\(name)")
    }
    let baseline = try #require(dataset.series.first { $0.origin == .baseline(cpu: 2) })
    #expect(baseline.measurement == "timer-busy")
    #expect(baseline.distribution.count == 30)
  }

  @Test func rawCopiesAreReadAndNamedUnsealed() throws {
    var bytes = SampleRecord.typical(cycles: 5)
    bytes += [UInt8](repeating: 0xee, count: 4096)  // the region is larger than the record
    let dataset = try RecordReader.read(bytes, source: "x")
    #expect(!dataset.isSealed)
    #expect(dataset.machine.timebase == .unknown)
    #expect(dataset.warnings.contains { $0.contains("not sealed") })
    #expect(dataset.stamped("timer-busy")?.distribution.count == 5)
  }

  /// Every malformed header is refused with the name of the field.
  @Test(arguments: [
    ("magic", 0, UInt64(0)), ("version", 8, 2), ("headerByteCount", 12, 4097),
    ("byteCount", 16, 0), ("byteCount", 16, .max), ("byteCount", 16, 4092),
    ("cpuCount", 24, 0), ("cpuCount", 24, 65), ("zoneCount", 28, 17), ("timebase", 32, 4),
    ("sectionCount", 112, 17), ("provenanceByteCount", 140, 3329),
    ("sections[0].count", 260, 2), ("sections[0].stride", 272, 49_793),
    ("sections[0].offset", 264, 0), ("sections[0].offset", 264, .max),
    ("sections[4].offset", 400, 1 << 63), ("sections[1].kind", 288, 1),
    ("zones[1].stampOffset", 0x2_9000 + 64 + 32, 0),
    ("zones[1].stampOffset", 0x2_9000 + 64 + 32, .max),
    ("zones[1].stampOffset", 0x2_9000 + 64 + 40, .max),
  ])
  func refusesMalformedFields(field: String, offset: Int, value: UInt64) throws {
    var bytes = SampleRecord.typical(cycles: 2)
    let wide = [16, 264, 272, 400].contains(offset) || offset >= 4096 || offset == 0
    if wide {
      SampleRecord.store(value, in: &bytes, at: offset)
    } else {
      SampleRecord.store(UInt32(truncatingIfNeeded: value), in: &bytes, at: offset)
    }
    let error = try #require(throws: RecordError.self) {
      try RecordReader.read(bytes, source: "x")
    }
    #expect(error.field == field)
    #expect(!error.problem.isEmpty && !error.advice.isEmpty)
  }

  /// A whole record, with zones, baselines, stimuli and stamps, cut at every byte: as it is, and with
  /// a header that claims the shorter length. Wherever it ends, that is said; nothing is read past it.
  @Test(arguments: [false, true]) func truncatedAtEveryByte(_ claimsItsLength: Bool)
    throws
  {
    var bytes = SampleRecord.typical(cycles: 3, stampBytes: 4096)
    if !claimsItsLength {
      bytes = try RecordSealer.seal(bytes, run: Self.sealedRun)
      #expect(throws: RecordError.self) { try RecordReader.read(bytes + [0], source: "x") }
    }
    #expect(try RecordReader.read(bytes, source: "x").zones.count == 2)
    var accepted: [Int] = []
    while !bytes.isEmpty {
      // The last byte alone, so that no copy is made.
      bytes.removeLast()
      if claimsItsLength, bytes.count >= 24 {
        SampleRecord.store(UInt64(bytes.count), in: &bytes, at: 16)
      }
      do throws(RecordError) {
        _ = try RecordReader.read(bytes, source: "x")
        accepted.append(bytes.count)
      } catch {
        if error.field.isEmpty || error.problem.isEmpty || error.advice.isEmpty {
          Issue.record("\(bytes.count) bytes: \(error)")
        }
      }
    }
    #expect(accepted == [])
  }

  /// A sealed record with any one bit changed is refused: the whole header, and a sample of the rest.
  @Test func flippedBitsOfSealedRecords() throws {
    let sealed = try RecordSealer.seal(
      SampleRecord.typical(cycles: 3, stampBytes: 4096), run: Self.sealedRun)
    var random = SplitMix(3)
    var positions = Array(0..<416)
    for _ in 0..<100 { positions.append(Int(random.next() % UInt64(sealed.count))) }
    for position in positions {
      var bytes = sealed
      bytes[position] ^= 1 << UInt8(random.next() % 8)
      if position / 4 == RecordHeader.flagsOffset / 4 && bytes[116] & 1 == 0 { continue }
      #expect(throws: RecordError.self) { try RecordReader.read(bytes, source: "x") }
    }
  }

  /// Raw records have no checksum: whatever is damaged, reading and rendering end without a crash.
  @Test func randomDamageNeverCrashes() throws {
    let whole = SampleRecord.typical(cycles: 20, stampBytes: 8192)
    let layout = try #require(SampleRecord.layout())
    let regions = [
      0..<416, layout.cpusOffset..<layout.baselinesOffset,
      layout.baselinesOffset..<layout.zonesOffset, layout.zonesOffset..<layout.stimuliOffset,
      layout.stimuliOffset..<layout.stampsOffset, layout.stampsOffset..<layout.byteCount,
    ]
    let interesting: [UInt8] = [0, 1, 0x7f, 0x80, 0xff]
    var read = 0
    let thresholds = try Threshold.parse("max<=4,p99<=4,jitter<=1,misses==0,samples>=1,min>=1")
    let fuzz = FuzzRun("record")
    _ = try fuzz { random in
      var bytes = whole
      let region = regions[Int(random.next() % 6)]
      for _ in 0...(random.next() % 24) {
        let position = region.lowerBound + Int(random.next() % UInt64(region.count))
        let choice = random.next()
        bytes[position] =
          choice % 2 == 0
          ? UInt8(truncatingIfNeeded: choice >> 8) : interesting[Int(choice >> 8 % 5) % 5]
      }
      guard let dataset = try? RecordReader.read(bytes, source: "x") else { return }
      read += 1
      #expect(!TextRenderer.render(dataset, style: .init()).isEmpty, "\(fuzz)")
      let json = try JSONRenderer.render([Report(dataset)])
      #expect(!json.isEmpty, "\(fuzz)")
      // Throws when the damage left no stamps to judge.
      _ = try? Threshold.hits(thresholds, in: dataset)
    }
    #expect(read > 5, "the damage is so bad that nothing past the header was tested")
  }

  @Test func unknownSectionsAreSkipped() throws {
    var bytes = SampleRecord.typical(cycles: 2)
    SampleRecord.store(UInt32(99), in: &bytes, at: 256 + 32)
    let dataset = try RecordReader.read(bytes, source: "x")
    #expect(dataset.warnings.contains { $0.contains("section kind 99") })
    #expect(!dataset.series.contains { $0.origin == .baseline(cpu: 2) })
  }

  @Test func countsThatDisagreeAreReported() throws {
    var bytes = SampleRecord.typical(cycles: 2)
    SampleRecord.store(UInt64(41), in: &bytes, at: 4096 + 128)
    let dataset = try RecordReader.read(bytes, source: "x")
    #expect(dataset.warnings.contains { $0.hasPrefix("cpu 0 firmware-call: 41 counted but 40") })
  }
}

@Suite struct RecordSealerTests {
  @Test func cutsTheRegionToTheRecord() throws {
    let raw = SampleRecord.typical(cycles: 2)
    let sealed = try RecordSealer.seal(
      raw + [1, 2, 3, 4, 5, 6, 7, 8], run: .init(timebase: .emulated))
    #expect(sealed.count == raw.count)
    #expect(Array(sealed[4096...]) == Array(raw[4096...]))
  }

  @Test func refusesSealedAndForeignFiles() throws {
    let sealed = try RecordSealer.seal(
      SampleRecord.typical(cycles: 2), run: .init(timebase: .emulated))
    let error = #expect(throws: RecordError.self) {
      try RecordSealer.seal(sealed, run: .init(timebase: .hardware))
    }
    #expect(error?.field == "flags")
    #expect(throws: RecordError.self) {
      try RecordSealer.seal([1, 2, 3], run: .init(timebase: .hardware))
    }
  }

  @Test func provenanceKeepsItsLines() throws {
    let run = RecordSealer.Run(
      timebase: .emulated,
      provenance: [
        ProvenanceItem("command", "hv run\nload: forged"), ProvenanceItem("a:b", "c: d"),
      ])
    let sealed = try RecordSealer.seal(SampleRecord.typical(cycles: 1), run: run)
    #expect(
      try RecordReader.read(sealed, source: "x").provenance == [
        ProvenanceItem("command", "hv run load: forged"), ProvenanceItem("a-b", "c: d"),
      ])
  }

  @Test func provenanceThatDoesNotFitIsRefused() throws {
    // "notes: " and LF make 8 more bytes: 3,328 just fit.
    _ = try RecordSealer.seal(
      SampleRecord.typical(cycles: 1),
      run: .init(
        timebase: .emulated,
        provenance: [ProvenanceItem("notes", String(repeating: "x", count: 3320))]))
    let error = #expect(throws: RecordError.self) {
      try RecordSealer.seal(
        SampleRecord.typical(cycles: 1),
        run: .init(
          timebase: .emulated,
          provenance: [ProvenanceItem("notes", String(repeating: "x", count: 3321))]))
    }
    #expect(error?.field == "provenance")
  }
}
