import CHVStamps
import LatencyProbe
import Testing

/// The bytes the kernel and the guests write, pinned. A change here is a new format version, but for a
/// section of a new kind, which readers skip.
@Suite struct RecordRegionTests {
  static let identity = RecordIdentity(
    architecture: 183, counterFrequency: 62_500_000, planChecksum: 0x1122_3344_5566_7788,
    imageHash: [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908], cpuModel: 0x410f_d034,
    board: field("qemu-virt"), bootTick: 0x1234)

  static func make() throws -> (Memory, RecordRegion) {
    let layout = try #require(RecordLayout(cpus: 2, zones: 2, stampBytes: 8192))
    let memory = Memory(byteCount: layout.byteCount)
    let region = unsafe RecordRegion(base: memory.base, layout: layout)
    region.initialise(identity)
    return (memory, region)
  }

  @Test func headerGoldenBytes() throws {
    let (memory, _) = try Self.make()
    #expect(
      hex(memory.bytes[0..<144]) == """
        48564c5245430d0a0100000000100000
        00300500000000000200000002000000
        00000000b7000000a0acb90300000000
        88776655443322110001020304050607
        08090a0b0c0d0e0f34d00f4100000000
        71656d752d7669727400000000000000
        00000000000000000000000000000000
        06000000000000000000000000000000
        3412000000000000ffffffff00000000
        """)
    #expect(memory.bytes[144..<256].allSatisfy { $0 == 0 })
    #expect(
      hex(memory.bytes[256..<448]) == """
        01000000020000000010000000000000
        80c20000000000000000000000000000
        020000000200000000a0010000000000
        400c0000000000000000000000000000
        030000000200000000c0010000000000
        40000000000000000000000000000000
        040000000200000000d0010000000000
        40000100000000000000000000000000
        050000000200000000f0040000000000
        00200000000000000000000000000000
        070000000200000000e0030000000000
        40800000000000000000000000000000
        """)
    #expect(memory.bytes[448..<4096].allSatisfy { $0 == 0 })
  }

  @Test func initialiseLeavesNothingOldThatLooksLikeData() throws {
    let (memory, region) = try Self.make()
    let layout = region.layout
    for cpu in 0..<2 {
      #expect(
        memory.bytes.loadUnaligned(
          fromByteOffset: layout.cpusOffset + cpu * 49_792, as: UInt64.self) == 0)
      #expect(
        memory.bytes.loadUnaligned(
          fromByteOffset: layout.baselinesOffset + cpu * 3136, as: UInt64.self) == 0)
    }
    for zone in 0..<2 {
      let area = layout.stampOffset(zone: zone)
      #expect(memory.bytes[area..<area + 64].allSatisfy { $0 == 0 })
      #expect(memory.bytes[area + 64] == 0xa5, "the rest of the area is the zone's")
    }
  }

  @Test func zoneGoldenBytes() throws {
    let (memory, region) = try Self.make()
    region.setZone(
      1, RecordZone(name: field("rt-control"), kind: 2, cpuCount: 1, cpus: 0b10))
    region.noteStart(zone: 1)
    region.noteStart(zone: 1)
    let offset = region.layout.zonesOffset
    #expect(memory.bytes[offset..<offset + 64].allSatisfy { $0 == 0 })
    #expect(
      hex(memory.bytes[offset + 64..<offset + 128]) == """
        72742d636f6e74726f6c000000000000
        02000000010000000200000000000000
        00100500000000000020000000000000
        02000000000000000000000000000000
        """)
  }

  @Test func cpuBlockGoldenBytes() throws {
    let (memory, region) = try Self.make()
    let block = unsafe region.initialiseCPU(1, hardwareID: 0x8000_0001, zone: 1)
    unsafe block.pointee.probeCost = 19
    unsafe block.pointee.recordExit(reason: .interruptController, ticks: 118, pc: 0x4000_1000)
    unsafe block.pointee.recordExit(reason: .interruptController, ticks: 256, pc: 0x4000_2000)
    unsafe block.pointee.recordExit(reason: .interruptController, ticks: 1 << 24, pc: 0x4000_3000)
    unsafe block.pointee.recordExit(reason: .firmwareCall, ticks: 62, pc: 0x4000_4000)
    unsafe block.pointee.noteFinalExit(reason: .firmwareCall, ticks: 62, pc: 0x4000_4000)
    let offset = region.layout.cpusOffset + 49_792
    #expect(
      hex(memory.bytes[offset..<offset + 80]) == """
        4856435055424c4b0100008000000000
        01000000010000001300000000000000
        0040004000000000003e000000000000
        00000001000000000030004000000000
        01000000000000000000000000000000
        """)
    var expected = [UInt8](repeating: 0, count: 3104)
    expected[0] = 3
    expected[8...11] = [0x76, 0x01, 0x00, 0x01]  // 118 + 256 + 2^24
    expected[16...19] = [0, 0, 0, 1]
    expected[24] = 1
    expected[32 + 118 * 4] = 1
    expected[32 + 256 * 4] = 1
    let histogram = offset + 128 + 3104
    #expect(Array(memory.bytes[histogram..<histogram + 3104]) == expected)
    #expect(memory.bytes[histogram + 3104..<offset + 49_792].allSatisfy { $0 == 0 })
  }

  @Test func baselineGoldenBytes() throws {
    let (memory, region) = try Self.make()
    let block = unsafe region.initialiseBaseline(1, measurement: .timerIdle, period: 62_500)
    unsafe block.pointee.latency.record(4)
    let offset = region.layout.baselinesOffset + 3136
    #expect(
      hex(memory.bytes[offset..<offset + 48]) == """
        4856424153454c4e0200000001000000
        24f40000000000000000000000000000
        01000000000000000400000000000000
        """)
    #expect(memory.bytes[offset + 64 + 4 * 4] == 1)
  }

  @Test func stimulusRingGoldenBytesAndWrap() throws {
    let (memory, region) = try Self.make()
    let ring = unsafe region.stimulus(zone: 1)
    for number in 0..<UInt64(4097) { unsafe StimulusRing.note(ring, tick: 1000 + number) }
    let offset = region.layout.stimuliOffset + 65_600
    #expect(
      hex(memory.bytes[offset..<offset + 96]) == """
        48565354494d554c0100000000100000
        01100000000000000000000000000000
        00000000000000000000000000000000
        00000000000000000000000000000000
        0110000000000000e813000000000000
        0200000000000000e903000000000000
        """)
  }

  @Test func exitLogGoldenBytesAndWrap() throws {
    let (memory, region) = try Self.make()
    let log = unsafe region.exitLog(cpu: 1)
    for number in 0..<UInt64(1025) {
      unsafe log.pointee.note(
        ExitLogEntry(end: 0x1_0000 + number, ticks: 70 + number, reason: .console, pc: 0x4000))
    }
    let offset = region.layout.exitLogsOffset + 32_832
    #expect(
      hex(memory.bytes[offset..<offset + 128])
        == """
        48564558 49544c47 01000000 00040000
        01040000 00000000 00000000 00000000
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 00000000
        00040100 00000000 46040000 00000000
        03000000 00000000 00400000 00000000
        01000100 00000000 47000000 00000000
        03000000 00000000 00400000 00000000
        """.filter { $0 != " " })
    #expect(
      hex(memory.bytes[offset - 32_832..<offset - 32_816])
        == "48564558 49544c47 00000000 00040000".filter { $0 != " " })
    #expect(memory.bytes[offset + 32_832] == 0xa5, "wrote past the log")
  }

  @Test func swiftStampsGoldenBytes() {
    let memory = Memory(byteCount: 4096)
    var writer = unsafe StampWriter(
      area: memory.base, byteCount: 4096, period: 62_500, deadline: 6250)
    writer.write(Stamp(deadline: 0x100, entry: 0x104, id: Measurement.timerBusy.rawValue))
    writer.write(
      Stamp(deadline: 0x200, entry: 0x20a, id: 9, flags: Stamp.deadlineMissed, value: 7))
    #expect(hex(memory.bytes[0..<128]) == Self.stampBytes)
  }

  @Test func cStampsGoldenBytes() {
    let memory = Memory(byteCount: 4096)
    var writer = unsafe hv_stamps()
    unsafe hv_stamps_init(&writer, memory.base, 4096, 62_500, 6250)
    unsafe hv_stamp(&writer, 0x100, 0x104, HV_STAMP_TIMER_BUSY, 0, 0)
    unsafe hv_stamp(&writer, 0x200, 0x20a, 9, HV_STAMP_DEADLINE_MISSED, 7)
    #expect(hex(memory.bytes[0..<128]) == Self.stampBytes)
  }

  static let stampBytes = """
    48565354414d5053010000007e000000
    02000000000000000000000000000000
    24f40000000000006a18000000000000
    00000000000000000000000000000000
    00010000000000000401000000000000
    01000000000000000000000000000000
    00020000000000000a02000000000000
    09000000010000000700000000000000
    """

  @Test func fullAreasKeepTheFirstAndCountTheRest() {
    for useC in [false, true] {
      let memory = Memory(byteCount: 4096)
      let area = 64 + 3 * 32 + 31
      var c = unsafe hv_stamps()
      if useC {
        unsafe hv_stamps_init(&c, memory.base, UInt64(area), 0, 0)
        for tick in UInt64(1)...5 { unsafe hv_stamp(&c, tick, tick, 1, 0, 0) }
      } else {
        var writer = unsafe StampWriter(area: memory.base, byteCount: area)
        for tick in UInt64(1)...5 { writer.write(Stamp(deadline: tick, entry: tick, id: 1)) }
      }
      let header = memory.bytes.load(as: StampAreaHeader.self)
      #expect(header.capacity == 3)
      #expect(header.written == 3)
      #expect(header.lost == 2)
      #expect(memory.bytes.load(fromByteOffset: 64 + 64, as: Stamp.self).deadline == 3)
      #expect(memory.bytes[160..<4096].allSatisfy { $0 == 0xa5 }, "wrote past the area")
    }
  }

  @Test func constantsOfTheCHeaderAgree() {
    #expect(HV_STAMP_TIMER_BUSY == Measurement.timerBusy.rawValue)
    #expect(HV_STAMP_TIMER_IDLE == Measurement.timerIdle.rawValue)
    #expect(HV_STAMP_IPI_SELF == Measurement.ipiSelf.rawValue)
    #expect(HV_STAMP_STIMULUS == Measurement.stimulus.rawValue)
    #expect(HV_STAMP_CONTROLLER_READ == Measurement.controllerRead.rawValue)
    #expect(HV_STAMP_FIRMWARE_CALL == Measurement.firmwareCall.rawValue)
    #expect(HV_STAMP_CONTROL_LOOP == Measurement.controlLoop.rawValue)
    #expect(HV_STAMP_USER == Measurement.firstUserID)
    #expect(HV_STAMP_DEADLINE_MISSED == Stamp.deadlineMissed)
    #expect(HV_STAMP_WARM_UP == Stamp.warmUp)
    #expect(HV_STAMPS_MAGIC == StampAreaHeader.magicValue)
    #expect(HV_STAMPS_VERSION == StampAreaHeader.currentVersion)
  }

  @Test func checksumSkipsItsOwnFieldAndNothingElse() {
    var data = [UInt8](repeating: 0, count: 256)
    for index in data.indices { data[index] = UInt8(index) }
    let sum = RecordChecksum.of(data.span)
    for index in data.indices {
      data[index] ^= 0x10
      let same = RecordChecksum.of(data.span) == sum
      #expect(same == (120..<128).contains(index))
      data[index] ^= 0x10
    }
  }
}
