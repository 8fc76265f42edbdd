import LatencyProbe
import Testing

/// The structures are the file format: every size and offset is pinned here.
@Suite struct RecordStructureTests {
  @Test func sizes() {
    #expect(MemoryLayout<RecordHeader>.size == 4096)
    #expect(MemoryLayout<RecordSection>.size == 32)
    #expect(MemoryLayout<RecordZone>.size == 64)
    #expect(MemoryLayout<Histogram>.size == 3104)
    #expect(MemoryLayout<CPUProbeBlock>.size == 49_792)
    #expect(MemoryLayout<BaselineBlock>.size == 3136)
    #expect(MemoryLayout<StimulusRing>.size == 65_600)
    #expect(MemoryLayout<StimulusEntry>.size == 16)
    #expect(MemoryLayout<ExitLog>.size == 32_832)
    #expect(MemoryLayout<ExitLogEntry>.size == 32)
    #expect(MemoryLayout<StampAreaHeader>.size == 64)
    #expect(MemoryLayout<Stamp>.size == 32)
    #expect(MemoryLayout<CPUProbeBlock>.stride % 64 == 0, "blocks must not share cache lines")
  }

  @Test func header() {
    typealias Header = RecordHeader
    #expect(MemoryLayout<Header>.offset(of: \.magic) == 0)
    #expect(MemoryLayout<Header>.offset(of: \.version) == 8)
    #expect(MemoryLayout<Header>.offset(of: \.headerByteCount) == 12)
    #expect(MemoryLayout<Header>.offset(of: \.byteCount) == 16)
    #expect(MemoryLayout<Header>.offset(of: \.cpuCount) == 24)
    #expect(MemoryLayout<Header>.offset(of: \.zoneCount) == 28)
    #expect(MemoryLayout<Header>.offset(of: \.timebase) == Header.timebaseOffset)
    #expect(MemoryLayout<Header>.offset(of: \.timebase) == 32)
    #expect(MemoryLayout<Header>.offset(of: \.architecture) == 36)
    #expect(MemoryLayout<Header>.offset(of: \.counterFrequency) == 40)
    #expect(MemoryLayout<Header>.offset(of: \.planChecksum) == 48)
    #expect(MemoryLayout<Header>.offset(of: \.imageHash) == 56)
    #expect(MemoryLayout<Header>.offset(of: \.cpuModel) == 72)
    #expect(MemoryLayout<Header>.offset(of: \.board) == 80)
    #expect(MemoryLayout<Header>.offset(of: \.sectionCount) == 112)
    #expect(MemoryLayout<Header>.offset(of: \.flags) == Header.flagsOffset)
    #expect(MemoryLayout<Header>.offset(of: \.flags) == 116)
    #expect(MemoryLayout<Header>.offset(of: \.checksum) == Header.checksumOffset)
    #expect(MemoryLayout<Header>.offset(of: \.checksum) == 120)
    #expect(MemoryLayout<Header>.offset(of: \.bootTick) == 128)
    #expect(MemoryLayout<Header>.offset(of: \.icountShift) == Header.icountShiftOffset)
    #expect(MemoryLayout<Header>.offset(of: \.icountShift) == 136)
    #expect(
      MemoryLayout<Header>.offset(of: \.provenanceByteCount) == Header.provenanceByteCountOffset)
    #expect(MemoryLayout<Header>.offset(of: \.provenanceByteCount) == 140)
    #expect(MemoryLayout<Header>.offset(of: \.sections) == Header.sectionsOffset)
    #expect(MemoryLayout<Header>.offset(of: \.sections) == 256)
    #expect(MemoryLayout<Header>.offset(of: \.provenance) == Header.provenanceOffset)
    #expect(MemoryLayout<Header>.offset(of: \.provenance) == 768)
    #expect(Header.provenanceOffset + Header.provenanceCapacity == Header.byteCount)
  }

  @Test func kernelBlocks() {
    typealias CPU = CPUProbeBlock
    #expect(MemoryLayout<Histogram>.offset(of: \.count) == 0)
    #expect(MemoryLayout<Histogram>.offset(of: \.sum) == 8)
    #expect(MemoryLayout<Histogram>.offset(of: \.largest) == 16)
    #expect(MemoryLayout<Histogram>.offset(of: \.overflow) == 24)
    #expect(MemoryLayout<Histogram>.offset(of: \.bins) == 32)
    #expect(MemoryLayout<CPU>.offset(of: \.magic) == 0)
    #expect(MemoryLayout<CPU>.offset(of: \.hardwareID) == 8)
    #expect(MemoryLayout<CPU>.offset(of: \.cpu) == 16)
    #expect(MemoryLayout<CPU>.offset(of: \.zone) == 20)
    #expect(MemoryLayout<CPU>.offset(of: \.probeCost) == 24)
    #expect(MemoryLayout<CPU>.offset(of: \.lastPC) == 32)
    #expect(MemoryLayout<CPU>.offset(of: \.lastExit) == 40)
    #expect(MemoryLayout<CPU>.offset(of: \.longestTicks) == 48)
    #expect(MemoryLayout<CPU>.offset(of: \.longestPC) == 56)
    #expect(MemoryLayout<CPU>.offset(of: \.longestReason) == 64)
    #expect(MemoryLayout<CPU>.offset(of: \.residency) == 128)
    #expect(MemoryLayout<BaselineBlock>.offset(of: \.measurement) == 8)
    #expect(MemoryLayout<BaselineBlock>.offset(of: \.cpu) == 12)
    #expect(MemoryLayout<BaselineBlock>.offset(of: \.period) == 16)
    #expect(MemoryLayout<BaselineBlock>.offset(of: \.latency) == 32)
    #expect(MemoryLayout<StimulusRing>.offset(of: \.zone) == 8)
    #expect(MemoryLayout<StimulusRing>.offset(of: \.capacity) == 12)
    #expect(MemoryLayout<StimulusRing>.offset(of: \.raised) == 16)
    #expect(MemoryLayout<StimulusRing>.offset(of: \.entries) == 64)
    #expect(MemoryLayout<StimulusEntry>.offset(of: \.tick) == 8)
    #expect(MemoryLayout<ExitLog>.offset(of: \.cpu) == 8)
    #expect(MemoryLayout<ExitLog>.offset(of: \.capacity) == 12)
    #expect(MemoryLayout<ExitLog>.offset(of: \.logged) == 16)
    #expect(MemoryLayout<ExitLog>.offset(of: \.entries) == 64)
    #expect(MemoryLayout<ExitLogEntry>.offset(of: \.ticks) == 8)
    #expect(MemoryLayout<ExitLogEntry>.offset(of: \.reason) == 16)
    #expect(MemoryLayout<ExitLogEntry>.offset(of: \.pc) == 24)
  }

  @Test func zonesAndStamps() {
    typealias Area = StampAreaHeader
    #expect(MemoryLayout<RecordZone>.offset(of: \.name) == 0)
    #expect(MemoryLayout<RecordZone>.offset(of: \.kind) == 16)
    #expect(MemoryLayout<RecordZone>.offset(of: \.cpuCount) == 20)
    #expect(MemoryLayout<RecordZone>.offset(of: \.cpus) == 24)
    #expect(MemoryLayout<RecordZone>.offset(of: \.stampOffset) == 32)
    #expect(MemoryLayout<RecordZone>.offset(of: \.stampByteCount) == 40)
    #expect(MemoryLayout<RecordZone>.offset(of: \.starts) == 48)
    #expect(MemoryLayout<RecordSection>.offset(of: \.count) == 4)
    #expect(MemoryLayout<RecordSection>.offset(of: \.offset) == 8)
    #expect(MemoryLayout<RecordSection>.offset(of: \.stride) == 16)
    #expect(MemoryLayout<Area>.offset(of: \.version) == 8)
    #expect(MemoryLayout<Area>.offset(of: \.capacity) == 12)
    #expect(MemoryLayout<Area>.offset(of: \.written) == 16)
    #expect(MemoryLayout<Area>.offset(of: \.lost) == 24)
    #expect(MemoryLayout<Area>.offset(of: \.period) == 32)
    #expect(MemoryLayout<Area>.offset(of: \.deadline) == 40)
    #expect(MemoryLayout<Stamp>.offset(of: \.entry) == 8)
    #expect(MemoryLayout<Stamp>.offset(of: \.id) == 16)
    #expect(MemoryLayout<Stamp>.offset(of: \.flags) == 20)
    #expect(MemoryLayout<Stamp>.offset(of: \.value) == 24)
  }
}

