import Boards
import Foundation
import PlanTestSupport
import SepKernel
import Testing

@testable import ZoneLoader

/// The trees of Debian's kernels, as `make setup-develop` fetches them.
private enum RealTrees {
  static let folder = repository.appendingPathComponent("build/cache/trees").path

  /// Paths below the folder.
  static let all: [String] =
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".dtb") }.sorted()

  static func read(_ name: String) throws -> [UInt8] {
    try HostFile.read("\(folder)/\(name)", limit: BoardImport.blobLimit)
  }
}

/// `hv dts import` of boards that there are.
@Suite(
  .enabled(
    if: !RealTrees.all.isEmpty, "build/cache/trees is empty: scripts/fetch-trees fills it"))
struct RealTreeTests {
  @Test func thereAreThirtyAtLeast() {
    #expect(RealTrees.all.count >= 30)
  }

  /// Each can be read, and what comes out with what it asks for is a board that a Plan has room for.
  @Test(arguments: RealTrees.all) func imports(_ name: String) throws {
    let imported = try BoardImport(flattened: RealTrees.read(name))
    #expect(!imported.board.cpus.isEmpty)
    #expect(imported.questions.count > 0)
    var text = imported.boardFile(source: name)
    let isPLIC = imported.board.architecture == .riscv64
    let answers = [
      "ram": "[{ base: 0x1000_0000_0000, size: 1GiB }]", "kernelBase": "0x1000_0020_0000",
      "counterFrequency": "1000000", "uart": "{ kind: none }", "lineCount": "1019",
      "doorbells": "1018",
      "interruptController": isPLIC
        ? "{ kind: plic, registers: { base: 0x2000_0000_0000, size: 4MiB }, sources: 95 }"
        : "{ kind: gicv3, distributor: { base: 0x2000_0000_0000, size: 64KiB }, "
          + "redistributors: { base: 0x2000_0010_0000, size: 2MiB } }",
    ]
    for key in imported.missing.sorted() {
      text += "\(key): \(try #require(answers[key], "\(key)"))\n"
    }
    let board = try BoardFile.parse(text, path: name)
    #expect(board.devices == imported.board.devices)
    #expect(board.cpus == imported.board.cpus)
  }

  /// Damaged, what comes out is a board file or asks for what it needs; it never ends the process.
  @Test func damaged() throws {
    let blobs = try RealTrees.all.map(RealTrees.read)
    let fuzz = FuzzRun("dts import of real trees")
    var good = 0
    let rounds = try fuzz { random in
      let blob = blobs[Int(random.next() % UInt64(blobs.count))]
      let damaged = FuzzRun.damage(blob, head: blob.count, &random)
      guard let imported = try? BoardImport(flattened: damaged) else { return }
      good += 1
      let text = imported.boardFile(source: "s")
      do {
        _ = try BoardFile.parse(text, path: "b")
        #expect(imported.missing.isEmpty, "\(fuzz)")
      } catch let error as ConfigurationError {
        #expect(imported.missing.contains(error.field), "\(fuzz): \(error)")
      }
    }
    #expect(rounds > 5 && good > 0)
  }

  /// A literal and a tree that it was made from. A board that is described is one line.
  struct Agreement: CustomTestStringConvertible, Sendable {
    var board: Board
    var tree: String
    /// Sizes that the literal has otherwise, and says why.
    var redistributors: UInt64?
    var cpuStart = "psci smc"
    /// Whether the kernel cannot drive the tree's console, and the literal has another UART.
    var hasAnotherUART = false
    var testDescription: String { "\(board.name), \(tree)" }
  }

  static let agreements = [
    // The tree's redistributor window is larger than four CPUs have.
    Agreement(board: .imx8mpEVK, tree: "arm64/freescale/imx8mp-evk.dtb", redistributors: 0xc_0000),
    Agreement(board: .xilinxZCU102, tree: "arm64/xilinx/zynqmp-zcu102-rev1.0.dtb"),
    Agreement(
      board: .raspberryPi4B, tree: "arm64/broadcom/bcm2711-rpi-4-b.dtb",
      cpuStart: "spin-table (release addresses 0xd8, 0xe0, 0xe8, 0xf0)", hasAnotherUART: true),
    Agreement(board: .rk3588, tree: "arm64/rockchip/rk3588-evb1-v10.dtb"),
    Agreement(board: .rk3588, tree: "arm64/rockchip/rk3588-rock-5b.dtb"),
    Agreement(board: .rk3568, tree: "arm64/rockchip/rk3568-evb1-v10.dtb"),
    Agreement(board: .ok6254C, tree: "arm64/ti/k3-am625-sk.dtb"),
  ]

