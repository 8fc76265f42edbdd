import Boards
import SepKernel

/// The interrupt controller and the UART.
extension BoardImporter {
  mutating func importController() {
    guard let (node, words) = knownController() else {
      ask("interruptController", "none of those known here is in the tree (GIC, PLIC, APLIC)")
      return
    }
    controller = (node, words)
    let registers = tree.registers(node)
    kernelPages += registers.compactMap(Self.pages)
    guard let kind = words.kind else {
      let parts = zip(words.registers, registers).map { "\($0) \($1)" }.joined(separator: ", ")
      ask("interruptController", "a \(words.word) (\(parts)), which no board file can have yet")
      return
    }
    switch kind {
    case .gicV2: importGICv2(node, registers)
    case .gicV3: importGICv3(node, registers)
    case .plic: importPLIC(node, registers)
    case .aia: importAIA(node, registers)
    }
  }

  private func knownController() -> (Int, ImportTables.Controller)? {
    for words in ImportTables.controllers {
      let node = tree.entries.indices.first { node in
        tree.entries[node].isEnabled && tree.isCompatible(node, words.compatible)
          && (words.kind != .aia || supervisorFiles(node) != nil)
      }
      if let node { return (node, words) }
    }
    return nil
  }

  /// Registers of the distributor and of the CPU interface, with the last copy of its first page where it repeats
  /// throughout 64 KiB, as Linux takes it (drivers/irqchip/irq-gic.c, gic_check_eoimode).
  private mutating func importGICv2(_ node: Int, _ registers: [AddressRange]) {
    let pages = registers.compactMap(Self.pages)
    guard pages.count >= 2 else {
      ask("interruptController", "\(path(node)) lacks distributor or CPU interface")
      return
    }
    let repeats = pages[1].size >= 0x2_0000
    if pages[1].size < PlanLimits.gicInterface {
      check("interruptController", "\(path(node)) has no page with GICC_DIR in the tree")
    }
    if result.board.cpus.count > PlanInterruptControllerKind.gicV2.cpuLimit {
      check("cpus", "a GICv2 has 8 at most")
    }
    result.board.interruptController = .gicV2(
      distributor: AddressRange(base: pages[0].base, size: PlanLimits.granule),
      cpuInterface: AddressRange(
        base: pages[1].base + (repeats ? 0xf000 : 0), size: PlanLimits.gicInterface))
  }

  private mutating func importGICv3(_ node: Int, _ registers: [AddressRange]) {
    let regions = tree[node].cells("#redistributor-regions").first ?? 1
    let pages = registers.compactMap(Self.pages)
    guard pages.count >= 2 else {
      ask("interruptController", "\(path(node)) lacks distributor or redistributors")
      return
    }
    if regions != 1 {
      check(
        "interruptController",
        "has \(regions) ranges of redistributors, of which only the first is here; CPUs whose "
          + "redistributors are in another one cannot be used")
    }
    if pages[1].size < UInt64(result.board.cpus.count) * PlanLimits.gicRedistributor {
      check("interruptController", "has fewer redistributors than the board has CPUs")
    }
    // Both frames, where the tree has only the first (IHI 0069, section 12.1.1).
    let services = tree.entries[node].children.filter {
      tree.isCompatible($0, ["arm,gic-v3-its"]) && tree.entries[$0].isEnabled
    }.compactMap { tree.registers($0).first.flatMap(Self.pages) }.map {
      AddressRange(base: $0.base, size: max($0.size, PlanLimits.gicITS))
    }
    kernelPages += services
    if services.count > 1 {
      note("Of \(services.count) ITS the first is in the file; no device has the pages of any.")
    }
    result.board.interruptController = .gicV3(
      distributor: pages[0], redistributors: pages[1], interruptTranslation: services.first)
  }

  private mutating func importPLIC(_ node: Int, _ registers: [AddressRange]) {
    guard let pages = registers.first.flatMap(Self.pages), sources > 0 else {
      ask("interruptController", "\(path(node)) lacks registers or riscv,ndev")
      return
    }
    result.board.interruptController = .plic(registers: pages, sources: sources)
    setControllerIndices(node)
  }

