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

  /// Damage is refused or read as something else, never a crash.
  @Test func randomDamage() throws {
    let blob = try boardTree()
    var random = SplitMix(seed: 7)
    for _ in 0..<2000 {
      var damaged = blob
      for _ in 0..<(1 + random.next() % 8) {
        damaged[Int(random.next() % UInt64(blob.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      guard let root = try? DeviceTreeNode(flattened: damaged) else { continue }
      let zone = ZoneDeviceTree(
        memory: [], cpus: [0],
        windows: [(host: AddressRange(base: 0, size: 1 << 40), guest: 0x1000)],
        lines: Set(0..<1024), distributor: 0, redistributors: 0,
        console: (base: 0x0900_0000, line: 33))
      _ = try? zone.tree(board: root).flattened()
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

/// SplitMix64: a small seeded generator, so that a failing case can be had again.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
