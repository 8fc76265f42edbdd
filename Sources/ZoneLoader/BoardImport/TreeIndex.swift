import Boards

/// A board's device tree with what its nodes refer to: parents, paths, phandles, and addresses as CPUs
/// see them (Devicetree Specification 0.4, chapters 2 and 3). Nothing in it is trusted: what does not
/// resolve is absent.
struct TreeIndex {
  struct Entry {
    /// Without its children.
    var node: DeviceTreeNode
    var path: String
    var parent: Int?
    var children: [Int] = []
    /// It and all nodes above are `okay` (section 2.3.4).
    var isEnabled: Bool
  }

  /// Parents before children, in the order of the tree; the root is the first.
  private(set) var entries: [Entry] = []
  private var byPhandle: [UInt32: Int] = [:]
  private var byPath: [String: Int] = [:]
  /// The entries of every `interrupt-map`, by its node.
  private(set) var maps: [Int: [MapEntry]] = [:]
  /// The interrupts of each node that reach a controller, and where the entries of its own map lead.
  private(set) var interrupts: [Int: [Interrupt]] = [:]
  private(set) var mappedInterrupts: [Int: [Interrupt]] = [:]

  /// Entries of interrupt maps that are compared; far more than boards need.
  private static let comparisonLimit = 1 << 18

  init(_ root: DeviceTreeNode) throws(DeviceTreeError) {
    add(root, path: "", parent: nil, isEnabled: true)
    for node in entries.indices where self[node]["interrupt-map"] != nil {
      maps[node] = mapEntries(node)
    }
    var budget = Self.comparisonLimit
    for node in entries.indices {
      interrupts[node] = resolvedInterrupts(node, &budget)
      mappedInterrupts[node] = maps[node]?.compactMap {
        resolve($0.target, address: $0.parentAddress, depth: 1, &budget)
      }
    }
    guard budget >= 0 else {
      throw .unexpected("has more interrupts in longer maps than any board")
    }
  }

  private mutating func add(
    _ node: DeviceTreeNode, path: String, parent: Int?, isEnabled: Bool
  ) {
    let index = entries.count
    var plain = node
    plain.children = []
    let status = node.strings("status").first
    let isEnabled = isEnabled && (status == nil || status == "okay" || status == "ok")
    entries.append(
      Entry(
        node: plain, path: path.isEmpty ? "/" : path, parent: parent, isEnabled: isEnabled))
    byPath[path.isEmpty ? "/" : path] = index
    if let handle = node.phandle ?? node.cells("linux,phandle").first, byPhandle[handle] == nil {
      byPhandle[handle] = index
    }
    if let parent { entries[parent].children.append(index) }
    for child in node.children {
      add(child, path: "\(path)/\(child.name)", parent: index, isEnabled: isEnabled)
    }
  }

  /// Entries of one list that are looked at; no board has as many, and work stays bounded.
  static let listLimit = 512

  subscript(index: Int) -> DeviceTreeNode { entries[index].node }

  func index(phandle: UInt32) -> Int? { byPhandle[phandle] }

  /// The node of a path or an alias, with or without `:OPTIONS` behind it (section 3.6).
  func index(named text: String) -> Int? {
    let word = String(text.prefix { $0 != ":" })
    if word.hasPrefix("/") { return byPath[word] }
    guard let aliases = byPath["/aliases"],
      let path = entries[aliases].node.strings(word).first, path.hasPrefix("/")
    else { return nil }
    return byPath[path]
  }

  /// Indices of the nodes below `index`, itself included.
  func subtree(_ index: Int) -> [Int] {
    [index] + entries[index].children.flatMap { subtree($0) }
  }

  /// The nodes above, the nearest first.
  func ancestors(_ index: Int) -> [Int] {
    var result: [Int] = []
    var current = entries[index].parent
    while let parent = current {
      result.append(parent)
      current = entries[parent].parent
    }
    return result
  }

  func isCompatible(_ index: Int, _ words: [String]) -> Bool {
    self[index].strings("compatible").contains { words.contains($0) }
  }

