import Boards
import Foundation
import SepKernel
import Testing

@testable import ZoneLoader

/// `hv dts import` against the literals, real boards and hostile trees.
@Suite struct BoardImportTests {
  /// A literal and what its tree has otherwise. A board that QEMU makes a tree for is one line here, with its `dumpdtb`
  /// in Fixtures.
  struct Case: CustomTestStringConvertible, Sendable {
    var board: Board
    var cpuStart: String
    /// What the tree does not say.
    var missing: Set<String> = []
    /// The IMSIC's size in the tree: files of the harts there are, where the literal has those of the most.
    var imsic: UInt64?
    /// Lines above every one the tree names, where the literal knows of devices that are not in it.
    var doorbells: Range<Int>?
    var testDescription: String { board.name }
  }

  static let cases = [
    Case(
      board: .qemuVirtAArch64, cpuStart: "psci smc", missing: ["counterFrequency"],
      doorbells: 80..<96),
    Case(
      board: .qemuVirtAArch64GICv2, cpuStart: "psci smc", missing: ["counterFrequency"],
      doorbells: 80..<96),
    Case(board: .qemuVirtRISCV64, cpuStart: "the SBI (hart_start)"),
    Case(
      board: .qemuVirtRISCV64AIA, cpuStart: "the SBI (hart_start)", imsic: 0x8000,
      doorbells: 36..<97),
  ]

  @Test(arguments: cases) func agreesWithTheLiteral(_ test: Case) throws {
    try compare(test, BoardImport(flattened: boardTree(test.board.name)))
  }

  /// Every board that QEMU makes a tree for, from the QEMU that is installed.
  @Test(
    arguments: Board.all.filter {
      $0.emulator?.hasTree == true && $0.emulator?.firmware == nil
    })
  func agreesWithQEMU(_ board: Board) throws {
    let test = try #require(Self.cases.first { $0.board.name == board.name }, "no case: add one")
    try compare(test, BoardImport(flattened: BoardDeviceTree.dump(board)))
  }

