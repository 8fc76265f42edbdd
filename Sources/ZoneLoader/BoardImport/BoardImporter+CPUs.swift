import Boards
import SepKernel

/// CPUs, how they are started, and the counter.
extension BoardImporter {
  /// What a hart's local controller calls supervisor external interrupts (RISC-V privileged
  /// specification 20240411, table 14).
  private static let supervisorExternal: UInt32 = 9

  mutating func importCPUs() {
    var ids: Set<UInt64> = []
    var nodes: [Int] = []
    for cpu in Self.cpuNodes(tree) {
      let cells = tree[cpu].cells("reg")
      let id = TreeIndex.number(cells[...])
      guard !cells.isEmpty, ids.insert(id).inserted else {
        note("CPU \(path(cpu)) has no id of its own, and was left out.")
        continue
      }
      guard tree.entries[cpu].isEnabled else {
        note("CPU \(path(cpu)) is disabled, and was left out.")
        continue
      }
      guard !Self.isHart(tree, cpu) || hasSupervisor(cpu) else {
        note("Hart \(path(cpu)) has no MMU, and was left out.")
        continue
      }
      guard result.board.cpus.count < Plan.cpuCapacity else {
        note("CPU \(path(cpu)) is beyond the \(Plan.cpuCapacity) of a Plan.")
        continue
      }
      result.board.cpus.append(BoardCPU(id))
      nodes.append(cpu)
    }
    if result.board.cpus.count > PlanArchitecture.imageCPUs {
      check(
        "cpus",
        "the tree has \(result.board.cpus.count), and the kernel has stacks for "
          + "\(PlanArchitecture.imageCPUs): remove others, which nobody starts then")
    }
    if result.board.cpus.isEmpty {
      ask("cpus", "no CPU in the tree can be used; list hardware ids")
    }
    if Self.cpuNodes(tree).contains(where: { Self.isHart(tree, $0) }) {
      checkHypervisor()
    } else {
      importStart(nodes)
    }
  }

  /// A CPU by the RISC-V binding (Linux, Documentation/devicetree/bindings/riscv/cpus.yaml).
  static func isHart(_ tree: TreeIndex, _ cpu: Int) -> Bool {
    tree.isCompatible(cpu, ["riscv"]) || tree[cpu]["riscv,isa"] != nil
      || tree[cpu]["riscv,isa-base"] != nil
  }

  private func hasSupervisor(_ cpu: Int) -> Bool {
    tree[cpu].strings("mmu-type").first.map { $0 != "riscv,none" } ?? false
  }

  /// Harts need the H extension; trees that name all extensions say so.
  private mutating func checkHypervisor() {
    result.cpuStart = "the SBI (hart_start)"
    let harts = Self.cpuNodes(tree).filter { tree.entries[$0].isEnabled && hasSupervisor($0) }
    let without = harts.filter { hart in
      let extensions = tree[hart].strings("riscv,isa-extensions")
      if !extensions.isEmpty { return !extensions.contains("h") }
      // Single letters come before the first underscore, after rv64.
      let letters = (tree[hart].strings("riscv,isa").first ?? "").prefix { $0 != "_" }
      return !letters.dropFirst(4).contains("h")
    }
    if !without.isEmpty {
      check(
        "cpus",
        "\(without.count) of \(harts.count) harts have no H extension in the tree; without it the "
          + "kernel does not start")
    }
  }

  /// `nodes` are those of the board's CPUs, in their order.
  private mutating func importStart(_ nodes: [Int]) {
    let methods = Set(
      nodes.map { Self.clean(tree[$0].strings("enable-method").first ?? "nothing") })
    let psci = tree.entries.indices.first {
      tree.isCompatible($0, ["arm,psci", "arm,psci-0.2", "arm,psci-1.0"])
    }
    let conduit = psci.flatMap { tree[$0].strings("method").first } ?? "none"
    result.cpuStart = methods.sorted().map { method in
      switch method {
      case "psci": return "psci \(Self.clean(conduit))"
      case "spin-table":
        let addresses = nodes.map { Quantity.grouped(releaseAddress($0)) }
        return "spin-table (release addresses \(addresses.joined(separator: ", ")))"
      case let other: return other
      }
    }.joined(separator: " and ")
    if methods == ["spin-table"], setReleaseAddresses(nodes) { return }
    if methods != ["psci"] || conduit != "smc" {
      check(
        "cpus",
        "the tree starts CPUs by \(result.cpuStart); the kernel starts them by PSCI over SMC, or by "
          + "a release address of each one's own, a multiple of 8 below 4 GiB, so without such "
          + "firmware only the boot CPU can be used")
    }
  }

  /// Where a CPU waits by method `spin-table` (Devicetree Specification 0.4, section 3.8.1).
  private func releaseAddress(_ cpu: Int) -> UInt64 {
    TreeIndex.number(tree[cpu].cells("cpu-release-addr")[...])
  }

