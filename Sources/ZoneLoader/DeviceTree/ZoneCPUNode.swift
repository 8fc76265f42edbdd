import Boards
import SepKernel

/// The node of one CPU in a zone's tree, made from the board's.
enum ZoneCPUNode {
  /// vCPU `number`. What the zone's CPU does not have is not announced.
  static func node(of cpu: DeviceTreeNode, number: Int, board: Board) -> DeviceTreeNode {
    var node = cpu
    node.name = "cpu@\(String(number, radix: 16))"
    node.children = []
    node.properties.removeAll { ZoneDeviceTree.references.contains($0.name) }
    node.set("reg", cells: [UInt32(number)])
    switch board.interruptController.kind {
    case .gicV2, .gicV3:
      node.set("enable-method", strings: ["psci"])
    case .plic, .aia:
      // The hart's own interrupt controller, and no operating points, idle states, ...
      node.children = cpu.child(named: "interrupt-controller").map { [$0] } ?? []
      let hasAIA = board.interruptController.kind == .aia
      let extensions = cpu.strings("riscv,isa-extensions")
      if !extensions.isEmpty {
        node.set(
          "riscv,isa-extensions",
          strings: extensions.filter { RISCVExtensions.isForZones($0, hasAIA: hasAIA) })
      }
      if let isa = cpu.strings("riscv,isa").first {
        node.set("riscv,isa", strings: [RISCVExtensions.string(isa, hasAIA: hasAIA)])
      }
    }
    return node
  }
}

/// RISC-V extensions (Linux binding riscv/extensions.yaml) that a zone's CPU has when the hart does.
enum RISCVExtensions {
  /// Machine level, hypervisor level, and what the hypervisor would have to enable or to emulate for
  /// a zone and does not: envcfg and stateen bits beyond Sstc and the cache-block operations,
  /// performance counters, debug triggers, the entropy source.
  private static let withheld: Set<String> = [
    "h", "sdtrig", "ssccfg", "sscofpmf", "sscsrind", "ssctr", "ssdbltrp", "ssnpm", "sspm",
    "ssstateen", "supm", "svadu", "svpbmt", "svrsw60t59b", "zicfilp", "zicfiss", "zihpm", "zkr",
  ]

  /// Whether a zone's tree announces `name`.
  static func isForZones(_ name: String, hasAIA: Bool) -> Bool {
    // Sm: machine level; Sh: hypervisor level (ISA naming conventions, "Standard Supervisor-level
    // Extensions" and following).
    if withheld.contains(name) || name.hasPrefix("sm") || name.hasPrefix("sh") { return false }
    return name != "ssaia" || hasAIA
  }

  /// An ISA string, `rv64imafdch_zba_...`, without what zones do not have.
  static func string(_ isa: String, hasAIA: Bool) -> String {
    var parts = isa.split(separator: "_").map(String.init)
    guard let base = parts.first, base.count > 4 else { return isa }
    // The letters follow the width, two digits behind `rv`.
    parts[0] = base.prefix(4) + base.dropFirst(4).filter { $0 != "h" }
    return (parts.prefix(1) + parts.dropFirst().filter { isForZones($0, hasAIA: hasAIA) })
      .joined(separator: "_")
  }
}
