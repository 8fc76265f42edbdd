import Boards
import Foundation
import SepKernel
import Testing
import ZoneLoader

@testable import Checklist

/// The checklist of a machine that is not what somebody wrote down: the item that is about it fails.
///
/// Either the machine is changed, or the facts the image is made from; the list is made with those of the board.
@Suite struct BringUpChecklistTests {
  /// One lie.
  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    /// Facts the image is made from.
    var facts: @Sendable (inout Board) -> Void = { _ in }
    /// What is changed in the Plan that no tool would write.
    var plan: @Sendable (inout Plan) -> Void = { _ in }
    /// Arguments of QEMU behind those of the board: the later one of two counts.
    var machine: [String] = []
    /// Whether the board is silent: its report is in the memory of its records, which a debugger reads, or nowhere.
    var isSilent = false
    /// Items that fail.
    var fails: [String]
    /// Some of these fail too: what relies on it.
    var follow: [String] = []
    var testDescription: String { name }
  }

  static let faults: [Fault] = [
    Fault(name: "none", fails: []),
    Fault(
      name: "missing CPU", machine: ["-smp", "3"],
      fails: ["interrupt-controller", "cpu-start.3"]),
    Fault(
      name: "CPU of another number", facts: { $0.cpus[2].hardwareID = 0x102 },
      fails: ["interrupt-controller", "cpu-start.2"]),
    Fault(
      name: "wrong counter frequency", facts: { $0.counterFrequency = 54_000_000 },
      fails: ["counter-frequency"]),
    Fault(
      name: "another CPU with another counter", machine: ["-cpu", "max"],
      fails: ["counter-frequency"]),
    Fault(
      name: "wrong GIC address",
      facts: { $0.interruptController.regions[0].base = 0x0804_0000 },
      fails: ["interrupt-controller"]),
    Fault(
      name: "GICv2", machine: ["-machine", "gic-version=2"], fails: ["interrupt-controller"]),
    Fault(name: "more lines than there are", facts: { $0.lineCount = 500 }, fails: ["line-count"]),
    Fault(
      name: "RAM that is not there", facts: { $0.ram[0].size = 3 << 30 }, fails: ["ram"],
      follow: ["baseline.0", "baseline.1", "baseline.2", "baseline.3"]),
    Fault(
      name: "flash as RAM",
      facts: { board in
        board.devices.removeAll { $0.name == "flash" }
        board.ram.insert(AddressRange(base: 0, size: 64 << 20), at: 0)
      }, fails: ["ram"]),
    Fault(
      name: "overlapping RAM",
      plan: { plan in
        plan.board.ram[1] = PlanRegion(base: plan.board.ram[0].base + 0x20_0000, size: 0x20_0000)
        plan.board.ramCount = 2
      }, fails: ["log", "plan"]),
    Fault(
      name: "UART at a device's address", facts: { $0.uart.region.base = 0x0901_0000 },
      isSilent: true, fails: ["uart"]),
    Fault(
      name: "no EL2", machine: ["-machine", "virtualization=off"], isSilent: true, fails: ["log"]),
  ]

  @Test(arguments: faults) func theItemFails(fault: Fault) async throws {
    let board = Board.qemuVirtAArch64
    var facts = board
    fault.facts(&facts)
    let program = try Built.any("build/images/bringup-aarch64.bin")
    let folder = try ScratchFolder()
    let file = "\(folder.path)/boot.img"
    try Planner.bringup(facts, image: KernelImageInfo(path: program))
      .writeBootImage(kernel: program, to: file)
    // Fewer samples than a real board gives.
    let image = try PlannedImage(
      Data(contentsOf: URL(fileURLWithPath: file)), of: program, zones: 0
    ).forged { plan in
      plan.board.baselineSamples = 2000
      fault.plan(&plan)
    }
    let memory = "\(folder.path)/memory"
    let records = try image.plan().board.records
    let text = try await DirectBoot.uart(
      image.bytes, on: .aarch64, until: fault.isSilent ? "never" : "bringup: end",
      seconds: fault.isSilent ? 20 : 60,
      machine: DirectBoot.Machine(
        cpus: 4, ram: "2G", arguments: fault.machine,
        atEnd: fault.isSilent ? "pmemsave \(records.base) \(records.size) \"\(memory)\"" : nil))
    var arguments = ["checklist", board.name, "--json"]
    if !fault.isSilent || fault.fails == ["log"] {
      try text.write(toFile: "\(folder.path)/uart.log", atomically: true, encoding: .utf8)
      arguments += ["--log", "uart.log"]
    } else {
      arguments += ["--record", memory]
    }
    let items = try await items(arguments, folder, status: fault.fails.isEmpty ? 0 : 2)
    let failed = items.filter { $0.verdict == "FAIL" }
    let said = Comment(rawValue: "\(failed.map { "\($0.id): \($0.found)" })\n\(text)")
    #expect(failed.map(\.id).filter { !fault.follow.contains($0) } == fault.fails, said)
    #expect(failed.allSatisfy { !$0.action.isEmpty && !$0.why.isEmpty }, said)
  }

  private struct Item: Decodable {
    var id, verdict, found, why, action: String
  }

  /// What `hv checklist` says to a machine.
  private func items(
    _ arguments: [String], _ folder: ScratchFolder, status: Int32
  ) async throws -> [Item] {
    struct List: Decodable { var items: [Item] }
    let run = try await Command.run(
      try Built.hv(), arguments, seconds: 60, folder: folder.path)
    #expect(run.status == status, "\(run.output)\n\(run.errors)")
    return try JSONDecoder().decode(List.self, from: Data(run.output.utf8)).items
  }

  /// The real-time clock has raised its line before the first instruction, and nobody serves it: QEMU's PL031 (Arm DDI 0224:
  /// RTCIMSC, RTCLR, RTCMR, whose match is at once) and Goldfish's (QEMU's hw/rtc/goldfish_rtc.c: enabled, an alarm that is past).
  /// Not with an APLIC: QEMU's forgets what came before firmware delegated the source.
  @Test(arguments: [TestBoard.aarch64, .aarch64GICv2, .riscv64PLIC])
  func aDeviceThatRaisesItsLineIsNamed(board: TestBoard) async throws {
    let facts = try #require(Board.all.first { $0.name == board.rawValue })
    let clock = try #require(facts.devices.first { $0.name == "rtc" })
    let base = try #require(clock.regions.first).base
    var boot = try await BringupBoot(board)
    boot.writes =
      (board.isRISCV ? [(0x10, 1), (0x0c, 0), (0x08, 0)] : [(0x10, 1), (0x08, 0), (0x04, 0)])
      .map { DirectBoot.Write(address: base + $0.0, word: $0.1) }
    let text = try await boot.text()
    var input = Checklist.Input(board: facts)
    input.logs = [("uart.log", Array(text.utf8))]
    let failed = Checklist(input).items.filter { $0.verdict == .fail }
    #expect(failed.map(\.id) == ["stuck-lines"], "\(text)")
    let item = try #require(failed.first)
    #expect(item.found.contains("lines=\(clock.lines[0]) count=1 "), "\(item)")
    #expect(item.found.hasSuffix("; 1 line is raised, of rtc"), "\(item)")
    #expect(!item.entry.why.isEmpty && !item.action.isEmpty, "\(item)")
  }

  /// A board that is known by a file alone, which starts its CPUs by words in memory.
  @Test func runOfABoardFile() async throws {
    let folder = try ScratchFolder()
    var board = Board.raspberryPi4B
    board.name = "mine"
    let file = "\(folder.path)/my board.yaml"
    try Data(BoardFileWriter(board).text.utf8).write(to: URL(fileURLWithPath: file))
    let run = try await Command.run(
      try Built.hv(), ["checklist", file, "--run"], seconds: 600, folder: folder.path)
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
    for id in ["cpu-start.3", "restart.attacker", "direct-delivery.rt-control"] {
      #expect(run.output.contains(try Regex("(?m)^\(id) +ok ")), "\(id): \(run.output)")
    }
  }

  /// Boards, and what is said of their counter's frequency: RISC-V has no register, two have a literal without it.
  static let runs = [
    ("qemu-virt-aarch64", "ok"), ("qemu-virt-aarch64-gicv2", "ok"),
    ("qemu-virt-riscv64", "not checked"), ("qemu-virt-riscv64-aia", "not checked"),
    ("xlnx-zcu102", "warn"), ("raspi4b", "warn"),
  ]

  /// The whole way as a user goes it, with the machine's own runs.
  @Test(arguments: runs) func runOfAllTiers(board: String, frequency: String) async throws {
    let folder = try ScratchFolder()
    let run = try await Command.run(
      try Built.hv(), ["checklist", board, "--run", "--json", "--html", "list.html"],
      seconds: 600, folder: folder.path)
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let items = try #require(object["items"] as? [[String: Any]])
    let verdicts = items.reduce(into: [String: String]()) { all, item in
      if let id = item["id"] as? String { all[id] = item["verdict"] as? String }
    }
    for id in [
      "log", "counter-frequency", "cpu-start.3", "baseline.0", "records", "kernel-log",
      "restart.rt-control", "restart.attacker", "restart.manager", "beside-attacker.rt-control",
      "direct-delivery.rt-control",
    ] {
      let expected = id == "counter-frequency" ? frequency : "ok"
      #expect(verdicts[id] == expected, "\(id): \(run.output)")
    }
    #expect(Command.text("\(folder.path)/list.html").contains("no statement about the time"))
  }
}
