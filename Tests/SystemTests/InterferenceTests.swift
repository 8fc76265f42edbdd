import Testing

/// What another zone does to the interrupt controller does not reach a zoneR: it takes exactly the
/// interrupts, and leaves for the kernel exactly as often and for the same reasons, as alone.
@Suite struct InterferenceTests {
  /// The zoneR measured, under icount; on the lower CPU number (see `RealTimeBaseline`).
  private func facts(_ run: SystemRun) async throws -> Facts {
    let lines = run["rt-control"].results("rt-control: INTERRUPTS")
    #expect(lines.count == 1, "\(run)")
    var exits = try await RecordReport.of(run).exits(ofCPU: 0)
    // Each byte it prints costs two exits, and how many digits its results have may differ.
    let bytes = run["rt-control"].count + run["rt-control"].count(of: "\n")
    exits["console"] = (exits["console"] ?? 0) - 2 * bytes
    return Facts(interrupts: lines.first?.fields ?? [:], exits: exits)
  }

  private struct Facts: Equatable {
    var interrupts: [String: String]
    var exits: [String: Int]
  }

  /// Broadcast and aimed SGIs of all kinds; deactivation of every line; every word of the distributor.
  @Test(arguments: [7, 8, 13] as [UInt64])
  func takesAndLeavesAsAlone(attack: UInt64) async throws {
    let alone = try await facts(try await RealTimeBaseline.alone())
    #expect(
      alone.interrupts == [
        "sgi": "\(RealTimeBaseline.samples)", "unexpected": "0", "spurious": "0",
      ])
    #expect(alone.exits["sgi"] == Int(RealTimeBaseline.samples))
    let system = SystemText(
      cpus: 2,
      zones: [
        try SystemText.attacker(cpu: 1, attack: attack, rounds: 0),
        try SystemText.rtControl(cpu: 0, samples: RealTimeBaseline.samples),
      ])
    let run = try await SystemRun.start(
      system,
      .init(icount: true, timeout: 90, until: ["kernel:zone rt-control stopped"], record: true))
    #expect(run.exitCode == 0, "\(run)")
    #expect(try await facts(run) == alone, "\(run)")
    // The attack went on all the time, and SGIs were sent.
    #expect(run["attacker"].contains(" ok") && !run["attacker"].contains("FAIL"), "\(run)")
  }
}