@Suite struct RecordLayoutTests {
  @Test func exampleOfTheDocumentation() throws {
    let layout = try #require(RecordLayout(cpus: 3, zones: 2, stampBytes: 0x80_0000))
    #expect(layout.cpusOffset == 0x1000)
    #expect(layout.baselinesOffset == 0x2_6000)
    #expect(layout.zonesOffset == 0x2_9000)
    #expect(layout.stimuliOffset == 0x2_a000)
    #expect(layout.exitLogsOffset == 0x4_b000)
    #expect(layout.stampsOffset == 0x6_4000)
    #expect(layout.stampOffset(zone: 1) == 0x86_4000)
    #expect(layout.byteCount == 0x106_4000)
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(RecordLayout(cpus: 0, zones: 1, stampBytes: 4096) == nil)
    #expect(RecordLayout(cpus: 65, zones: 1, stampBytes: 4096) == nil)
    #expect(RecordLayout(cpus: -1, zones: 1, stampBytes: 4096) == nil)
    #expect(RecordLayout(cpus: 1, zones: 17, stampBytes: 4096) == nil)
    #expect(RecordLayout(cpus: 1, zones: -1, stampBytes: 4096) == nil)
    #expect(RecordLayout(cpus: 1, zones: 1, stampBytes: 4095) == nil)
    #expect(RecordLayout(cpus: 1, zones: 1, stampBytes: -4096) == nil)
    #expect(RecordLayout(cpus: 1, zones: 1, stampBytes: .max) == nil)
    #expect(RecordLayout(cpus: 1, zones: 1, regionBytes: 0) == nil)
    #expect(RecordLayout(cpus: 1, zones: 1, regionBytes: .max) == nil)
  }

