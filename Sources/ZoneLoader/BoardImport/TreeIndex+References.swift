/// What nodes say of other nodes: interrupts (Devicetree Specification 0.4, section 2.4), and lists of
/// a phandle and as many cells as the node there wants.
extension TreeIndex {
  /// One interrupt: the controller's node, and the specifier there.
  struct Interrupt {
    var controller: Int
    var cells: [UInt32]
  }

  /// An entry of an `interrupt-map`: the child's address and specifier, and the parent's.
  struct MapEntry {
    var key: [UInt32]
    var parentAddress: [UInt32]
    var target: Interrupt
  }

  /// Maps within maps that are followed.
  private static let mapLimit = 8

  /// Parents that are followed: phandles can go in a circle.
  private static let parentLimit = 64

  /// The interrupts of a node that reach a controller. `budget`: as for `resolve`.
  func resolvedInterrupts(_ index: Int, _ budget: inout Int) -> [Interrupt] {
    let node = self[index]
    if node["interrupts-extended"] != nil {
      return references(node.cells("interrupts-extended"), "#interrupt-cells").compactMap {
        resolve(Interrupt(controller: $0.node, cells: $0.cells), address: [], depth: 0, &budget)
      }
    }
    let cells = node.cells("interrupts")
    guard !cells.isEmpty, let parent = interruptParent(index),
      let width = cellCount("#interrupt-cells", of: parent, default: 1), width > 0
    else { return [] }
    return Self.starts(cells, width).compactMap { start in
      resolve(
        Interrupt(controller: parent, cells: Array(cells[start..<(start + width)])),
        address: node.cells("reg"), depth: 0, &budget)
    }
  }

  /// The nearest node above with `#interrupt-cells`, by way of `interrupt-parent` where one is named
  /// (section 2.4.1).
  private func interruptParent(_ index: Int) -> Int? {
    var current = index
    for _ in 0..<Self.parentLimit {
      let handle = self[current].cells("interrupt-parent").first
      guard let next = handle.map({ self.index(phandle: $0) }) ?? entries[current].parent else {
        return nil
      }
      if self[next]["#interrupt-cells"] != nil { return next }
      current = next
    }
    return nil
  }

  /// Follows interrupt maps to the controller; nil where they end elsewhere, or `budget` does.
  func resolve(
    _ interrupt: Interrupt, address: [UInt32], depth: Int, _ budget: inout Int
  ) -> Interrupt? {
    let node = self[interrupt.controller]
    if node["interrupt-controller"] != nil { return interrupt }
    guard let map = maps[interrupt.controller], depth < Self.mapLimit else { return nil }
    let mask = node.cells("interrupt-map-mask")
    // All keys of a map have the same length.
    let length = map.first?.key.count ?? 0
    let padding = max(length - interrupt.cells.count, 0)
    let unit = Array((address + Array(repeating: 0, count: padding)).prefix(padding))
    let word = unit + interrupt.cells
    guard word.count == length else { return nil }
    budget -= map.count
    guard budget >= 0 else { return nil }
    let entry = map.first { entry in
      word.indices.allSatisfy { position in
        let bits = position < mask.count ? mask[position] : 0xffff_ffff
        return word[position] & bits == entry.key[position] & bits
      }
    }
    guard let entry else { return nil }
    return resolve(entry.target, address: entry.parentAddress, depth: depth + 1, &budget)
  }

  /// The entries of an `interrupt-map` (section 2.4.4).
  func mapEntries(_ nexus: Int) -> [MapEntry] {
    guard let address = cellCount("#address-cells", of: nexus, default: 2),
      let specifier = cellCount("#interrupt-cells", of: nexus, default: 1)
    else { return [] }
    let cells = self[nexus].cells("interrupt-map")
    var result: [MapEntry] = []
    var position = 0
    while position + address + specifier + 1 <= cells.count, result.count < Self.listLimit {
      let handle = position + address + specifier
      guard let parent = index(phandle: cells[handle]),
        let parentAddress = cellCount("#address-cells", of: parent, default: 0),
        let parentCells = cellCount("#interrupt-cells", of: parent, default: 1),
        handle + 1 + parentAddress + parentCells <= cells.count
      else { return result }
      let target = handle + 1 + parentAddress
      result.append(
        MapEntry(
          key: Array(cells[position..<handle]), parentAddress: Array(cells[(handle + 1)..<target]),
          target: Interrupt(
            controller: parent, cells: Array(cells[target..<(target + parentCells)]))))
      position = target + parentCells
    }
    return result
  }

  /// A list of phandles, each followed by as many cells as the node says in `count`. Ends at the first
  /// phandle that nobody has, whose cells cannot be counted; 0 and -1 stand for nobody on purpose.
  func references(
    _ cells: [UInt32], _ count: String
  ) -> [(position: Int, node: Int, cells: [UInt32])] {
    var result: [(position: Int, node: Int, cells: [UInt32])] = []
    var start = 0
    while start < cells.count, result.count < Self.listLimit {
      if cells[start] == 0 || cells[start] == .max {
        start += 1
        continue
      }
      guard let node = index(phandle: cells[start]),
        let width = cellCount(count, of: node, default: 0), start + 1 + width <= cells.count
      else { break }
      result.append((start, node, Array(cells[(start + 1)..<(start + 1 + width)])))
      start += 1 + width
    }
    return result
  }
}
