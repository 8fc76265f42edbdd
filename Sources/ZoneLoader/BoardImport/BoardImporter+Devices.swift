import Boards
import SepKernel

/// What can be given to zones, in groups that share no page and no line; and IOMMUs.
extension BoardImporter {
  /// A node with registers of its own.
  struct Candidate {
    var node: Int
    var pages: [AddressRange]
    var lines: [Int]
  }

  mutating func importTranslations() {
    var masters: [Int: [String]] = [:]
    for node in tree.entries.indices where tree.entries[node].isEnabled {
      var units = tree.references(tree[node].cells("iommus"), "#iommu-cells").map(\.node)
      let map = tree[node].cells("iommu-map")
      units += TreeIndex.starts(map, 4).compactMap { tree.index(phandle: map[$0 + 1]) }
      for unit in Set(units).sorted() { masters[unit, default: []].append(path(node)) }
    }
    for node in tree.entries.indices
    where tree.entries[node].isEnabled && tree[node]["#iommu-cells"] != nil {
      result.translations.append(
        BoardImport.Translation(
          node: path(node), compatible: compatible(node), masters: masters[node] ?? []))
    }
  }

  mutating func importDevices() {
    let skipped = skippedNodes()
    let users = providers()
    var candidates: [Candidate] = []
    for node in tree.entries.indices
    where tree.entries[node].isEnabled && !skipped.contains(node) {
      let isBridge = tree[node].strings("device_type").first == "pci"
      guard tree[node]["compatible"] != nil || isBridge,
        !tree.isCompatible(node, ImportTables.buses)
      else { continue }
      let windows = tree.registers(node) + (isBridge ? tree.bridgeWindows(node) : [])
      let pages = Self.joined(windows.compactMap(Self.pages))
      guard !pages.isEmpty else { continue }
      let lines = Set(self.lines(of: node) + (isBridge ? mappedLines(of: node) : []))
      candidates.append(Candidate(node: node, pages: pages, lines: lines.sorted()))
    }
    var groups = DeviceGroups(candidates.map(\.pages), candidates.map(\.lines))
    joinChildren(candidates, &groups)
    addDevices(groups.all.map { $0.map { candidates[$0] } }, users)
  }

  /// CPUs, what lies in RAM, the controller with its parts, the UART, what is below PCI bridges.
  private func skippedNodes() -> Set<Int> {
    var skipped: Set<Int> = [0]
    for path in ["/cpus", "/memory", "/reserved-memory", "/chosen", "/firmware"] {
      if let node = tree.index(named: path) { skipped.formUnion(tree.subtree(node)) }
    }
    if let controller { skipped.formUnion(tree.subtree(controller.node)) }
    if let uart { skipped.formUnion(tree.subtree(uart)) }
    for node in tree.entries.indices {
      if tree[node].strings("device_type").first == "memory" { skipped.insert(node) }
      if tree[node].strings("device_type").first == "pci" {
        skipped.formUnion(tree.subtree(node).dropFirst())
      }
    }
    return skipped
  }

  /// Nodes that others' clocks, resets, power, pins, messages, DMA or PHYs come from, with all that need them.
  private func providers() -> [Int: Set<Int>] {
    let lists = [
      ("clocks", "#clock-cells"), ("assigned-clocks", "#clock-cells"), ("resets", "#reset-cells"),
      ("power-domains", "#power-domain-cells"), ("interconnects", "#interconnect-cells"),
      ("mboxes", "#mbox-cells"), ("hwlocks", "#hwlock-cells"), ("iommus", "#iommu-cells"),
      ("dmas", "#dma-cells"), ("phys", "#phy-cells"),
    ]
    var users: [Int: Set<Int>] = [:]
    for node in tree.entries.indices where tree.entries[node].isEnabled {
      for (list, count) in lists {
        for reference in tree.references(tree[node].cells(list), count) {
          users[reference.node, default: []].insert(node)
        }
      }
      // Pins are configured by nodes below the controller's.
      for handle in tree[node].cells("pinctrl-0").prefix(TreeIndex.listLimit) {
        guard let pins = tree.index(phandle: handle) else { continue }
        if let owner = tree.ancestors(pins).first(where: { tree[$0]["reg"] != nil }) {
          users[owner, default: []].insert(node)
        }
      }
    }
    return users
  }

  /// Why no zone can have `node` with what is in `group`; nil: one can.
  private func sharedReason(
    _ node: Int, _ group: Set<Int>, _ users: [Int: Set<Int>]
  ) -> String? {
    let word = String(tree[node].name.prefix { $0 != "@" })
    if tree.isCompatible(node, ImportTables.machineLevel)
      || ImportTables.machineNames.contains(word)
    {
      return "belongs to the machine"
    }
    let isUnit = tree[node]["#iommu-cells"] != nil
    if !isUnit, tree[node]["interrupt-controller"] != nil, tree[node]["gpio-controller"] == nil {
      return "is an interrupt controller"
    }
    let users = users[node] ?? []
    if isUnit, users.isEmpty { return "is an IOMMU" }
    let others = users.filter { user in
      !group.contains(user) && !tree.ancestors(user).contains(where: group.contains)
    }
    return others.min().map { "serves \(path($0)) and perhaps others" }
  }

