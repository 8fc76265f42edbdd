import Boards
import Foundation
import SepKernel
import Testing

@testable import ZoneLoader

/// The board literals against the boards' own device trees, and against themselves.
@Suite struct BoardTests {
  /// The boards whose trees are committed, and QEMU has.
  static let emulated: [Board] = [
    .qemuVirtAArch64, .qemuVirtAArch64GICv2, .qemuVirtRISCV64, .qemuVirtRISCV64AIA,
  ]

  /// Nodes whose windows the literal does not describe: RAM; what firmware keeps on RISC-V; the
  /// machine's switch.
  static let others: Set<String> = [
    "memory@40000000", "memory@80000000", "clint@2000000", "interrupt-controller@24000000",
    "interrupt-controller@c000000", "test@100000",
  ]

  /// Nodes with registers at the root and in buses, with their ranges.
  private func nodes(
    _ parent: DeviceTreeNode
  ) throws -> [(node: DeviceTreeNode, ranges: [AddressRange])] {
    let cells = try AddressCells(of: parent)
    return try parent.children.flatMap { node in
      if node.strings("compatible").contains("simple-bus"), node["reg"] == nil {
        return try nodes(node)
      }
      return node["reg"] == nil ? [] : [(node, cells.ranges(node.cells("reg")))]
    }
  }

  /// Lines in `interrupts`, by the board's binding.
  private func lines(_ node: DeviceTreeNode, _ board: Board) -> [Int] {
    let cells = node.cells("interrupts").map { Int($0) }
    switch board.interruptController.kind {
    case .gicV2, .gicV3: return stride(from: 0, to: cells.count, by: 3).map { cells[$0 + 1] + 32 }
    case .plic: return cells
    case .aia: return stride(from: 0, to: cells.count, by: 2).map { cells[$0] }
    }
  }

