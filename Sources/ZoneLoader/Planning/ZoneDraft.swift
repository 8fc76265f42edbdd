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
  var distributor: UInt64
  var redistributors: UInt64
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

  /// Guest-physical windows that the kernel emulates, with their names.
  var emulated: [(name: String, range: AddressRange)] {
    var result = [
      (name: "the interrupt distributor", range: AddressRange(base: distributor, size: 0x1_0000)),
      (
        name: "the redistributors",
        range: AddressRange(
          base: redistributors, size: 0x2_0000 * UInt64(description.cpus.count))
      ),
    ]
    if let console {
      result.append((name: "the console", range: AddressRange(base: console.base, size: 0x1000)))
    }
    return result
  }

  /// Upper bound on this zone's stage-2 tables.
  var tableCount: Int {
    var pool = TablePool()
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
    // The SGI frames of the redistributors are mapped page by page.
    pool.add(
      AddressRange(base: redistributors, size: 0x2_0000 * UInt64(description.cpus.count)),
      congruent: false)
    return pool.tableCount
  }
}
