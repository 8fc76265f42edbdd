import Foundation
import Testing

/// A zoneR alone: its measurements, its console, and the record of the run.
@Suite struct RealTimeZoneTests {
  @Test(arguments: TestBoard.allCases)
  func runsToItsEndWithoutAnExit(board: TestBoard) async throws {
    let run = try await RealTimeBaseline.alone(board)
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    #expect(run.kernel.has(inOrder: "zone rt-control started", "zone rt-control stopped"))
    #expect(run["rt-control"].has(inOrder: "rt-control: start", "rt-control: DONE"))
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["exits"] == 0, "\(line)")
      #expect(line["overruns"] == 0, "\(line)")
      #expect(line["min"] == board.timerPath && line["max"] == board.timerPath, "\(line)")
    }
    let loop = try #require(run["rt-control"].results("control-loop").first)
    #expect(loop["misses"] == 0 && loop["unsettled"] == 0, "\(loop)")
  }

  @Test(arguments: TestBoard.architectures)
  func recordIsReadableAndSaysWhatItIs(board: TestBoard) async throws {
    let run = try await RealTimeBaseline.alone(board)
    let record = try #require(run.record, "\(run.errors)")
    let folder = try ScratchFolder()
    let file = "\(folder.path)/run.hvlat"
    try record.write(to: URL(fileURLWithPath: file))
    let text = try await Command.run(
      Built.hvlat(), ["analyze", file], seconds: 60, folder: folder.path)
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("icount"), "\(text.output)")
    let json = try await Command.run(
      Built.hvlat(), ["analyze", "--json", file], seconds: 60, folder: folder.path)
    #expect(json.status == 0, "\(json.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    #expect("\(object)".contains("icount"))
    #expect("\(object)".contains("rt-control"))
  }

  /// The kernel's own timer interrupt on each CPU takes as long as the zone's: the kernel is not on
  /// the path. On RISC-V QEMU's timer is late by as much of a tick as had passed when it was set: of a hundred instructions,
  /// whatever the kernel had reached.
  @Test(arguments: TestBoard.allCases)
  func boardBaselineIsThatOfTheZone(board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 3, baseline: 300,
      zones: [
        try board.rtControl(cpu: 1, samples: 100)
          .with("arguments", "[100, 0x2000_0000, 0x100_0000, 0]")
      ])
    let run = try await SystemRun.start(
      system, .init(icount: true, timeout: 60, record: true))
    #expect(run.exitCode == 0, "\(run)")
    let report = try await RecordReport.of(run)
    let series = report.measurements.filter { $0.measurement == "timer-busy" }
    #expect(
      Set(series.map(\.origin)) == [
        "baseline cpu 0", "baseline cpu 1", "baseline cpu 2", "zone rt-control",
      ])
    for each in series {
      let isLate = board.isRISCV && each.origin.hasPrefix("baseline")
      let least = board.timerPath...board.timerPath + (isLate ? 4 : 0)
      let most = board.timerPath + (isLate ? 100 : 0)
      #expect(each.statistics.samples == (each.origin.hasPrefix("baseline") ? 300 : 100), "\(each)")
      #expect(each.statistics.minimum.map(least.contains) == true, "\(each)")
      #expect((each.statistics.maximum ?? .max) <= most, "\(each)")
    }
  }

  /// A baseline does not make the boot depend on a CPU that does not come up.
  @Test(arguments: TestBoard.architectures)
  func boardBaselineWithoutACPU(board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 3, baseline: 10, zones: [try board.rtControl(cpu: 1, samples: 50)])
    let run = try await SystemRun.start(system, .init(timeout: 60, smp: 2))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run.kernel.count(of: "cpu 2 did not start: no such CPU") == 1, "\(run)")
    #expect(run["rt-control"].contains("rt-control: DONE"), "\(run)")
  }

  /// A zone0 that hangs with its interrupts masked does not serve the console any more: a zoneR is
  /// heard all the same, and not held up.
  @Test(arguments: TestBoard.allCases)
  func isHeardBesideAZone0ThatHangs(board: TestBoard) async throws {
    let zone0 = try board.attacker("hung", kind: "zone0", cpu: 1, attack: 116)
    let flood = try board.attacker("flood", kind: "zoneR", cpu: 0, attack: 120)
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 2, zones: [zone0, flood]),
      .init(timeout: 60, until: ["flood:flood 1000 "]))
    #expect(run.exitCode == 0, "\(run)")
  }

  @Test(arguments: TestBoard.architectures)
  func recordOfARunWithoutIcountSaysEmulated(board: TestBoard) async throws {
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 1, zones: [board.rtControl(cpu: 0, samples: 50)]),
      .init(timeout: 60, record: true))
    #expect(run.exitCode == 0, "\(run)")
    let folder = try ScratchFolder()
    let file = "\(folder.path)/run.hvlat"
    try #require(run.record, "\(run.errors)").write(to: URL(fileURLWithPath: file))
    let text = try await Command.run(
      Built.hvlat(), ["analyze", file], seconds: 60, folder: folder.path)
    #expect(text.status == 0 && text.output.contains("emulated"), "\(text.output)\(text.errors)")
  }

  @Test(arguments: TestBoard.allCases) func resetsItself(board: TestBoard) async throws {
    // The test manager as a zoneR whose script is a reset.
    let resetter = try board.manager(cpus: [0], arguments: [6]).with("kind", "zoneR")
      .named("resetter")
    let system = SystemText(
      board: board, cpus: 2,
      zones: [resetter, try board.rtControl(cpu: 1, samples: 100, forEver: true)])
    let run = try await SystemRun.start(
      system,
      .init(
        timeout: 60,
        until: [#"kernel:zone resetter started \(restart 50\)"#, "rt-control:DONE"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run.kernel.count(of: "zone rt-control started") == 1)
    #expect(run.kernel.count(of: "failed") == 0, "\(run)")
  }
}
