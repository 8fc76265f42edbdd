import Boards
import LatencyProbe
import SepKernel

/// Places everything in host-physical memory and writes the Plan.
///
///     kernel base   kernel image, Plan, payloads, stage-2 tables    to a multiple of 2 MiB
///     elsewhere     zones' memory, congruent to guest addresses     first fit, largest first
///     top of RAM    records with the stamp areas
struct Layout {
  private let description: SystemDescription
  private let kernelImage: KernelImageInfo
  private let drafts: [ZoneDraft]
  private let planBase: UInt64
  private let kernelRegion: AddressRange
  private let tables: AddressRange
  private let sources: [[UInt64]]
  private let records: AddressRange
  private let recordLayout: RecordLayout
  /// Host bases by zone and memory range.
  private let hosts: [[UInt64]]

  private static let page: UInt64 = 4096
  private static let block: UInt64 = 2 << 20

  private static func roundUp(_ value: UInt64, _ unit: UInt64) -> UInt64 {
    (value + unit - 1) / unit * unit
  }

  /// `recordTail`: bytes that belong to the records behind what a kernel writes.
  init(
    _ description: SystemDescription, _ kernelImage: KernelImageInfo, _ drafts: [ZoneDraft],
    recordTail: Int = 0
  ) throws(PlanningError) {
    self.description = description
    self.kernelImage = kernelImage
    self.drafts = drafts
    let board = description.board
    guard kernelImage.byteCount > 0, kernelImage.byteCount <= UInt64(KernelImageInfo.sizeLimit)
    else {
      throw .file(path: kernelImage.path, problem: "takes \(kernelImage.byteCount) bytes of memory")
    }
    planBase = Layout.roundUp(board.kernelBase + kernelImage.byteCount, Layout.page)
    var next = planBase + UInt64(Plan.byteCount(zones: drafts.count))
    var sources: [[UInt64]] = []
    for draft in drafts {
      var zoneSources: [UInt64] = []
      for piece in draft.payloads {
        next = Layout.roundUp(next, Layout.page)
        zoneSources.append(piece.bytes.isEmpty ? 0 : next)
        next += UInt64(piece.bytes.count)
      }
      sources.append(zoneSources)
    }
    self.sources = sources
    let tablesBase = Layout.roundUp(next, TablePool.alignment(on: board.architecture))
    // A Plan without zones has room for one root, too (docs/invariants.md).
    let tablesSize = max(
      TablePool.tableSize * UInt64(drafts.reduce(0) { $0 + $1.tableCount }),
      TablePool.alignment(on: board.architecture))
    let kernelEnd = Layout.roundUp(
      tablesBase + tablesSize + Layout.translationTables(drafts), Layout.block)
    kernelRegion = AddressRange(base: board.kernelBase, size: kernelEnd - board.kernelBase)
    tables = AddressRange(base: tablesBase, size: kernelEnd - tablesBase)

    var free = HostLayout(ram: board.usableRAM)
    guard free.take(kernelRegion) else {
      throw description.error(
        "board", "kernel, images and tables need \(kernelRegion), which is more RAM than there is",
        "use smaller images or raise `board: { ram: }`")
    }
    (recordLayout, records) = try Layout.placeRecords(
      drafts, description, &free, tail: recordTail)
    hosts = try Layout.placeMemory(drafts, description, &free)
  }

  /// What the kernel takes for the tables of an ITS and of its LPIs, and less than 64 KiB before it.
  private static func translationTables(_ drafts: [ZoneDraft]) -> UInt64 {
    guard let owner = drafts.first(where: { $0.translation != nil }) else { return 0 }
    return PlanLimits.translationTables(cpus: owner.description.cpus.count)
  }

  private static func placeRecords(
    _ drafts: [ZoneDraft], _ description: SystemDescription, _ free: inout HostLayout,
    tail: Int
  ) throws(PlanningError) -> (RecordLayout, AddressRange) {
    let largest = drafts.map { $0.stamps?.size ?? 0 }.max() ?? 0
    // Stamp areas begin at block boundaries, because the kernel's part before them ends at one.
    guard
      let layout = RecordLayout(
        cpus: description.board.cpus.count, zones: drafts.count, stampBytes: Int(largest)),
      let base = free.allocateHighest(
        size: UInt64(layout.byteCount + tail),
        congruentTo: UInt64(0) &- UInt64(layout.stampsOffset),
        modulus: block)
    else {
      throw description.error(
        "zones",
        "there is no room for the latency records: \(drafts.count) stamp areas of "
          + Quantity.format(size: largest),
        "use smaller `stamps: { size: }` or raise `board: { ram: }`")
    }
    return (layout, AddressRange(base: base, size: UInt64(layout.byteCount + tail)))
  }

