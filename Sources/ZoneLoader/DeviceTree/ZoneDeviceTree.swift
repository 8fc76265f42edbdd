import Boards

/// What a zone's device tree has to say; everything guest-physical unless named otherwise.
struct ZoneDeviceTree {
  var memory: [AddressRange]
  /// Hardware ids of the zone's CPUs by vCPU number.
  var cpus: [UInt64]
  /// Device windows the zone owns: where the board has them and where the zone sees them.
  var windows: [(host: AddressRange, guest: UInt64)]
  var lines: Set<Int>
  var distributor: UInt64
  var redistributors: UInt64
  var console: (base: UInt64, line: Int)?
  var cmdline: String?
  var initrd: AddressRange?

  /// Properties whose first cell is a phandle; one that names a node the zone does not have is
  /// removed. (Devicetree Specification 0.4 and the Linux bindings of the same names.)
  private static let references: Set<String> = [
    "clocks", "interrupts-extended", "resets", "power-domains", "dmas", "phys", "iommus",
    "msi-parent", "gpios", "pinctrl-0", "pinctrl-1", "interrupt-affinity", "memory-region",
    "next-level-cache", "cpu-idle-states",
  ]
  /// As above, but the phandle is the second cell.
  private static let maps: Set<String> = ["msi-map", "iommu-map"]

  /// The zone's tree, made from the board's by keeping only what the zone owns.
  func tree(board: DeviceTreeNode) throws(DeviceTreeError) -> DeviceTreeNode {
    let root = board
    guard let controller = board.children.first(where: { $0["interrupt-controller"] != nil }),
      let controllerHandle = controller.phandle
    else { throw .unexpected("no interrupt controller with a phandle at the root") }
    let cells = try AddressCells(of: root)
    var result = DeviceTreeNode(name: "", properties: root.properties)
    result.set("interrupt-parent", cells: [controllerHandle])
    result.children.append(try cpuNodes(board))
    result.children.append(contentsOf: memory.map { memoryNode($0, cells) })
    result.children.append(interruptController(controller, cells))
    if let timer = board.child(named: "timer") { result.children.append(timer) }
    result.children.append(psciNode())
    result.children.append(
      contentsOf: try owned(in: board, cells: cells, controller: controllerHandle))
    addReferenced(from: board, to: &result)
    dropDangling(&result, known: handles(of: result))
    if let console { addConsole(console, to: &result, cells, taken: handles(of: board)) }
    result.children.append(chosenNode(cells))
    return result
  }

  /// Nodes at the root, and in transparent buses, whose every window and line the zone owns.
  private func owned(
    in parent: DeviceTreeNode, cells: AddressCells, controller: UInt32
  ) throws(DeviceTreeError) -> [DeviceTreeNode] {
    var result: [DeviceTreeNode] = []
    for node in parent.children {
      if node.strings("compatible").contains("simple-bus"), node["ranges"]?.isEmpty == true {
        var bus = node
        bus.children = try owned(
          in: node, cells: try AddressCells(of: node), controller: controller)
        if !bus.children.isEmpty { result.append(bus) }
        continue
      }
      let regions = cells.ranges(node.cells("reg"))
      guard !regions.isEmpty, node["device_type"] == nil || node.strings("device_type") == ["pci"]
      else { continue }
      let guests = regions.map { guestAddress(of: $0) }
      guard !guests.contains(nil), sharedLines(of: node).isSubset(of: lines) else { continue }
      var copy = node
      copy.set(
        "reg",
        cells: zip(regions, guests).flatMap { region, guest in
          cells.encode(AddressRange(base: guest ?? region.base, size: region.size))
        })
      if node.strings("device_type") == ["pci"] { keepOwnedBridgeWindows(&copy) }
      if let first = guests.first ?? nil, first != regions[0].base {
        let stem = node.name.split(separator: "@").first.map(String.init) ?? node.name
        copy.name = "\(stem)@\(String(first, radix: 16))"
      }
      result.append(copy)
    }
    return result
  }

  /// Removes from the `ranges` of a PCI host bridge what the zone does not own: entries of 3 cells
  /// of bus address, 2 of parent address, 2 of size (PCI Bus Binding to Open Firmware, 2.1).
  private func keepOwnedBridgeWindows(_ node: inout DeviceTreeNode) {
    let cells = node.cells("ranges")
    var kept: [UInt32] = []
    for start in stride(from: 0, to: cells.count - cells.count % 7, by: 7) {
      let value = { (index: Int) in UInt64(cells[start + index]) }
      let window = AddressRange(
        base: value(3) << 32 | value(4), size: value(5) << 32 | value(6))
      guard let guest = guestAddress(of: window) else { continue }
      kept += cells[start..<(start + 3)]
      kept += [UInt32(guest >> 32), UInt32(truncatingIfNeeded: guest)]
      kept += cells[(start + 5)..<(start + 7)]
    }
    node.set("ranges", cells: kept)
  }

  /// Where the zone sees a window of the board; nil when it does not own all of it.
  private func guestAddress(of region: AddressRange) -> UInt64? {
    for window in windows where window.host.contains(region) {
      return window.guest + (region.base - window.host.base)
    }
    return nil
  }

  /// INTIDs of the shared lines in `interrupts` (GICv3 binding: type 0 is SPI, number + 32).
  private func sharedLines(of node: DeviceTreeNode) -> Set<Int> {
    let cells = node.cells("interrupts")
    var result: Set<Int> = []
    for index in stride(from: 0, to: cells.count - cells.count % 3, by: 3) where cells[index] == 0 {
      result.insert(Int(cells[index + 1]) + 32)
    }
    return result
  }

