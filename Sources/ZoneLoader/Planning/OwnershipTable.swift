public import Boards
import SepKernel

/// One line of the table a person can sign: a resource and its owner.
public struct OwnershipRow: Equatable, Sendable {
  /// What kind of resource it is.
  public var kind: ResourceKind
  /// CPU or line number; nil for ranges.
  public var number: Int?
  /// Host-physical; nil for CPUs and lines.
  public var range: AddressRange?
  /// `cpu 2`, `line 33` or the range.
  public var identifier: String
  /// Zone name, `kernel` or `nobody`.
  public var owner: String
  /// What else a reader should know; may be empty.
  public var note: String
}

/// Kinds of resources, in the order of the table.
public enum ResourceKind: String, Equatable, Sendable, CaseIterable {
  case cpu
  case memory
  case device
  case line
}

extension PlannedSystem {
  /// Owner of every CPU, every page of RAM, every device window and every line that is given out
  /// or belongs to a device of the board; sorted by kind, then number or address.
  public func ownershipTable() -> [OwnershipRow] {
    cpuRows() + memoryRows() + deviceRows() + lineRows()
  }

  private func cpuRows() -> [OwnershipRow] {
    board.cpus.indices.map { cpu in
      let zone = zones.first { $0.cpus.contains(cpu) }
      let rank = zone?.cpus.firstIndex(of: cpu)
      let hardware = "hardware id \(Quantity.hex(board.cpus[cpu].hardwareID))"
      return OwnershipRow(
        kind: .cpu, number: cpu, identifier: "cpu \(cpu)", owner: zone?.name ?? "nobody",
        note: rank.map { "vCPU \($0), \(hardware)" } ?? hardware)
    }
  }

  private func memoryRows() -> [OwnershipRow] {
    var rows = [
      row(.memory, kernelRegion, "kernel", "kernel image, Plan, images, stage-2 tables"),
      row(.memory, records, "kernel", "latency records"),
    ]
    rows += board.reserved.map { row(.memory, $0, "firmware", "never given out") }
    var taken = HostLayout(ram: board.usableRAM)
    _ = taken.take(kernelRegion)
    _ = taken.take(records)
    for zone in zones {
      for range in zone.ranges {
        switch range.kind {
        case .ram:
          _ = taken.take(range.hostRange)
          rows.append(row(.memory, range.hostRange, zone.name, note(range)))
        case .stamps:
          rows.append(row(.memory, range.hostRange, zone.name, note(range) + ", in the records"))
        case .device:
          break
        }
      }
    }
    rows += taken.free.map { row(.memory, $0, "nobody", "free") }
    return sorted(rows)
  }

  private func note(_ range: PlannedRange) -> String {
    let size = Quantity.format(size: range.size)
    let letters = [(PlanPermissions.read, "r"), (.write, "w"), (.execute, "x")]
    let access = letters.map { range.permissions.contains($0.0) ? $0.1 : "-" }.joined()
    return "\(size) \(access), seen at \(Quantity.hex(range.guest)), \(range.note)"
  }

  private func deviceRows() -> [OwnershipRow] {
    let translation = board.interruptController.translation
    let owner = description.zones.first { $0.interrupts.hasTranslation }
    var rows = board.interruptController.regions.map { region in
      let isTranslation = region == translation
      return row(
        .device, region, "kernel",
        isTranslation ? "ITS, emulated for \(owner?.name ?? "nobody")" : "interrupt controller")
    }
    if board.uart.kind != .none { rows.append(row(.device, board.uart.region, "kernel", "UART")) }
    for device in board.devices {
      for region in device.regions {
        var rest = HostLayout(ram: [region])
        for zone in zones {
          for range in zone.ranges
          where range.kind == .device && region.contains(range.hostRange) {
            _ = rest.take(range.hostRange)
            let reach = device.reachesAllMemory ? "; DMA WITHOUT IOMMU: reaches all memory" : ""
            rows.append(
              row(
                .device, range.hostRange, zone.name,
                "\(device.name), seen at \(Quantity.hex(range.guest))\(reach)"))
          }
        }
        rows += rest.free.map { row(.device, $0, "nobody", device.name) }
      }
    }
    return sorted(rows)
  }

  private func lineRows() -> [OwnershipRow] {
    var rows: [Int: OwnershipRow] = [:]
    func add(_ line: Int, _ owner: String, _ note: String) {
      guard rows[line] == nil else { return }
      rows[line] = OwnershipRow(
        kind: .line, number: line, identifier: "line \(line)", owner: owner, note: note)
    }
    for zone in zones {
      for line in zone.lines {
        add(line.number, zone.name, line.isDoorbell ? "\(line.note) (doorbell)" : line.note)
      }
    }
    if board.uart.kind != .none { add(board.uart.line, "kernel", "UART") }
    for device in board.devices {
      for line in device.lines { add(line, "nobody", device.name) }
    }
    return rows.keys.sorted().compactMap { rows[$0] }
  }

  private func row(
    _ kind: ResourceKind, _ range: AddressRange, _ owner: String, _ note: String
  ) -> OwnershipRow {
    OwnershipRow(
      kind: kind, range: range, identifier: range.description, owner: owner, note: note)
  }

  private func sorted(_ rows: [OwnershipRow]) -> [OwnershipRow] {
    rows.sorted { first, second in
      let (a, b) = (first.range, second.range)
      return (a?.base ?? 0, b?.size ?? 0) < (b?.base ?? 0, a?.size ?? 0)
    }
  }
}
