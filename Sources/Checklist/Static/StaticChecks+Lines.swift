import Boards
import SepKernel

// Interrupt lines, bus masters, and the Plan.

extension StaticChecks {
  func lines() -> ChecklistItem {
    let kind = board.interruptController.kind
    var wrong: [String] = []
    var owners: [Int: String] = [:]
    let uart = board.uart.kind == .none ? [] : [("uart", [board.uart.line])]
    let all = uart + board.devices.map { ($0.name, $0.lines) }
    for (name, lines) in all {
      for line in lines {
        if line < kind.firstSharedLine || line >= kind.firstSpecialLine || line >= board.lineCount {
          wrong.append(
            "\(name): line \(line) is not one of \(kind.firstSharedLine) to "
              + "\(min(board.lineCount, kind.firstSpecialLine) &- 1)")
        }
        if let other = owners.updateValue(name, forKey: line) {
          wrong.append(
            other == name
              ? "\(name) has line \(line) twice" : "\(other) and \(name) share line \(line)")
        }
        if kind == .plic, UInt64(clamping: line) > UInt64(board.interruptController.parameter) {
          wrong.append("\(name): line \(line) is above the PLIC's sources")
        }
      }
    }
    return item(
      Catalogue.Facts.lines, wrong: wrong, fine: "\(owners.count) lines of devices, none shared")
  }

  func doorbells() -> ChecklistItem {
    let kind = board.interruptController.kind
    var wrong: [String] = []
    let range = board.doorbells
    if range.isEmpty {
      return item(
        Catalogue.Facts.doorbells, wrong: [],
        odd: ["there are none: no second console, no stimulus"],
        fine: "")
    }
    if range.lowerBound < kind.firstSharedLine || range.upperBound > board.lineCount
      || range.upperBound > kind.firstSpecialLine
    {
      wrong.append("\(range.lowerBound) to \(range.upperBound &- 1) are not all lines")
    }
    if board.uart.kind != .none, range.contains(board.uart.line) {
      wrong.append("\(board.uart.line) is the UART's")
    }
    for device in board.devices {
      wrong += device.lines.filter(range.contains).map { "\($0) is driven by \(device.name)" }
    }
    // AIA and GIC raise any line by software; a PLIC has no such register (docs/riscv64.md).
    if kind == .plic, range.lowerBound % 32 != 0 {
      wrong.append("they do not begin at a multiple of 32")
    }
    return item(
      Catalogue.Facts.doorbells, wrong: wrong,
      fine: "\(range.lowerBound) to \(range.upperBound &- 1)")
  }

  /// Words in names of devices that write memory by themselves on most boards.
  private static let masters = [
    "dma", "ethernet", "emmc", "sdhci", "mmc", "usb", "xhci", "pcie", "sata", "nvme", "gpu", "npu",
    "virtio", "video", "display",
  ]

  func dma() -> ChecklistItem {
    let suspects = board.devices.filter { device in
      !device.reachesAllMemory && Self.masters.contains { device.name.contains($0) }
    }
    let odd = suspects.map {
      "\($0.name) is not listed as reaching all memory: is there an IOMMU in front of it?"
    }
    let masters = board.devices.filter(\.reachesAllMemory)
    let unused = Set(masters.map(\.translation)).subtracting([""]).sorted().map { unit in
      let behind = masters.filter { $0.translation == unit }.map(\.name)
      return "left as it is: \(unit), in front of \(behind.joined(separator: ", "))"
    }
    guard let zones = system?.facts?.zones else {
      let names = masters.map(\.name).joined(separator: ", ")
      return item(
        Catalogue.Facts.dma, wrong: [],
        odd: (masters.isEmpty ? [] : ["no IOMMU that the kernel drives is in front of: \(names)"])
          + unused + odd,
        fine: "no device of the board")
    }
    let given = masters.flatMap { device in
      zones.filter { zone in
        zone.windows.contains { window in device.regions.contains { $0.overlaps(window) } }
      }.map { zone in
        let front = device.translation.isEmpty ? "" : " (\(device.translation) is left as it is)"
        return "zone \(zone.name) reaches all memory with \(device.name)\(front)"
      }
    }
    return item(
      Catalogue.Facts.dma, wrong: [], odd: given + odd, fine: "no zone has such a device")
  }

  func plan() -> ChecklistItem {
    let entry = Catalogue.Facts.system
    switch system {
    case nil: return ChecklistItem(entry, .notChecked, "no system was given")
    case .refused(let reason): return ChecklistItem(entry, .fail, reason, source: "system")
    case .planned(let facts):
      return ChecklistItem(
        entry, .ok, "\(facts.zones.count) zones, plan \(facts.checksum)", source: facts.path)
    }
  }
}