  private func compare(_ test: Case, _ imported: BoardImport) throws {
    let literal = test.board
    let board = imported.board
    #expect(imported.missing == test.missing)
    #expect(imported.cpuStart == test.cpuStart)
    #expect(board.architecture == literal.architecture)
    #expect(board.ram == literal.ram)
    #expect(board.reserved == literal.reserved)
    #expect(board.kernelBase == literal.kernelBase)
    #expect(board.cpus == literal.cpus)
    var controller = literal.interruptController
    if let size = test.imsic { controller.regions[1].size = size }
    #expect(board.interruptController == controller)
    #expect(board.uart == literal.uart)
    if test.missing.isEmpty { #expect(board.counterFrequency == literal.counterFrequency) }
    #expect(board.lineCount <= literal.lineCount)
    #expect(board.doorbells == test.doorbells ?? literal.doorbells)
    let windows = BoardImporter.joined(literal.devices.flatMap(\.regions))
    for device in board.devices {
      let owner = literal.devices.first { owner in
        device.regions.contains { window in owner.regions.contains { $0.overlaps(window) } }
      }
      let found = try #require(owner, "\(device.name)")
      #expect(Set(device.lines).isSubset(of: found.lines), "\(device.name)")
      #expect(device.reachesAllMemory || !found.reachesAllMemory, "\(device.name)")
      for window in device.regions {
        #expect(windows.contains { $0.contains(window) } || window.base >= 1 << 38)
      }
    }
  }

  /// Completed by what it asks for, the file is a board; the questions name their keys.
  @Test(arguments: cases) func theFileIsABoard(_ test: Case) throws {
    let imported = try BoardImport(flattened: boardTree(test.board.name))
    let text = imported.boardFile(source: "a tree")
    if !test.missing.isEmpty {
      do {
        _ = try BoardFile.parse(text, path: "b")
        Issue.record("accepted")
      } catch {
        #expect(test.missing.contains(error.field))
      }
    }
    var expected = imported.board
    expected.sources = ["a tree"]
    expected.counterFrequency = test.missing.isEmpty ? expected.counterFrequency : 1
    let whole = text + (test.missing.isEmpty ? "" : "counterFrequency: 1\n")
    #expect(try BoardFile.parse(whole, path: "b") == expected)
    for key in test.missing { #expect(text.contains("\n# ASK \(key): ")) }
    let keys = Set(ConfigurationSection.boardFile.keys)
    #expect(imported.questions.allSatisfy { keys.contains($0.key) })
  }

  @Test func swiftLiteral() throws {
    let imported = try BoardImport(flattened: boardTree("qemu-virt-riscv64"))
    let text = imported.literal(source: "a tree")
    #expect(text.hasPrefix("import SepKernel\n\nextension Board {\n  /// riscv-virtio,qemu.\n"))
    #expect(text.contains("BoardCPU(0x1, controllerIndex: 3),\n"))
    #expect(
      text.contains(
        ".plic(\n      registers: AddressRange(base: 0xc00_0000, size: 0x60_0000), sources: 95)"))
    #expect(text.contains("name: \"pci\""))
    #expect(text.contains("    sources: [\n      \"a tree\",\n    ],\n"), "\(text)")
    #expect(!text.contains("emulator"))
  }

  // MARK: hostile trees

  func imported(_ change: (inout DeviceTreeNode) -> Void) throws -> BoardImport {
    var root = try DeviceTreeNode(flattened: boardTree())
    change(&root)
    return try BoardImport(flattened: root.flattened())
  }

  func edit(
    _ root: inout DeviceTreeNode, _ name: String, _ body: (inout DeviceTreeNode) -> Void
  ) {
    for index in root.children.indices where root.children[index].name == name {
      body(&root.children[index])
    }
  }

  @Test func interruptParentsInACircle() throws {
    let imported = try imported { root in
      edit(&root, "pl011@9000000") { node in
        node.set("phandle", cells: [0x7777])
        node.set("interrupt-parent", cells: [0x7777])
      }
    }
    #expect(imported.missing.contains("uart"))
  }

  @Test func mapsInACircle() throws {
    let imported = try imported { root in
      edit(&root, "pl011@9000000") { $0.set("interrupt-parent", cells: [0x7777]) }
      var nexus = DeviceTreeNode(name: "nexus")
      nexus.set("phandle", cells: [0x7777])
      nexus.set("#address-cells", cells: [0])
      nexus.set("#interrupt-cells", cells: [1])
      nexus.set("interrupt-map-mask", cells: [0])
      nexus.set("interrupt-map", cells: [0, 0x7777, 0])
      root.children.append(nexus)
    }
    #expect(imported.missing.contains("uart"))
  }

  /// As many interrupts through as long a map as a tree has room for: work stays bounded.
  @Test func muchOfEverything() throws {
    let change: (inout DeviceTreeNode) -> Void = { root in
      var nexus = DeviceTreeNode(name: "nexus")
      nexus.set("phandle", cells: [0x7777])
      nexus.set("#address-cells", cells: [0])
      nexus.set("#interrupt-cells", cells: [1])
      nexus.set("interrupt-map", cells: (0..<600).flatMap { [$0, 0x7777, 0xffff_ffff] })
      root.children.append(nexus)
      for index in UInt32(0)..<300 {
        var node = DeviceTreeNode(name: "much@\(index)")
        node.set("compatible", strings: ["x,much"])
        node.set("reg", cells: [1, index << 12, 0, 0x1000])
        node.set("interrupt-parent", cells: [0x7777])
        node.set("interrupts", cells: Array(repeating: 0xffff_fffe, count: 700))
        root.children.append(node)
      }
    }
    let error = #expect(throws: DeviceTreeError.self) { try imported(change) }
    #expect("\(String(describing: error))".contains("longer maps"))
    let fewer = try imported { root in
      change(&root)
      for index in root.children.indices where root.children[index].name.hasPrefix("much@") {
        root.children[index]["interrupts"] = nil
      }
    }
    #expect(fewer.board.devices.count <= Plan.deviceCapacity)
    #expect(fewer.questions.contains { $0.key == "devices" && $0.text.contains("left out") })
  }

  @Test func busesAndRegisters() throws {
    let imported = try imported { root in
      var bus = DeviceTreeNode(name: "bus")
      bus.set("compatible", strings: ["simple-bus"])
      bus.set("#address-cells", cells: [1])
      bus.set("#size-cells", cells: [1])
      let top: [UInt32] = [0xffff_ffff, 0xffff_f000]
      bus.set(
        "ranges", cells: [0x1000, 0, 0x0a81_0000, 0x8000] + [0x9000] + top + [0x1000])
      func device(_ name: String, _ reg: [UInt32]) -> DeviceTreeNode {
        var node = DeviceTreeNode(name: name)
        node.set("compatible", strings: ["x,\(name)"])
        node.set("reg", cells: reg)
        return node
      }
      bus.children = [
        device("translated", [0x1100, 0x10]),
        device("beside", [0x1ff0, 0x20]),
        device("outside", [0, 0x1000]),
        device("last", [0x9000, 0x1000]),
      ]
      root.children.append(bus)
      var closed = bus
      closed.name = "closed"
      closed["ranges"] = nil
      root.children.append(closed)
      root.children.append(device("ram", [0, 0x4000_0000, 0, 0x1000]))
      root.children.append(device("gic", [0, 0x0800_f000, 0, 0x10]))
      root.children.append(device("top", top + [0, 0x1000]))
    }
    let device = try #require(imported.board.devices.first { $0.name.hasPrefix("translated") })
    // Both are in the page, and one reaches into the next.
    #expect(device.regions == [AddressRange(base: 0x0a81_0000, size: 0x2000)])
    for name in ["outside", "last", "ram", "gic", "top"] {
      #expect(!imported.board.devices.contains { $0.name == name }, "\(name)")
    }
    #expect(imported.notes.contains { $0.contains("/ram; it lies in RAM") })
    #expect(imported.notes.contains { $0.contains("/gic; it shares a page with the interrupt") })
  }

  /// A line has one owner, so devices with one line are one device; the UART's is nobody's.
  @Test func linesShared() throws {
    let imported = try imported { root in
      for (index, line) in [(0, 70), (1, 70), (2, 1)] {
        var node = DeviceTreeNode(name: "dev@\(index)")
        node.set("compatible", strings: ["x,dev"])
        node.set("reg", cells: [0, 0x0a80_0000 + UInt32(index) * 0x1000, 0, 0x1000])
        node.set("interrupts", cells: [0, UInt32(line), 4])
        root.children.append(node)
      }
    }
    let devices = imported.board.devices.filter { $0.name.hasPrefix("dev") }
    #expect(devices.count == 1)
    #expect(devices.first?.lines == [102])
    #expect(devices.first?.regions == [AddressRange(base: 0x0a80_0000, size: 0x2000)])
    #expect(imported.notes.contains { $0.contains("shares the UART's line") })
  }

  @Test func reservations() throws {
    let imported = try imported { root in
      var memory = DeviceTreeNode(name: "reserved-memory")
      memory.set("#address-cells", cells: [2])
      memory.set("#size-cells", cells: [2])
      memory["ranges"] = []
      func region(_ name: String, _ base: UInt32, _ size: UInt32) -> DeviceTreeNode {
        var node = DeviceTreeNode(name: name)
        node.set("reg", cells: [0, base, 0, size])
        return node
      }
      var reusable = region("cma", 0x6000_0000, 0x1000_0000)
      reusable["reusable"] = []
      memory.children = [
        region("outside", 0x1000, 0x1000), region("odd", 0x5000_0100, 0x10),
        region("next", 0x5000_1000, 0x1000), region("wide", 0x3f00_0000, 0x0120_0000), reusable,
      ]
      // More than a Plan has room for.
      for index in UInt32(0)..<40 {
        memory.children.append(region("r\(index)", 0x7000_0000 + index * 0x1_0000, 0x1000))
      }
      root.children.append(memory)
    }
    let board = imported.board
    #expect(board.reserved.first == AddressRange(base: 0x4000_0000, size: 0x20_0000))
    #expect(board.reserved.dropFirst().first == AddressRange(base: 0x5000_0000, size: 0x2000))
    #expect(board.usableRAM.count <= Plan.ramCapacity)
    #expect(board.usableRAM.contains { $0.contains(0x6000_0000) })
    for index in UInt64(0)..<40 {
      #expect(!board.usableRAM.contains { $0.contains(0x7000_0000 + index * 0x1_0000) })
    }
    #expect(board.kernelBase == 0x4020_0000)
  }

  private func spinTable(
    _ change: (inout DeviceTreeNode, UInt32) -> Void
  ) throws -> BoardImport {
    try imported { root in
      edit(&root, "cpus") { cpus in
        var number: UInt32 = 0
        for index in cpus.children.indices where cpus.children[index].name.hasPrefix("cpu@") {
          cpus.children[index].set("enable-method", strings: ["spin-table"])
          change(&cpus.children[index], number)
          number += 1
        }
      }
    }
  }

  /// The words are in the board, and their pages are nobody's.
  @Test func spinTables() throws {
    let imported = try spinTable { $0.set("cpu-release-addr", cells: [0, 0x4fff_fff0 + 8 * $1]) }
    #expect(imported.board.cpus.map(\.releaseAddress) == (0..<4).map { 0x4fff_fff0 + 8 * $0 })
    #expect(imported.cpuStart.hasPrefix("spin-table (release addresses 0x4fff_fff0, "))
    #expect(!imported.questions.contains { $0.key == "cpus" })
    #expect(imported.board.reserved == [AddressRange(base: 0x4fff_f000, size: 0x2000)])
    let text = imported.boardFile(source: "s") + "counterFrequency: 0\n"
    #expect(try BoardFile.parse(text, path: "b").cpus == imported.board.cpus)
    #expect(
      imported.literal(source: "s").contains("BoardCPU(0x1, releaseAddress: 0x4fff_fff8),\n"))
  }

