/// The record while the machine runs: the memory at `Plan.board.records` as the kernel writes it.
///
/// Boot CPU, once: `initialise`, then `setZone` for each zone. Each CPU, itself, before its first
/// zone: `initialiseCPU`. Nothing here reads a stamp area.
@safe
public struct RecordRegion {
  private let base: UnsafeMutableRawPointer
  /// Where everything is in it.
  public let layout: RecordLayout

  /// - Safety: `base` must be mapped writable, 4 KiB aligned, with `layout.byteCount` bytes that only
  ///   this record uses, for as long as the value and pointers taken from it live.
  @unsafe
  public init(base: UnsafeMutableRawPointer, layout: RecordLayout) {
    unsafe self.base = base
    self.layout = layout
  }

  /// Writes header, section table and empty zone records, and clears the headers of baselines,
  /// stimulus rings, exit logs, stamp areas and of CPU blocks, so that what memory held before is not taken for
  /// data. About 4 KiB of stores and one for each element: it does not touch the rest.
  @_optimize(size)
  public func initialise(_ identity: RecordIdentity) {
    // SAFETY (all below): offsets come from the layout, whose bytes the creator of `self` vouched for.
    unsafe clear(0, RecordHeader.byteCount)
    unsafe store(RecordHeader.magicValue, at: 0)
    unsafe store(RecordHeader.currentVersion, at: 8)
    unsafe store32(RecordHeader.byteCount, at: 12)
    unsafe store(UInt64(layout.byteCount), at: 16)
    unsafe store32(layout.cpuCount, at: 24)
    unsafe store32(layout.zoneCount, at: 28)
    unsafe store(identity.architecture, at: 36)
    unsafe store(identity.counterFrequency, at: 40)
    unsafe store(identity.planChecksum, at: 48)
    unsafe store(identity.imageHash, at: 56)
    unsafe store(identity.cpuModel, at: 72)
    unsafe store(identity.board, at: 80)
    unsafe store(identity.bootTick, at: 128)
    unsafe store(RecordHeader.noShift, at: RecordHeader.icountShiftOffset)
    writeSections()
    clearElements()
  }

  @_optimize(size)
  private func writeSections() {
    let cpus = layout.cpuCount
    let zones = layout.zoneCount
    section(0, .cpus, cpus, layout.cpusOffset, MemoryLayout<CPUProbeBlock>.stride)
    section(1, .baselines, cpus, layout.baselinesOffset, MemoryLayout<BaselineBlock>.stride)
    section(2, .zones, zones, layout.zonesOffset, MemoryLayout<RecordZone>.stride)
    section(3, .stimuli, zones, layout.stimuliOffset, MemoryLayout<StimulusRing>.stride)
    section(4, .stamps, zones, layout.stampsOffset, layout.stampByteCount)
    section(5, .exitLogs, cpus, layout.exitLogsOffset, MemoryLayout<ExitLog>.stride)
    // SAFETY: inside the header.
    unsafe store32(6, at: 112)
  }

  @_optimize(size)
  private func clearElements() {
    let cpus = layout.cpuCount
    let zones = layout.zoneCount
    // SAFETY: what is cleared is the beginning of each element of its section: of the blocks the word of
    // their magic value, of the rings and stamp areas 64 bytes.
    unsafe clearEach(cpus, at: layout.cpusOffset, stride: MemoryLayout<CPUProbeBlock>.stride, 8)
    unsafe clearEach(
      cpus, at: layout.baselinesOffset, stride: MemoryLayout<BaselineBlock>.stride, 8)
    unsafe clear(layout.zonesOffset, zones * MemoryLayout<RecordZone>.stride)
    unsafe initialiseRings(
      cpus, at: layout.exitLogsOffset, stride: MemoryLayout<ExitLog>.stride, ExitLog.magicValue,
      ExitLog.entryCount)
    unsafe initialiseRings(
      zones, at: layout.stimuliOffset, stride: MemoryLayout<StimulusRing>.stride,
      StimulusRing.magicValue, StimulusRing.entryCount)
    if layout.stampByteCount > 0 {
      unsafe clearEach(zones, at: layout.stampsOffset, stride: layout.stampByteCount, 64)
    }
  }

  @unsafe @inline(never) @_optimize(size)
  private func clearEach(_ count: Int, at offset: Int, stride: Int, _ byteCount: Int) {
    var position = offset
    for _ in 0..<count {
      // SAFETY: the caller's elements are inside the region.
      unsafe clear(position, byteCount)
      // &+: the region does not wrap around.
      position = position &+ stride
    }
  }