  private static func placeMemory(
    _ drafts: [ZoneDraft], _ description: SystemDescription, _ free: inout HostLayout
  ) throws(PlanningError) -> [[UInt64]] {
    var hosts = drafts.map { $0.memory.map { $0.host ?? 0 } }
    var open: [(zone: Int, range: Int, guest: AddressRange)] = []
    for (zone, draft) in drafts.enumerated() {
      for (range, memory) in draft.memory.enumerated() {
        guard let host = memory.host else {
          open.append((zone, range, memory.guest))
          continue
        }
        guard free.take(AddressRange(base: host, size: memory.guest.size)) else {
          throw description.error(
            draft.description, "memory",
            "host \(AddressRange(base: host, size: memory.guest.size)) is not free RAM: it is "
              + "outside the board's RAM or overlaps the kernel, the records or another zone",
            "choose another `host`, or leave it out")
        }
      }
    }
    // Largest first; ties in the order of the file.
    for item in open.enumerated().sorted(by: {
      ($1.element.guest.size, $0.offset) < ($0.element.guest.size, $1.offset)
    }).map({ $0.element }) {
      guard let host = free.allocate(size: item.guest.size, for: item.guest.base) else {
        throw description.error(
          drafts[item.zone].description, "memory",
          "there is no room for \(Quantity.format(size: item.guest.size)); the largest free piece "
            + "is \(Quantity.format(size: free.largestFree))",
          "use less memory or raise `board: { ram: }`")
      }
      hosts[item.zone][item.range] = host
    }
    return hosts
  }

  /// The finished system; its Plan is not yet checked.
  func system() throws(PlanningError) -> PlannedSystem {
    var zones: [PlannedZone] = []
    for index in drafts.indices { zones.append(try zone(index)) }
    var payloads: [(host: UInt64, bytes: [UInt8])] = []
    for (draft, bases) in zip(drafts, sources) {
      for (piece, base) in zip(draft.payloads, bases) where !piece.bytes.isEmpty {
        payloads.append((host: base, bytes: piece.bytes))
      }
    }
    var trees: [String: [UInt8]] = [:]
    for draft in drafts { trees[draft.description.name] = draft.deviceTreeBytes }
    let plan = PlanWriter(
      board: description.board, kernelRegion: kernelRegion, tables: tables, records: records,
      imageHash: kernelImage.hash, baselineSamples: description.baselineSamples,
      translationOwner: drafts.firstIndex { $0.translation != nil }, zones: zones,
      payloads: zip(drafts, sources).map { draft, bases in
        zip(draft.payloads, bases).map { (source: $1, piece: $0) }
      })
    return PlannedSystem(
      board: description.board, description: description, kernelImage: kernelImage, zones: zones,
      kernelRegion: kernelRegion, tables: tables, records: records, planBytes: plan.bytes(),
      payloads: payloads, deviceTrees: trees)
  }

  private func zone(_ index: Int) throws(PlanningError) -> PlannedZone {
    let draft = drafts[index]
    var ranges = zip(draft.memory, hosts[index]).map { memory, host in
      PlannedRange(
        guest: memory.guest.base, host: host, size: memory.guest.size, kind: .ram,
        permissions: memory.permissions, note: "memory")
    }
    if let stamps = draft.stamps {
      ranges.append(
        PlannedRange(
          guest: stamps.base, host: records.base + UInt64(recordLayout.stampOffset(zone: index)),
          size: stamps.size, kind: .stamps, permissions: .read.union(.write), note: "stamps"))
    }
    ranges += draft.devices
    guard ranges.count <= Plan.rangeCapacity else {
      throw description.error(
        draft.description, "memory", "the zone has \(ranges.count) ranges of memory and devices",
        "use at most \(Plan.rangeCapacity)")
    }
    var flags = PlanZoneFlags()
    if draft.image.execution == .aarch32 { flags = flags.union(.aarch32) }
    if draft.description.absentReadsZero { flags = flags.union(.absentReadsZero) }
    if draft.console != nil { flags = flags.union(.console) }
    if draft.description.manualStart { flags = flags.union(.manualStart) }
    return PlannedZone(
      name: draft.description.name, kind: draft.description.kind, cpus: draft.description.cpus,
      ranges: ranges.sorted { $0.guest < $1.guest },
      lines: draft.lines.values.sorted { $0.number < $1.number }, console: draft.console,
      stimulusLine: draft.stimulusLine, interruptController: draft.interruptController,
      entry: draft.image.entry, arguments: draft.arguments, flags: flags,
      format: draft.image.format, image: draft.description.image,
      deviceTree: draft.deviceTree)
  }
}