  /// Where something else is, too, somebody has to say which it is.
  @Test func spinTableInADevice() throws {
    let inUART = try spinTable { $0.set("cpu-release-addr", cells: [0, 0x0900_0000 + 8 * $1]) }
    #expect(inUART.missing.contains("uart"))
    let inDevice = try spinTable { $0.set("cpu-release-addr", cells: [0, 0x0901_0008 + 8 * $1]) }
    #expect(!inDevice.board.devices.contains { $0.name.hasPrefix("pl031") })
  }

  /// One word for all, beyond 4 GiB, not whole, none, or the boot CPU without one.
  @Test(
    arguments: [
      { _ in [0, 0xd8] }, { [1, 8 * $0] }, { [0, 0x104 + 8 * $0] }, { _ in [] },
      { $0 == 0 ? [0, 0] : [0, 0xd8 + 8 * $0] },
    ] as [@Sendable (UInt32) -> [UInt32]])
  func startsThatTheKernelHasNot(_ address: @Sendable (UInt32) -> [UInt32]) throws {
    let imported = try spinTable { $0.set("cpu-release-addr", cells: address($1)) }
    #expect(imported.cpuStart.hasPrefix("spin-table (release addresses "))
    #expect(imported.board.cpus.allSatisfy { $0.releaseAddress == 0 })
    #expect(imported.questions.contains { $0.key == "cpus" && $0.text.contains("PSCI over SMC") })
  }