  /// A number of cells (section 2.3.5); nil for a number that nothing has.
  func cellCount(_ property: String, of index: Int, default value: Int) -> Int? {
    let count = self[index].cells(property).first.map { Int($0) } ?? value
    return (0...8).contains(count) ? count : nil
  }

  /// What is in `reg`, as CPUs see it. Empty where a bus between has no `ranges`.
  func registers(_ index: Int) -> [AddressRange] {
    guard let parent = entries[index].parent else { return [] }
    return raw(self[index].cells("reg"), in: parent).compactMap { translate($0, outOf: parent) }
  }

  /// Entries of a `reg` whose node is a child of `parent`, untranslated and without empty ones.
  func raw(_ cells: [UInt32], in parent: Int) -> [AddressRange] {
    guard let address = cellCount("#address-cells", of: parent, default: 2),
      let size = cellCount("#size-cells", of: parent, default: 1),
      (1...2).contains(address), (1...2).contains(size)
    else { return [] }
    let width = address + size
    return Self.starts(cells, width).compactMap { start in
      let range = AddressRange(
        base: Self.number(cells[start..<(start + address)]),
        size: Self.number(cells[(start + address)..<(start + width)]))
      return range.size > 0 && range.end != nil ? range : nil
    }
  }

  /// Where the whole entries of a list begin.
  static func starts(_ cells: [UInt32], _ width: Int) -> [Int] {
    (0..<min(cells.count / width, listLimit)).map { $0 * width }
  }

  /// The last two cells as one number.
  static func number(_ cells: ArraySlice<UInt32>) -> UInt64 {
    cells.suffix(2).reduce(0) { $0 << 32 | UInt64($1) }
  }

  /// `range` on the bus `bus`, as CPUs see it; nil where it does not reach them (section 2.3.8).
  func translate(_ range: AddressRange, outOf bus: Int) -> AddressRange? {
    var range = range
    var bus = bus
    while let parent = entries[bus].parent {
      guard let windows = windows(of: bus) else { return nil }
      if !windows.isEmpty {
        guard let window = windows.first(where: { $0.child.contains(range) }) else { return nil }
        let (base, overflow) = window.parent.addingReportingOverflow(
          range.base - window.child.base)
        range.base = base
        guard !overflow, range.end != nil else { return nil }
      }
      bus = parent
    }
    return range
  }

  /// The `ranges` of a bus: nil without the property, empty where addresses are the same.
  private func windows(of bus: Int) -> [(child: AddressRange, parent: UInt64)]? {
    guard let value = self[bus]["ranges"], let parent = entries[bus].parent else { return nil }
    guard !value.isEmpty else { return [] }
    guard let child = cellCount("#address-cells", of: bus, default: 2),
      let above = cellCount("#address-cells", of: parent, default: 2),
      let size = cellCount("#size-cells", of: bus, default: 1),
      (1...2).contains(child), (1...2).contains(above), (1...2).contains(size)
    else { return nil }
    let cells = self[bus].cells("ranges")
    let width = child + above + size
    return Self.starts(cells, width).map { start in
      (
        AddressRange(
          base: Self.number(cells[start..<(start + child)]),
          size: Self.number(cells[(start + child + above)..<(start + width)])),
        Self.number(cells[(start + child)..<(start + child + above)])
      )
    }
  }

  /// The windows of a PCI host bridge as CPUs see them (IEEE 1275 PCI binding: three address cells).
  func bridgeWindows(_ bridge: Int) -> [AddressRange] {
    guard let parent = entries[bridge].parent,
      cellCount("#address-cells", of: bridge, default: 3) == 3,
      cellCount("#size-cells", of: bridge, default: 2) == 2,
      let above = cellCount("#address-cells", of: parent, default: 2), (1...2).contains(above)
    else { return [] }
    let cells = self[bridge].cells("ranges")
    let width = 3 + above + 2
    return Self.starts(cells, width).compactMap { start in
      let range = AddressRange(
        base: Self.number(cells[(start + 3)..<(start + 3 + above)]),
        size: Self.number(cells[(start + 3 + above)..<(start + width)]))
      return range.size > 0 && range.end != nil ? translate(range, outOf: parent) : nil
    }
  }
}