  /// The IMSIC files that an APLIC's messages go to, when they are those of supervisor level.
  private func supervisorFiles(_ aplic: Int) -> Int? {
    guard let handle = tree[aplic].cells("msi-parent").first,
      let files = tree.index(phandle: handle),
      tree.isCompatible(files, ["riscv,imsics"])
    else { return nil }
    let entries = tree.references(tree[files].cells("interrupts-extended"), "#interrupt-cells")
    return entries.first?.cells.first == 9 ? files : nil
  }

  private mutating func importAIA(_ node: Int, _ registers: [AddressRange]) {
    guard let files = supervisorFiles(node), let aplic = registers.first.flatMap(Self.pages),
      let imsic = tree.registers(files).first.flatMap(Self.pages)
    else {
      ask("interruptController", "\(path(node)) or its IMSIC lacks registers")
      return
    }
    let bits = tree[files].cells("riscv,guest-index-bits").first ?? 0
    if !(1...PlanLimits.imsicGuestBits).contains(bits) {
      check(
        "interruptController",
        "\(path(files)) has \(bits) guest index bits; the kernel needs a guest file for each hart")
    }
    if tree.registers(files).count > 1 {
      check("interruptController", "\(path(files)) has several groups of harts; one can be used")
    }
    kernelPages += tree.registers(files).compactMap(Self.pages)
    result.board.interruptController = .aia(
      aplic: aplic, imsic: imsic, guestIndexBits: min(bits, PlanLimits.imsicGuestBits))
    setControllerIndices(files)
  }

  mutating func importUART() {
    guard let (node, isConsole) = console() else {
      ask("uart", "the tree has none that the kernel drives; write `kind: none` to go without")
      return
    }
    uart = node
    let pages = tree.registers(node).first.flatMap(Self.pages)
    if let pages { kernelPages.append(pages) }
    guard let words = ImportTables.uarts.first(where: { tree.isCompatible(node, $0.compatible) })
    else {
      ask(
        "uart",
        "the console \(path(node)) (\(compatible(node))) is none the kernel drives; "
          + others(node))
      return
    }
    let lines = self.lines(of: node)
    guard let pages, let line = lines.first else {
      ask("uart", "\(path(node)) lacks registers or an interrupt at the controller")
      return
    }
    guard tree.registers(node).first?.base == pages.base else {
      ask(
        "uart",
        "the console \(path(node)) begins inside a page, and the kernel drives UARTs that begin one; "
          + others(node))
      return
    }
    if !isConsole {
      check("uart", "/chosen names no console; this is the first UART that is enabled")
    }
    var board = BoardUART(kind: words.kind, region: pages, line: line)
    switch words.kind {
    case .ns16550, .designWare:
      let shift = tree[node].cells("reg-shift").first ?? UInt32(words.shift)
      let width = tree[node].cells("reg-io-width").first ?? UInt32(words.width)
      guard (width == 1 && shift <= 2) || (width == 4 && shift == 2) else {
        ask("uart", "\(path(node)) has reg-shift \(shift) and reg-io-width \(width): not driven")
        return
      }
      board.registerShift = UInt8(shift)
      board.registerWidth = UInt8(width)
    case .none, .pl011, .cadence, .imx: break
    }
    result.board.uart = board
  }

  /// What to write instead of the console `node`.
  private func others(_ node: Int) -> String {
    let known = ImportTables.uarts.flatMap(\.compatible)
    let nodes = tree.entries.indices.filter { other in
      other != node && tree.entries[other].isEnabled && tree.isCompatible(other, known)
    }
    let list = nodes.prefix(4).compactMap { other -> String? in
      guard let range = tree.registers(other).first, let line = lines(of: other).first else {
        return nil
      }
      return
        "\(path(other)) (\(compatible(other))) at \(Quantity.grouped(range.base)), line \(line)"
    }
    let none = "write `kind: none` to go without"
    return list.isEmpty ? none : "\(none), or one of: \(list.joined(separator: "; "))"
  }

  /// What /chosen names, else the first enabled UART that the kernel drives.
  private func console() -> (node: Int, isConsole: Bool)? {
    if let chosen = tree.index(named: "/chosen") {
      for property in ["stdout-path", "linux,stdout-path"] {
        if let text = tree[chosen].strings(property).first, let node = tree.index(named: text) {
          return (node, true)
        }
      }
    }
    let known = ImportTables.uarts.flatMap(\.compatible)
    let first = tree.entries.indices.first {
      tree.entries[$0].isEnabled && tree.isCompatible($0, known) && !tree.registers($0).isEmpty
    }
    return first.map { ($0, false) }
  }
}
