import Boards
import Testing

@testable import ZoneLoader

/// What the kernel has fixed and a tree may have otherwise, and what a tree has that the kernel leaves alone.
extension BoardImportTests {
  /// The kernel has its timers' lines fixed: a tree with others is a question, by the name of each timer.
  @Test(
    arguments: [
      // As the tree has them; with names, in another order; with the hypervisor's virtual timer.
      ([13, 14, 11, 10], nil, []), ([10, 11, 14], ["hyp-phys", "virt", "phys"], []),
      ([13, 14, 11, 10, 12], nil, []),
      ([13, 14, 11, 9], nil, ["hyp-phys has INTID 25, the kernel needs 26"]),
      (
        [13, 15, 12, 10], nil,
        [
          "virt has INTID 28, the kernel needs 27", "phys has INTID 31, the kernel needs 30",
        ]
      ),
      ([13, 14, 11], nil, ["hyp-phys has no PPI of the controller, the kernel needs 26"]),
      (
        [11, 10, 14], ["hyp-phys", "virt", "phys"], ["hyp-phys has INTID 27", "virt has INTID 26"]
      ),
      ([13, 14, 11, 0xffff_ffff], nil, ["hyp-phys has no PPI"]),
    ] as [([UInt32], [String]?, [String])])
  func timerLines(interrupts: [UInt32], names: [String]?, says: [String]) throws {
    let imported = try imported { root in
      edit(&root, "timer") { node in
        node.set("interrupts", cells: interrupts.flatMap { [1, $0, 0x104] })
        if let names { node.set("interrupt-names", strings: names) }
      }
    }
    let texts = imported.questions.filter { $0.key == "interruptController" }.map(\.text)
    #expect(texts.isEmpty == says.isEmpty, "\(texts)")
    for word in says { #expect(texts.first?.contains(word) == true, "\(texts)") }
    #expect(imported.boardFile(source: "s").contains("# CHECK interruptController") != says.isEmpty)
  }

  @Test func noTimer() throws {
    let imported = try imported { root in root.children.removeAll { $0.name == "timer" } }
    #expect(imported.questions.contains { $0.text.contains("no arm,armv8-timer is in the tree") })
    let harts = try BoardImport(flattened: boardTree("qemu-virt-riscv64"))
    #expect(!harts.questions.contains { $0.text.contains("timer") })
  }

  /// What stands before a device is in the board, by its node.
  @Test func translations() throws {
    let imported = try imported { root in
      var unit = DeviceTreeNode(name: "iommu@b000000")
      unit.set("compatible", strings: ["arm,smmu-v3"])
      unit.set("reg", cells: [0, 0x0b00_0000, 0, 0x2_0000])
      unit.set("#iommu-cells", cells: [1])
      unit.set("phandle", cells: [0x7777])
      root.children.append(unit)
      var device = DeviceTreeNode(name: "master")
      device.set("compatible", strings: ["x,master"])
      device.set("reg", cells: [0, 0x0b10_0000, 0, 0x1000])
      device.set("iommus", cells: [0x7777, 1])
      root.children.append(device)
    }
    let front = "/iommu@b000000 (arm,smmu-v3)"
    #expect(imported.board.device(named: "master")?.translation == front)
    #expect(imported.board.devices.count { !$0.translation.isEmpty } == 1)
    let text = imported.boardFile(source: "s") + "counterFrequency: 1\n"
    #expect(try BoardFile.parse(text, path: "b").device(named: "master")?.translation == front)
    #expect(imported.literal(source: "s").contains("translation: \"\(front)\", "))
  }

  @Test func moreCPUsThanTheKernelHasStacksFor() throws {
    let imported = try imported { root in
      edit(&root, "cpus") { cpus in
        let first = cpus.children.first { $0.name.hasPrefix("cpu@") }
        for number in UInt32(4)..<17 {
          guard var cpu = first else { return }
          cpu.name = "cpu@\(number)"
          cpu.set("reg", cells: [number])
          cpu["phandle"] = nil
          cpus.children.append(cpu)
        }
      }
    }
    #expect(imported.board.cpus.count == 17)
    #expect(imported.questions.contains { $0.key == "cpus" && $0.text.contains("stacks for 16") })
  }
}