  /// False where the addresses are not such as a Plan has.
  private mutating func setReleaseAddresses(_ nodes: [Int]) -> Bool {
    let addresses = nodes.compactMap { UInt32(exactly: releaseAddress($0)) }
    guard addresses.count == nodes.count, Set(addresses).count == nodes.count,
      addresses.allSatisfy({ $0 != 0 && $0 % 8 == 0 })
    else { return false }
    for (index, address) in addresses.enumerated() {
      result.board.cpus[index].releaseAddress = address
      kernelPages += [Self.pages(AddressRange(base: UInt64(address), size: 8))].compactMap(\.self)
    }
    return true
  }

  mutating func importTimer() {
    let timers = tree.entries.indices.filter {
      tree.isCompatible($0, ["arm,armv8-timer"]) && tree.entries[$0].isEnabled
    }.prefix(1)
    let harts = Self.cpuNodes(tree).filter { Self.isHart(tree, $0) }
    if harts.isEmpty { compareTimerLines(timers.first) }
    let cpus = tree.index(named: "/cpus").map { [$0] } ?? []
    let values =
      harts.isEmpty
      ? timers.compactMap { frequency($0, "clock-frequency") }
      : (cpus + harts).compactMap { frequency($0, "timebase-frequency") }
    if let frequency = values.first, frequency > 0, frequency <= UInt64(UInt32.max) {
      result.board.counterFrequency = frequency
    } else if result.board.architecture.tellsCounterFrequency {
      ask(
        "counterFrequency",
        "not in the tree; read its register on the board (CNTFRQ_EL0) and write it here in Hz (0: the "
          + "kernel takes what the register says)")
    } else {
      ask(
        "counterFrequency",
        "not in the tree (timebase-frequency of /cpus); the SoC's manual has it, in Hz")
    }
  }

  /// Timers by their place in `interrupts` where no `interrupt-names` says it (Linux,
  /// Documentation/devicetree/bindings/timer/arm,arch_timer.yaml), and the INTIDs that the kernel has for those it uses (BSA,
  /// DEN 0094, table of PPIs).
  private static let timerPlaces = ["sec-phys", "phys", "virt", "hyp-phys", "hyp-virt"]
  private static let timerLines = [("hyp-phys", 26), ("virt", 27), ("phys", 30)]

  /// The kernel has these lines fixed; a board with others never gets a timer interrupt.
  private mutating func compareTimerLines(_ timer: Int?) {
    guard let timer else {
      check(
        "interruptController",
        "no arm,armv8-timer is in the tree; the kernel needs the generic timer, with INTIDs "
          + Self.timerLines.map { "\($1) (\($0))" }.joined(separator: ", "))
      return
    }
    let names = tree[timer].strings("interrupt-names")
    let places = names.isEmpty ? Self.timerPlaces : names
    var found: [String: Int] = [:]
    for (name, interrupt) in zip(places, tree.interrupts[timer] ?? []) {
      // Type 1 is PPI, of which 0 is INTID 16 (bindings arm,gic and arm,gic-v3).
      guard interrupt.controller == controller?.node, interrupt.cells.count >= 2,
        interrupt.cells[0] == 1, interrupt.cells[1] < 16
      else { continue }
      found[name] = Int(interrupt.cells[1]) + 16
    }
    let others = Self.timerLines.filter { found[$0.0] != $0.1 }
    guard !others.isEmpty else { return }
    let what = others.map { name, line in
      let said = found[name].map { "INTID \($0)" } ?? "no PPI of the controller"
      return "\(name) has \(said), the kernel needs \(line)"
    }
    check(
      "interruptController",
      "the timers of \(path(timer)) are not where the kernel has them, and no key can say so: "
        + what.joined(separator: "; "))
  }

  private func frequency(_ node: Int, _ property: String) -> UInt64? {
    let cells = tree[node].cells(property)
    return cells.isEmpty ? nil : TreeIndex.number(cells[...])
  }

  /// The number that a controller has for each CPU: the position among `entries` of the supervisor's
  /// interrupt of its hart. CPUs that it does not have are left out.
  mutating func setControllerIndices(_ node: Int) {
    let entries = tree.references(tree[node].cells("interrupts-extended"), "#interrupt-cells")
    // Of entries that stand for nobody, only the place counts: each is one cell.
    var indices: [UInt64: UInt16] = [:]
    var place = 0
    var position = 0
    for entry in entries {
      place += entry.position - position
      position = entry.position + 1 + entry.cells.count
      if entry.cells.first == Self.supervisorExternal,
        let hart = tree.entries[entry.node].parent,
        let index = UInt16(exactly: place)
      {
        indices[TreeIndex.number(tree[hart].cells("reg")[...])] = index
      }
      place += 1
    }
    let missing = result.board.cpus.filter { indices[$0.hardwareID] == nil }
    if !missing.isEmpty {
      check(
        "cpus",
        "\(path(node)) has no supervisor interrupt for \(missing.count) of them, which were left out"
      )
    }
    result.board.cpus = result.board.cpus.compactMap { cpu in
      indices[cpu.hardwareID].map { BoardCPU(cpu.hardwareID, controllerIndex: $0) }
    }
    if result.board.cpus.isEmpty, !result.missing.contains("cpus") {
      ask("cpus", "no CPU is left; list hardware ids with their index at the controller")
    }
  }
}
