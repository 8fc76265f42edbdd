import Testing

/// What another zone does to the interrupt controller does not reach a zoneR: it takes exactly the
/// interrupts it takes alone (`AttackTests` compare the rest for every attack).
@Suite struct InterferenceTests {
  /// Nothing but its own SGIs and timer interrupts, each leaving a trace: what the comparison of
  /// `RealTimeFacts` is worth.
  @Test func aloneItTakesItsOwnInterruptsOnly() async throws {
    let facts = try await RealTimeBaseline.facts()
    #expect(facts["interrupts sgi"] == "\(RealTimeBaseline.samples)", "\(facts)")
    #expect(facts["interrupts unexpected"] == "0" && facts["interrupts spurious"] == "0")
    #expect(facts["exits sgi"] == "\(RealTimeBaseline.samples)")
    #expect(facts["timer-busy exits"] == "0" && facts["timer-idle exits"] == "0")
    #expect(facts.late == 0 && facts.latest == 0)
  }

  /// Broadcast and aimed SGIs of all kinds; deactivation of every line; every word of the distributor:
  /// all the time, and they are really sent.
  @Test(arguments: [7, 8, 13] as [UInt64])
  func takesAndLeavesAsAlone(attack: UInt64) async throws {
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
    let facts = try await RealTimeFacts(run)
    #expect(facts.isUndisturbed(as: try await RealTimeBaseline.facts()), "\(facts)\n\(run)")
    #expect(run["attacker"].contains(" ok") && !run["attacker"].contains("FAIL"), "\(run)")
  }
}