  @Test func stampAreasContainOnlyTheirOwn() throws {
    let layout = try #require(RecordLayout(cpus: 3, zones: 2, stampBytes: 8192))
    let start = UInt64(layout.stampOffset(zone: 1))
    let cases: [(zone: Int, offset: UInt64, size: UInt64, inside: Bool)] = [
      (1, start, 8192, true), (1, start + 4096, 4096, true), (1, start + 8192, 0, true),
      (1, start, 8193, false), (1, start - 4096, 8192, false), (1, start - 1, 1, false),
      (0, start, 4096, false), (2, start + 8192, 0, false), (-1, start, 4096, false),
      (1, start + 4096, .max, false), (1, .max, .max, false), (1, .max, 1, false),
      (1, 0, 4096, false), (0, start - 8192, 8192, true), (0, start - 8192, 8200, false),
    ]
    for test in cases {
      #expect(
        layout.stampArea(of: test.zone, contains: test.offset, byteCount: test.size) == test.inside,
        "\(test)")
    }
  }

  /// What the kernel computes from a region's size is what the host planned, for every shape.
  @Test(arguments: [0, 4096, 0x10_0000, 0x80_0000])
  func planAndKernelAgree(stampBytes: Int) throws {
    for cpus in 1...RecordLayout.cpuCapacity {
      for zones in 0...RecordLayout.zoneCapacity {
        let planned = try #require(RecordLayout(cpus: cpus, zones: zones, stampBytes: stampBytes))
        let found = try #require(
          RecordLayout(cpus: cpus, zones: zones, regionBytes: UInt64(planned.byteCount)))
        #expect(found.byteCount == planned.byteCount)
        #expect(found.stampByteCount == (zones == 0 ? 0 : planned.stampByteCount))
        let starts = [
          0, found.cpusOffset, found.baselinesOffset, found.zonesOffset, found.stimuliOffset,
          found.exitLogsOffset, found.stampsOffset, found.byteCount,
        ]
        #expect(starts == starts.sorted())
        #expect(starts.allSatisfy { $0 % RecordLayout.granule == 0 })
        #expect(found.baselinesOffset - found.cpusOffset >= cpus * 49_792)
        #expect(found.zonesOffset - found.baselinesOffset >= cpus * 3136)
        #expect(found.stimuliOffset - found.zonesOffset >= zones * 64)
        #expect(found.exitLogsOffset - found.stimuliOffset >= zones * 65_600)
        #expect(found.stampsOffset - found.exitLogsOffset >= cpus * 32_832)
        #expect(
          RecordLayout(cpus: cpus, zones: zones, regionBytes: UInt64(found.stampsOffset - 1))
            == nil)
      }
    }
  }
}
