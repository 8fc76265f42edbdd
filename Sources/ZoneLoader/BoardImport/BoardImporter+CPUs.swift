import Boards
import SepKernel

/// CPUs, how they are started, and the counter.
extension BoardImporter {
  /// What a hart's local controller calls supervisor external interrupts (RISC-V privileged
  /// specification 20240411, table 14).
  private static let supervisorExternal: UInt32 = 9

  mutating func importCPUs() {
    var ids: Set<UInt64> = []
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
      guard result.board.architecture != .riscv64 || hasSupervisor(cpu) else {
        note("Hart \(path(cpu)) has no MMU, and was left out.")
        continue
      }
      guard result.board.cpus.count < Plan.cpuCapacity else {
        note("CPU \(path(cpu)) is beyond the \(Plan.cpuCapacity) of a Plan.")
        continue
      }
      result.board.cpus.append(BoardCPU(id))
    }
    if result.board.cpus.isEmpty {
      ask("cpus", "no CPU in the tree can be used; list hardware ids")
    }
    switch result.board.architecture {
    case .aarch64: importStart()
    case .riscv64: checkHypervisor()
    case .x86_64, .loongarch64: break
    }
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

  private mutating func importStart() {
    let methods = Set(
      Self.cpuNodes(tree).filter { tree.entries[$0].isEnabled }
        .map { Self.clean(tree[$0].strings("enable-method").first ?? "nothing") })
    let psci = tree.entries.indices.first {
      tree.isCompatible($0, ["arm,psci", "arm,psci-0.2", "arm,psci-1.0"])
    }
    let conduit = psci.flatMap { tree[$0].strings("method").first } ?? "none"
    result.cpuStart = methods.sorted().map { method in
      switch method {
      case "psci": return "psci \(Self.clean(conduit))"
      case "spin-table":
        let addresses = Self.cpuNodes(tree).map {
          Quantity.grouped(TreeIndex.number(tree[$0].cells("cpu-release-addr")[...]))
        }
        return "spin-table (release addresses \(addresses.joined(separator: ", ")))"
      case let other: return other
      }
    }.joined(separator: " and ")
    if methods != ["psci"] || conduit != "smc" {
      check(
        "cpus",
        "the tree starts CPUs by \(result.cpuStart); the kernel starts them by PSCI over SMC, so "
          + "without a firmware that has it only the boot CPU can be used")
    }
  }

  mutating func importTimer() {
    switch result.board.architecture {
    case .aarch64:
      let timer = tree.entries.indices.first {
        tree.isCompatible($0, ["arm,armv8-timer"]) && tree.entries[$0].isEnabled
      }
      let cells = timer.map { tree[$0].cells("clock-frequency") } ?? []
      guard let frequency = cells.first, frequency > 0 else {
        ask(
          "counterFrequency",
          "not in the tree; read CNTFRQ_EL0 on the board and write it here in Hz (0: the kernel takes "
            + "what the register says)")
        return
      }
      result.board.counterFrequency = UInt64(frequency)
    case .riscv64:
      let nodes = (tree.index(named: "/cpus").map { [$0] } ?? []) + Self.cpuNodes(tree)
      let values = nodes.compactMap { node -> UInt64? in
        let cells = tree[node].cells("timebase-frequency")
        return cells.isEmpty ? nil : TreeIndex.number(cells[...])
      }
      guard let frequency = values.first, frequency > 0, frequency <= UInt64(UInt32.max) else {
        ask(
          "counterFrequency",
          "not in the tree (timebase-frequency of /cpus); the SoC's manual has it, in Hz")
        return
      }
      result.board.counterFrequency = frequency
    case .x86_64, .loongarch64: break
    }
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
