import Boards
import SepKernel

/// What a zone's device tree has to say; everything guest-physical unless named otherwise.
struct ZoneDeviceTree {
  var memory: [AddressRange]
  /// Hardware ids of the zone's CPUs by vCPU number.
  var cpus: [UInt64]
  /// Device windows the zone owns: where the board has them and where the zone sees them.
  var windows: [(host: AddressRange, guest: UInt64)]
  var lines: Set<Int>
  var board: Board
  /// Windows of its interrupt controller, as `PlanZone.interruptControllerGuest`.
  var interruptController: [AddressRange]
  /// The ITS, if it is the zone's.
  var translation: AddressRange?
  var console: (base: UInt64, line: Int)?
  var cmdline: String?
  var initrd: AddressRange?

  /// The zone's tree, made from the board's by keeping only what the zone owns.
  func tree(board tree: DeviceTreeNode) throws(DeviceTreeError) -> DeviceTreeNode {
    let cells = try AddressCells(of: tree)
    let controller = try self.controller(in: tree)
    var result = DeviceTreeNode(name: "", properties: tree.properties)
    if controller.isRoot { result.set("interrupt-parent", cells: [controller.handle]) }
    let cpus = try cpuNodes(tree)
    result.children.append(cpus)
    result.children.append(contentsOf: memory.map { memoryNode($0, cells) })
    result.children.append(contentsOf: try controller.nodes(for: self, cpus: cpus, cells))
    result.children.append(contentsOf: controller.companions(in: tree))
    result.children.append(contentsOf: try owned(in: tree, cells: cells, controller))
    addReferenced(from: tree, to: &result)
    dropDangling(&result, known: handles(of: result))
    if let console { addConsole(console, to: &result, cells, controller, tree) }
    result.children.append(chosenNode(cells))
    return result
  }

  /// The board's interrupt controller in its tree: where the board literal says.
  private func controller(
    in tree: DeviceTreeNode
  ) throws(DeviceTreeError) -> any ZoneInterruptController {
    let nodes = try board.interruptController.regions.prefix(2).map {
      region throws(DeviceTreeError) in
      try registers(at: region.base, in: tree, try AddressCells(of: tree))
    }
    guard let first = nodes.first ?? nil, let handle = first.phandle else {
      throw .unexpected("no interrupt controller with a phandle where \(board.name) has it")
    }
    switch board.interruptController.kind {
    case .gicV2, .gicV3: return ZoneGIC(node: first, handle: handle)
    case .plic: return ZonePLIC(node: first, handle: handle, lines: board.lineCount)
    case .aia:
      guard nodes.count == 2, let imsic = nodes[1], let messages = imsic.phandle else {
        throw .unexpected("no IMSIC with a phandle where \(board.name) has it")
      }
      return ZoneAIA(aplic: first, handle: handle, imsic: imsic, messages: messages)
    }
  }

  /// The interrupt controller whose registers start at `base`, at the root or in transparent buses.
  private func registers(
    at base: UInt64, in parent: DeviceTreeNode, _ cells: AddressCells
  ) throws(DeviceTreeError) -> DeviceTreeNode? {
    for node in parent.children {
      if node.isTransparentBus(in: cells) {
        if let found = try registers(at: base, in: node, try AddressCells(of: node)) {
          return found
        }
      } else if node["interrupt-controller"] != nil,
        cells.ranges(node.cells("reg")).first?.base == base
      {
        return node
      }
    }
    return nil
  }

