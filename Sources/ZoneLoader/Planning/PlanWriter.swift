import Boards
import SepKernel

/// Writes a Plan's bytes.
struct PlanWriter {
  let board: Board
  let kernelRegion: AddressRange
  let tables: AddressRange
  let records: AddressRange
  let imageHash: [UInt8]
  let baselineSamples: UInt32
  /// Index of the zone that owns the ITS.
  let translationOwner: Int?
  let zones: [PlannedZone]
  /// By zone.
  let payloads: [[(source: UInt64, piece: PayloadList.Piece)]]

  /// The stored Plan, checksum included.
  func bytes() -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(Plan.byteCount(zones: zones.count))
    append(header(), to: &result)
    append(boardRecord(), to: &result)
    for index in 0..<Plan.cpuCapacity { append(cpu(index), to: &result) }
    let owners = lineOwners()
    for index in 0..<Plan.lineCapacity {
      append(owners[index] ?? line(PlanOwner.nobody, PlanLine.wired), to: &result)
    }
    for index in zones.indices { append(zone(index), to: &result) }
    // SAFETY: the checksum reads the array inside the closure, within its bounds.
    let checksum = unsafe result.withUnsafeBytes { bytes in
      unsafe PlanChecksum.of(RawSpan(_unsafeBytes: bytes))
    }
    LittleEndian.write(checksum, to: &result, at: PlanChecksum.checksumOffset)
    return result
  }

  private func append<T: BitwiseCopyable>(_ value: T, to bytes: inout [UInt8]) {
    // SAFETY: the Plan's structures have no padding: all of it is spelled out as fields, which are
    // initialised, and their in-memory form is the stored form on a little-endian host.
    unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
  }

  /// A value all of whose bytes are zero.
  private func zero<T: BitwiseCopyable>(_ type: T.Type) -> T {
    // SAFETY: the Plan's structures consist of integers only, for which zero is a valid pattern.
    unsafe withUnsafeTemporaryAllocation(
      byteCount: MemoryLayout<T>.size, alignment: MemoryLayout<T>.alignment
    ) { buffer in
      unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
      return unsafe buffer.loadUnaligned(as: type)
    }
  }

  private func header() -> PlanHeader {
    var header = zero(PlanHeader.self)
    header.magic = PlanHeader.magicValue
    header.version = PlanHeader.currentVersion
    header.architecture = board.architecture.rawValue
    header.byteCount = UInt32(Plan.byteCount(zones: zones.count))
    header.zoneCount = UInt32(zones.count)
    header.cpuCount = UInt32(board.cpus.count)
    header.lineCount = UInt32(board.lineCount)
    let hash = imageHash + [UInt8](repeating: 0, count: 16)
    header.imageHash[0] = LittleEndian.read(hash, at: 0) ?? 0
    header.imageHash[1] = LittleEndian.read(hash, at: 8) ?? 0
    return header
  }

  private func boardRecord() -> PlanBoard {
    var record = zero(PlanBoard.self)
    for (index, byte) in board.name.utf8.prefix(32).enumerated() { record.name[index] = byte }
    let ram = board.usableRAM
    record.ramCount = UInt32(ram.count)
    for (index, range) in ram.enumerated() { record.ram[index] = region(range) }
    let windows = board.devices.flatMap { $0.regions }
    record.deviceCount = UInt32(windows.count)
    for (index, range) in windows.enumerated() { record.devices[index] = region(range) }
    record.interruptController.kind = board.interruptController.kind.rawValue
    record.interruptController.parameter =
      translationOwner.map { UInt32($0 + 1) } ?? board.interruptController.parameter
    for (index, range) in board.interruptController.regions.enumerated() {
      record.interruptController.regions[index] = region(range)
    }
    record.uart.kind = board.uart.kind.rawValue
    record.uart.line = UInt32(board.uart.line)
    record.uart.region = region(board.uart.region)
    record.uart.registerShift = board.uart.registerShift
    record.uart.registerWidth = board.uart.registerWidth
    record.kernel = region(kernelRegion)
    record.tables = region(tables)
    record.records = region(records)
    record.counterFrequency = board.counterFrequency
    record.cycleFrequency = board.cycleFrequency
    record.baselineSamples = baselineSamples
    return record
  }

  private func region(_ range: AddressRange) -> PlanRegion {
    PlanRegion(base: range.base, size: range.size)
  }

  private func cpu(_ index: Int) -> PlanCPU {
    var cpu = zero(PlanCPU.self)
    cpu.owner = PlanOwner.nobody
    guard index < board.cpus.count else { return cpu }
    cpu.hardwareID = board.cpus[index].hardwareID
    cpu.controllerIndex = board.cpus[index].controllerIndex
    cpu.releaseAddress = board.cpus[index].releaseAddress
    if let owner = zones.firstIndex(where: { $0.cpus.contains(index) }) { cpu.owner = UInt8(owner) }
    return cpu
  }

  private func line(_ owner: UInt8, _ kind: UInt8) -> PlanLine {
    var line = zero(PlanLine.self)
    line.owner = owner
    line.kind = kind
    return line
  }

  private func lineOwners() -> [Int: PlanLine] {
    var result: [Int: PlanLine] = [:]
    for (index, zone) in zones.enumerated() {
      for line in zone.lines {
        result[line.number] = self.line(
          UInt8(index), line.isDoorbell ? PlanLine.doorbell : PlanLine.wired)
      }
    }
    if board.uart.kind != .none, result[board.uart.line] == nil {
      result[board.uart.line] = line(PlanOwner.kernel, PlanLine.wired)
    }
    return result
  }

  private func zone(_ index: Int) -> PlanZone {
    let zone = zones[index]
    var record = zero(PlanZone.self)
    for (position, byte) in zone.name.utf8.prefix(16).enumerated() { record.name[position] = byte }
    record.kind = zone.kind.rawValue
    record.flags = zone.flags.rawValue
    record.cpuCount = UInt32(zone.cpus.count)
    record.entry = zone.entry
    for (position, value) in zone.arguments.prefix(4).enumerated() {
      record.arguments[position] = value
    }
    record.consoleGuest = zone.console?.base ?? 0
    record.consoleLine = UInt32(zone.console?.line ?? 0)
    record.stimulusLine = UInt32(zone.stimulusLine ?? 0)
    for (position, window) in zone.interruptController.enumerated() {
      record.interruptControllerGuest[position] = window.base
    }
    record.rangeCount = UInt32(zone.ranges.count)
    for (position, range) in zone.ranges.enumerated() {
      var item = zero(PlanRange.self)
      item.guest = range.guest
      item.host = range.host
      item.size = range.size
      item.kind = range.kind.rawValue
      item.permissions = range.permissions.rawValue
      record.ranges[position] = item
    }
    record.payloadCount = UInt32(payloads[index].count)
    for (position, payload) in payloads[index].enumerated() {
      var item = zero(PlanPayload.self)
      item.source = payload.source
      item.guest = payload.piece.guest
      item.fileSize = UInt64(payload.piece.bytes.count)
      item.memorySize = payload.piece.memorySize
      record.payloads[position] = item
    }
    return record
  }
}
