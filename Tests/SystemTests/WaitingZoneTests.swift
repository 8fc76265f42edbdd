import Testing

/// CPUs that wait, masked or deaf, are taken back. On AArch64 the WFI of a zoneU and a zone0 is a trap, and the
/// kernel waits with the CPU interface open, whatever the zone did to it. On RISC-V a zone cannot mask what is
/// not its own.
@Suite struct WaitingZoneTests {
  private static let times = 20

  /// The manager waits 100 ms before its first prompt (by sending no stimuli), and watches a zone for as
  /// long after each restart: by then the target waits.
  private func system(_ board: TestBoard, _ target: SystemText.Zone) throws -> SystemText {
    let manager = try board.manager(cpus: [1], arguments: [5, 1, 0, 100])
    return SystemText(board: board, cpus: 8, zones: [manager, target])
  }

  /// Attacks 117 and 123 to 125 of guests/attacker/Attack.swift. Of the deaf zoneRs only one whose
  /// interrupts are in the wrong group can be had back: CAVEATS.md.
  @Test(
    arguments: [
      (.aarch64, "zoneU", 117), (.aarch64, "zoneU", 123), (.aarch64, "zoneU", 124),
      (.aarch64, "zoneU", 125), (.aarch64, "zoneR", 123), (.riscv64AIA, "zoneU", 117),
      (.riscv64AIA, "zoneU", 123), (.riscv64AIA, "zoneR", 117), (.riscv64AIA, "zoneR", 123),
      (.riscv64AIA, "zoneR", 124), (.riscv64AIA, "zoneR", 125), (.riscv64PLIC, "zoneU", 123),
      (.riscv64PLIC, "zoneR", 124), (.riscv64PLIC, "zoneR", 125), (.aarch64GICv2, "zoneU", 117),
      (.aarch64GICv2, "zoneU", 123), (.aarch64GICv2, "zoneU", 124), (.aarch64GICv2, "zoneU", 125),
      (.aarch64GICv2, "zoneR", 123),
    ] as [(TestBoard, String, UInt64)])
  func isRestarted(board: TestBoard, kind: String, attack: UInt64) async throws {
    let target = try board.attacker("target", kind: kind, cpu: 2, attack: attack)
    let run = try await SystemRun.start(
      system(board, target),
      .init(
        icount: true, timeout: 100, until: [TestBoard.restarted],
        send: ["manager:> $:restart 1 x\(Self.times)"]))
    #expect(run.exitCode == 0, "\(run)")
    let line = try #require(run["manager"].results("manager: RESTART").first, "\(run)")
    #expect(line["accepted"] == Self.times && line["running"] == Self.times, "\(run)")
    #expect(line["code"] == 0 && line["failed"] == 0, "\(run)")
    // Each life came to its wait.
    #expect(run["target"].count(of: " fatal") >= Self.times, "\(run)")
    #expect(!run.kernel.contains("failed"), "\(run)")
  }

  /// Stopped, it stays so until it is started; both by zone0.
  @Test(
    arguments: [
      (.aarch64, 117), (.aarch64, 123), (.aarch64, 124), (.aarch64, 125), (.riscv64AIA, 117),
      (.riscv64AIA, 123), (.riscv64PLIC, 124), (.aarch64GICv2, 124), (.aarch64GICv2, 125),
    ] as [(TestBoard, UInt64)])
  func isStoppedAndStarted(board: TestBoard, attack: UInt64) async throws {
    let target = try board.attacker("target", cpu: 2, attack: attack)
    let run = try await SystemRun.start(
      system(board, target),
      .init(
        icount: true, timeout: 100, until: [#"kernel:zone target started \(restart 1\)"#],
        send: [
          "manager:> $:stop 1", "manager:STOP zone=1 code=0:list",
          "manager:ZONE zone=1 state=stopped:start 1", "manager:START zone=1 code=0:list",
        ]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(
      run.kernel.has(
        inOrder: "zone target started", "zone target stopped: by zone0",
        "zone target started (restart 1)"), "\(run)")
  }

  /// On AArch64 a deaf zoneR cannot be had back, because its WFI is not a trap: the kernel says so after a bounded
  /// time, refuses to start it again, and everybody else goes on (CAVEATS.md).
  @Test(arguments: [TestBoard.aarch64, .aarch64GICv2], [124, 125] as [UInt64])
  func deafRealTimeZoneIsGivenUp(board: TestBoard, attack: UInt64) async throws {
    let target = try board.attacker("target", kind: "zoneR", cpu: 2, attack: attack)
    let run = try await SystemRun.start(
      system(board, target),
      .init(
        icount: true, timeout: 100, until: ["manager:START zone=1 code=-3"],
        send: [
          "manager:> $:restart 1", "manager:RESTART zone=1 .* code=-3:list",
          "manager:ZONE zone=1 state=failed reason=7 :start 1",
        ], allowFailed: ["target"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run.kernel.count(of: "zone target failed: reason=stuck-cpu") == 1, "\(run)")
    #expect(run.kernel.count(of: "zone target started") == 1, "\(run)")
  }

  /// A zone0 resets itself while its other CPU waits with its interrupts masked.
  @Test(arguments: TestBoard.allCases)
  func zone0ResetsBesideItsWaitingCPU(board: TestBoard) async throws {
    let run = try await SystemRun.start(
      SystemText(
        board: board, cpus: 8, zones: [try board.manager(cpus: [1, 2], arguments: [8, 0])]),
      .init(
        icount: true, timeout: 100, until: [#"kernel:zone manager started \(restart 3\)"#],
        send: Array(repeating: "manager:> $:reboot", count: 3)))
    #expect(run.exitCode == 0, "\(run)")
    #expect(
      run["manager"].count(of: "CPU-ON cpu=1 mode=wfi code=0 alive=1 affinity-info=0") >= 3,
      "\(run)")
    #expect(!run.kernel.contains("failed"), "\(run)")
  }
}
