import Testing

/// AMD's ZCU102 as QEMU has it: a GICv2 whose pages repeat, a UART of its own kind, RAM that begins at 0, and no device
/// tree from the emulator. The guests are those of `virt` with a GICv2, and see its addresses.
@Suite struct ZCU102Tests {
  private static let board = TestBoard.aarch64GICv2
  /// uart0, SPI 21.
  private static let consoleLine = 53

  /// `zone` of the `virt` machine, at its addresses.
  private func moved(_ zone: SystemText.Zone, serves line: Int? = nil) -> SystemText.Zone {
    zone
      .with("interrupts", "{ distributor: 0x0800_0000, interface: 0x0801_0000 }")
      .with("console", "{ base: 0x0900_0000\(line.map { ", line: \($0)" } ?? "") }")
  }

  private func system(cpus: Int, _ zones: [SystemText.Zone]) -> SystemText {
    var system = SystemText(board: Self.board, cpus: cpus, zones: zones)
    system.boardName = "xlnx-zcu102"
    system.ram = nil
    return system
  }

  /// A tick of the counter is an instruction, as on `virt`: the path is the bare machine's.
  @Test func timerInterruptsComeWithoutAnExit() async throws {
    let run = try await SystemRun.start(
      system(cpus: 1, [moved(try Self.board.rtControl(cpu: 0, samples: 500))]),
      .init(icount: true, timeout: 60))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["samples"] == 500 && line["exits"] == 0 && line["overruns"] == 0, "\(line)")
      #expect(line["min"] == Self.board.timerPath && line["max"] == Self.board.timerPath, "\(line)")
    }
  }

  /// SGIs to everybody, deactivations, sweeps of the distributor and of both pages of the CPU interface: all the
  /// time, on this GIC's addresses.
  @Test(arguments: [7, 8, 13, 14] as [UInt64])
  func attacksOnTheControllerChangeNothing(attack: UInt64) async throws {
    let run = try await SystemRun.start(
      system(
        cpus: 2,
        [
          moved(try Self.board.attacker(cpu: 1, attack: attack, rounds: 0)),
          moved(try Self.board.rtControl(cpu: 0, samples: 500)),
        ]),
      .init(icount: true, timeout: 90, until: ["rt-control:DONE", "attacker: ok"]))
    #expect(run.exitCode == 0, "\(run)")
    let timers = run["rt-control"].results("RESULT timer-")
    #expect(timers.count == 2, "\(run)")
    for line in timers {
      #expect(line["exits"] == 0 && line["min"] == Self.board.timerPath, "\(line)")
    }
    #expect(run["rt-control"].contains("unexpected=0"), "\(run)")
    #expect(!run["attacker"].contains("FAIL"), "\(run)")
  }

  /// 50 times, asked for at the manager's prompt.
  @Test func managerRestartsARealTimeZone() async throws {
    let run = try await SystemRun.start(
      system(
        cpus: 2,
        [
          moved(
            try Self.board.manager(cpus: [0], arguments: [0, 0, 0, 30]), serves: Self.consoleLine),
          moved(try Self.board.rtControl("target", cpu: 1, forEver: true)),
        ]),
      .init(
        icount: true, timeout: 100, until: ["manager:RESTART.* code=-?[0-9]"],
        send: ["manager:> $:restart 1 x50"]))
    let line = try #require(run["manager"].results("manager: RESTART").first, "\(run)")
    #expect(line["starts"] == 50 && line["running"] == 50 && line["code"] == 0, "\(line)")
  }

  /// Linux has RAM and GIC where the board has them. What is typed at its prompt comes by the UART's interrupt.
  @Test func linuxBootsOnTwoCPUsBesideARealTimeZone() async throws {
    let run = try await SystemRun.start(
      system(
        cpus: 3,
        [
          moved(try Self.board.rtControl(cpu: 0, samples: 200)),
          try Self.board.linux(cpus: [1, 2]),
        ]),
      .init(
        icount: true, timeout: 120, until: ["rt-control:DONE", "linux:SUM=4"],
        send: [#"linux:zone0\:/# :echo SUM=$((2+2))"#]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["linux"].contains("zone0: 2 CPUs online"), "\(run)")
    let timers = run["rt-control"].results("RESULT timer-")
    #expect(timers.count == 2, "\(run)")
    for line in timers { #expect(line["exits"] == 0 && line["samples"] == 200, "\(line)") }
  }
}
