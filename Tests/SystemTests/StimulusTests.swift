import Testing

/// The third measurement of docs/measuring.md: zone0 lets the kernel raise a line of the zoneR.
@Suite struct StimulusTests {
  private static let times = 100

  /// A zoneR whose line is raised so many times.
  private func run(_ board: TestBoard, times: Int) async throws -> SystemRun {
    let system = SystemText(
      board: board, cpus: 2,
      zones: [
        // 100 ms after its start the zoneR is in its control loop, with interrupts on.
        try board.manager(cpus: [1], arguments: [5, 1, UInt64(times), 100]),
        try board.rtControl(cpu: 0, samples: 20)
          .with("arguments", "[20, 0x2000_0000, 0x100_0000, \(board.freeLine)]")
          .with("stimulusLine", "\(board.freeLine)"),
      ])
    let run = try await SystemRun.start(
      system,
      .init(
        icount: true, timeout: 60,
        until: ["manager:DONE", "rt-control:DONE", "kernel:zone rt-control stopped"],
        record: true))
    #expect(run.exitCode == 0, "\(run)")
    let sent = try #require(run["manager"].results("manager: STIMULATE").first, "\(run)")
    #expect(sent["accepted"] == times && sent["code"] == 0, "\(run)")
    let taken = try #require(run["rt-control"].results("RESULT stimulus").first, "\(run)")
    #expect(taken["samples"] == times, "\(run)")
    return run
  }

  @Test(arguments: TestBoard.allCases)
  func everyStimulusIsTakenAndRecorded(board: TestBoard) async throws {
    let run = try await run(board, times: Self.times)
    let series = try await RecordReport.of(run).measurements.filter {
      $0.measurement == "stimulus"
    }
    #expect(series.map(\.origin) == ["zone rt-control"], "\(series)")
    let statistics = try #require(series.first?.statistics)
    #expect(statistics.samples == Self.times)
    // From the kernel on one CPU to the handler on the other, before the next one a millisecond later.
    let least = try #require(statistics.minimum)
    let most = try #require(statistics.maximum)
    #expect(least > 0 && most < board.instructionsPerMillisecond, "\(statistics)")
  }

  /// What one more stimulus costs the zone in exits: nothing where lines go straight to it; with a PLIC, where the line is
  /// the kernel's own, the wake-up, the claim and the completion. Of devices: `DeviceLineTests`.
  @Test(arguments: TestBoard.allCases)
  func exitsOfALine(board: TestBoard) async throws {
    let few = try await RecordReport.of(run(board, times: 100)).exits(ofCPU: 0)
    let many = try await RecordReport.of(run(board, times: 200)).exits(ofCPU: 0)
    // How much it prints differs by the digits of its numbers.
    let more = many.merging(few) { $0 - $1 }.filter { $0.key != "console" && $0.value != 0 }
    let expected = board == .riscv64PLIC ? ["interrupt": 100, "interrupt-controller": 200] : [:]
    #expect(more == expected, "\(few) \(many)")
  }

  /// Without a stimulus line, and for a zone that does not manage others, there is none.
  @Test(arguments: TestBoard.architectures)
  func aZoneWithoutALineCannotBeStimulated(board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 2,
      zones: [
        try board.manager(cpus: [1], arguments: [5, 1, 1]),
        try board.rtControl(cpu: 0, samples: 20, forEver: true)
          .with("stimulusLine", "none"),
      ])
    let run = try await SystemRun.start(
      system, .init(timeout: 60, until: ["manager:DONE", "rt-control:DONE"]))
    let sent = try #require(run["manager"].results("manager: STIMULATE").first, "\(run)")
    #expect(sent["accepted"] == 0 && sent["code"] == board.invalidParameter, "\(run)")
  }
}
