import Boards
import SepKernel

/// What a zone's tree says of its interrupt controller, by kind.
protocol ZoneInterruptController {
  /// Its phandle, the board's.
  var handle: UInt32 { get }
  /// Whether it is the parent of all that names none. On RISC-V that would make it the parent of the
  /// CPUs' own controllers, whose child it is.
  var isRoot: Bool { get }
  /// The lines in an `interrupts` property that can be owned.
  func lines(_ cells: [UInt32]) -> Set<Int>
  /// Value of `interrupts` for a level-triggered line.
  func interrupt(line: Int) -> [UInt32]
  /// Its nodes. `cpus`: the zone's `/cpus`.
  func nodes(
    for zone: ZoneDeviceTree, cpus: DeviceTreeNode, _ cells: AddressCells
  ) throws(DeviceTreeError) -> [DeviceTreeNode]
  /// Nodes of the root that come with it: timer and the means to start CPUs.
  func companions(in tree: DeviceTreeNode) -> [DeviceTreeNode]
}

/// GICv2 (Linux binding arm,gic) or GICv3 (arm,gic-v3).
struct ZoneGIC: ZoneInterruptController {
  let node: DeviceTreeNode
  let handle: UInt32
  let isRoot = true

  /// Cells of an interrupt; a fourth one says which CPUs have a private interrupt, and is 0 for others.
  private var width: Int { max(Int(node.cells("#interrupt-cells").first ?? 3), 3) }

  /// Type 0 is SPI, number + 32; private interrupts do not count.
  func lines(_ cells: [UInt32]) -> Set<Int> {
    var result: Set<Int> = []
    for index in stride(from: 0, to: cells.count - cells.count % width, by: width)
    where cells[index] == 0 {
      result.insert(Int(cells[index + 1]) + 32)
    }
    return result
  }

  func interrupt(line: Int) -> [UInt32] {
    [0, UInt32(line - 32), 4] + Array(repeating: 0, count: width - 3)
  }

  func nodes(
    for zone: ZoneDeviceTree, cpus: DeviceTreeNode, _ cells: AddressCells
  ) throws(DeviceTreeError) -> [DeviceTreeNode] {
    var node = node
    node.name = "intc@\(String(zone.interruptController[0].base, radix: 16))"
    // Of ITS and v2m frames, by which messages become interrupts, the one that the zone owns.
    node.children = try translation(for: zone)
    if node.children.isEmpty { node["ranges"] = nil }
    // The maintenance interrupt belongs to EL2.
    node["interrupts"] = nil
    if zone.board.interruptController.kind == .gicV3 {
      node.set("#redistributor-regions", cells: [1])
    }
    node.set("reg", cells: zone.interruptController.flatMap { cells.encode($0) })
    return [node]
  }

  /// The ITS in the board's tree (Linux binding arm,gic-v3-its).
  private func translation(
    for zone: ZoneDeviceTree
  ) throws(DeviceTreeError) -> [DeviceTreeNode] {
    guard let range = zone.translation else { return [] }
    let cells = try AddressCells(of: node)
    guard
      var its = node.children.first(where: {
        cells.ranges($0.cells("reg")).first?.base == range.base
      })
    else { throw .unexpected("no ITS where \(zone.board.name) has it, \(range)") }
    its.set("reg", cells: cells.encode(range))
    return [its]
  }

  func companions(in tree: DeviceTreeNode) -> [DeviceTreeNode] {
    var psci = DeviceTreeNode(name: "psci")
    psci.set("compatible", strings: ["arm,psci-1.0", "arm,psci-0.2"])
    psci.set("method", strings: ["hvc"])
    let timer = tree.children.first { $0.strings("compatible").contains("arm,armv8-timer") }
    return (timer.map { [$0] } ?? []) + [psci]
  }
}

/// Timer and CPU starts of RISC-V are the SBI's, which no node describes.
private func intcHandles(_ cpus: DeviceTreeNode) throws(DeviceTreeError) -> [UInt32] {
  var result: [UInt32] = []
  for cpu in cpus.children {
    guard let handle = cpu.child(named: "interrupt-controller")?.phandle else {
      throw .unexpected("no riscv,cpu-intc with a phandle in /cpus/\(cpu.name)")
    }
    result.append(handle)
  }
  return result
}

/// What a hart calls an external interrupt for supervisor mode (Privileged ISA, table "Supervisor
/// cause register").
private let supervisorExternal: UInt32 = 9

/// PLIC (Linux binding sifive,plic-1.0.0), with the doorbells among its sources.
struct ZonePLIC: ZoneInterruptController {
  let node: DeviceTreeNode
  let handle: UInt32
  let isRoot = false
  /// One past the highest line of the board.
  let lines: Int

  func lines(_ cells: [UInt32]) -> Set<Int> { Set(cells.map { Int($0) }) }

  func interrupt(line: Int) -> [UInt32] { [UInt32(line)] }

  func nodes(
    for zone: ZoneDeviceTree, cpus: DeviceTreeNode, _ cells: AddressCells
  ) throws(DeviceTreeError) -> [DeviceTreeNode] {
    let window = zone.interruptController[0]
    var node = node
    node.name = "plic@\(String(window.base, radix: 16))"
    node.set("reg", cells: cells.encode(window))
    node.set("riscv,ndev", cells: [UInt32(lines - 1)])
    // Context 2n would be vCPU n's for machine mode, which a zone does not have; 2n + 1 is its own.
    node.set(
      "interrupts-extended",
      cells: try intcHandles(cpus).flatMap { [$0, 0xffff_ffff, $0, supervisorExternal] })
    return [node]
  }

  func companions(in tree: DeviceTreeNode) -> [DeviceTreeNode] { [] }
}

/// APLIC and IMSIC (Linux bindings riscv,aplic and riscv,imsics) of supervisor level.
struct ZoneAIA: ZoneInterruptController {
  let aplic: DeviceTreeNode
  let handle: UInt32
  let isRoot = false
  let imsic: DeviceTreeNode
  /// Phandle of the IMSIC.
  let messages: UInt32

  /// Pairs of source and trigger.
  func lines(_ cells: [UInt32]) -> Set<Int> {
    Set(stride(from: 0, to: cells.count - cells.count % 2, by: 2).map { Int(cells[$0]) })
  }

  /// IRQ_TYPE_LEVEL_HIGH.
  func interrupt(line: Int) -> [UInt32] { [UInt32(line), 4] }

  func nodes(
    for zone: ZoneDeviceTree, cpus: DeviceTreeNode, _ cells: AddressCells
  ) throws(DeviceTreeError) -> [DeviceTreeNode] {
    var files = imsic
    files.name = "imsics@\(String(zone.interruptController[1].base, radix: 16))"
    files.set("reg", cells: cells.encode(zone.interruptController[1]))
    files.set(
      "interrupts-extended", cells: try intcHandles(cpus).flatMap { [$0, supervisorExternal] })
    // One file for each CPU, side by side: nothing of the board's arrangement is left.
    for property in files.properties.map(\.name)
    where property.hasSuffix("-index-bits") || property.hasSuffix("-index-shift") {
      files[property] = nil
    }
    var wired = aplic
    wired.name = "aplic@\(String(zone.interruptController[0].base, radix: 16))"
    wired.set("reg", cells: cells.encode(zone.interruptController[0]))
    wired.set("msi-parent", cells: [messages])
    // Zones have no domain below it.
    for property in ["riscv,children", "riscv,delegate", "riscv,delegation"] {
      wired[property] = nil
    }
    return [files, wired]
  }

  func companions(in tree: DeviceTreeNode) -> [DeviceTreeNode] { [] }
}
