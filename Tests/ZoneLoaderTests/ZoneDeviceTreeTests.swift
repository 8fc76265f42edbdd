import Boards
import SepKernel
import Testing

@testable import ZoneLoader

@Suite struct ZoneDeviceTreeTests {
  private func tree(_ yaml: String) throws -> (DeviceTreeNode, [UInt8]) {
    let work = try PlannerTests.demoWorkspace()
    let system = try work.plan(yaml)
    let blob = try #require(try system.deviceTree(zone: "linux"))
    return (try DeviceTreeNode(flattened: blob), blob)
  }

  @Test func linuxSeesWhatItOwns() throws {
    let (root, blob) = try tree(PlannerTests.demo)
    #expect(
      Set(root.children.map { $0.name }) == [
        "cpus", "memory@40000000", "intc@8000000", "timer", "psci", "console-clock",
        "pl011@9000000", "aliases", "chosen",
      ])
    let cpus = try #require(root.child(named: "cpus"))
    #expect(cpus.children.map { $0.name } == ["cpu@0", "cpu@1"])
    #expect(cpus.children.map { $0.cells("reg") } == [[0], [1]])
    let memory = try #require(root.child(named: "memory@40000000"))
    #expect(memory.cells("reg") == [0, 0x4000_0000, 0, 0x2000_0000])
    let controller = try #require(root.child(named: "intc@8000000"))
    #expect(controller.cells("reg") == [0, 0x0800_0000, 0, 0x1_0000, 0, 0x080a_0000, 0, 0x4_0000])
    #expect(controller.children.isEmpty)
    #expect(root.cells("interrupt-parent") == controller.cells("phandle"))
    let console = try #require(root.child(named: "pl011@9000000"))
    #expect(console.cells("interrupts") == [0, 1, 4])
    #expect(console.cells("clocks").first == root.child(named: "console-clock")?.phandle)
    let chosen = try #require(root.child(named: "chosen"))
    #expect(chosen.strings("bootargs") == ["console=ttyAMA0"])
    #expect(chosen.strings("stdout-path") == ["/pl011@9000000"])
    #expect(chosen.cells("linux,initrd-start") == [0, 0x4020_0000])
    #expect(chosen.cells("linux,initrd-end") == [0, 0x4020_0bb8])
    #expect(chosen["rng-seed"] == nil)
    let psci = try #require(root.child(named: "psci"))
    #expect(psci.strings("compatible").contains("arm,psci-1.0"))
    #expect(psci.strings("method") == ["hvc"])
    // dtc, an independent reader, accepts it.
    #expect(!(try run(["dtc", "-q", "-I", "dtb", "-O", "dts"], input: blob)).isEmpty)
  }

  @Test func ownedDevicesKeepTheirClock() throws {
    let yaml = PlannerTests.demo.replacing(
      "cmdline: console=ttyAMA0", with: "cmdline: x\n    devices: [rtc, pcie, virtio-mmio3]")
    let (root, _) = try tree(yaml)
    let rtc = try #require(root.child(named: "pl031@9010000"))
    let clock = try #require(root.child(named: "apb-pclk"))
    #expect(rtc.cells("clocks") == [try #require(clock.phandle)])
    #expect(root.child(named: "console-clock")?.phandle != clock.phandle)
    let pcie = try #require(root.child(named: "pcie@10000000"))
    // The ITS it refers to is not the zone's, and neither is the 64-bit window.
    #expect(pcie["msi-map"] == nil)
    #expect(pcie.cells("ranges").count == 14)
    #expect(root.children.filter { $0.name.hasPrefix("virtio_mmio@") }.count == 8)
    #expect(root.child(named: "virtio_mmio@a003000") != nil)
    #expect(root.child(named: "gpio-keys") == nil)
    #expect(root.child(named: "pl061@9030000") == nil)
  }

  /// The owner of the ITS finds it below the interrupt controller, and what refers to it.
  @Test func messagesAreTheOwners() throws {
    let yaml = PlannerTests.demo.replacing(
      "cmdline: console=ttyAMA0",
      with: "cmdline: x\n    devices: [pcie]\n    interrupts: { its: true }")
    let (root, blob) = try tree(yaml)
    let controller = try #require(root.child(named: "intc@8000000"))
    let its = try #require(controller.children.first)
    #expect(controller.children.count == 1 && controller["ranges"] != nil)
    #expect(its.strings("compatible") == ["arm,gic-v3-its"])
    #expect(its.cells("reg") == [0, 0x0808_0000, 0, 0x2_0000])
    #expect(its["msi-controller"] != nil)
    let map = try #require(root.child(named: "pcie@10000000")).cells("msi-map")
    #expect(map == [0, try #require(its.phandle), 0, 0x1_0000])
    #expect(!(try run(["dtc", "-q", "-I", "dtb", "-O", "dts"], input: blob)).isEmpty)
  }

  @Test func movedDevice() throws {
    let yaml = PlannerTests.demo.replacing(
      "cmdline: console=ttyAMA0",
      with: """
        cmdline: x
            devices: [{ guest: 0x0a10_0000, host: 0x0901_0000, size: 4KiB }]
            lines: [34]
            console: { base: 0x0b00_0000, line: 250 }
            interrupts: { distributor: 0x1000_0000, redistributors: 0x1010_0000 }
        """)
    let (root, _) = try tree(yaml)
    #expect(root.child(named: "pl031@a100000")?.cells("reg") == [0, 0x0a10_0000, 0, 0x1000])
    #expect(root.child(named: "pl011@b000000")?.cells("interrupts") == [0, 218, 4])
    #expect(
      root.child(named: "intc@10000000")?.cells("reg")
        == [0, 0x1000_0000, 0, 0x1_0000, 0, 0x1010_0000, 0, 0x4_0000])
  }

  /// A device whose line belongs to nobody is not described: it would not work.
  @Test func deviceWithoutItsLine() throws {
    let yaml = PlannerTests.demo.replacing(
      "cmdline: console=ttyAMA0",
      with: "cmdline: x\n    devices: [{ host: 0x0901_0000, size: 4KiB }]")
    #expect(try tree(yaml).0.child(named: "pl031@9010000") == nil)
  }

  @Test func cpusAreRenumbered() throws {
    let yaml = PlannerTests.demo.replacing("cpus: [0, 1]", with: "cpus: [3, 1]")
    let (root, _) = try tree(yaml)
    #expect(root.child(named: "cpus")?.children.map { $0.cells("reg") } == [[0], [1]])
    // The phandles are those of the board's cpu@1 and cpu@3.
    #expect(root.child(named: "cpus")?.children.map { $0.phandle } == [0x8003, 0x8001])
  }
}