  /// The first of a group that keeps it from zones, and why.
  private func blocker(
    _ group: [Candidate], _ users: [Int: Set<Int>]
  ) -> (node: Int, reason: String)? {
    let nodes = Set(group.map(\.node))
    for candidate in group {
      if let reason = sharedReason(candidate.node, nodes, users) {
        return (candidate.node, reason)
      }
    }
    return nil
  }

  /// A node below another one's registers is a part of it, as a core is of its wrapper.
  private func joinChildren(_ candidates: [Candidate], _ groups: inout DeviceGroups) {
    let byNode = Dictionary(
      candidates.enumerated().map { ($1.node, $0) }, uniquingKeysWith: { first, _ in first })
    for (index, candidate) in candidates.enumerated() {
      if let parent = tree.ancestors(candidate.node).lazy.compactMap({ byNode[$0] }).first {
        groups.join(index, parent)
      }
    }
  }

  private mutating func addDevices(_ groups: [[Candidate]], _ users: [Int: Set<Int>]) {
    var names: Set<String> = []
    var windows = 0
    var surplus: [String] = []
    var taken: [AddressRange] = []
    for group in groups {
      let paths = group.map { path($0.node) }.joined(separator: ", ")
      let pages = Self.joined(group.flatMap(\.pages))
      if let (node, reason) = blocker(group, users) {
        note("For no zone: \(paths); \(group.count > 1 ? path(node) : "it") \(reason).")
        continue
      }
      if let reason = obstacle(pages, group.flatMap(\.lines), taken) {
        note("Left out: \(paths); \(reason).")
        continue
      }
      windows += pages.count
      guard windows <= Plan.deviceCapacity else {
        windows -= pages.count
        surplus.append(paths)
        continue
      }
      taken += pages
      result.board.devices.append(
        BoardDevice(
          name: unusedName(group[0].node, &names), regions: pages,
          lines: Set(group.flatMap(\.lines)).sorted(),
          reachesAllMemory: !group.allSatisfy { isWithoutDMA($0.node) },
          translation: translation(group.map(\.node)),
          summary: Self.clean(
            group.prefix(3).map { compatible($0.node) }.joined(separator: ", ")
              + (group.count > 3 ? " and \(group.count - 3) more" : ""))))
    }
    if !surplus.isEmpty {
      check(
        "devices",
        "\(surplus.count) are left out, because a Plan has room for \(Plan.deviceCapacity) windows: "
          + "remove others for them")
      result.notes += surplus.map { "No room for: \($0)." }
    }
  }

  /// Why these pages and lines cannot be a device.
  private func obstacle(
    _ pages: [AddressRange], _ lines: [Int], _ taken: [AddressRange]
  ) -> String? {
    let limit = UInt64(1) << UInt64(PlanLimits.guestAddressBits)
    if pages.contains(where: { ($0.end ?? .max) > limit }) {
      return "it is beyond 2^\(PlanLimits.guestAddressBits), where guest addresses end"
    }
    for range in pages {
      if kernelPages.contains(where: { $0.overlaps(range) }) {
        return "it shares a page with the interrupt controller or the UART"
      }
      if result.board.ram.contains(where: { $0.overlaps(range) }) { return "it lies in RAM" }
      if taken.contains(where: { $0.overlaps(range) }) { return "it overlaps another device" }
    }
    if result.board.uart.kind != .none, lines.contains(result.board.uart.line) {
      return "it shares the UART's line"
    }
    return nil
  }

  /// The IOMMUs in front of any of these nodes.
  private func translation(_ nodes: [Int]) -> String {
    let paths = Set(nodes.map(path))
    return result.translations.filter { !paths.isDisjoint(with: $0.masters) }.map {
      "\($0.node) (\($0.compatible))"
    }.joined(separator: ", ")
  }

  private func isWithoutDMA(_ node: Int) -> Bool {
    let word = tree[node].name.prefix { $0 != "@" }
    return ImportTables.withoutDMA.contains(String(word)) && tree[node]["dma-ranges"] == nil
      && tree[node]["iommus"] == nil
  }

  /// The node's name without its address, or with it where another device has the same.
  private func unusedName(_ node: Int, _ names: inout Set<String>) -> String {
    let word = String(tree[node].name.prefix { $0 != "@" })
    let isAlone =
      tree.entries.indices.count {
        tree.entries[$0].isEnabled && tree[$0].name.prefix { $0 != "@" } == word
      } == 1
    let address = tree.registers(node).first.map { String($0.base, radix: 16) } ?? "\(node)"
    var name = Self.name(isAlone ? word : "\(word.prefix(31 - address.count - 1))-\(address)")
    if name.isEmpty { name = "device" }
    while !names.insert(name).inserted { name = "\(name.prefix(24))-\(names.count)" }
    return name
  }
}