  /// The 64 bytes before the entries of stimulus rings or exit logs, which begin alike.
  @unsafe @inline(never) @_optimize(size)
  private func initialiseRings(
    _ count: Int, at offset: Int, stride: Int, _ magic: UInt64, _ capacity: Int
  ) {
    // SAFETY: the caller's rings are inside the region.
    unsafe clearEach(count, at: offset, stride: stride, 64)
    var position = offset
    for owner in 0..<count {
      unsafe store(magic, at: position)
      unsafe store32(owner, at: position &+ 8)
      unsafe store32(capacity, at: position &+ 12)
      position = position &+ stride
    }
  }

  /// Describes one zone; boot CPU, after `initialise`, before the zone starts. The stamp area is
  /// filled in here.
  @_optimize(size)
  public func setZone(_ index: Int, _ zone: RecordZone) {
    precondition(index >= 0 && index < layout.zoneCount)
    var zone = zone
    zone.stampOffset = UInt64(layout.stampOffset(zone: index))
    zone.stampByteCount = UInt64(layout.stampByteCount)
    // SAFETY: the index was checked.
    unsafe store(zone, at: zoneOffset(index))
  }

  /// Counts one start of a zone and forgets the raises of its stimulus line, because a restarted
  /// zone begins its stamps anew. The caller serialises starts of the same zone.
  @_optimize(size)
  public func noteStart(zone index: Int) {
    precondition(index >= 0 && index < layout.zoneCount)
    // SAFETY: the index was checked; `starts` is at offset 48 of the zone record, `raised` at 16 of
    // its ring.
    let old = unsafe base.load(fromByteOffset: zoneOffset(index) + 48, as: UInt64.self)
    unsafe store(old &+ 1, at: zoneOffset(index) + 48)
    // Entries above `raised` are ignored by readers and overwritten in turn.
    let ring = layout.stimuliOffset + index * MemoryLayout<StimulusRing>.stride
    unsafe store(UInt64(0), at: ring + 16)
  }

  /// Clears a CPU's block (48.6 KiB) and identifies it. Called by that CPU itself, once, before its
  /// first exit; the pointer is for `recordExit` on that CPU only.
  @_optimize(size)
  public func initialiseCPU(
    _ index: Int, hardwareID: UInt64, zone: UInt32
  ) -> UnsafeMutablePointer<CPUProbeBlock> {
    precondition(index >= 0 && index < layout.cpuCount)
    let offset = layout.cpusOffset + index * MemoryLayout<CPUProbeBlock>.stride
    // SAFETY: the index was checked; the magic value goes last, when the block is valid.
    unsafe clear(offset, MemoryLayout<CPUProbeBlock>.stride)
    unsafe store(hardwareID, at: offset + 8)
    unsafe store32(index, at: offset + 16)
    unsafe store(zone, at: offset + 20)
    unsafe store(CPUProbeBlock.magicValue, at: offset)
    return unsafe (base + offset).assumingMemoryBound(to: CPUProbeBlock.self)
  }

  /// Clears a CPU's baseline and hands it out for `latency.record`. Called by that CPU itself.
  @_optimize(size)
  public func initialiseBaseline(
    _ index: Int, measurement: Measurement, period: UInt64
  ) -> UnsafeMutablePointer<BaselineBlock> {
    precondition(index >= 0 && index < layout.cpuCount)
    let offset = layout.baselinesOffset + index * MemoryLayout<BaselineBlock>.stride
    // SAFETY: the index was checked.
    unsafe clear(offset, MemoryLayout<BaselineBlock>.stride)
    unsafe store(measurement.rawValue, at: offset + 8)
    unsafe store32(index, at: offset + 12)
    unsafe store(period, at: offset + 16)
    unsafe store(BaselineBlock.magicValue, at: offset)
    return unsafe (base + offset).assumingMemoryBound(to: BaselineBlock.self)
  }

  /// The baseline of a CPU, to read it again.
  public func baseline(cpu index: Int) -> UnsafeMutablePointer<BaselineBlock> {
    precondition(index >= 0 && index < layout.cpuCount)
    let offset = layout.baselinesOffset + index * MemoryLayout<BaselineBlock>.stride
    // SAFETY: the index was checked.
    return unsafe (base + offset).assumingMemoryBound(to: BaselineBlock.self)
  }

