import Boards
import SepKernel

/// A zone while the planner works on it: everything guest-physical is settled first, host memory
/// last, because the size of the kernel region depends on the payloads of all zones.
struct ZoneDraft {
  let description: ZoneDescription
  /// What hardware calls the zone's CPUs, by vCPU number.
  let hardwareIDs: [UInt64]
  var memory: [MemoryDraft]
  var devices: [PlannedRange]
  var stamps: AddressRange?
  var lines: [Int: PlannedLine]
  var console: PlannedConsole?
  var stimulusLine: Int?
  let board: Board
  /// Guest-physical, in the order of `PlanZone.interruptControllerGuest`.
  var interruptController: [AddressRange]
  /// The ITS, if it is the zone's: where the board has it, because devices write to its address.
  var translation: AddressRange? {
    description.interrupts.hasTranslation
      ? board.interruptController.translation.map {
        AddressRange(base: $0.base, size: PlanLimits.gicITS)
      } : nil
  }
  var image: ZoneImage
  var initrd: AddressRange?
  var deviceTree: AddressRange?
  var deviceTreeBytes: [UInt8]?
  var payloads: [PayloadList.Piece]

  struct MemoryDraft {
    var guest: AddressRange
    /// Demanded by `system.yaml`; nil: laid out.
    var host: UInt64?
    var permissions: PlanPermissions
  }

  var memoryRanges: [AddressRange] { memory.map { $0.guest } }

  var wantsDeviceTree: Bool {
    switch description.deviceTree {
    case .automatic: return image.format == .linux
    case .none: return false
    case .generate, .address: return true
    }
  }

  /// A window that is no range of the Plan: the interrupt controller's and the console.
  struct Window {
    /// Key of a zone in `system.yaml`.
    var key: String
    var name: String
    var range: AddressRange
    /// Its base is a multiple of this.
    var granule: UInt64
  }

  /// Guest-physical windows that the kernel emulates or maps on its own.
  var windows: [Window] {
    let kind = board.interruptController.kind
    var result = zip(kind.windows, interruptController).enumerated().map { index, window in
      Window(
        key: "interrupts", name: window.0.name, range: window.1,
        granule: kind.guestWindow(index, cpus: description.cpus.count).granule)
    }
    if let translation {
      result.append(
        Window(
          key: "interrupts", name: "the ITS", range: translation, granule: PlanLimits.gicFrame))
    }
    if let console {
      result.append(
        Window(
          key: "console", name: "the console",
          range: AddressRange(base: console.base, size: 0x1000),
          granule: PlanLimits.granule))
    }
    return result
  }

  /// Upper bound on this zone's stage-2 tables.
  var tableCount: Int {
    var pool = TablePool(board.architecture)
    let mask: UInt64 = (2 << 20) - 1
    for range in memory {
      // The layout makes ranges of a block or more congruent.
      let congruent = range.host.map { ($0 ^ range.guest.base) & mask == 0 } ?? true
      pool.add(range.guest, congruent: congruent && range.guest.size > mask)
    }
    for range in devices {
      pool.add(range.guestRange, congruent: (range.host ^ range.guest) & mask == 0)
    }
    if let stamps { pool.add(stamps, congruent: false) }
    // What of the CPUs' interrupt controllers is mapped (SGI frames, IMSIC files) is so page by page.
    pool.add(interruptController[1], congruent: false)
    return pool.tableCount
  }
}
