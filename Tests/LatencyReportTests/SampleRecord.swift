import LatencyProbe
import LatencyReport

/// Records as a kernel and its guests would have written them.
enum SampleRecord {
  /// Three CPUs, zones `linux` (zone0, CPUs 0 and 1) and `rt-control` (zoneR, CPU 2).
  static func raw(
    stampBytes: Int = 8192, frequency: UInt64 = 62_500_000,
    fill: (RecordRegion, inout StampWriter) -> Void = { _, _ in }
  ) -> [UInt8] {
    guard let layout = RecordLayout(cpus: 3, zones: 2, stampBytes: stampBytes) else { return [] }
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: layout.byteCount, alignment: 4096)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    guard let base = memory.baseAddress else { return [] }
    let region = unsafe RecordRegion(base: base, layout: layout)
    region.initialise(
      RecordIdentity(
        architecture: 183, counterFrequency: frequency, planChecksum: 0x1234,
        imageHash: [1, 2], cpuModel: 0x410f_d034, board: field("qemu-virt"), bootTick: 100))
    region.setZone(0, RecordZone(name: field("linux"), kind: 0, cpuCount: 2, cpus: 0b011))
    region.setZone(1, RecordZone(name: field("rt-control"), kind: 2, cpuCount: 1, cpus: 0b100))
    region.noteStart(zone: 0)
    region.noteStart(zone: 1)
    var writer = unsafe StampWriter(
      area: base + layout.stampOffset(zone: 1), byteCount: stampBytes, period: 62_500,
      deadline: 1000)
    fill(region, &writer)
    return Array(memory)
  }

  /// A full run: exits on two CPUs, a baseline, all seven measurements, `cycles` of each.
  static func typical(cycles: UInt64, stampBytes: Int = 8192) -> [UInt8] {
    raw(stampBytes: stampBytes) { region, writer in
      let linux = unsafe region.initialiseCPU(0, hardwareID: 0, zone: 0)
      unsafe linux.pointee.probeCost = 19
      for count in 0..<UInt64(40) {
        unsafe linux.pointee.recordExit(
          reason: .interruptController, ticks: 100 + count, pc: 0xffff_8000_0800_0000)
        unsafe linux.pointee.recordExit(reason: .firmwareCall, ticks: 62, pc: 0xffff_8000_0801_0000)
      }
      unsafe linux.pointee.recordExit(reason: .console, ticks: 700, pc: 0xffff_8000_0802_0000)
      unsafe linux.pointee.noteFinalExit(reason: .console, ticks: 700, pc: 0xffff_8000_0802_0000)
      _ = unsafe region.initialiseCPU(2, hardwareID: 2, zone: 1)
      let baseline = unsafe region.initialiseBaseline(2, measurement: .timerBusy, period: 62_500)
      for _ in 0..<cycles { unsafe baseline.pointee.latency.record(4) }
      let ring = unsafe region.stimulus(zone: 1)
      for cycle in 0..<cycles {
        let tick = 1_000_000 + cycle * 62_500
        func write(_ measurement: Measurement, _ duration: UInt64) {
          writer.write(
            Stamp(deadline: tick, entry: tick + duration, id: measurement.rawValue, value: cycle))
        }
        write(.timerBusy, 4)
        write(.timerIdle, 4 + cycle % 2)
        write(.ipiSelf, 88)
        write(.controllerRead, 118)
        write(.firmwareCall, 62)
        // Due 1,000 ticks after its release; done after 600.
        writer.write(
          Stamp(
            deadline: tick + 1000, entry: tick + 600, id: Measurement.controlLoop.rawValue))
        unsafe StimulusRing.note(ring, tick: tick)
        writer.write(Stamp(deadline: 0, entry: tick + 51, id: Measurement.stimulus.rawValue))
      }
    }
  }

  /// Makes of an unsealed record one of a kernel that keeps no exit logs, whose section is the last.
  static func removeExitLogs(_ record: inout [UInt8]) {
    store(UInt32(5), in: &record, at: 112)
  }

  /// Overwrites an integer.
  static func store<T: FixedWidthInteger>(_ value: T, in bytes: inout [UInt8], at offset: Int) {
    for index in 0..<T.bitWidth / 8 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> T(index * 8))
    }
  }

  /// The layout of all records made here.
  static func layout(stampBytes: Int = 8192) -> RecordLayout? {
    RecordLayout(cpus: 3, zones: 2, stampBytes: stampBytes)
  }
}

/// A NUL-padded string in a fixed field.
func field<let count: Int>(_ string: String) -> InlineArray<count, UInt8> {
  var result = InlineArray<count, UInt8>(repeating: 0)
  for (index, byte) in string.utf8.enumerated() { result[index] = byte }
  return result
}

/// SplitMix64: the same numbers on every run.
struct SplitMix {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

extension Dataset {
  /// The one series with this name stamped by `rt-control`.
  func stamped(_ measurement: String) -> Series? {
    series.first { $0.measurement == measurement && $0.origin == .zone("rt-control") }
  }
}