  private func cpuNodes(_ board: DeviceTreeNode) throws(DeviceTreeError) -> DeviceTreeNode {
    guard let all = board.child(named: "cpus") else { throw .unexpected("no /cpus") }
    let width = Int(all.cells("#address-cells").first ?? 1)
    var result = DeviceTreeNode(name: "cpus")
    result.set("#address-cells", cells: [1])
    result.set("#size-cells", cells: [0])
    for (number, hardwareID) in cpus.enumerated() {
      let match = all.children.first { node in
        node.strings("device_type") == ["cpu"]
          && node.cells("reg").prefix(width).reduce(0) { $0 << 32 | UInt64($1) } == hardwareID
      }
      guard var node = match else {
        throw .unexpected("no /cpus node for the CPU \(Quantity.hex(hardwareID))")
      }
      node.name = "cpu@\(String(number, radix: 16))"
      node.children = []
      node.properties.removeAll { ZoneDeviceTree.references.contains($0.name) }
      node.set("reg", cells: [UInt32(number)])
      node.set("enable-method", strings: ["psci"])
      result.children.append(node)
    }
    return result
  }

  private func memoryNode(_ range: AddressRange, _ cells: AddressCells) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "memory@\(String(range.base, radix: 16))")
    node.set("device_type", strings: ["memory"])
    node.set("reg", cells: cells.encode(range))
    return node
  }

  private func interruptController(
    _ board: DeviceTreeNode, _ cells: AddressCells
  ) -> DeviceTreeNode {
    var node = board
    node.name = "intc@\(String(distributor, radix: 16))"
    // No ITS: message-signalled interrupts would need LPIs, which zones do not have.
    node.children = []
    node["ranges"] = nil
    // The maintenance interrupt belongs to EL2.
    node["interrupts"] = nil
    node.set("#redistributor-regions", cells: [1])
    node.set(
      "reg",
      cells: cells.encode(AddressRange(base: distributor, size: 0x1_0000))
        + cells.encode(AddressRange(base: redistributors, size: 0x2_0000 * UInt64(cpus.count))))
    return node
  }

  private func psciNode() -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "psci")
    node.set("compatible", strings: ["arm,psci-1.0", "arm,psci-0.2"])
    node.set("method", strings: ["hvc"])
    return node
  }

  /// PL011 as the kernel emulates it, with a fixed clock of its own; 24 MHz is the usual value and
  /// has no meaning for an emulated UART.
  private func addConsole(
    _ console: (base: UInt64, line: Int), to root: inout DeviceTreeNode, _ cells: AddressCells,
    taken: Set<UInt32>
  ) {
    let handle = (taken.max() ?? 0) &+ 1
    var clock = DeviceTreeNode(name: "console-clock")
    clock.set("compatible", strings: ["fixed-clock"])
    clock.set("#clock-cells", cells: [0])
    clock.set("clock-frequency", cells: [24_000_000])
    clock.set("phandle", cells: [handle])
    var node = DeviceTreeNode(name: "pl011@\(String(console.base, radix: 16))")
    node.set("compatible", strings: ["arm,pl011", "arm,primecell"])
    node.set("reg", cells: cells.encode(AddressRange(base: console.base, size: 0x1000)))
    node.set("interrupts", cells: [0, UInt32(console.line - 32), 4])
    node.set("clocks", cells: [handle, handle])
    node.set("clock-names", strings: ["uartclk", "apb_pclk"])
    var aliases = DeviceTreeNode(name: "aliases")
    aliases.set("serial0", strings: ["/\(node.name)"])
    root.children.append(contentsOf: [clock, node, aliases])
  }

  private func chosenNode(_ cells: AddressCells) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "chosen")
    if let console {
      node.set("stdout-path", strings: ["/pl011@\(String(console.base, radix: 16))"])
    }
    if let cmdline { node.set("bootargs", strings: [cmdline]) }
    if let initrd, let end = initrd.end {
      node.set(
        "linux,initrd-start",
        cells: [UInt32(initrd.base >> 32), UInt32(truncatingIfNeeded: initrd.base)])
      node.set("linux,initrd-end", cells: [UInt32(end >> 32), UInt32(truncatingIfNeeded: end)])
    }
    return node
  }

  /// Adds root nodes without registers (clocks, regulators) that kept nodes refer to, until no
  /// more are needed.
  private func addReferenced(from board: DeviceTreeNode, to root: inout DeviceTreeNode) {
    var changed = true
    while changed {
      changed = false
      let wanted = references(in: root).subtracting(handles(of: root))
      for node in board.children where node["reg"] == nil {
        guard let handle = node.phandle, wanted.contains(handle) else { continue }
        root.children.append(node)
        changed = true
      }
    }
  }

  private func references(in node: DeviceTreeNode) -> Set<UInt32> {
    var result: Set<UInt32> = []
    for property in node.properties where ZoneDeviceTree.references.contains(property.name) {
      // Every cell may be a phandle; a false match only keeps a harmless node.
      result.formUnion(node.cells(property.name))
    }
    return node.children.reduce(into: result) { $0.formUnion(references(in: $1)) }
  }

  private func handles(of node: DeviceTreeNode) -> Set<UInt32> {
    let own: Set<UInt32> = node.phandle.map { [$0] } ?? []
    return node.children.reduce(into: own) { $0.formUnion(handles(of: $1)) }
  }

  private func dropDangling(_ node: inout DeviceTreeNode, known: Set<UInt32>) {
    let copy = node
    node.properties.removeAll { property in
      let cells = copy.cells(property.name)
      if ZoneDeviceTree.references.contains(property.name), let first = cells.first {
        return !known.contains(first)
      }
      if ZoneDeviceTree.maps.contains(property.name), cells.count > 1 {
        return !known.contains(cells[1])
      }
      return false
    }
    for index in node.children.indices { dropDangling(&node.children[index], known: known) }
  }
}
