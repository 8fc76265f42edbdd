import Boards
import SepKernel
import Testing

@testable import ZoneLoader

@Suite struct OwnershipTableTests {
  private func table(_ yaml: String = PlannerTests.demo) throws -> [OwnershipRow] {
    try PlannerTests.demoWorkspace().plan(yaml).ownershipTable()
  }

  @Test func cpusAndLines() throws {
    let rows = try table()
    #expect(
      rows.filter { $0.kind == .cpu }.map { $0.owner } == ["linux", "linux", "rt", "nobody"])
    let lines = rows.filter { $0.kind == .line }
    #expect(lines.first { $0.number == 33 }?.owner == "linux")
    #expect(lines.first { $0.number == 208 }?.note == "console (doorbell)")
    #expect(lines.first { $0.number == 209 }?.owner == "rt")
    #expect(lines.first { $0.number == 34 }?.owner == "nobody")
    #expect(lines.map { $0.number ?? 0 } == lines.map { $0.number ?? 0 }.sorted())
  }

  /// Every byte of RAM is in exactly one row, but for the stamps inside the records.
  @Test func memoryIsComplete() throws {
    let memory = try table().filter { $0.kind == .memory && !$0.note.contains("in the records") }
    var next: UInt64 = 0x4000_0000
    for row in memory {
      #expect(row.range?.base == next)
      next = row.range?.end ?? 0
    }
    #expect(next == 0xc000_0000)
  }

  @Test func devicesWarnOfDMA() throws {
    let rows = try table(
      PlannerTests.demo.replacing(
        "kind: zone0", with: "kind: zone0\n    devices: [virtio-mmio1, rtc]"))
    let devices = rows.filter { $0.kind == .device }
    #expect(devices.first { $0.note.hasPrefix("virtio-mmio1") }?.note.contains("DMA") == true)
    #expect(devices.first { $0.note.hasPrefix("rtc") }?.note.contains("DMA") == false)
    #expect(devices.first { $0.range?.base == 0x0900_0000 }?.owner == "kernel")
    #expect(devices.first { $0.note == "gpio" }?.owner == "nobody")
  }

  @Test func unknownZone() throws {
    let system = try PlannerTests.demoWorkspace().plan(PlannerTests.demo)
    #expect(throws: PlanningError.self) { _ = try system.deviceTree(zone: "none") }
    #expect(try system.deviceTree(zone: "rt") == nil)
  }
}
