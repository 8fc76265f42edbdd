import Boards
import PlanTestSupport
import SepKernel
import Testing

@testable import ZoneLoader

/// Random systems: what the planner accepts passes the kernel's own check, and what does not go
/// together is refused by the planner's own rules, which name the line of the file.
@Suite struct PlannerPropertyTests {
  private static func system(_ random: inout SeededGenerator) -> String {
    func pick<T>(_ choices: [T], _ random: inout SeededGenerator) -> T {
      choices[Int(random.next() % UInt64(choices.count))]
    }
    let addresses = [
      "0x4000_0000", "0x4100_0000", "0x4000_1000", "0x0900_0000", "0x2000_0000", "0x0800_0000",
      "0x7f_ffff_f000", "0x80_0000_0000", "0xffff_ffff_ffff_f000", "0", "0x5000_0000",
      "0x4000_0800",
    ]
    let sizes = ["4KiB", "16MiB", "2MiB", "1GiB", "64MiB", "0", "0xffff_ffff_ffff_f000", "100KiB"]
    var yaml =
      "board: { name: qemu-virt-aarch64, cpus: 6, ram: \(pick(["1GiB", "4GiB"], &random)) }\n"
    yaml += "zones:\n"
    for index in 0..<(1 + random.next() % 4) {
      let odd = random.next() % 3 == 0
      yaml +=
        "  - name: z\(index)\n    kind: \(pick(["zone0", "zoneU", "zoneR", "zoneR"], &random))\n"
      yaml += "    cpus: [\(odd ? random.next() % 6 : index)]\n    image: rt.elf\n"
      let main = odd && random.next() % 3 == 0 ? pick(addresses, &random) : "0x4000_0000"
      yaml +=
        "    memory:\n      - { guest: \(main), size: \(odd ? pick(sizes, &random) : "16MiB") }\n"
      if random.next() % 2 == 0 {
        yaml += "      - { guest: \(pick(addresses, &random)), size: \(pick(sizes, &random))"
        yaml += random.next() % 2 == 0 ? " }\n" : ", host: \(pick(addresses, &random)) }\n"
      }
      guard odd else { continue }
      let extras = [
        "    console: none\n", "    console: { line: \(32 + random.next() % 260) }\n",
        "    console: { base: \(pick(addresses, &random)) }\n",
        "    stamps: { guest: \(pick(addresses, &random)), size: \(pick(sizes, &random)) }\n",
        "    devices: [\(pick(["rtc", "gpio", "flash", "pcie", "virtio-mmio0"], &random))]\n",
        "    lines: [\(random.next() % 300)]\n", "    dtb: generate\n",
        "    dtb: { address: \(pick(addresses, &random)) }\n", "    start: manual\n",
        "    interrupts: { redistributors: \(pick(addresses, &random)) }\n",
        "    entry: \(pick(addresses, &random))\n", "    arguments: [dtb, 1]\n",
        "    stimulusLine: \(random.next() % 300)\n",
      ]
      yaml += pick(extras, &random)
    }
    return yaml
  }

  @Test func random() throws {
    let work = try PlannerTests.demoWorkspace()
    let board = try boardTree(cpus: 6)
    var planned = 0
    var refused = 0
    let fuzz = FuzzRun("planner")
    _ = try fuzz { random in
      let yaml = Self.system(&random)
      do {
        let system = try Planner.plan(
          try work.system(yaml), kernelImage: kernel, deviceTree: .blob(board))
        planned += 1
        try check(system)
      } catch let error as PlanningError {
        refused += 1
        if case .plan = error { Issue.record("\(fuzz)\n\(error)\n\(yaml)") }
      } catch is ConfigurationError {
        refused += 1
      }
    }
    #expect(planned > 10)
    #expect(refused > 10)
  }

  private func check(_ system: PlannedSystem) throws {
    for zone in system.zones {
      for range in zone.ranges where range.kind == .ram && range.size >= 2 << 20 {
        let demanded = system.description.zones.first { $0.name == zone.name }?.memory.contains {
          $0.host == range.host
        }
        #expect(demanded == true || (range.host ^ range.guest) & 0x1f_ffff == 0)
      }
    }
    #expect(UInt64(system.bootImage(kernel: []).count) <= system.kernelRegion.size)
    #expect(!system.ownershipTable().isEmpty)
  }

  /// The committed tree with more CPUs.
  private func boardTree(cpus: Int) throws -> [UInt8] {
    var root = try DeviceTreeNode(flattened: ZoneLoaderTests.boardTree())
    let index = try #require(root.children.firstIndex { $0.name == "cpus" })
    for cpu in 4..<cpus {
      var node = try #require(root.children[index].child(named: "cpu@0"))
      node.name = "cpu@\(cpu)"
      node.set("reg", cells: [UInt32(cpu)])
      root.children[index].children.append(node)
    }
    return try root.flattened()
  }
}
