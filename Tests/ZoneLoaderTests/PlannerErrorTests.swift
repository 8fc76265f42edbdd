import SepKernel
import Testing

@testable import ZoneLoader

/// What fields mean together: each conflict is refused with the line of the zone that causes it.
@Suite struct PlannerErrorTests {
  struct Conflict: CustomTestStringConvertible {
    /// Replacement in the demo system, whose Linux starts on line 3 and its zoneR on line 10.
    var old: String
    var new: String
    var line: Int
    var says: String
    var testDescription: String { new }
  }

  static let conflicts: [Conflict] = [
    Conflict(
      old: "cpus: [2]", new: "cpus: [1]", line: 12, says: "CPU 1 already belongs to zone `linux`"),
    Conflict(old: "kind: zoneR", new: "kind: zone0", line: 11, says: "`linux` is already zone0"),
    Conflict(
      old: "kind: zone0", new: "kind: zone0\n    start: manual", line: 5, says: "use `start: auto`"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    lines: [33]", line: 12,
      says: "UART's, which the kernel drives"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    lines: [31]", line: 12, says: "32 to 287"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    lines: [288]", line: 12, says: "32 to 287"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    lines: [210]\n    stimulusLine: 210", line: 13,
      says: "line 210 already belongs to zone `rt`"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    devices: [rtc, rtc]", line: 12,
      says: "line 34 already belongs to zone `rt`"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    devices: [flash, flash]", line: 12,
      says: "overlaps the device flash"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    devices: [{ host: 0x0900_0000, size: 4KiB }]",
      line: 12, says: "not inside a device"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    devices: [{ host: 0x0901_0000, size: 2KiB }]",
      line: 12, says: "4 KiB pages"),
    Conflict(
      old: "size: 16MiB }", new: "size: 1000 }", line: 14, says: "4 KiB pages"),
    Conflict(
      old: "size: 16MiB }", new: "size: 0 }", line: 14, says: "4 KiB pages"),
    Conflict(
      old: "size: 16MiB }", new: "size: 512GiB }", line: 14, says: "ends beyond 0x8000000000"),
    Conflict(
      old: "size: 16MiB }", new: "size: 4GiB }", line: 14, says: "there is no room for 4 GiB"),
    Conflict(
      old: "size: 16MiB }", new: "size: 16MiB, host: 0x4020_0000 }", line: 14, says: "not free RAM"),
    Conflict(
      old: "size: 16MiB }", new: "size: 16MiB, host: 0xc000_0000 }", line: 14, says: "not free RAM"),
    Conflict(
      old: "size: 16MiB }", new: "size: 16MiB }\n      - { guest: 0x40ff_f000, size: 8KiB }",
      line: 14, says: "overlaps the memory"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    stamps: { guest: 0x4000_0000 }", line: 12,
      says: "overlaps the memory"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    stamps: { size: 2GiB }", line: 12,
      says: "larger than 1 GiB"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    console: { base: 0x4000_0000 }", line: 15,
      says: "overlaps the console"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    console: { base: 0x0900_0800 }", line: 12,
      says: "multiple of 4 KiB"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    interrupts: { distributor: 0x0900_0000 }",
      line: 12, says: "overlaps"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    interrupts: { redistributors: 0x1000 }", line: 12,
      says: "multiple of 64 KiB"),
    Conflict(
      old: "size: 16MiB }", new: "size: 16MiB, permissions: rw }", line: 14, says: "without `x`"),
    Conflict(
      old: "size: 16MiB }", new: "size: 16MiB, permissions: rx }", line: 14,
      says: "memory it can write"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    entry: 0x4008_0100", line: 16,
      says: "in zeroed memory"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    cmdline: x", line: 12,
      says: "no effect without a device tree"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    dtb: { address: 0x4008_0000 }", line: 12,
      says: "not free"),
    Conflict(
      old: "kind: zoneR", new: "kind: zoneR\n    dtb: { address: 0x4000_0004 }", line: 12,
      says: "multiple of 8"),
    Conflict(
      old: "memory: 512MiB", new: "memory: 2MiB", line: 8, says: "no room for its 3000 bytes"),
  ]

  @Test(arguments: conflicts) func refuses(_ conflict: Conflict) throws {
    let yaml = PlannerTests.demo.replacing(conflict.old, with: conflict.new)
    try #require(yaml != PlannerTests.demo)
    let work = try PlannerTests.demoWorkspace()
    let error = try #require(throws: PlanningError.self) { _ = try work.plan(yaml) }
    guard case .configuration(let inner) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(inner.description.contains(conflict.says), "\(inner)")
    #expect(inner.line == conflict.line, "\(inner)")
    #expect(inner.field.hasPrefix("zone `"))
  }

  @Test func sharedDevice() throws {
    let yaml = PlannerTests.demo
      .replacing("kind: zone0", with: "kind: zone0\n    devices: [flash]")
      .replacing("kind: zoneR", with: "kind: zoneR\n    devices: [flash]")
    let error = try #require(throws: PlanningError.self) {
      _ = try PlannerTests.demoWorkspace().plan(yaml)
    }
    #expect(error.description.contains("already belongs to zone `linux`"))
  }

  @Test func missingFiles() throws {
    for name in ["Image", "initrd", "rt.elf"] {
      let yaml = PlannerTests.demo.replacing(": \(name)\n", with: ": missing-file\n")
        .replacing(": rt.elf", with: name == "rt.elf" ? ": missing-file" : ": rt.elf")
      let error = try #require(throws: PlanningError.self) {
        _ = try PlannerTests.demoWorkspace().plan(yaml)
      }
      #expect(error.description.contains("missing-file"))
      #expect(error.description.contains("does not exist"))
    }
  }

  @Test func recordsNeedRoom() throws {
    let yaml = PlannerTests.demo.replacing(
      "kind: zoneR", with: "kind: zoneR\n    stamps: { size: 1GiB, guest: 0x10_0000_0000 }")
    let error = try #require(throws: PlanningError.self) {
      _ = try PlannerTests.demoWorkspace().plan(yaml)
    }
    #expect(error.description.contains("latency records"))
  }

  @Test func unusableBoardTree() throws {
    let work = try PlannerTests.demoWorkspace()
    var system = try work.system(PlannerTests.demo)
    for blob in [[], [UInt8](repeating: 0, count: 100), try DeviceTreeNode(name: "").flattened()] {
      #expect(throws: PlanningError.self) {
        _ = try Planner.plan(system, kernelImage: kernel, deviceTree: .blob(blob))
      }
    }
    system.deviceTreePath = "\(work.path)/missing.dtb"
    let error = try #require(throws: PlanningError.self) {
      _ = try Planner.plan(system, kernelImage: kernel)
    }
    #expect(error.description.contains("correct `board.dtb`"))
    system.deviceTreePath = try work.write(boardTree(), to: "board.dtb")
    _ = try Planner.plan(system, kernelImage: kernel)
  }
}
