import PlanTestSupport
import Testing

@testable import SepKernel

/// `KernelBlock.describe`: what exits know of the Plan.
@Suite struct KernelDescribeTests {
  /// The kernel image takes the block's address for that of its first zone.
  @Test func zonesComeFirst() throws {
    let kernel = try KernelFixture().kernel
    withUnsafeMutablePointer(to: &kernel.pointee.zones) { zones in
      #expect(UnsafeRawPointer(zones) == UnsafeRawPointer(kernel))
    }
    #expect(MemoryLayout<InlineArray<16, ZoneBlock>>.size == 16 * MemoryLayout<ZoneBlock>.stride)
  }

  @Test func copiesZonesAndCPUs() throws {
    let kernel = try KernelFixture().kernel
    #expect(kernel.pointee.zoneCount == 2)
    #expect(kernel.pointee.cpuCount == 4)
    #expect(kernel.pointee.zones[0].kind == PlanZoneKind.zone0.rawValue)
    #expect(kernel.pointee.zones[1].kind == PlanZoneKind.zoneR.rawValue)
    #expect(kernel.pointee.zones[0].cpuCount == 2)
    #expect(kernel.pointee.zones[0].cpus[0] == 0)
    #expect(kernel.pointee.zones[0].cpus[1] == 1)
    #expect(kernel.pointee.zones[1].cpuCount == 1)
    #expect(kernel.pointee.zones[1].cpus[0] == 2)
    #expect(kernel.pointee.zones[1].stimulusLine == 210)
  }

  @Test func givesEachZoneItsOwnLinesOnly() throws {
    let kernel = try KernelFixture().kernel
    for line in UInt32(0)..<2000 {
      #expect(kernel.pointee.zones[0].owns(line: line) == [34, 208].contains(line))
      #expect(kernel.pointee.zones[1].owns(line: line) == [209, 210].contains(line))
      #expect(kernel.pointee.zones[2].owns(line: line) == false)
    }
    #expect(kernel.pointee.zones[0].owns(line: .max) == false)
  }

  @Test func zone0ServesTheConsole() throws {
    let kernel = try KernelFixture().kernel
    #expect(kernel.pointee.consoleServer == 0)
    #expect(kernel.pointee.router.selected == 0)
  }

  @Test func withoutZone0TheOwnerOfTheLineServes() throws {
    let kernel = try KernelFixture { builder in
      builder.plan.pointee.zones[0].kind = PlanZoneKind.zoneU.rawValue
      builder.setLine(209, owner: PlanOwner.nobody)
      builder.setLine(33, owner: 1, kind: PlanLine.doorbell)
      builder.plan.pointee.zones[1].consoleLine = 33
    }.kernel
    #expect(kernel.pointee.consoleServer == 1)
    #expect(kernel.pointee.router.selected == 1)
  }

  @Test func elseTheFirstZoneWithAConsoleServes() throws {
    let kernel = try KernelFixture { builder in
      builder.plan.pointee.zones[0].kind = PlanZoneKind.zoneU.rawValue
      builder.plan.pointee.zones[0].flags = 0
      builder.plan.pointee.zones[0].consoleGuest = 0
      builder.plan.pointee.zones[0].consoleLine = 0
    }.kernel
    #expect(kernel.pointee.consoleServer == 1)
    #expect(kernel.pointee.consoles.ports[0].line == 0)
  }

  @Test func portsHaveNamesLinesAndResetUARTs() throws {
    let kernel = try KernelFixture().kernel
    #expect(kernel.pointee.consoles.ports[0].line == 208)
    #expect(kernel.pointee.consoles.ports[1].line == 209)
    #expect(kernel.pointee.consoles.ports[16].name[0] == UInt8(ascii: "k"))
    // The control register of a reset UART is not zero.
    let fixture = try KernelFixture()
    #expect(fixture.access(0, 0x30) == 0x300)
  }
}