  private func compare(_ board: Board, _ tree: DeviceTreeNode) throws {
    let nodes = try nodes(tree)
    func ranges(_ name: String) throws -> [AddressRange] {
      try #require(nodes.first { $0.node.name == name }?.ranges, "\(name)")
    }
    #expect(try ranges("memory@\(String(board.ram[0].base, radix: 16))") == board.ram)
    var described = Self.others
    for (index, region) in board.interruptController.regions.enumerated() {
      let match = nodes.first { $0.ranges.contains { $0.base == region.base } }
      guard let match else {
        // The ITS is a child of the distributor.
        #expect(index == 2)
        continue
      }
      described.insert(match.node.name)
      #expect(match.node["interrupt-controller"] != nil)
      // The tree has the IMSIC files of the harts there are, and 64 KiB for each part of a GICv2.
      #expect(
        match.ranges.contains {
          $0.contains(region) || region.contains($0) && $0.size > region.size / 16
        })
      try compareParameter(board, match.node, index)
    }
    let uart = try #require(nodes.first { $0.ranges.first?.base == board.uart.region.base })
    described.insert(uart.node.name)
    #expect(lines(uart.node, board) == [board.uart.line])
    let all = try #require(tree.child(named: "cpus"))
    let cpus = all.children.filter { $0.name.hasPrefix("cpu@") }
    #expect(cpus.map { UInt64($0.cells("reg").last ?? 0) } == board.cpus.map(\.hardwareID))
    if let frequency = all.cells("timebase-frequency").first {
      #expect(UInt64(frequency) == board.counterFrequency)
    }
    for (node, ranges) in nodes where !described.contains(node.name) {
      for region in ranges {
        let owner = board.devices.first { $0.regions.contains { $0.contains(region) } }
        let device = try #require(owner, "\(node.name) is in no device")
        #expect(Set(lines(node, board)).isSubset(of: device.lines), "\(node.name)")
      }
    }
  }

  private func compareParameter(
    _ board: Board, _ node: DeviceTreeNode, _ index: Int
  ) throws {
    let parameter = board.interruptController.parameter
    switch (board.interruptController.kind, index) {
    case (.plic, _):
      #expect(node.cells("riscv,ndev") == [parameter])
      // Contexts are pairs of a hart's controller and its mode; 9 is supervisor mode.
      let contexts = node.cells("interrupts-extended")
      for cpu in board.cpus { #expect(contexts[2 * Int(cpu.controllerIndex) + 1] == 9) }
    case (.aia, 0): #expect(node.cells("riscv,num-sources") == [UInt32(board.lineCount - 1)])
    case (.aia, _): #expect(node.cells("riscv,guest-index-bits") == [parameter])
    default: break
    }
  }

  @Test(arguments: emulated) func virtAgainstTheCommittedTree(_ board: Board) throws {
    try compare(board, try DeviceTreeNode(flattened: boardTree(board.name)))
  }

  /// Needs QEMU, as `make test` installs it.
  @Test(
    arguments: [
      ("qemu-virt-aarch64", 1, "64MiB"), ("qemu-virt-aarch64", 16, "3GiB"),
      ("qemu-virt-aarch64-gicv2", 1, "64MiB"), ("qemu-virt-aarch64-gicv2", 8, "3GiB"),
      ("qemu-virt-riscv64", 1, "64MiB"), ("qemu-virt-riscv64", 8, "3GiB"),
      ("qemu-virt-riscv64-aia", 1, "64MiB"), ("qemu-virt-riscv64-aia", 8, "3GiB"),
    ])
  func virtAgainstQEMU(_ name: String, _ cpus: Int, _ ram: String) throws {
    let system = try SystemDescription.parse(
      SystemDescriptionTests.minimal.replacing(
        "board: qemu-virt-aarch64",
        with: "board: { name: \(name), cpus: \(cpus), ram: \(ram) }"), path: "s")
    try compare(system.board, try BoardDeviceTree.automatic.root(for: system))
  }

  @Test(arguments: Board.all) func consistency(_ board: Board) {
    #expect(Set(board.devices.map { $0.name }).count == board.devices.count)
    #expect(board.devices.flatMap { $0.regions }.count <= Plan.deviceCapacity)
    #expect(board.lineCount <= Plan.lineCapacity)
    #expect(board.doorbells.upperBound <= board.lineCount)
    #expect(board.usableRAM.contains { $0.contains(board.kernelBase) })
    #expect(board.reserved.allSatisfy { hole in board.ram.contains { $0.contains(hole) } })
    #expect(board.architecture == board.interruptController.kind.architecture)
    for word in board.cpus.map({ UInt64($0.releaseAddress) }) where word != 0 {
      #expect(!board.usableRAM.contains { $0.contains(word) })
    }
    #expect(board.doorbells.lowerBound >= board.interruptController.kind.firstSharedLine)
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

  /// What looks at the board, and a system of one zone: in free RAM, where the boot loader is told to put it.
  @Test(arguments: Board.all) func everyBoardGetsAnImage(_ board: Board) throws {
    let work = try Workspace()
    let path = try work.write(
      linuxImage(
        size: 10_000, imageSize: 0x9010,
        magic: board.architecture == .aarch64 ? "ARM\u{64}" : "RSC\u{5}"), to: "kernel.bin")
    try work.write([UInt8](repeating: 1, count: 4096), to: "a.raw")
    let info = try KernelImageInfo(path: path)
    let yaml = """
      board: \(board.name)
      zones:
        - { name: a, kind: zoneR, cpus: [0], image: a.raw, load: 0x4000_0000, \
      memory: [{ guest: 0x4000_0000, size: 16MiB }] }
      """
    for system in [
      try Planner.bringup(board, image: info),
      try Planner.plan(try work.system(yaml), kernelImage: info, deviceTree: .blob([])),
    ] {
      #expect(system.kernelRegion.base == board.kernelBase)
      #expect(board.usableRAM.contains { $0.contains(system.kernelRegion) })
      try system.writeBootImage(kernel: path, to: "\(work.path)/boot.img")
      let image = try work.read("boot.img")
      #expect(LinuxHeader(of: image)?.architecture == board.architecture)
      let header = try #require(LinuxHeader(of: image))
      #expect(
        LittleEndian.read(image, at: header.earlyConsoleField, as: UInt64.self)
          == board.uart.earlyConsole)
    }
  }

  @Test func emulatorArguments() {
    let board = Board.qemuVirtAArch64
    #expect(
      board.emulator?.arguments(for: board) == [
        "-machine", "virt,virtualization=on,gic-version=3", "-cpu", "cortex-a53", "-smp", "4",
        "-m", "2048M", "-nodefaults",
      ])
    #expect(Board.all.allSatisfy { $0.emulator?.program.hasPrefix("qemu-system-") ?? true })
  }

  @Test func reservedRAMIsNotUsable() {
    var board = Board.qemuVirtAArch64
    let megabyte: UInt64 = 1 << 20
    board.ram = [
      AddressRange(base: 0, size: 4 * megabyte),
      AddressRange(base: 8 * megabyte, size: 4 * megabyte),
    ]
    board.reserved = [
      AddressRange(base: megabyte, size: megabyte),
      AddressRange(base: 8 * megabyte, size: megabyte),
      AddressRange(base: 11 * megabyte, size: megabyte),
    ]
    #expect(
      board.usableRAM == [
        AddressRange(base: 0, size: megabyte),
        AddressRange(base: 2 * megabyte, size: 2 * megabyte),
        AddressRange(base: 9 * megabyte, size: 2 * megabyte),
      ])
    board.reserved = [board.ram[0]]
    #expect(board.usableRAM == [board.ram[1]])
  }
}
