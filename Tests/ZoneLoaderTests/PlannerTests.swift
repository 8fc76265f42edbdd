import Boards
import SepKernel
import Testing

@testable import ZoneLoader

@Suite struct PlannerTests {
  /// Linux as zone0 on two CPUs beside a zoneR on one.
  static let demo = """
    board: qemu-virt-aarch64
    zones:
      - name: linux
        kind: zone0
        cpus: [0, 1]
        memory: 512MiB
        image: Image
        initrd: initrd
        cmdline: console=ttyAMA0
      - name: rt
        kind: zoneR
        cpus: [2]
        memory:
          - { guest: 0x4000_0000, size: 16MiB }
        image: rt.elf
    """

  static func demoWorkspace() throws -> Workspace {
    let work = try Workspace()
    try work.write(linuxImage(size: 9000, imageSize: 0x20_0000), to: "Image")
    try work.write([UInt8](repeating: 1, count: 3000), to: "initrd")
    try work.write(
      ElfBuilder(
        entry: 0x4008_0010, segments: [.init(at: 0x4008_0000, memorySize: 0x1_0000)]
      ).build(), to: "rt.elf")
    return work
  }

  @Test func demoSystem() throws {
    let system = try Self.demoWorkspace().plan(Self.demo)
    #expect(system.zones.map { $0.name } == ["linux", "rt"])
    let linux = system.zones[0]
    #expect(linux.entry == 0x4000_0000)
    #expect(linux.console == PlannedConsole(base: 0x0900_0000, line: 33))
    #expect(linux.arguments == [0x4040_0000, 0, 0, 0])
    #expect(linux.ranges[0].host % (2 << 20) == 0)
    let rt = system.zones[1]
    #expect(rt.entry == 0x4008_0010)
    #expect(rt.console == PlannedConsole(base: 0x0900_0000, line: 208))
    #expect(rt.stimulusLine == 209)
    #expect(rt.arguments == [0, 0, 0, 0])
    #expect(rt.ranges.map { $0.kind } == [.stamps, .ram])
    #expect(rt.ranges[0].guest == 0x2000_0000)
    #expect(rt.ranges[0].host % (2 << 20) == 0)
    #expect(system.kernelRegion.base == 0x4020_0000)
    #expect(system.kernelRegion.size % (2 << 20) == 0)
    try system.withPlan { plan in
      #expect(plan.zoneCount == 2)
      #expect(plan.header.imageHash[0] == 0x0706_0504_0302_0100)
      #expect(plan.zone(0).payloadCount == 3)
    }
  }

  @Test func sameInputsGiveSameBytes() throws {
    let work = try Self.demoWorkspace()
    let first = try work.plan(Self.demo)
    let second = try work.plan(Self.demo)
    #expect(first.planBytes == second.planBytes)
    #expect(first.deviceTrees == second.deviceTrees)
  }

  /// The Plan names the owner of the ITS, there is room for its tables, and the table of owners says whose it is.
  @Test(arguments: [0, 1]) func ownerOfTheITS(_ owner: Int) throws {
    let work = try Self.demoWorkspace()
    let kind = owner == 0 ? "kind: zone0\n" : "kind: zoneR\n"
    let system = try work.plan(
      Self.demo.replacing(kind, with: kind + "    interrupts: { its: true }\n"))
    try system.withPlan { plan in
      #expect(plan.interruptController.translationOwner == owner)
      let cpus = plan.zone(owner).cpuCount
      let roots = UInt64(plan.zoneCount) * 4096
      #expect(plan.tables.size >= roots + PlanLimits.translationTables(cpus: cpus))
    }
    let row = try #require(system.ownershipTable().first { $0.range?.base == 0x0808_0000 })
    #expect(row.owner == "kernel" && row.note == "ITS, emulated for \(system.zones[owner].name)")
    try work.plan(Self.demo).withPlan { #expect($0.interruptController.translationOwner < 0) }
  }
}
