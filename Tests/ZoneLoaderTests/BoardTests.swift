import Boards
import Foundation
import SepKernel
import Testing

@testable import ZoneLoader

/// The board literals against the boards' own device trees, and against themselves.
@Suite struct BoardTests {
  /// Root nodes whose windows the literal does not describe.
  static let others: Set<String> = ["memory@40000000", "intc@8000000", "pl011@9000000"]

  private func compare(_ board: Board, _ tree: DeviceTreeNode) throws {
    let cells = try AddressCells(of: tree)
    let memory = try #require(tree.child(named: "memory@40000000"))
    #expect(cells.ranges(memory.cells("reg")) == board.ram)
    let controller = try #require(tree.child(named: "intc@8000000"))
    let regions = board.interruptController.regions
    #expect(cells.ranges(controller.cells("reg")) == Array(regions[..<2]))
    #expect(cells.ranges(controller.children[0].cells("reg")) == [regions[2]])
    let uart = try #require(tree.child(named: "pl011@9000000"))
    #expect(cells.ranges(uart.cells("reg")) == [board.uart.region])
    #expect(uart.cells("interrupts")[1] + 32 == UInt32(board.uart.line))
    let cpus = try #require(tree.child(named: "cpus")).children.filter {
      $0.name.hasPrefix("cpu@")
    }
    #expect(cpus.map { UInt64($0.cells("reg").last ?? 0) } == board.cpus)

    for node in tree.children where node["reg"] != nil && !Self.others.contains(node.name) {
      for region in cells.ranges(node.cells("reg")) {
        let owner = board.devices.first { $0.regions.contains { $0.contains(region) } }
        let device = try #require(owner, "\(node.name) is in no device")
        let interrupts = node.cells("interrupts")
        for index in stride(from: 0, to: interrupts.count, by: 3) {
          #expect(device.lines.contains(Int(interrupts[index + 1]) + 32), "\(node.name)")
        }
      }
    }
  }

  @Test func virtAgainstTheCommittedTree() throws {
    try compare(.qemuVirtAArch64, try DeviceTreeNode(flattened: boardTree()))
  }

  /// Needs QEMU, as `make test` installs it.
  @Test(arguments: [(1, "64MiB"), (17, "3GiB")])
  func virtAgainstQEMU(_ cpus: Int, _ ram: String) throws {
    let system = try SystemDescription.parse(
      SystemDescriptionTests.minimal.replacing(
        "board: qemu-virt-aarch64",
        with: "board: { name: qemu-virt-aarch64, cpus: \(cpus), ram: \(ram) }"), path: "s")
    try compare(system.board, try BoardDeviceTree.automatic.root(for: system))
  }

  @Test(arguments: Board.all) func consistency(_ board: Board) {
    #expect(Set(board.devices.map { $0.name }).count == board.devices.count)
    #expect(board.devices.flatMap { $0.regions }.count <= Plan.deviceCapacity)
    #expect(board.lineCount <= Plan.lineCapacity)
    #expect(board.doorbells.upperBound <= board.lineCount)
    #expect(board.ram.contains { $0.contains(board.kernelBase) })
    #expect(board.kernelBase % (2 << 20) == 0)
    var lines = Set(board.devices.flatMap { $0.lines })
    #expect(lines.count == board.devices.reduce(0) { $0 + $1.lines.count })
    lines.insert(board.uart.line)
    #expect(lines.isDisjoint(with: board.doorbells))
    let regions =
      board.ram + board.interruptController.regions + [board.uart.region]
      + board.devices.flatMap { $0.regions }
    for (index, first) in regions.enumerated() {
      #expect((first.base | first.size) & 0xfff == 0)
      for second in regions[(index + 1)...] { #expect(!first.overlaps(second)) }
    }
  }

  @Test func emulatorArguments() {
    let board = Board.qemuVirtAArch64
    #expect(
      board.emulator?.arguments(for: board) == [
        "-machine", "virt,virtualization=on,gic-version=3", "-cpu", "cortex-a53", "-smp", "4",
        "-m", "2048M", "-nodefaults",
      ])
  }
}
