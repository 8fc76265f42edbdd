import Boards
import LatencyProbe
import SepKernel

/// From a description to a Plan: who owns what, where everything goes, and the bytes to boot.
///
/// The same description, images and kernel give the same bytes.
public enum Planner {
  /// Plans a system. Opens the images and, when a zone needs a device tree, the board's tree.
  public static func plan(
    _ description: SystemDescription, kernelImage: KernelImageInfo,
    deviceTree: BoardDeviceTree = .automatic
  ) throws(PlanningError) -> PlannedSystem {
    try checkCPUs(description)
    let ownership = try Ownership(description)
    var drafts: [ZoneDraft] = []
    for (index, zone) in description.zones.enumerated() {
      drafts.append(try draft(zone, ownership.zones[index], description))
    }
    try checkDevices(drafts, description)
    if drafts.contains(where: { $0.wantsDeviceTree }) {
      let root: DeviceTreeNode
      do {
        root = try deviceTree.root(for: description)
      } catch {
        guard description.deviceTreePath != nil else { throw .deviceTree(error) }
        throw description.error("board.dtb", "\(error)", "correct `board.dtb`, or remove it")
      }
      for index in drafts.indices where drafts[index].wantsDeviceTree {
        try addDeviceTree(to: &drafts[index], board: root, description)
      }
    }
    for index in drafts.indices { try makePayloads(&drafts[index], description) }
    let system = try Layout(description, kernelImage, drafts).system()
    // The gate: what the kernel would refuse is refused here, with a sentence.
    try system.withPlan { _ in }
    return system
  }

  /// The kernel has a stack for each CPU of the Plan, owned or not.
  static func checkCPUs(_ description: SystemDescription) throws(PlanningError) {
    let board = description.board
    let most = PlanArchitecture.imageCPUs
    guard board.cpus.count > most else { return }
    let remedy =
      board.configurableCPUs == nil
      ? "leave CPUs out of `cpus` in the board file, which nobody starts then"
      : "write `board: { name: ..., cpus: \(most) }`"
    throw description.error(
      "board",
      "\(board.name) has \(board.cpus.count) CPUs, and the kernel has stacks for \(most)", remedy)
  }

  private static func draft(
    _ zone: ZoneDescription, _ owned: Ownership.Zone, _ description: SystemDescription
  ) throws(PlanningError) -> ZoneDraft {
    let memory = try memoryDrafts(zone, description)
    let image: ZoneImage
    do {
      image = try ZoneImage.load(
        ImageRequest(
          file: zone.image, format: zone.format, load: zone.load, entry: zone.entry,
          architecture: description.board.architecture, memory: memory.map { $0.guest },
          execution: zone.execution))
    } catch {
      let (key, advice) = error.reason.remedy(for: zone)
      throw description.error(zone, key, "\(error)", advice)
    }
    let draft = ZoneDraft(
      description: zone, hardwareIDs: zone.cpus.map { description.board.cpus[$0].hardwareID },
      memory: memory, devices: owned.devices,
      stamps: try stampRange(zone, description), lines: owned.lines, console: owned.console,
      stimulusLine: owned.stimulusLine, board: description.board,
      interruptController: controllerWindows(zone, description.board), image: image, payloads: [])
    try checkGuestView(draft, description)
    try checkPermissions(draft, description)
    return draft
  }

  private static func controllerWindows(_ zone: ZoneDescription, _ board: Board) -> [AddressRange] {
    let controller = board.interruptController
    return (0..<2).map { index in
      AddressRange(
        base: zone.interrupts.bases[index] ?? controller.guestBase(index),
        size: controller.kind.guestWindow(index, cpus: zone.cpus.count).size)
    }
  }

  private static func memoryDrafts(
    _ zone: ZoneDescription, _ description: SystemDescription
  ) throws(PlanningError) -> [ZoneDraft.MemoryDraft] {
    var result: [ZoneDraft.MemoryDraft] = []
    for range in zone.memory {
      let guest = AddressRange(
        base: range.guest ?? description.board.ram.first?.base ?? 0, size: range.size)
      try checkPages(guest, zone, "memory", description)
      if let host = range.host {
        try checkPages(AddressRange(base: host, size: range.size), zone, "memory", description)
      }
      result.append(
        ZoneDraft.MemoryDraft(guest: guest, host: range.host, permissions: range.permissions))
    }
    return result
  }

  private static func stampRange(
    _ zone: ZoneDescription, _ description: SystemDescription
  ) throws(PlanningError) -> AddressRange? {
    var stamps = AddressRange(base: Defaults.stampGuest, size: Defaults.stampSize)
    switch zone.stamps {
    case .none: return nil
    case .automatic: guard zone.kind == .zoneR else { return nil }
    case .pages(let guest, let size):
      stamps.base = guest ?? stamps.base
      stamps.size = size ?? stamps.size
    }
    try checkPages(stamps, zone, "stamps", description)
    guard stamps.size <= 1 << 30 else {
      throw description.error(zone, "stamps", "are larger than 1 GiB", "use less")
    }
    return stamps
  }

