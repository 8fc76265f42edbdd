/// What nodes of a zone's tree refer to: kept where the zone has it, removed where it has not.
extension ZoneDeviceTree {
  /// Properties whose first cell is a phandle; one that names a node the zone does not have is
  /// removed. (Devicetree Specification 0.4 and the Linux bindings of the same names.)
  static let references: Set<String> = [
    "clocks", "interrupts-extended", "resets", "power-domains", "dmas", "phys", "iommus",
    "msi-parent", "gpios", "pinctrl-0", "pinctrl-1", "interrupt-affinity", "memory-region",
    "next-level-cache", "cpu-idle-states",
  ]
  /// As above, but the phandle is the second cell.
  private static let maps: Set<String> = ["msi-map", "iommu-map"]

  /// Adds root nodes without registers (clocks, regulators) that kept nodes refer to, until no
  /// more are needed.
  func addReferenced(from board: DeviceTreeNode, to root: inout DeviceTreeNode) {
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

  func handles(of node: DeviceTreeNode) -> Set<UInt32> {
    let own: Set<UInt32> = node.phandle.map { [$0] } ?? []
    return node.children.reduce(into: own) { $0.formUnion(handles(of: $1)) }
  }

  func dropDangling(_ node: inout DeviceTreeNode, known: Set<UInt32>) {
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
