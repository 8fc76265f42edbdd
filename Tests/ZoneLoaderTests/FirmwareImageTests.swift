import Boards
import Testing

@testable import ZoneLoader

/// The image with which an emulated board starts that brings no firmware.
@Suite struct FirmwareImageTests {
  private let board = Board.xiangShanKunMingHu
  private var firmware: BoardFirmware {
    get throws { try #require(board.emulator?.firmware) }
  }

  @Test func hartsFindTheirTreeOpenSBIAndTheKernel() throws {
    let openSBI = [UInt8]("OpenSBI".utf8)
    let image = try FirmwareImage.make(for: board, firmware, openSBI: openSBI)
    // The entry loads what lies at 32, 40 and 48 from its own address.
    let tree = word(image, 32) - 0x8000_0000
    let start = Int(word(image, 40) - 0x8000_0000)
    #expect(Array(image[start..<start + openSBI.count]) == openSBI)
    #expect(
      (0..<6).map { word(image, 48 + 8 * $0) } == [0x4942_534f, 2, board.kernelBase, 1, 0, .max])
    let root = try DeviceTreeNode(flattened: Array(image[Int(tree)...]))
    let soc = try #require(root.child(named: "soc"))
    #expect(
      soc.children.map(\.name) == [
        "clint@38000000", "imsics@3a800000", "imsics@3b000000", "aplic@31100000",
        "aplic@31120000", "serial@310b0000",
      ])
    // All sources go to the board's domain, and its MSIs to the files of the harts in the tree.
    let phandle = try #require(soc.children[4].phandle)
    #expect(soc.children[3].cells("riscv,delegation") == [phandle, 1, 96])
    #expect(soc.children[4].cells("msi-parent").first == soc.children[2].phandle)
    #expect(soc.children[2].cells("interrupts-extended").count == 2 * board.cpus.count)
  }

  @Test func aPartThatDoesNotFitIsRefused() throws {
    let firmware = try firmware
    #expect(throws: DeviceTreeError.self) {
      try FirmwareImage.make(
        for: board, firmware, openSBI: [UInt8](repeating: 0, count: 0x14_0001))
    }
    let image = try FirmwareImage.make(
      for: board, firmware, openSBI: [UInt8](repeating: 1, count: 0x14_0000))
    #expect(UInt64(image.count) <= board.kernelBase - 0x8000_0000)
  }

  private func word(_ image: [UInt8], _ offset: Int) -> UInt64 {
    image[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
