import Boards
import Foundation
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

  /// A literal and the tree that it was made from. A board that is described is one line.
  struct Agreement: CustomTestStringConvertible, Sendable {
    var board: Board
    var tree: String
    /// Sizes that the literal has otherwise, and says why.
    var redistributors: UInt64?
    var testDescription: String { board.name }
  }

  static let agreements = [
    // The tree's redistributor window is larger than four CPUs have.
    Agreement(board: .imx8mpEVK, tree: "arm64/freescale/imx8mp-evk.dtb", redistributors: 0xc_0000)
  ]

  @Test(arguments: agreements.filter { RealTrees.all.contains($0.tree) })
  func agreesWithTheLiteral(_ test: Agreement) throws {
    let imported = try BoardImport(flattened: RealTrees.read(test.tree))
    let literal = test.board
    #expect(imported.board.architecture == literal.architecture)
    #expect(imported.board.cpus == literal.cpus)
    var controller = literal.interruptController
    if let size = test.redistributors { controller.regions[1].size = size }
    #expect(imported.board.interruptController == controller)
    #expect(imported.board.uart.kind == literal.uart.kind)
    #expect(imported.board.uart.region.base == literal.uart.region.base)
    #expect(imported.board.uart.line == literal.uart.line)
    #expect(imported.board.uart.registerShift == literal.uart.registerShift)
    #expect(imported.board.uart.registerWidth == literal.uart.registerWidth)
    if !imported.missing.contains("counterFrequency") {
      #expect(imported.board.counterFrequency == literal.counterFrequency)
    }
    #expect(literal.doorbells.lowerBound >= imported.board.doorbells.lowerBound)
    // Devices with registers at one place have the same lines. Others are enabled on another board.
    for device in imported.board.devices {
      guard let first = device.regions.first,
        let other = literal.devices.first(where: { $0.regions.contains { $0.base == first.base } })
      else { continue }
      #expect(Set(other.lines).isSubset(of: device.lines), "\(other.name)")
    }
  }
}
