import Testing

/// A board that is not QEMU's `virt`, booted with the guests of `virt`, which see its addresses.
struct OtherBoard: CustomTestStringConvertible, Sendable {
  /// As descriptions have it.
  var name: String
  /// The board of whose guests it is given.
  var board: TestBoard
  /// Where those see their interrupt controller and their console.
  var interrupts: String
  var console: String
  /// The line of its UART.
  var consoleLine: Int
  /// nil: the board has no choice of RAM.
  var ram: String? = "1GiB"
  /// Whether the board has a choice of CPUs.
  var choosesCPUs = true
  /// Whether a tick of its counter is an instruction. Else it is more, and that the kernel did nothing is in the exits.
  var ticksAreInstructions = false
  /// More of QEMU's `-machine`.
  var machine: String?

  var testDescription: String { ([name] + [machine].compactMap(\.self)).joined(separator: ",") }

  /// `zone` at the addresses of `virt`; zone0 serves the UART.
  func moved(_ zone: SystemText.Zone) -> SystemText.Zone {
    let isServer = zone.fields.contains { $0.key == "kind" && $0.value == "zone0" }
    return zone.with("interrupts", interrupts)
      .with("console", "{ base: \(console)\(isServer ? ", line: \(consoleLine)" : "") }")
  }

  func system(cpus: Int, _ zones: [SystemText.Zone]) -> SystemText {
    var system = SystemText(board: board, cpus: cpus, zones: zones)
    system.boardName = name
    system.ram = ram
    if !choosesCPUs { system.cpus = nil }
    return system
  }

  /// Whether the timer's path is as on the bare machine.
  private func isBare(_ line: ResultLine) -> Bool {
    guard ticksAreInstructions else { return (line["max"] ?? .max) <= 1 }
    return line["min"] == board.timerPath && line["max"] == board.timerPath
  }

  /// `rt-control` alone takes all its timer interrupts without an exit, as soon as the bare machine.
  func expectTimerInterruptsWithoutAnExit(cpus: Int) async throws -> SystemRun {
    let run = try await SystemRun.start(
      system(cpus: cpus, [moved(try board.rtControl(cpu: 0, samples: 500))]),
      .init(icount: true, timeout: 60, machine: machine))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["samples"] == 500 && line["exits"] == 0 && line["overruns"] == 0, "\(line)")
      #expect(isBare(line), "\(line)")
    }
    return run
  }

  /// What the kernel measures on every CPU before a zone starts comes within a tick, too.
  func expectBoardBaseline(cpus: Int) async throws {
    var system = system(cpus: cpus, [moved(try board.rtControl(cpu: 0, samples: 20))])
    system.baseline = 100
    let run = try await SystemRun.start(
      system, .init(icount: true, timeout: 60, record: true, machine: machine))
    #expect(run.exitCode == 0, "\(run)")
    let measured = try await RecordReport.of(run).measurements.filter {
      $0.origin.hasPrefix("baseline")
    }
    #expect(measured.count == cpus, "\(measured)")
    for each in measured {
      #expect(each.statistics.samples == 100 && (each.statistics.maximum ?? .max) <= 1, "\(each)")
    }
  }

  /// The same beside an attack that is made all the time.
  func expectNoChange(by attack: UInt64) async throws {
    let run = try await SystemRun.start(
      system(
        cpus: 2,
        [
          moved(try board.attacker(cpu: 1, attack: attack, rounds: 0)),
          moved(try board.rtControl(cpu: 0, samples: 500)),
        ]),
      .init(
        icount: true, timeout: 90, until: ["rt-control:DONE", "attacker: ok"], machine: machine))
    #expect(run.exitCode == 0, "\(run)")
    let timers = run["rt-control"].results("RESULT timer-")
    #expect(timers.count == 2, "\(run)")
    for line in timers { #expect(line["exits"] == 0 && isBare(line), "\(line)") }
    #expect(run["rt-control"].contains("unexpected=0"), "\(run)")
    #expect(!run["attacker"].contains("FAIL"), "\(run)")
  }

  /// The manager, at whose prompt this is typed, restarts a zoneR 50 times; it watches it for so long each time.
  func expectRestarts(milliseconds: UInt64, icount: Bool) async throws {
    let run = try await SystemRun.start(
      system(
        cpus: 2,
        [
          moved(try board.manager(cpus: [0], arguments: [0, 0, 0, milliseconds])),
          moved(try board.rtControl("target", cpu: 1, forEver: true)),
        ]),
      .init(
        icount: icount, timeout: 100, until: [TestBoard.restarted],
        send: ["manager:> $:restart 1 x50"], machine: machine))
    let line = try #require(run["manager"].results("manager: RESTART").first, "\(run)")
    #expect(line["starts"] == 50 && line["running"] == 50 && line["code"] == 0, "\(line)")
  }

  /// Linux boots on two CPUs and comes to `end` beside a zoneR that has no exit.
  func expectLinux(icount: Bool, until end: String, send: [String] = []) async throws {
    let run = try await SystemRun.start(
      system(
        cpus: 3,
        [moved(try board.rtControl(cpu: 0, samples: 200)), try board.linux(cpus: [1, 2])]),
      .init(
        icount: icount, timeout: 120, until: ["rt-control:DONE", end], send: send,
        machine: machine))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["linux"].contains("zone0: 2 CPUs online"), "\(run)")
    for line in run["rt-control"].results("RESULT timer-") {
      #expect(line["exits"] == 0, "\(line)")
    }
  }
}