  @Test func treesOfOurBoardsAreThere() {
    for test in Self.agreements { #expect(RealTrees.all.contains(test.tree), "\(test.tree)") }
  }

  @Test(arguments: agreements.filter { RealTrees.all.contains($0.tree) })
  func agreesWithTheLiteral(_ test: Agreement) throws {
    let imported = try BoardImport(flattened: RealTrees.read(test.tree))
    let literal = test.board
    #expect(imported.board.architecture == literal.architecture)
    #expect(imported.cpuStart == test.cpuStart)
    #expect(imported.board.cpus == literal.cpus)
    var controller = literal.interruptController
    if let size = test.redistributors { controller.regions[1].size = size }
    #expect(imported.board.interruptController == controller)
    #expect(imported.missing.contains("uart") == test.hasAnotherUART)
    if test.hasAnotherUART {
      let (base, line) = (Quantity.grouped(literal.uart.region.base), literal.uart.line)
      #expect(imported.questions.contains { $0.text.contains("at \(base), line \(line)") })
    } else {
      #expect(imported.board.uart.kind == literal.uart.kind)
      #expect(imported.board.uart.region.base == literal.uart.region.base)
      #expect(imported.board.uart.line == literal.uart.line)
      #expect(imported.board.uart.registerShift == literal.uart.registerShift)
      #expect(imported.board.uart.registerWidth == literal.uart.registerWidth)
    }
    if !imported.missing.contains("counterFrequency") {
      #expect(imported.board.counterFrequency == literal.counterFrequency)
    }
    if !imported.missing.contains("ram") {
      #expect(
        literal.ram.allSatisfy { range in imported.board.ram.contains { $0.contains(range) } })
    }
    #expect(!literal.devices.isEmpty)
  }

  /// Each device has the lines of the nodes with registers in its windows, switched on or not, and no others; no node has
  /// a doorbell.
  @Test(arguments: agreements.filter { RealTrees.all.contains($0.tree) })
  func devicesAgree(_ test: Agreement) throws {
    var importer = try BoardImporter(
      TreeIndex(DeviceTreeNode(flattened: RealTrees.read(test.tree))), [])
    importer.importController()
    importer.importTranslations()
    let tree = importer.tree
    let translations = importer.result.translations
    let named = tree.entries.indices.flatMap {
      importer.lines(of: $0) + importer.mappedLines(of: $0)
    }
    #expect(Set(test.board.doorbells).isDisjoint(with: named))
    for device in test.board.devices {
      let nodes = tree.entries.indices.filter { node in
        tree.registers(node).contains { range in device.regions.contains { $0.contains(range) } }
      }
      let lines = nodes.map { (enabled: tree.entries[$0].isEnabled, lines: importer.lines(of: $0)) }
      #expect(Set(device.lines).isSubset(of: lines.flatMap(\.lines)), "\(device.name)")
      #expect(
        Set(lines.filter(\.enabled).flatMap(\.lines)).isSubset(of: device.lines), "\(device.name)")
      let fronts = translations.filter { front in
        nodes.contains { front.masters.contains(importer.path($0)) }
      }
      for front in fronts {
        #expect(device.translation.contains(front.compatible), "\(device.name)")
      }
      for region in device.regions where region.size == 0x1000 {
        let known = nodes.contains { node in
          tree.registers(node).contains { $0.base / 0x1000 == region.base / 0x1000 }
        }
        #expect(known, "\(device.name) \(region)")
      }
    }
  }

  /// A Linux zone gets a tree cut out of the board's, with the devices it was given, and the system an image.
  @Test(
    arguments: agreements.filter {
      $0.board.emulator == nil && RealTrees.all.contains($0.tree)
    })
  func linuxOnIt(_ test: Agreement) throws {
    let work = try Workspace()
    let kernelPath = try work.write(linuxImage(size: 10_000, imageSize: 0x9010), to: "kernel.bin")
    try work.write(linuxImage(size: 2000, imageSize: 6000), to: "Image")
    try work.write(RealTrees.read(test.tree), to: "board.dtb")
    let system = try Planner.plan(
      try work.system(
        """
        board: { name: \(test.board.name), dtb: board.dtb }
        zones:
          - { name: linux, kind: zone0, cpus: [0, 1], memory: 64MiB, image: Image, devices: [uart4, i2c1] }
          - { name: rt, kind: zoneR, cpus: [2], memory: 16MiB, image: Image, dtb: none }
        """), kernelImage: KernelImageInfo(path: kernelPath))
    #expect(system.kernelRegion.base == test.board.kernelBase)
    let blob = try #require(try system.deviceTree(zone: "linux"))
    let tree = try TreeIndex(DeviceTreeNode(flattened: blob))
    let nodes = tree.entries.indices
    #expect(nodes.contains { tree.isCompatible($0, ["arm,armv8-timer"]) })
    // The console and each device interrupt at the controller, in as many cells as that has.
    let uart = try #require(test.board.device(named: "uart4"))
    let device = try #require(
      nodes.first { tree.registers($0).first?.base == uart.regions[0].base })
    let console = try #require(
      nodes.first { tree.registers($0).first?.base == test.board.uart.region.base })
    let lines = [device, console].map { (tree.interrupts[$0] ?? []).map { Int($0.cells[1]) + 32 } }
    #expect(lines == [uart.lines, [test.board.uart.line]])
    for format in BootFormat.allCases {
      try system.writeBootImage(kernel: kernelPath, to: "\(work.path)/boot", format: format)
      #expect(try work.read("boot").count > 10_000, "\(format)")
    }
  }
}
