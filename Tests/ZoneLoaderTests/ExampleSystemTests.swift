import Boards
import Foundation
import SepKernel
import Testing

@testable import ZoneLoader

/// The systems in systems/, planned with synthetic images of the layouts they are written for.
@Suite struct ExampleSystemTests {
  /// One segment at `base`, as those linkers make it, with code up to beyond `entry`.
  static func rtos(base: UInt64, entry: UInt64, machine: UInt16 = 183) -> [UInt8] {
    var elf = ElfBuilder(
      entry: entry,
      segments: [
        .init(
          at: base, bytes: [UInt8](repeating: 0, count: Int(entry - base) + 0x1000),
          memorySize: 0x4_0000, align: 0x1_0000, flags: 7)
      ])
    elf.machine = machine
    return elf.build()
  }

  static func synthetic(_ name: String, _ architecture: PlanArchitecture) throws -> [UInt8] {
    switch (name, architecture) {
    case ("rt-thread-riscv64.elf", _), ("nuttx-riscv64.elf", _), ("rt-control.elf", .riscv64):
      return rtos(base: 0x8020_0000, entry: 0x8020_0000, machine: 243)
    case ("Image", .riscv64):
      return linuxImage(
        size: 1 << 20, imageSize: 3 << 20, textOffset: 0x20_0000, magic: RISCVSystemTests.magic)
    default: return try synthetic(name)
    }
  }

  private static func synthetic(_ name: String) throws -> [UInt8] {
    switch name {
    case "zephyr.elf": return rtos(base: 0x4000_0000, entry: 0x4000_1070)
    case "rt-thread.elf": return rtos(base: 0x4000_0000, entry: 0x4000_9000)
    case "nuttx.elf": return rtos(base: 0x4028_0000, entry: 0x4028_0000)
    case "rt-control.elf": return rtos(base: 0x4008_0000, entry: 0x4008_0000)
    case "rt-thread.bin": return [UInt8](repeating: 0, count: 0x1_0000)
    case "u-boot.bin": return [UInt8](repeating: 0x14, count: 900_000)
    case "Image": return linuxImage(size: 1 << 20, imageSize: 3 << 20)
    case "initramfs.cpio.gz": return [UInt8](repeating: 0x1f, count: 70_000)
    default:
      Issue.record("no synthetic image for \(name)")
      return []
    }
  }

  private func plan(_ path: String) throws -> PlannedSystem {
    let work = try Workspace()
    var system = try SystemDescription.load(
      path: repository.appendingPathComponent("systems/\(path)").path)
    for index in system.zones.indices {
      for key in [\ZoneDescription.image] {
        let name = URL(fileURLWithPath: system.zones[index][keyPath: key]).lastPathComponent
        system.zones[index][keyPath: key] = try work.write(
          Self.synthetic(name, system.board.architecture), to: name)
      }
      if let initrd = system.zones[index].initrd {
        let name = URL(fileURLWithPath: initrd).lastPathComponent
        system.zones[index].initrd = try work.write(
          Self.synthetic(name, system.board.architecture), to: name)
      }
    }
    return try Planner.plan(
      system, kernelImage: kernel, deviceTree: .blob(boardTree(system.board.name)))
  }

  @Test func zephyr() throws {
    let zone = try #require(try plan("examples/zephyr.yaml").zones.first)
    #expect(zone.entry == 0x4000_1070)
    #expect(zone.console == PlannedConsole(base: 0x0900_0000, line: 33))
    #expect(zone.deviceTree == nil)
    #expect(zone.arguments == [0, 0, 0, 0])
    let ram = try #require(zone.ranges.first { $0.kind == .ram })
    #expect(ram.guestRange == AddressRange(base: 0x4000_0000, size: 128 << 20))
    #expect(ram.host != ram.guest)
    #expect(ram.host % (2 << 20) == 0)
  }

  @Test(arguments: ["rt-thread", "rt-thread-bin"]) func rtThread(_ name: String) throws {
    let zone = try #require(try plan("examples/\(name).yaml").zones.first)
    #expect(zone.entry == 0x4000_9000)
    #expect(zone.flags.contains(.absentReadsZero))
    #expect(zone.format == (name == "rt-thread" ? .elf : .raw))
  }

  @Test func nuttx() throws {
    let zone = try #require(try plan("examples/nuttx.yaml").zones.first)
    #expect(zone.entry == 0x4028_0000)
  }

  @Test func uBoot() throws {
    let system = try plan("examples/u-boot.yaml")
    let zone = try #require(system.zones.first)
    #expect(zone.entry == 0x4020_0000)
    #expect(zone.deviceTree?.base == 0x4000_0000)
    let tree = try DeviceTreeNode(
      flattened: try #require(try system.deviceTree(zone: "u-boot")))
    #expect(tree.child(named: "chosen")?["linux,initrd-start"] == nil)
    #expect(tree.child(named: "memory@40000000") != nil)
  }

  @Test func linuxAndTwoRTOS() throws {
    let system = try plan("examples/linux-and-two-rtos.yaml")
    #expect(system.zones.map { $0.console?.line } == [208, 33, 209])
    let tree = try DeviceTreeNode(flattened: try #require(try system.deviceTree(zone: "linux")))
    #expect(tree.child(named: "pl011@9000000")?.cells("interrupts") == [0, 176, 4])
  }

  @Test(arguments: ["rt-thread", "nuttx"]) func riscvRTOS(_ name: String) throws {
    let zone = try #require(try plan("examples/\(name)-riscv64.yaml").zones.first)
    #expect(zone.entry == 0x8020_0000)
    #expect(zone.console == PlannedConsole(base: 0x1000_0000, line: 10))
    #expect(zone.interruptController[0].base == 0x0c00_0000)
    #expect(zone.arguments == [0, 0, 0, 0])
  }

  @Test func uBootRISCV() throws {
    let zone = try #require(try plan("examples/u-boot-riscv64.yaml").zones.first)
    #expect(zone.entry == 0x8020_0000)
    #expect(zone.arguments[0] == zone.deviceTree?.base)
  }

  @Test(arguments: ["demo", "demo-qemu-virt-riscv64", "demo-qemu-virt-riscv64-aia"])
  func demo(_ name: String) throws {
    let system = try plan("\(name).yaml")
    #expect(system.zones.map { $0.kind } == [.zoneR, .zone0])
    #expect(system.zones.map { $0.cpus } == [[0], [1, 2]])
  }

  /// Nothing in systems/ is left untested.
  @Test func allAreCovered() throws {
    let names = try FileManager.default.subpathsOfDirectory(
      atPath: repository.appendingPathComponent("systems").path
    ).filter { $0.hasSuffix(".yaml") }
    for name in names { _ = try plan(name) }
    #expect(names.count >= 7)
  }

  /// With the real images.
  @Test func realDemo() throws {
    for name in ["build/cache/linux-arm64/Image", "build/guests/rt-control.elf"] {
      try #require(
        FileManager.default.fileExists(atPath: repository.appendingPathComponent(name).path),
        "\(name) is not there: run `make build`")
    }
    let system = try Planner.plan(
      try SystemDescription.load(
        path: repository.appendingPathComponent("systems/demo.yaml").path),
      kernelImage: kernel, deviceTree: .blob(boardTree()))
    #expect(system.zones[1].format == .linux)
  }
}
