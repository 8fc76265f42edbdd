import Foundation
import Testing

/// What a zoneR and its neighbours see on the RISC-V boards.
@Suite struct RISCVZoneTests {
  private static let samples: UInt64 = 1000
  /// The end of the timer measurements.
  private static let measured = "rt-control:RESULT timer-idle .*exits"

  /// Timer interrupts without an exit, as long as on the bare machine; with an AIA an IPI to itself, too.
  @Test(arguments: TestBoard.riscv)
  func runsToItsEndWithoutAnExit(_ board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 1,
      zones: [try SystemText.rtControl(cpu: 0, samples: Self.samples, on: board)])
    let run = try await SystemRun.start(system, .init(icount: true, timeout: 60, record: true))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["exits"] == 0 && line["overruns"] == 0, "\(line)")
      #expect(line["min"] == board.timerPath && line["max"] == board.timerPath, "\(line)")
    }
    let ipi = try #require(run["rt-control"].results("RESULT ipi-self").first, "\(run)")
    if board == .riscv64AIA { #expect(ipi["max"] == 4, "\(ipi)") }
    let loop = try #require(run["rt-control"].results("control-loop").first)
    #expect(loop["misses"] == 0 && loop["unsettled"] == 0, "\(loop)")
    let series = try await RecordReport.of(run).measurements
    #expect(!series.isEmpty)
  }

  /// The kernel's own timer interrupt on each hart takes as long as the zone's.
  @Test func boardBaselineIsThatOfTheZone() async throws {
    let board = TestBoard.riscv64AIA
    var system = SystemText(
      board: board, cpus: 2, baseline: 100,
      zones: [
        try SystemText.rtControl(cpu: 1, samples: 100, on: board)
          .with("arguments", "[100, 0x2000_0000, 0x100_0000, 0]")
      ])
    system.ram = "1GiB"
    // Read while the zone runs: QEMU does not answer when all harts wait and no timer is set.
    let run = try await SystemRun.start(
      system, .init(icount: true, timeout: 60, until: [Self.measured], record: true))
    #expect(run.exitCode == 0, "\(run)")
    let series = try await RecordReport.of(run).measurements.filter {
      $0.measurement == "timer-busy"
    }
    #expect(
      Set(series.map(\.origin)) == ["baseline cpu 0", "baseline cpu 1", "zone rt-control"])
    // QEMU counts the distance to the deadline from the tick before the timer is set, so that up to one
    // tick, a hundred instructions, is added.
    for each in series where each.origin.hasPrefix("baseline") {
      #expect(each.statistics.minimum == 3, "\(each)")
      #expect(each.statistics.maximum.map { $0 <= 103 } == true, "\(each)")
    }
  }

  /// zone0 restarts a zoneR 50 times, whatever that does with its interrupts. Beside one that spins,
  /// under QEMU's instruction clock, a zoneR is not disturbed: the shortest path, and no exit.
  @Test(arguments: TestBoard.riscv, [116, 117, 118, 123, 124, 125] as [UInt64])
  func managerRestartsARealTimeZone(_ board: TestBoard, attack: UInt64) async throws {
    let target = try SystemText.attacker(
      "target", kind: "zoneR", cpu: 2, attack: attack, on: board)
    let system = SystemText(
      board: board, cpus: 3,
      zones: [
        try SystemText.manager(cpus: [1], arguments: [0, 0, 0, 30], on: board), target,
        try SystemText.rtControl(cpu: 0, samples: Self.samples, on: board),
      ])
    let run = try await SystemRun.start(
      system,
      .init(
        icount: attack == 116, timeout: 120,
        until: ["manager:RESTART", Self.measured],
        send: ["manager:> $:restart 1 x50"]))
    #expect(run.exitCode == 0, "\(run)")
    let result = try #require(run["manager"].results("manager: RESTART").first, "\(run)")
    #expect(result["accepted"] == 50, "\(run)")
    #expect(run.kernel.count(of: "zone target started") == 51, "\(run)")
    #expect(run.kernel.count(of: "zone rt-control started") == 1, "\(run)")
    #expect(!run.kernel.contains("failed"), "\(run)")
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["exits"] == 0, "\(line)")
      if attack == 116 { #expect(line["min"] == board.timerPath, "\(line)") }
    }
  }

  /// The same for a zoneR in the middle of its work, without QEMU's instruction clock, for its work takes
  /// long under that.
  @Test(arguments: TestBoard.riscv) func managerRestartsAWorkingZone(_ board: TestBoard)
    async throws
  {
    let system = SystemText(
      board: board, cpus: 2,
      zones: [
        try SystemText.manager(cpus: [1], arguments: [0, 0, 0, 30], on: board),
        try SystemText.rtControl("target", cpu: 0, forEver: true, on: board),
      ])
    let run = try await SystemRun.start(
      system,
      .init(timeout: 120, until: ["manager:RESTART"], send: ["manager:> $:restart 1 x50"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run.kernel.count(of: "zone target started") == 51, "\(run)")
  }

  /// All harmless attacks in order: the zone lives on and every answer is the architecture's.
  @Test(arguments: TestBoard.riscv, [UInt64(1), 77])
  func harmlessAttacksAreAnswered(_ board: TestBoard, seed: UInt64) async throws {
    let system = SystemText(
      board: board, cpus: 2,
      zones: [
        try SystemText.attacker(
          cpu: 1, seed: seed, attack: 0, rounds: 1, operand: 1, on: board),
        try SystemText.rtControl(cpu: 0, samples: 100, on: board),
      ])
    let run = try await SystemRun.start(
      system,
      .init(timeout: 120, until: ["rt-control:DONE", "attacker: DONE"], allowFailed: ["attacker"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["attacker"].lines(with: "FAIL") == [], "\(run)")
    let done = try #require(run["attacker"].results("attacker: DONE").first, "\(run)")
    #expect(done["rounds"] == 1 && done["fails"] == 0, "\(run)")
  }

  /// Attacks on what is not the zone's: it is stopped, with a record of why, and a zoneR beside it has
  /// every timer interrupt by the shortest path and without an exit.
  @Test(
    arguments: TestBoard.riscv,
    [
      (100, "foreign-address"), (101, "foreign-address"), (102, "foreign-fetch"),
      (103, "foreign-address"), (104, "foreign-address"), (105, "foreign-address"),
      (106, "foreign-address"), (107, "foreign-address"), (108, "foreign-address"),
      (109, "foreign-address"), (112, "foreign-address"), (126, "foreign-address"),
      (128, "foreign-address"), (129, "foreign-address"), (130, "foreign-fetch"),
    ] as [(UInt64, String)])
  func foreignAccessStopsTheAttackerOnly(
    _ board: TestBoard, attack: (number: UInt64, reason: String)
  ) async throws {
    let run = try await self.attack(board, attack.number)
    let record = try #require(run.kernel.results("zone attacker failed").first, "\(run)")
    #expect(record.fields["reason"] == attack.reason && record["cpu"] == 1, "\(run)")
    #expect(run.states["attacker"] == "failed")
  }

  /// Attacks that never end, or that end in whatever way: the neighbour does not notice.
  @Test(
    arguments: TestBoard.riscv, [110, 111, 115, 116, 117, 118, 120, 121, 122, 127, 131] as [UInt64])
  func nothingElseIsDisturbed(_ board: TestBoard, number: UInt64) async throws {
    _ = try await attack(board, number)
  }

  /// Exceptions without end, run without QEMU's instruction clock, which stands still meanwhile.
  @Test(arguments: TestBoard.riscv, [113, 114, 119] as [UInt64])
  func endlessLoopStopsNobodyElse(_ board: TestBoard, number: UInt64) async throws {
    let run = try await SystemRun.start(
      try system(board, number, samples: 20),
      .init(timeout: 60, until: ["rt-control:DONE"], allowFailed: ["attacker"]))
    #expect(run.exitCode == 0 && !run.kernel.contains("PANIC"), "\(run)")
  }

  private func system(
    _ board: TestBoard, _ number: UInt64, samples: UInt64
  ) throws -> SystemText {
    SystemText(
      board: board, cpus: 2,
      zones: [
        try SystemText.attacker(cpu: 1, attack: number, on: board),
        try SystemText.rtControl(cpu: 0, samples: samples, on: board),
      ])
  }

  private func attack(_ board: TestBoard, _ number: UInt64) async throws -> SystemRun {
    let run = try await SystemRun.start(
      try system(board, number, samples: Self.samples),
      .init(icount: true, timeout: 60, until: [Self.measured], allowFailed: ["attacker"]))
    #expect(run.exitCode == 0 && !run.kernel.contains("PANIC"), "\(run)")
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["min"] == board.timerPath && line["exits"] == 0, "\(line)\n\(run)")
    }
    return run
  }
}
