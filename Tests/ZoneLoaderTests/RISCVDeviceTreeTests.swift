import Boards
import SepKernel
import Testing

@testable import ZoneLoader

/// Zones' trees on the two RISC-V machines of QEMU; CPUs 1 and 3 are Linux'.
@Suite struct RISCVDeviceTreeTests {
  private func tree(_ board: String, devices: String = "") throws -> DeviceTreeNode {
    let yaml = RISCVSystemTests.demo(board).replacing(
      "cmdline: console=ttyS0", with: "cmdline: console=ttyS0\n\(devices)")
    let system = try RISCVSystemTests.workspace().plan(yaml)
    let blob = try #require(try system.deviceTree(zone: "linux"))
    // dtc, an independent reader, accepts it.
    #expect(!(try run(["dtc", "-q", "-I", "dtb", "-O", "dts"], input: blob)).isEmpty)
    return try DeviceTreeNode(flattened: blob)
  }

  @Test(arguments: RISCVSystemTests.boards) func common(_ board: String) throws {
    let root = try tree(board)
    let cpus = try #require(root.child(named: "cpus"))
    #expect(cpus.cells("timebase-frequency") == [10_000_000])
    #expect(cpus.children.map(\.name) == ["cpu@0", "cpu@1"])
    #expect(cpus.children.map { $0.cells("reg") } == [[0], [1]])
    let console = try #require(root.child(named: "serial@10000000"))
    #expect(console.strings("compatible") == ["ns16550a"])
    #expect(console.cells("clock-frequency") == [3_686_400])
    #expect(console["reg-shift"] == nil)
    let chosen = try #require(root.child(named: "chosen"))
    #expect(chosen.strings("stdout-path") == ["/serial@10000000"])
    #expect(chosen.strings("bootargs") == ["console=ttyS0"])
    #expect(chosen["rng-seed"] == nil)
    #expect(root.child(named: "memory@80000000")?.cells("reg") == [0, 0x8000_0000, 0, 0x2000_0000])
    #expect(root.child(named: "soc") == nil)
    #expect(root.child(named: "psci") == nil)
    #expect(root.child(named: "poweroff") == nil)
  }

  @Test(arguments: RISCVSystemTests.boards) func extensions(_ board: String) throws {
    let isAIA = board.hasSuffix("aia")
    for cpu in try #require(try tree(board).child(named: "cpus")).children {
      let list = Set(cpu.strings("riscv,isa-extensions"))
      #expect(list.isSuperset(of: ["i", "m", "a", "f", "d", "c", "zicbom", "sstc", "zba"]))
      #expect(list.isDisjoint(with: ["h", "smaia", "svadu", "zihpm", "shgatpa"]))
      #expect(list.contains("ssaia") == isAIA)
      let isa = try #require(cpu.strings("riscv,isa").first)
      #expect(isa.hasPrefix("rv64imafdc_zic64b_"))
      #expect(isa.contains("_ssaia_") == isAIA)
      #expect(!isa.contains("smaia") && !isa.contains("_sh") && !isa.contains("svadu"))
    }
    #expect(RISCVExtensions.string("rv64imafdch_zba_sscofpmf", hasAIA: false) == "rv64imafdc_zba")
    #expect(RISCVExtensions.string("rv64", hasAIA: false) == "rv64")
  }

  @Test func plic() throws {
    let root = try tree("qemu-virt-riscv64")
    let plic = try #require(root.child(named: "plic@c000000"))
    #expect(plic.cells("reg") == [0, 0x0c00_0000, 0, 0x60_0000])
    // With the doorbells.
    #expect(plic.cells("riscv,ndev") == [127])
    // Nothing at the root: the CPUs' own controllers would inherit it, and be their child's children.
    #expect(root["interrupt-parent"] == nil)
    #expect(
      root.child(named: "serial@10000000")?.cells("interrupt-parent") == plic.cells("phandle"))
    let handles = try #require(root.child(named: "cpus")).children.compactMap {
      $0.child(named: "interrupt-controller")?.phandle
    }
    // The board's of harts 1 and 3.
    #expect(handles == [6, 2])
    #expect(
      plic.cells("interrupts-extended")
        == handles.flatMap { [$0, 0xffff_ffff, $0, 9] })
    #expect(root.child(named: "serial@10000000")?.cells("interrupts") == [10])
  }

  @Test func aia() throws {
    let root = try tree("qemu-virt-riscv64-aia")
    let aplic = try #require(root.child(named: "aplic@d000000"))
    let imsics = try #require(root.child(named: "imsics@28000000"))
    #expect(aplic.cells("reg") == [0, 0x0d00_0000, 0, 0x8000])
    #expect(aplic.cells("msi-parent") == imsics.cells("phandle"))
    #expect(aplic.cells("riscv,num-sources") == [96])
    #expect(aplic["riscv,children"] == nil)
    #expect(imsics.cells("reg") == [0, 0x2800_0000, 0, 0x2000])
    #expect(imsics.cells("riscv,num-ids") == [255])
    #expect(imsics["riscv,guest-index-bits"] == nil)
    #expect(imsics["msi-controller"] != nil)
    #expect(imsics.cells("interrupts-extended") == [6, 9, 2, 9])
    #expect(root["interrupt-parent"] == nil)
    #expect(
      root.child(named: "serial@10000000")?.cells("interrupt-parent") == aplic.cells("phandle"))
    #expect(root.child(named: "serial@10000000")?.cells("interrupts") == [10, 4])
  }

  @Test(arguments: RISCVSystemTests.boards) func ownedDevices(_ board: String) throws {
    let root = try tree(board, devices: "    devices: [rtc, pcie, virtio-mmio3, flash]")
    let soc = try #require(root.child(named: "soc"))
    #expect(
      Set(soc.children.map(\.name)) == ["rtc@101000", "pci@30000000", "virtio_mmio@10004000"])
    #expect(root.child(named: "flash@20000000") != nil)
    let rtc = try #require(soc.child(named: "rtc@101000"))
    #expect(
      rtc.cells("interrupt-parent")
        == root.child(named: "serial@10000000")?.cells("interrupt-parent"))
    #expect(rtc.cells("interrupts").first == 11)
    #expect(soc.child(named: "pci@30000000")?.cells("ranges").count == 21)
  }

  /// A device whose line belongs to nobody is not described: it would not work.
  @Test(arguments: RISCVSystemTests.boards) func deviceWithoutItsLine(_ board: String) throws {
    let root = try tree(board, devices: "    devices: [{ host: 0x10_1000, size: 4KiB }]")
    #expect(root.child(named: "soc") == nil)
  }

  /// A tree of another machine is an error, no other machine.
  @Test func treeOfAnotherMachine() throws {
    let work = try RISCVSystemTests.workspace()
    let error = #expect(throws: PlanningError.self) {
      try Planner.plan(
        try work.system(RISCVSystemTests.demo("qemu-virt-riscv64-aia")), kernelImage: kernel,
        deviceTree: .blob(boardTree("qemu-virt-aarch64")))
    }
    #expect(error?.description.contains("no interrupt controller with a phandle") == true)
  }
}
