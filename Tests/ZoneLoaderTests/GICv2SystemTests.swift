import Boards
import SepKernel
import Testing

@testable import ZoneLoader

/// The demo on a board with a GICv2: its windows, and the trees of its zones.
@Suite struct GICv2SystemTests {
  private func plan(_ interrupts: String = "") throws -> PlannedSystem {
    let yaml = PlannerTests.demo
      .replacing("board: qemu-virt-aarch64", with: "board: qemu-virt-aarch64-gicv2")
      .replacing("kind: zone0", with: "kind: zone0\n    \(interrupts)")
    return try PlannerTests.demoWorkspace().plan(yaml)
  }

  @Test func aZoneSeesAGICv2() throws {
    let system = try plan("interrupts: { interface: 0x0810_f000 }")
    let blob = try #require(try system.deviceTree(zone: "linux"))
    let root = try DeviceTreeNode(flattened: blob)
    let controller = try #require(root.child(named: "intc@8000000"))
    #expect(controller.strings("compatible") == ["arm,cortex-a15-gic"])
    // Distributor and CPU interface; neither GICH nor GICV, no frame for messages, no interrupt for EL2.
    #expect(controller.cells("reg") == [0, 0x0800_0000, 0, 0x1000, 0, 0x0810_f000, 0, 0x2000])
    #expect(controller.children.isEmpty && controller["interrupts"] == nil)
    #expect(controller["#redistributor-regions"] == nil)
    #expect(root.child(named: "psci") != nil && root.child(named: "timer") != nil)
    // dtc, an independent reader, accepts it.
    #expect(!(try run(["dtc", "-q", "-I", "dtb", "-O", "dts"], input: blob)).isEmpty)
  }

  @Test(
    arguments: [
      ("distributor: 0x1000_0800", "multiple of 4 KiB"),
      ("interface: 0x1000_0800", "multiple of 4 KiB"),
      ("interface: 0x07ff_f000", "overlaps the interrupt distributor"),
      ("interface: 0x4000_0000", "overlaps the CPU interface"),
      ("redistributors: 0x1000_0000", "use `distributor` or `interface`"),
    ])
  func windowsThatAreRefused(_ window: String, _ says: String) throws {
    let error = #expect(throws: (any Error).self) { try plan("interrupts: { \(window) }") }
    #expect("\(String(describing: error))".contains(says))
  }

  /// A board without PSCI: each CPU has its word, and zones their PSCI all the same.
  @Test func cpusAreReleasedWhereThereIsNoPSCI() throws {
    let yaml = PlannerTests.demo.replacing("qemu-virt-aarch64", with: "raspi4b")
    let work = try PlannerTests.demoWorkspace()
    let system = try Planner.plan(
      work.system(yaml), kernelImage: kernel, deviceTree: .automatic)
    let blob = try #require(try system.deviceTree(zone: "linux"))
    #expect(try DeviceTreeNode(flattened: blob).child(named: "psci") != nil)
    try system.withPlan { plan in
      #expect(!plan.startsByFirmware)
      #expect((0..<4).map { plan.cpu($0).releaseAddress } == [0xd8, 0xe0, 0xe8, 0xf0])
    }
  }

  @Test(arguments: [8, 9]) func hasEightCPUInterfaces(_ cpus: Int) throws {
    let yaml = SystemDescriptionTests.minimal.replacing(
      "board: qemu-virt-aarch64", with: "board: { name: qemu-virt-aarch64-gicv2, cpus: \(cpus) }")
    if cpus == 8 {
      #expect(try SystemDescription.parse(yaml, path: "s").board.cpus.count == 8)
    } else {
      #expect(throws: (any Error).self) { try SystemDescription.parse(yaml, path: "s") }
    }
  }
}
