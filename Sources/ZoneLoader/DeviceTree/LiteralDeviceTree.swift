import Boards
import SepKernel

/// The tree of an AArch64 board whose emulator has none to give, made from the literal: CPUs, interrupt
/// controller and timer, which is what a zone without devices needs of it. Bindings of Linux: arm/cpus,
/// interrupt-controller/arm,gic and arm,gic-v3, timer/arm,arch_timer.
enum LiteralDeviceTree {
  /// Private interrupts of the timers, less 16: secure, non-secure, virtual, hypervisor (Arm BSA 1.0,
  /// table 6).
  private static let timers: [UInt32] = [13, 14, 11, 10]

  /// Whether the controller is one that `tree` describes.
  static func describes(_ controller: PlanInterruptControllerKind) -> Bool {
    switch controller {
    case .gicV2, .gicV3: true
    case .plic, .aia: false
    }
  }

  static func tree(of board: Board) -> DeviceTreeNode {
    var root = DeviceTreeNode(name: "")
    root.setCells(addresses: 2, sizes: 2)
    root.set("compatible", strings: [board.name])
    root.set("model", strings: [board.name])
    root.children = [cpus(board), controller(board), timer]
    return root
  }

  private static func cpus(_ board: Board) -> DeviceTreeNode {
    var node = DeviceTreeNode(name: "cpus")
    node.setCells(addresses: 2, sizes: 0)
    node.children = board.cpus.map { cpu in
      var child = DeviceTreeNode(name: "cpu@\(String(cpu.hardwareID, radix: 16))")
      child.set("device_type", strings: ["cpu"])
      child.set("compatible", strings: ["arm,armv8"])
      child.set(
        "reg", cells: [UInt32(cpu.hardwareID >> 32), UInt32(truncatingIfNeeded: cpu.hardwareID)])
      return child
    }
    return node
  }

  private static func controller(_ board: Board) -> DeviceTreeNode {
    let regions = board.interruptController.regions
    var node = DeviceTreeNode(
      name: "interrupt-controller@\(String(regions.first?.base ?? 0, radix: 16))")
    let isV2 = board.interruptController.kind == .gicV2
    node.set("compatible", strings: [isV2 ? "arm,gic-400" : "arm,gic-v3"])
    node.set("#interrupt-cells", cells: [3])
    node.set("interrupt-controller", cells: [])
    node.set("phandle", cells: [1])
    node.set("reg", cells: regions.prefix(2).flatMap(AddressCells.wide.encode))
    return node
  }

  private static var timer: DeviceTreeNode {
    var node = DeviceTreeNode(name: "timer")
    node.set("compatible", strings: ["arm,armv8-timer"])
    // Type 1 is PPI; level-triggered, active high.
    node.set("interrupts", cells: timers.flatMap { [1, $0, 4] })
    return node
  }
}
