import Boards

/// The device tree that OpenSBI reads on an emulated board (Devicetree Specification 0.4; bindings of
/// Linux, Documentation/devicetree/bindings: riscv/cpus, timer/sifive,clint, interrupt-controller/riscv,imsics
/// and riscv,aplic). It has the CPUs and what the firmware drives.
enum FirmwareDeviceTree {
  private static let machineFiles: UInt32 = 1
  private static let supervisorFiles: UInt32 = 2
  private static let supervisorDomain: UInt32 = 3
  /// Phandle of hart 0's local interrupt controller; the others follow.
  private static let firstHart: UInt32 = 16

  /// Interrupts of a hart's local controller (privileged specification 20240411, table 14).
  private enum Cause {
    static let machineSoftware: UInt32 = 3
    static let machineTimer: UInt32 = 7
    static let supervisorExternal: UInt32 = 9
    static let machineExternal: UInt32 = 11
  }

  /// For `board`, which has an AIA.
  static func tree(of board: Board, _ firmware: BoardFirmware) -> DeviceTreeNode {
    var root = DeviceTreeNode(name: "")
    root.setCells(addresses: 2, sizes: 2)
    root.set("compatible", strings: [board.name])
    root.set("model", strings: [board.name])
    root.children = [
      chosen(board), memory(board), cpus(board, firmware), soc(board, firmware),
    ]
    return root
  }

  private static func chosen(_ board: Board) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "chosen")
    node.set("stdout-path", strings: ["/soc/\(name("serial", board.uart.region))"])
    return node
  }

  private static func memory(_ board: Board) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "memory@\(String(board.ram.first?.base ?? 0, radix: 16))")
    node.set("device_type", strings: ["memory"])
    node.set("reg", cells: board.ram.flatMap(AddressCells.wide.encode))
    return node
  }

  private static func cpus(_ board: Board, _ firmware: BoardFirmware) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "cpus")
    node.setCells(addresses: 1, sizes: 0)
    node.set("timebase-frequency", cells: [UInt32(truncatingIfNeeded: board.counterFrequency)])
    node.children = board.cpus.enumerated().map { index, cpu in
      var hart = DeviceTreeNode(name: "cpu@\(String(cpu.hardwareID, radix: 16))")
      hart.set("device_type", strings: ["cpu"])
      hart.set("reg", cells: [UInt32(truncatingIfNeeded: cpu.hardwareID)])
      hart.set("compatible", strings: ["riscv"])
      hart.set("riscv,isa", strings: [firmware.isa])
      hart.set("status", strings: ["okay"])
      var local = DeviceTreeNode(name: "interrupt-controller")
      local.set("compatible", strings: ["riscv,cpu-intc"])
      setController(&local, cells: 1, phandle: firstHart + UInt32(index))
      hart.children = [local]
      return hart
    }
    return node
  }

  private static func soc(_ board: Board, _ firmware: BoardFirmware) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "soc")
    node.setCells(addresses: 2, sizes: 2)
    node.set("compatible", strings: ["simple-bus"])
    node.set("ranges", cells: [])
    let controller = board.interruptController
    let sources = UInt32(board.lineCount - 1)

    var clint = device("clint", firmware.clint, compatible: "riscv,clint0")
    clint.set(
      "interrupts-extended", cells: harts(board, [Cause.machineSoftware, Cause.machineTimer]))

    var machine = device("aplic", firmware.machineAPLIC, compatible: "riscv,aplic")
    setController(&machine, cells: 2)
    machine.set("msi-parent", cells: [machineFiles])
    machine.set("riscv,num-sources", cells: [sources])
    machine.set("riscv,children", cells: [supervisorDomain])
    // The name in the binding, and the one of OpenSBI before it.
    for name in ["riscv,delegation", "riscv,delegate"] {
      machine.set(name, cells: [supervisorDomain, 1, sources])
    }
    var supervisor = device("aplic", controller.regions[0], compatible: "riscv,aplic")
    setController(&supervisor, cells: 2, phandle: supervisorDomain)
    supervisor.set("msi-parent", cells: [supervisorFiles])
    supervisor.set("riscv,num-sources", cells: [sources])

    node.children = [
      clint,
      files(board, firmware, firmware.machineIMSIC, Cause.machineExternal, machineFiles, bits: 0),
      files(
        board, firmware, controller.regions[1], Cause.supervisorExternal, supervisorFiles,
        bits: controller.parameter),
      machine, supervisor, serial(board),
    ]
    return node
  }

  private static func files(
    _ board: Board, _ firmware: BoardFirmware, _ region: AddressRange, _ cause: UInt32,
    _ phandle: UInt32, bits: UInt32
  ) -> DeviceTreeNode {
    var node = device("imsics", region, compatible: "riscv,imsics")
    setController(&node, cells: 0, phandle: phandle)
    node.set("msi-controller", cells: [])
    node.set("interrupts-extended", cells: harts(board, [cause]))
    node.set("riscv,num-ids", cells: [firmware.identities])
    if bits > 0 { node.set("riscv,guest-index-bits", cells: [bits]) }
    return node
  }

  private static func serial(_ board: Board) -> DeviceTreeNode {
    let uart = board.uart
    var node = device("serial", uart.region, compatible: "ns16550a")
    node.set("reg-shift", cells: [UInt32(uart.registerShift)])
    node.set("reg-io-width", cells: [UInt32(uart.registerWidth)])
    // OpenSBI divides it by 16 * 115200.
    node.set("clock-frequency", cells: [1_843_200])
    return node
  }

  private static func device(
    _ kind: String, _ region: AddressRange, compatible: String
  ) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: name(kind, region))
    node.set("compatible", strings: [compatible])
    node.set("reg", cells: AddressCells.wide.encode(region))
    return node
  }

  private static func name(_ kind: String, _ region: AddressRange) -> String {
    "\(kind)@\(String(region.base, radix: 16))"
  }

  private static func harts(_ board: Board, _ causes: [UInt32]) -> [UInt32] {
    board.cpus.indices.flatMap { index in causes.flatMap { [firstHart + UInt32(index), $0] } }
  }

  private static func setController(
    _ node: inout DeviceTreeNode, cells: UInt32, phandle: UInt32? = nil
  ) {
    node.set("interrupt-controller", cells: [])
    node.set("#interrupt-cells", cells: [cells])
    if let phandle { node.set("phandle", cells: [phandle]) }
  }
}
