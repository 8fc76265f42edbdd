import Boards
import Foundation
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
    /// Arguments of QEMU behind those of the board: the later one of two counts.
    var machine: [String] = []
    /// Items of the board's tier that fail; nil: the board is silent.
    var fails: [String]?
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
    Fault(name: "UART at a device's address", facts: { $0.uart.region.base = 0x0901_0000 }),
    Fault(name: "no EL2", machine: ["-machine", "virtualization=off"]),
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
    ).forged { $0.board.baselineSamples = 2000 }
    let text = try await DirectBoot.uart(
      image.bytes, on: .aarch64, until: fault.fails == nil ? "never" : "bringup: end",
      seconds: fault.fails == nil ? 5 : 60,
      machine: DirectBoot.Machine(cpus: 4, ram: "2G", arguments: fault.machine))
    var input = Checklist.Input(board: board)
    input.logs = [("uart.log", Array(text.utf8))]
    let failed = Checklist(input).items.filter { $0.verdict == .fail }
    let said = Comment(rawValue: "\(failed.map { "\($0.id): \($0.found)" })\n\(text)")
    guard let expected = fault.fails else {
      #expect(failed.map(\.id) == ["log"], said)
      return
    }
    #expect(failed.map(\.id).filter { !fault.follow.contains($0) } == expected, said)
    #expect(failed.allSatisfy { !$0.action.isEmpty })
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

  /// The whole way as a user goes it, with the machine's own runs.
  @Test(arguments: TestBoard.allCases) func runOfAllTiers(board: TestBoard) async throws {
    let folder = try ScratchFolder()
    let run = try await Command.run(
      try Built.hv(), ["checklist", board.rawValue, "--run", "--json", "--html", "list.html"],
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
      let isSkipped = id == "counter-frequency" && board.isRISCV
      #expect(verdicts[id] == (isSkipped ? "not checked" : "ok"), "\(id): \(run.output)")
    }
    #expect(Command.text("\(folder.path)/list.html").contains("no statement about the time"))
  }
}
