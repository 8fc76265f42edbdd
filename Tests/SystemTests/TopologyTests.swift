import Boards
import Foundation
import Testing
import ZoneLoader

/// Boards with 1 to 8 CPUs, zones of different sizes, and CPUs that do not come up.
@Suite struct TopologyTests {
  /// One zoneR on the last CPU; the others, the boot CPU among them, are nobody's.
  @Test(arguments: TestBoard.architectures, 1...8)
  func boots(board: TestBoard, cpus: Int) async throws {
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: cpus, zones: [board.rtControl(cpu: cpus - 1, samples: 20)]),
      .init(icount: true, timeout: 60))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    #expect(run["rt-control"].contains("rt-control: DONE"))
    #expect(!run.kernel.contains("did not start"), "\(run)")
  }

  /// Four of twenty CPUs, in two clusters: their affinities have two levels, their redistributors are not side by side, and a
  /// zone has CPUs of both.
  @Test func clusters() async throws {
    let test = TestBoard.aarch64
    var board = Board.qemuVirtAArch64
    board.name = "clusters"
    board.cpus = [0, 1, 0x100, 0x101].map { BoardCPU($0) }
    board.configurableCPUs = nil
    let folder = try ScratchFolder()
    let file = "\(folder.path)/clusters.yaml"
    try BoardFileWriter(board).text.write(toFile: file, atomically: true, encoding: .utf8)
    var system = SystemText(
      board: test, cpus: nil,
      zones: [
        try test.manager(cpus: [1, 2], arguments: [8, 1]), try test.rtControl(cpu: 3, samples: 200),
        try test.attacker(cpu: 0, attack: 1),
      ])
    system.boardName = file
    let run = try await SystemRun.start(
      system,
      .init(
        timeout: 120, until: ["manager:CPU-ON cpu=1", "rt-control:DONE", "attacker: ok"], smp: 20))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["manager"].contains("code=0 alive=1 affinity-info=0"), "\(run)")
    let lines = run["rt-control"].results("RESULT timer-")
    #expect(lines.count == 2 && lines.allSatisfy { $0["exits"] == 0 }, "\(run)")
    #expect(!run.kernel.contains("did not start"), "\(run)")
  }

  /// The firmware starts the kernel on another hart than 0; that one's zone and the others run. Harts draw lots in OpenSBI, and
  /// on a busy host another one than was asked for may win: the kernel starts on that one, too, and it is tried again.
  @Test(arguments: [(.riscv64AIA, 3), (.riscv64PLIC, 1)] as [(TestBoard, UInt64)])
  func bootsOnAnyHart(board: TestBoard, hart: UInt64) async throws {
    let system = SystemText(
      board: board, cpus: 4,
      zones: [
        try board.rtControl(cpu: Int(hart), samples: 20),
        try board.manager(cpus: [0, 2], arguments: [8, 0]).with("kind", "zoneU"),
      ])
    for _ in 0..<8 {
      let run = try await SystemRun.start(
        system,
        .init(
          timeout: 60, until: ["rt-control:DONE", "manager:CPU-ON cpu=1"],
          firmware: try await BootHart.firmware(hart)))
      #expect(run.exitCode == 0, "\(run)")
      #expect(!run.kernel.contains("did not start"), "\(run)")
      if run.raw.contains("Boot HART ID              : \(hart)") { return }
    }
    Issue.record("no start on hart \(hart)")
  }

  /// Zones with one, two and four CPUs on eight; the boot CPU belongs to the zone that is named.
  @Test(
    arguments: [
      (.aarch64, "rt-control"), (.aarch64, "manager"), (.aarch64, "linux"), (.aarch64, ""),
      (.riscv64AIA, "manager"), (.riscv64PLIC, "linux"), (.aarch64GICv2, "linux"),
      (.aarch64GICv2, "manager"),
    ] as [(TestBoard, String)])
  func zonesOfDifferentSizes(board: TestBoard, owner: String) async throws {
    let sets: (rt: [Int], manager: [Int], linux: [Int]) =
      switch owner {
      case "rt-control": ([0], [1, 2], [3, 4, 5, 6])
      case "manager": ([7], [0, 6], [1, 2, 3, 4])
      case "linux": ([4], [5, 7], [0, 2, 1, 6])
      default: ([7], [5, 6], [1, 2, 3, 4])
      }
    let system = SystemText(
      board: board, cpus: 8,
      zones: [
        try board.linux(cpus: sets.linux),
        try board.manager(cpus: sets.manager, arguments: [8, 1]).with("kind", "zoneU")
          .with("console", "auto"),
        try board.rtControl(cpu: sets.rt[0], samples: 20),
      ])
    let run = try await SystemRun.start(
      system,
      .init(
        timeout: 120,
        until: ["linux:4 CPUs online", "manager:CPU-ON cpu=1", "rt-control:DONE"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["manager"].contains("code=0 alive=1 affinity-info=0"), "\(run)")
  }

  /// A Plan for four CPUs on a machine with three: reported, the zone that misses one is refused,
  /// the others run.
  @Test(arguments: TestBoard.allCases) func deadCPU(board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 4,
      zones: [
        try board.manager(cpus: [2, 3]), try board.rtControl(cpu: 1, samples: 20),
        try board.attacker(cpu: 0, attack: 1),
      ])
    let run = try await SystemRun.start(
      system,
      .init(
        timeout: 60, until: ["rt-control:DONE", "attacker:DONE"], allowFailed: ["manager"],
        smp: 3))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run.kernel.has(inOrder: "cpu 3 did not start: ", "zone manager refused: "), "\(run)")
    #expect(run["manager"].isEmpty && run.states["manager"] == "refused", "\(run)")
    #expect(run["rt-control"].contains("rt-control: DONE"))
  }

  /// All but the boot CPU are dead.
  @Test(arguments: TestBoard.architectures) func onlyTheBootCPU(board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 8,
      zones: [
        try board.rtControl(cpu: 0, samples: 20),
        try board.rtControl("other", cpu: 7, samples: 20),
      ])
    let run = try await SystemRun.start(
      system, .init(timeout: 60, until: ["rt-control:DONE"], allowFailed: ["other"], smp: 1))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run.kernel.count(of: "did not start: ") == 7, "\(run)")
    #expect(run.states["other"] == "refused")
  }

  /// A zone with `start: manual` waits for zone0.
  @Test(arguments: TestBoard.architectures)
  func aManualZoneStartsWhenZone0SaysSo(board: TestBoard) async throws {
    let target = try board.attacker("target", kind: "zoneU", cpu: 1, attack: 117)
      .with("start", "manual")
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 2, zones: [try board.manager(cpus: [0]), target]),
      .init(
        timeout: 60, until: ["target:attack 117", "manager:START zone=1"],
        send: ["manager:> $:list", "manager:ZONE zone=1 state=created:start 1"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(
      run.raw.has(inOrder: "ZONE zone=1 state=created", "zone target started"), "\(run)")
    #expect(run["manager"].contains("START zone=1 code=0"), "\(run)")
  }
}