  /// Nodes at the root, and in transparent buses, whose every window and line the zone owns.
  private func owned(
    in parent: DeviceTreeNode, cells: AddressCells, _ controller: any ZoneInterruptController
  ) throws(DeviceTreeError) -> [DeviceTreeNode] {
    var result: [DeviceTreeNode] = []
    for node in parent.children {
      if node.isTransparentBus(in: cells) {
        var bus = node
        bus.children = try owned(in: node, cells: try AddressCells(of: node), controller)
        if !bus.children.isEmpty { result.append(bus) }
        continue
      }
      let regions = cells.ranges(node.cells("reg"))
      guard !regions.isEmpty, node["device_type"] == nil || node.strings("device_type") == ["pci"]
      else { continue }
      let guests = regions.map { guestAddress(of: $0) }
      guard !guests.contains(nil), controller.lines(node.cells("interrupts")).isSubset(of: lines)
      else { continue }
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

  private func cpuNodes(_ tree: DeviceTreeNode) throws(DeviceTreeError) -> DeviceTreeNode {
    guard let all = tree.child(named: "cpus") else { throw .unexpected("no /cpus") }
    let width = Int(all.cells("#address-cells").first ?? 1)
    var result = DeviceTreeNode(name: "cpus")
    result.setCells(addresses: 1, sizes: 0)
    result["timebase-frequency"] = all["timebase-frequency"]
    for (number, hardwareID) in cpus.enumerated() {
      let match = all.children.first { node in
        node.strings("device_type") == ["cpu"]
          && node.cells("reg").prefix(width).reduce(0) { $0 << 32 | UInt64($1) } == hardwareID
      }
      guard let node = match else {
        throw .unexpected("no /cpus node for the CPU \(Quantity.hex(hardwareID))")
      }
      result.children.append(ZoneCPUNode.node(of: node, number: number, board: board))
    }
    return result
  }

  private func memoryNode(_ range: AddressRange, _ cells: AddressCells) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "memory@\(String(range.base, radix: 16))")
    node.set("device_type", strings: ["memory"])
    node.set("reg", cells: cells.encode(range))
    return node
  }

  private func addConsole(
    _ console: (base: UInt64, line: Int), to root: inout DeviceTreeNode, _ cells: AddressCells,
    _ controller: any ZoneInterruptController, _ tree: DeviceTreeNode
  ) {
    var node = DeviceTreeNode(name: consoleName(console.base))
    node.set("reg", cells: cells.encode(AddressRange(base: console.base, size: 0x1000)))
    if !controller.isRoot { node.set("interrupt-parent", cells: [controller.handle]) }
    node.set("interrupts", cells: controller.interrupt(line: console.line))
    if board.architecture.emulatedUART == .pl011 {
      // A fixed clock of its own; 24 MHz is the usual value and has no meaning for an emulated UART.
      let handle = (handles(of: tree).max() ?? 0) &+ 1
      var clock = DeviceTreeNode(name: "console-clock")
      clock.set("compatible", strings: ["fixed-clock"])
      clock.set("#clock-cells", cells: [0])
      clock.set("clock-frequency", cells: [24_000_000])
      clock.set("phandle", cells: [handle])
      root.children.append(clock)
      node.set("compatible", strings: ["arm,pl011", "arm,primecell"])
      node.set("clocks", cells: [handle, handle])
      node.set("clock-names", strings: ["uartclk", "apb_pclk"])
    } else {
      // Byte registers without gaps. The clock, of 16 times 230400 baud as QEMU has it, has no meaning.
      node.set("compatible", strings: ["ns16550a"])
      node.set("clock-frequency", cells: [3_686_400])
    }
    var aliases = DeviceTreeNode(name: "aliases")
    aliases.set("serial0", strings: ["/\(node.name)"])
    root.children.append(contentsOf: [node, aliases])
  }

  private func consoleName(_ base: UInt64) -> String {
    let name = board.architecture.emulatedUART == .pl011 ? "pl011" : "serial"
    return "\(name)@\(String(base, radix: 16))"
  }

  private func chosenNode(_ cells: AddressCells) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "chosen")
    if let console {
      node.set("stdout-path", strings: ["/" + consoleName(console.base)])
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
}

extension DeviceTreeNode {
  /// A bus whose children have the addresses of its parent, with empty `ranges` or the same address on both
  /// sides of each (Devicetree Specification 0.4, sections 2.3.8 and 4.5). `parent`: how that writes addresses.
  fileprivate func isTransparentBus(in parent: AddressCells) -> Bool {
    guard strings("compatible").contains("simple-bus"), self["ranges"] != nil,
      let own = try? AddressCells(of: self)
    else { return false }
    let cells = self.cells("ranges")
    let width = own.address + parent.address + own.size
    func number(_ part: ArraySlice<UInt32>) -> UInt64 { part.reduce(0) { $0 << 32 | UInt64($1) } }
    return cells.count % width == 0
      && stride(from: 0, to: cells.count, by: width).allSatisfy { start in
        let middle = start + own.address
        return number(cells[start..<middle]) == number(cells[middle..<(middle + parent.address)])
      }
  }
}
