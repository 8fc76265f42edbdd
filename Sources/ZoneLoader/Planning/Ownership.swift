import Boards
import SepKernel

/// Who owns which CPU, device and line: the part of planning that needs no image and no address.
struct Ownership {
  struct Zone {
    var devices: [PlannedRange] = []
    var lines: [Int: PlannedLine] = [:]
    var console: PlannedConsole?
    var stimulusLine: Int?
  }

  private(set) var zones: [Zone] = []
  /// Index of the zone that owns the ITS.
  private(set) var translationOwner: Int?
  private let description: SystemDescription
  /// Zone index by line.
  private var lineOwners: [Int: Int] = [:]

  init(_ description: SystemDescription) throws(PlanningError) {
    self.description = description
    try checkKinds()
    try checkCPUs()
    try giveTranslation()
    for zone in description.zones {
      var owned = Zone()
      owned.devices = try devices(of: zone)
      zones.append(owned)
    }
    // What somebody asked for by number goes first, then what may be chosen.
    try giveNamedLines()
    try giveConsoles()
    try giveStimulusLines()
  }

  private func checkKinds() throws(PlanningError) {
    let zone0s = description.zones.filter { $0.kind == .zone0 }
    if zone0s.count > 1 {
      throw description.error(
        zone0s[1], "kind", "zone `\(zone0s[0].name)` is already zone0", "use zoneU or zoneR")
    }
    for zone in description.zones where zone.manualStart {
      guard zone.kind != .zone0, !zone0s.isEmpty else {
        throw description.error(
          zone, "start", "`manual` needs another zone of kind zone0 that starts it",
          "use `start: auto`")
      }
    }
  }

  private func checkCPUs() throws(PlanningError) {
    var owners: [Int: String] = [:]
    for zone in description.zones {
      for cpu in zone.cpus {
        if let owner = owners.updateValue(zone.name, forKey: cpu) {
          throw description.error(
            zone, "cpus", "CPU \(cpu) already belongs to zone `\(owner)`",
            "give each CPU to one zone")
        }
      }
    }
  }

  private mutating func giveTranslation() throws(PlanningError) {
    for (index, zone) in description.zones.enumerated() where zone.interrupts.hasTranslation {
      if let owner = translationOwner {
        throw description.error(
          zone, "interrupts",
          "the ITS already belongs to zone `\(description.zones[owner].name)`",
          "give it to one zone: the others have lines, no message-signalled interrupts")
      }
      translationOwner = index
    }
  }

  private func devices(of zone: ZoneDescription) throws(PlanningError) -> [PlannedRange] {
    var result: [PlannedRange] = []
    for device in zone.devices {
      switch device {
      case .named(let name):
        for region in description.board.device(named: name)?.regions ?? [] {
          result.append(
            PlannedRange(
              guest: region.base, host: region.base, size: region.size, kind: .device,
              permissions: .read.union(.write), note: name))
        }
      case .window(let guest, let host, let size):
        let region = AddressRange(base: host, size: size)
        try Planner.checkPages(region, zone, "devices", description)
        try Planner.checkPages(
          AddressRange(base: guest, size: size), zone, "devices", description)
        guard
          let owner = description.board.devices.first(where: { device in
            device.regions.contains { $0.contains(region) }
          })
        else {
          throw description.error(
            zone, "devices", "\(region) is not inside a device of \(description.board.name)",
            "`hv boards` lists them")
        }
        result.append(
          PlannedRange(
            guest: guest, host: host, size: size, kind: .device,
            permissions: .read.union(.write), note: "part of \(owner.name)"))
      }
    }
    return result
  }

  private mutating func giveNamedLines() throws(PlanningError) {
    for (index, zone) in description.zones.enumerated() {
      for case .named(let name) in zone.devices {
        for line in description.board.device(named: name)?.lines ?? [] {
          try give(line, to: index, "devices", note: name, doorbell: false)
        }
      }
      for line in zone.lines {
        let isDoorbell = description.board.doorbells.contains(line)
        try give(
          line, to: index, "lines", note: isDoorbell ? "doorbell" : "line", doorbell: isDoorbell)
      }
      if case .uart(_, let line?) = zone.console {
        try give(line, to: index, "console", note: "console", doorbell: true)
      }
      if case .line(let line) = zone.stimulusLine {
        try give(line, to: index, "stimulusLine", note: "stimulus", doorbell: true)
        zones[index].stimulusLine = line
      }
    }
  }

  /// The UART's line for zone0 or the only zone, where guests expect it; else a free doorbell.
  private mutating func giveConsoles() throws(PlanningError) {
    let uart = description.board.uart
    let preferred =
      description.zones.firstIndex { $0.kind == .zone0 }
      ?? (description.zones.count == 1 ? 0 : nil)
    if let preferred, lineOwners[uart.line] == nil,
      case .uart(_, nil) = description.zones[preferred].console
    {
      try give(uart.line, to: preferred, "console", note: "console", doorbell: true)
      zones[preferred].console = PlannedConsole(base: 0, line: uart.line)
    }
    for (index, zone) in description.zones.enumerated() {
      guard case .uart(let base, let demanded) = zone.console else { continue }
      let line: Int
      if let known = demanded ?? zones[index].console?.line {
        line = known
      } else {
        line = try giveFree(to: index, "console")
      }
      zones[index].console = PlannedConsole(base: base ?? uart.region.base, line: line)
    }
  }

  private mutating func giveStimulusLines() throws(PlanningError) {
    for (index, zone) in description.zones.enumerated()
    where zone.stimulusLine == .automatic && zone.kind == .zoneR {
      zones[index].stimulusLine = try giveFree(to: index, "stimulusLine", note: "stimulus")
    }
  }

  private mutating func giveFree(
    to index: Int, _ key: String, note: String? = nil
  ) throws(PlanningError) -> Int {
    guard let line = description.board.doorbells.first(where: { lineOwners[$0] == nil }) else {
      throw description.error(
        description.zones[index], key, "no line of the board is free", "name one, or use `none`")
    }
    try give(line, to: index, key, note: note ?? key, doorbell: true)
    return line
  }

  private mutating func give(
    _ line: Int, to index: Int, _ key: String, note: String, doorbell: Bool
  ) throws(PlanningError) {
    let zone = description.zones[index]
    let controller = description.board.interruptController.kind
    guard line >= controller.firstSharedLine, line < description.board.lineCount else {
      throw description.error(
        zone, key,
        "line \(line) is not one of the board's \(controller.firstSharedLine) to "
          + "\(description.board.lineCount - 1)", controller.lineAdvice)
    }
    guard key == "console" || line != description.board.uart.line else {
      throw description.error(
        zone, key, "line \(line) is the UART's, which the kernel drives",
        "only a console can have it: `console: { line: \(line) }`")
    }
    if doorbell, line != description.board.uart.line,
      !description.board.doorbells.contains(line)
    {
      let doorbells = description.board.doorbells
      let device = description.board.devices.first { $0.lines.contains(line) }
      throw description.error(
        zone, key,
        "line \(line) is wired\(device.map { " to `\($0.name)`" } ?? ""), and hardware could raise it",
        "use one of \(doorbells.lowerBound) to \(doorbells.upperBound - 1)")
    }
    if let owner = lineOwners[line] {
      throw description.error(
        zone, key, "line \(line) already belongs to zone `\(description.zones[owner].name)`",
        "give each line to one zone and one use")
    }
    lineOwners[line] = index
    zones[index].lines[line] = PlannedLine(number: line, isDoorbell: doorbell, note: note)
  }
}
