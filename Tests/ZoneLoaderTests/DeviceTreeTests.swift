import Boards
import Testing

@testable import ZoneLoader

@Suite struct DeviceTreeTests {
  @Test func readsWhatItWrites() throws {
    var root = DeviceTreeNode(name: "")
    root.set("compatible", strings: ["a,b", "c"])
    root.set("cells", cells: [1, 0xdead_beef])
    root["empty"] = []
    root.children = [
      DeviceTreeNode(
        name: "soc@0", properties: [DeviceTreeProperty(name: "odd", value: [1, 2, 3])],
        children: [DeviceTreeNode(name: "x")])
    ]
    let blob = try root.flattened()
    #expect(try DeviceTreeNode(flattened: blob) == root)
    #expect(root.cells("cells") == [1, 0xdead_beef])
    #expect(root.strings("compatible") == ["a,b", "c"])
  }

  @Test func readsTheBoard() throws {
    let board = try DeviceTreeNode(flattened: boardTree())
    #expect(board.child(named: "cpus")?.children.count == 5)
    #expect(board.child(named: "intc@8000000")?.phandle == 0x8005)
  }

  @Test func truncatedAtEveryWord() throws {
    let blob = try boardTree()
    for length in stride(from: 0, to: blob.count, by: 4) {
      #expect(throws: DeviceTreeError.self) {
        _ = try DeviceTreeNode(flattened: Array(blob[..<length]))
      }
    }
  }

  @Test func tooDeep() throws {
    var node = DeviceTreeNode(name: "n")
    for _ in 0..<40 { node = DeviceTreeNode(name: "n", children: [node]) }
    node.name = ""
    let blob = try node.flattened()
    #expect(throws: DeviceTreeError.self) { _ = try DeviceTreeNode(flattened: blob) }
  }
}