  /// Whole pages, not empty, inside the guest-physical or host-physical address space.
  static func checkPages(
    _ range: AddressRange, _ zone: ZoneDescription, _ key: String,
    _ description: SystemDescription
  ) throws(PlanningError) {
    guard range.size > 0, (range.base | range.size) & 0xfff == 0 else {
      throw description.error(
        zone, key, "\(range) is not a whole number of 4 KiB pages",
        "use multiples of 0x1000 for addresses and sizes")
    }
    guard let end = range.end, end <= Defaults.addressLimit else {
      throw description.error(
        zone, key, "\(range) ends beyond \(Quantity.hex(Defaults.addressLimit))",
        "use lower addresses")
    }
  }

  /// Nothing a zone sees overlaps anything else it sees.
  private static func checkGuestView(
    _ draft: ZoneDraft, _ description: SystemDescription
  ) throws(PlanningError) {
    let zone = draft.description
    for window in draft.windows { try checkWindow(window, zone, description) }
    var seen = draft.windows.map { (key: "interrupts", name: $0.name, range: $0.range) }
    seen += draft.memoryRanges.map { (key: "memory", name: "the memory \($0)", range: $0) }
    seen += draft.devices.map {
      (key: "devices", name: "the device \($0.note)", range: $0.guestRange)
    }
    if let stamps = draft.stamps {
      seen.append((key: "stamps", name: "the stamps \(stamps)", range: stamps))
    }
    for (index, first) in seen.enumerated() {
      for second in seen[(index + 1)...] where first.range.overlaps(second.range) {
        throw description.error(
          zone, second.key, "\(second.name) overlaps \(first.name) in the zone's addresses",
          "move one of them; docs/configuration.md lists the default addresses")
      }
    }
  }

  /// The first instruction can be fetched, and a zoneR can write somewhere.
  private static func checkPermissions(
    _ draft: ZoneDraft, _ description: SystemDescription
  ) throws(PlanningError) {
    let zone = draft.description
    let holdsEntry = draft.memory.first { $0.guest.contains(draft.image.entry) }
    guard let holdsEntry, holdsEntry.permissions.contains(.execute) else {
      throw description.error(
        zone, "memory",
        "the entry point \(Quantity.hex(draft.image.entry)) is in a range without `x`",
        "use `permissions: rwx` or `rx` there")
    }
    guard zone.kind != .zoneR || draft.memory.contains(where: { $0.permissions.contains(.write) })
    else {
      throw description.error(
        zone, "memory", "a zoneR needs memory it can write", "use `permissions: rwx` or `rw`")
    }
    let isLoaded = draft.image.segments.contains {
      AddressRange(base: $0.address, size: UInt64($0.bytes.count)).contains(draft.image.entry)
    }
    guard isLoaded else {
      throw description.error(
        zone, "image", "the entry point \(Quantity.hex(draft.image.entry)) is in zeroed memory",
        "correct `entry` or the image")
    }
  }

  private static func checkWindow(
    _ window: ZoneDraft.Window, _ zone: ZoneDescription, _ description: SystemDescription
  ) throws(PlanningError) {
    guard window.range.base & (window.granule - 1) == 0, let end = window.range.end,
      end <= Defaults.addressLimit
    else {
      throw description.error(
        zone, window.key, "\(window.range) is not possible",
        "use a multiple of \(Quantity.format(size: window.granule)) below "
          + Quantity.hex(Defaults.addressLimit))
    }
  }

  /// Device windows lie in the board's, and no two zones have the same page.
  private static func checkDevices(
    _ drafts: [ZoneDraft], _ description: SystemDescription
  ) throws(PlanningError) {
    for (index, draft) in drafts.enumerated() {
      for range in draft.devices {
        for other in drafts[..<index] {
          guard let taken = other.devices.first(where: { $0.hostRange.overlaps(range.hostRange) })
          else { continue }
          throw description.error(
            draft.description, "devices",
            "\(range.note) at \(range.hostRange) already belongs to zone "
              + "`\(other.description.name)` (\(taken.note))",
            "give each device to one zone")
        }
      }
    }
  }

  /// Values used where `system.yaml` says nothing, and limits.
  enum Defaults {
    /// Where a zoneR sees its stamps: in QEMU virt's 32-bit PCIe window on AArch64, its flash on
    /// RISC-V, far from RAM on both.
    static let stampGuest: UInt64 = 0x2000_0000
    static let stampSize: UInt64 = 16 << 20
    /// Guest-physical addresses end here: three levels of 4 KiB tables with one root page.
    static let addressLimit: UInt64 = 1 << UInt64(PlanLimits.guestAddressBits)
  }
}
