import Boards
import SepKernel

// Addresses: RAM, what is reserved in it, where the kernel goes, windows of devices.

extension StaticChecks {
  /// Every window of the board and what it is called, RAM left out.
  var allWindows: [(name: String, range: AddressRange)] {
    board.interruptController.regions.enumerated().map { ("interrupt controller (\($0))", $1) }
      + (board.uart.kind == .none ? [] : [("uart", board.uart.region)])
      + board.devices.flatMap { device in device.regions.map { (device.name, $0) } }
  }

  /// What is not whole pages, is empty or leaves the address space.
  private func malformed(_ name: String, _ range: AddressRange) -> String? {
    if range.size == 0 { return "\(name): \(range)" }
    if range.end == nil { return "\(name): \(range)" }
    if range.base % Self.page != 0 || range.size % Self.page != 0 {
      return "\(name): \(range) is not whole pages of 4 KiB"
    }
    return nil
  }

  func ram() -> ChecklistItem {
    var wrong = board.ram.compactMap { malformed("RAM", $0) }
    for (lower, upper) in zip(board.ram, board.ram.dropFirst()) {
      if lower.overlaps(upper) {
        wrong.append("\(lower) and \(upper) overlap")
      } else if upper.base < lower.base {
        wrong.append("\(upper) stands behind \(lower)")
      }
    }
    return item(
      Catalogue.Facts.ramRanges, wrong: wrong,
      fine: board.ram.map(\.description).joined(separator: ", "))
  }

  func reserved() -> ChecklistItem {
    var wrong = board.reserved.compactMap { malformed("reserved", $0) }
    wrong += board.reserved.filter { part in !board.ram.contains { $0.contains(part) } }.map {
      "\($0) is not RAM of the board"
    }
    let odd =
      board.reserved.isEmpty && board.architecture.keepsFirmwareInRAM
      ? ["nothing is reserved, and SBI firmware stays in RAM"] : []
    let isEmulated = board.emulator != nil
    return item(
      Catalogue.Facts.reserved, wrong: wrong,
      odd: odd
        + (board.reserved.isEmpty && !isEmulated && odd.isEmpty
          ? ["nothing is reserved: does the firmware of this board really keep no RAM?"] : []),
      fine: board.reserved.isEmpty
        ? "nothing is reserved" : board.reserved.map(\.description).joined(separator: ", "))
  }

  func kernelLoad() -> ChecklistItem {
    let base = board.kernelBase
    var wrong: [String] = []
    if base % (2 << 20) != 0 { wrong.append("\(hex(base)) is no multiple of 2 MiB") }
    if !board.ram.contains(where: { $0.contains(base) }) {
      wrong.append("\(hex(base)) is not in RAM")
    }
    wrong += board.reserved.filter { $0.contains(base) }.map { "\(hex(base)) is in reserved \($0)" }
    return item(Catalogue.Facts.kernelLoad, wrong: wrong, fine: hex(base))
  }

  func kernelFits() -> ChecklistItem {
    let entry = Catalogue.Facts.kernelFits
    let base = board.kernelBase
    // Up to the end of this RAM, or to the next reserved range in it.
    let end = board.ram.first { $0.contains(base) }?.end
    let hole = board.reserved.map(\.base).filter { $0 > base }.min()
    guard let room = [end, hole].compactMap({ $0 }).min().map({ $0 - min($0, base) }), room > 0
    else {
      return item(entry, wrong: ["there is no RAM at \(hex(base))"], fine: "")
    }
    let needed: UInt64
    let what: String
    if let region = system?.facts?.kernelRegion {
      needed = region.size
      what = "kernel, Plan and images of the system"
    } else if let kernelBytes {
      needed = kernelBytes
      what = "the kernel alone"
    } else {
      return ChecklistItem(
        entry, .notChecked, "\(room >> 10) KiB are free from \(hex(base)); no kernel is built",
        source: "board", advice: "Build the kernel (`make build`) or name a system: --system FILE.")
    }
    return item(
      entry,
      wrong: needed > room
        ? ["\(what) take \(needed >> 10) KiB, \(room >> 10) KiB are free from \(hex(base))"] : [],
      fine: "\(what): \((needed + 1023) >> 10) KiB of \(room >> 10) KiB")
  }

  func windows() -> ChecklistItem {
    var wrong = allWindows.compactMap { malformed($0.name, $0.range) }
    wrong += board.devices.flatMap { device in
      device.regions.filter { ($0.end ?? .max) > Self.guestEnd }.map {
        "\(device.name): \($0) is above the guest addresses (2^39)"
      }
    }
    if let shortage = redistributorShortage { wrong.append(shortage) }
    return item(
      Catalogue.Facts.windows, wrong: wrong, fine: "\(allWindows.count) windows of whole pages")
  }

  /// Registers of the controller that a CPU has by its number must be there for each CPU.
  private var redistributorShortage: String? {
    let controller = board.interruptController
    guard let window = controller.regions.last else { return nil }
    switch controller.kind {
    case .plic: return nil
    case .gicV2:
      let limit = controller.kind.cpuLimit
      return board.cpus.count > limit
        ? "a GICv2 has interfaces for \(limit) CPUs, there are \(board.cpus.count)" : nil
    case .gicV3:
      guard controller.regions.count > 1 else { return nil }
      let room = controller.regions[1].size / PlanLimits.gicRedistributor
      return room < UInt64(board.cpus.count)
        ? "\(room) redistributors fit \(controller.regions[1]), there are \(board.cpus.count) CPUs"
        : nil
    case .aia:
      // AIA 1.0, 3.6: a hart's file and its guest files lie in 2^parameter pages.
      guard controller.parameter < 16 else { return "\(controller.parameter) guest index bits" }
      let stride = PlanLimits.imsicFile << UInt64(controller.parameter)
      let last = board.cpus.map { UInt64($0.controllerIndex) }.max() ?? 0
      return window.size / stride <= last
        ? "\(window.size / stride) interrupt files fit \(window), hart index \(last) has none" : nil
    }
  }

  func windowOverlap() -> ChecklistItem {
    let all = allWindows.sorted { $0.range.base < $1.range.base }
    var wrong: [String] = []
    for (index, one) in all.enumerated() {
      for ram in board.ram where ram.overlaps(one.range) {
        wrong.append("\(one.name): \(one.range) lies in RAM \(ram)")
      }
      for other in all[(index + 1)...] {
        // Ascending: nothing behind one that begins after this one's end can overlap it.
        if let end = one.range.end, other.range.base >= end { break }
        if one.range.overlaps(other.range) {
          wrong.append("\(one.name) \(one.range) and \(other.name) \(other.range) overlap")
        }
      }
    }
    return item(Catalogue.Facts.windowOverlap, wrong: wrong, fine: "none of \(all.count)")
  }
}