  @Test func noStartForAll() throws {
    let methods = try spinTable {
      $0.set("cpu-release-addr", cells: [0, 0xd8 + 8 * $1])
      if $1 == 0 { $0["enable-method"] = nil }
    }
    let conduit = try imported { root in
      edit(&root, "psci") { $0.set("method", strings: ["hvc"]) }
    }
    for imported in [methods, conduit] {
      #expect(imported.board.cpus.allSatisfy { $0.releaseAddress == 0 })
      #expect(imported.questions.contains { $0.key == "cpus" && $0.text.contains("PSCI over SMC") })
    }
  }

  /// Text of a tree stays in its comment.
  @Test func textThatWantsToBeYAML() throws {
    let imported = try imported { root in
      root.set("model", strings: ["x\nemulator: { program: y }\""])
      root.set("compatible", strings: ["v,../../A B"])
      edit(&root, "pl011@9000000") { $0.set("compatible", strings: ["a\nkernelBase: 1"]) }
    }
    #expect(imported.board.name == "------a-b")
    var text = imported.boardFile(source: "s\nuart: 1")
    #expect(imported.missing == ["counterFrequency", "uart"])
    text += "counterFrequency: 0\nuart: { kind: none }\n"
    let board = try BoardFile.parse(text, path: "b")
    #expect(board.emulator == nil && board.uart.kind == .none)
  }

  @Test func noBoardAtAll() throws {
    #expect(throws: DeviceTreeError.self) {
      try BoardImport(flattened: DeviceTreeNode(name: "").flattened())
    }
    #expect(throws: DeviceTreeError.self) {
      try BoardImport(flattened: [UInt8](repeating: 0, count: BoardImport.blobLimit + 1))
    }
  }
}
