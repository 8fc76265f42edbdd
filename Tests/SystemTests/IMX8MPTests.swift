import Testing

/// NXP's i.MX 8M Plus EVK as QEMU has it: a board with a UART of its own kind, a counter of 8 MHz, and no device tree
/// from the emulator. The guests are those of `virt`, and see its addresses.
@Suite struct IMX8MPTests {
  private static let board = TestBoard.aarch64

  /// `zone` of the `virt` machine, at its addresses.
  private func moved(_ zone: SystemText.Zone) -> SystemText.Zone {
    let line = zone.fields.first { $0.key == "kind" }?.value == "zone0" ? "line: 59" : ""
    return
      zone
      .with("interrupts", "{ distributor: 0x0800_0000, redistributors: 0x080a_0000 }")
      .with("console", "{ base: 0x0900_0000\(line.isEmpty ? "" : ", ")\(line) }")
  }

  private func system(cpus: Int, _ zones: [SystemText.Zone]) -> SystemText {
    var system = SystemText(board: Self.board, cpus: cpus, zones: zones)
    system.boardName = "imx8mp-evk"
    return system
  }

  /// A tick of the counter has 125 instructions: that the kernel did nothing is in the exits.
  @Test func timerInterruptsComeWithoutAnExit() async throws {
    let run = try await SystemRun.start(
      system(cpus: 1, [moved(try Self.board.rtControl(cpu: 0, samples: 500))]),
      .init(icount: true, timeout: 60))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["samples"] == 500 && line["exits"] == 0 && line["overruns"] == 0, "\(line)")
      #expect((line["max"] ?? .max) <= 1, "\(line)")
    }
  }

  /// The manager's prompt takes what is typed at the UART, which interrupts the zone that serves it.
  @Test func managerRestartsARealTimeZone() async throws {
    let run = try await SystemRun.start(
      system(
        cpus: 2,
        [
          moved(try Self.board.manager(cpus: [0], arguments: [0, 0, 0, 30])),
          moved(try Self.board.rtControl("target", cpu: 1, forEver: true)),
        ]),
      .init(
        icount: true, timeout: 100, until: ["manager:RESTART.* code=-?[0-9]"],
        send: ["manager:> $:restart 1 x50"]))
    let line = try #require(run["manager"].results("manager: RESTART").first, "\(run)")
    #expect(line["starts"] == 50 && line["running"] == 50 && line["code"] == 0, "\(line)")
  }

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
    for line in run["rt-control"].results("RESULT timer-") {
      #expect(line["exits"] == 0, "\(line)")
    }
  }
}