  /// The stimulus ring of a zone, for `StimulusRing.note`.
  public func stimulus(zone index: Int) -> UnsafeMutablePointer<StimulusRing> {
    precondition(index >= 0 && index < layout.zoneCount)
    let offset = layout.stimuliOffset + index * MemoryLayout<StimulusRing>.stride
    // SAFETY: the index was checked.
    return unsafe (base + offset).assumingMemoryBound(to: StimulusRing.self)
  }

  /// The exit log of a CPU, for `ExitLog.note` on that CPU only.
  public func exitLog(cpu index: Int) -> UnsafeMutablePointer<ExitLog> {
    precondition(index >= 0 && index < layout.cpuCount)
    let offset = layout.exitLogsOffset + index * MemoryLayout<ExitLog>.stride
    // SAFETY: the index was checked.
    return unsafe (base + offset).assumingMemoryBound(to: ExitLog.self)
  }

  /// One more section of one element, which becomes the record's end; its address.
  @_optimize(size)
  func appendSection(_ kind: RecordSectionKind, offset: Int, byteCount: Int) -> UInt64 {
    // SAFETY: the count of sections is at offset 112 of the header, the record's length at 16.
    let count = unsafe Int(base.load(fromByteOffset: 112, as: UInt32.self))
    section(min(count, 15), kind, 1, offset, byteCount)
    unsafe store32(min(count, 15) + 1, at: 112)
    unsafe store(UInt64(offset + byteCount), at: 16)
    return unsafe UInt64(UInt(bitPattern: base)) + UInt64(offset)
  }

  private func zoneOffset(_ index: Int) -> Int {
    layout.zonesOffset + index * MemoryLayout<RecordZone>.stride
  }

  @inline(never) @_optimize(size)
  private func section(
    _ slot: Int, _ kind: RecordSectionKind, _ count: Int, _ offset: Int, _ stride: Int
  ) {
    // SAFETY: slots 0-15 lie inside the header.
    unsafe store(
      RecordSection(kind: kind, count: count, offset: offset, stride: stride),
      at: RecordHeader.sectionsOffset + slot * MemoryLayout<RecordSection>.stride)
  }

  /// Zeroes whole 64-bit words. Not inlined: once in the kernel is enough.
  @unsafe @inline(never)
  private func clear(_ offset: Int, _ byteCount: Int) {
    var position = offset
    let end = offset + byteCount
    // Four words at a time: most of the boot path's stores are these.
    while position + 32 <= end {
      // SAFETY: the caller's range is inside the region.
      unsafe store([0, 0, 0, 0] as InlineArray<4, UInt64>, at: position)
      position += 32
    }
    while position < end {
      // SAFETY: as above.
      unsafe store(UInt64(0), at: position)
      position += 8
    }
  }

  /// Writes a field of type `T`. Not with `storeBytes`, which knows nothing of alignment: RISC-V would
  /// store byte by byte.
  @unsafe @inline(__always)
  private func store<T: BitwiseCopyable>(_ value: T, at offset: Int) {
    // SAFETY: the caller's offset is inside the region, and aligned as all fields of the record are.
    _ = unsafe (base + offset).initializeMemory(as: T.self, to: value)
  }

  @unsafe @inline(__always)
  private func store32(_ value: Int, at offset: Int) {
    // SAFETY: the caller's offset is inside the region.
    unsafe store(UInt32(truncatingIfNeeded: value), at: offset)
  }
}

/// What the kernel knows of itself and the machine, for the header.
public struct RecordIdentity: BitwiseCopyable, Sendable {
  /// ELF `e_machine`, as in the Plan.
  public var architecture: UInt32
  /// Hz (AArch64: CNTFRQ_EL0).
  public var counterFrequency: UInt64
  /// Checksum field of the Plan.
  public var planChecksum: UInt64
  /// First 16 bytes of the SHA-256 of the kernel image, from the Plan.
  public var imageHash: InlineArray<2, UInt64>
  /// AArch64: MIDR_EL1 of the boot CPU.
  public var cpuModel: UInt64
  /// NUL-padded ASCII.
  public var board: InlineArray<32, UInt8>
  /// Counter at boot.
  public var bootTick: UInt64

  /// All fields as they go into `RecordHeader`.
  public init(
    architecture: UInt32, counterFrequency: UInt64, planChecksum: UInt64,
    imageHash: InlineArray<2, UInt64>, cpuModel: UInt64, board: InlineArray<32, UInt8>,
    bootTick: UInt64
  ) {
    self.architecture = architecture
    self.counterFrequency = counterFrequency
    self.planChecksum = planChecksum
    self.imageHash = imageHash
    self.cpuModel = cpuModel
    self.board = board
    self.bootTick = bootTick
  }
}
