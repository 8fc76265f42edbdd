import Boards
import SepKernel
import Testing

@testable import ZoneLoader

/// Systems on the two RISC-V machines of QEMU: what differs from AArch64.
@Suite struct RISCVSystemTests {
  static let boards = ["qemu-virt-riscv64", "qemu-virt-riscv64-aia"]

  /// As `PlannerTests.demo`.
  static func demo(_ board: String) -> String {
    """
    board: \(board)
    zones:
      - name: linux
        kind: zone0
        cpus: [1, 3]
        memory: 512MiB
        image: Image
        initrd: initrd
        cmdline: console=ttyS0
      - name: rt
        kind: zoneR
        cpus: [2]
        memory:
          - { guest: 0x8000_0000, size: 16MiB }
        image: rt.elf
    """
  }

  static let magic = "RSC\u{5}"

  static func workspace() throws -> Workspace {
    let work = try Workspace()
    try work.write(
      linuxImage(size: 9000, imageSize: 0x40_0000, textOffset: 0x20_0000, magic: magic),
      to: "Image")
    try work.write([UInt8](repeating: 1, count: 3000), to: "initrd")
    var elf = ElfBuilder(
      entry: 0x8020_0012, segments: [.init(at: 0x8020_0000, memorySize: 0x1_0000)])
    elf.machine = 243
    try work.write(elf.build(), to: "rt.elf")
    return work
  }

  @Test(arguments: boards) func plan(_ board: String) throws {
    let system = try Self.workspace().plan(Self.demo(board))
    let linux = system.zones[0]
    #expect(linux.entry == 0x8020_0000)
    #expect(linux.console == PlannedConsole(base: 0x1000_0000, line: 10))
    // Behind the number of the CPU, which the kernel gives.
    #expect(linux.arguments == [0x8080_0000, 0, 0, 0])
    let rt = system.zones[1]
    // Halfwords are instructions.
    #expect(rt.entry == 0x8020_0012)
    #expect(rt.console?.line == system.board.doorbells.lowerBound)
    #expect(rt.stimulusLine == system.board.doorbells.lowerBound + 1)
    #expect(rt.arguments == [0, 0, 0, 0])
    #expect(system.kernelRegion.base == 0x8020_0000)
    // OpenSBI keeps the first 2 MiB.
    let firmware = AddressRange(base: 0x8000_0000, size: 2 << 20)
    for zone in system.zones {
      #expect(zone.ranges.allSatisfy { !$0.hostRange.overlaps(firmware) })
    }
    #expect(
      system.ownershipTable().contains { $0.owner == "firmware" && $0.range == firmware })
    try system.withPlan { plan in
      #expect(plan.ramCount == 1)
      #expect(plan.ram(0).base == 0x8020_0000)
      #expect(plan.counterFrequency == 10_000_000)
      #expect(plan.cycleFrequency == 1_000_000_000)
      #expect(plan.uart.registerWidth == 1)
      #expect(plan.cpu(3).hardwareID == 3)
      #expect(plan.cpu(3).controllerIndex == (board.hasSuffix("aia") ? 3 : 7))
      // Two aligned roots of 16 KiB for each zone, and the tables below.
      #expect(plan.tables.base % 0x8000 == 0)
      #expect(plan.tables.size >= 2 * (15 + 3) * 4096)
    }
  }

  @Test func windows() throws {
    let plic = try Self.workspace().plan(Self.demo("qemu-virt-riscv64")).zones[0]
    #expect(
      plic.interruptController == [
        AddressRange(base: 0x0c00_0000, size: 0x60_0000), AddressRange(base: 0, size: 0),
      ])
    let aia = try Self.workspace().plan(Self.demo("qemu-virt-riscv64-aia")).zones[0]
    #expect(
      aia.interruptController == [
        AddressRange(base: 0x0d00_0000, size: 0x8000),
        AddressRange(base: 0x2800_0000, size: 0x2000),
      ])
  }

  @Test func doorbellsOfAPLICAreVirtual() throws {
    let yaml = Self.demo("qemu-virt-riscv64").replacing(
      "kind: zoneR", with: "kind: zoneR\n    stimulusLine: 40")
    let error = #expect(throws: PlanningError.self) { try Self.workspace().plan(yaml) }
    #expect(error?.description.contains("use one of 96 to 127") == true)
  }

  @Test func linesAreSources() throws {
    let yaml = Self.demo("qemu-virt-riscv64-aia").replacing(
      "kind: zoneR", with: "kind: zoneR\n    lines: [0]")
    let error = #expect(throws: PlanningError.self) { try Self.workspace().plan(yaml) }
    #expect(error?.description.contains("1 to 96; lines are the numbers of sources") == true)
  }

  @Test func statesOfOtherArchitectures() throws {
    for state in ["aarch64", "aarch32"] {
      let yaml = Self.demo("qemu-virt-riscv64").replacing(
        "kind: zoneR", with: "kind: zoneR\n    execution: \(state)")
      let error = #expect(throws: ConfigurationError.self) { try Self.workspace().plan(yaml) }
      #expect(error?.description.contains("auto, riscv64") == true)
    }
  }

  @Test func imagesOfOtherArchitectures() throws {
    let work = try Self.workspace()
    try work.write(linuxImage(), to: "Image")
    let error = #expect(throws: PlanningError.self) {
      try work.plan(Self.demo("qemu-virt-riscv64"))
    }
    #expect(error?.description.contains("a kernel for arm64 does not run on this board") == true)
  }

  @Test func bootImage() throws {
    let work = try Self.workspace()
    let path = try work.write(
      linuxImage(size: 10_000, imageSize: 0x9010, textOffset: 0x20_0000, magic: Self.magic),
      to: "kernel.bin")
    let board = "qemu-virt-riscv64-aia"
    let system = try Planner.plan(
      try work.system(Self.demo(board)), kernelImage: KernelImageInfo(path: path),
      deviceTree: .blob(boardTree(board)))
    try system.writeBootImage(kernel: path, to: "\(work.path)/boot.img")
    let image = try work.read("boot.img")
    let kernel = try work.read("kernel.bin")
    #expect(LittleEndian.read(image, at: 16, as: UInt64.self) == system.kernelRegion.size)
    #expect(Array(image[24..<40]) == Array(kernel[24..<40]))
    #expect(LittleEndian.read(image, at: 40, as: UInt64.self) == 0x0200_0000_1000_0000)
    #expect(Array(image[48..<10_000]) == Array(kernel[48...]))
    #expect(Board.milkVMegrez.uart.earlyConsole == 0x03a0_0000_5090_0000)
    let other = try work.write(linuxImage(size: 10_000, imageSize: 0x9010), to: "other.bin")
    let error = #expect(throws: PlanningError.self) {
      try system.writeBootImage(kernel: other, to: "\(work.path)/boot.img")
    }
    #expect(error?.description.contains("another instruction set") == true)
  }
}
