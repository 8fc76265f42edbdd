import Testing

/// What another zone does to the interrupt controller does not reach a zoneR: it takes exactly the
/// interrupts it takes alone (`AttackTests` compare the rest for every attack).
@Suite struct InterferenceTests {
  /// Nothing but its own SGIs and timer interrupts, each leaving a trace: what the comparison of
  /// `RealTimeFacts` is worth.
  @Test(arguments: TestBoard.allCases)
  func aloneItTakesItsOwnInterruptsOnly(board: TestBoard) async throws {
    let facts = try await RealTimeBaseline.facts(board)
    #expect(
      facts["interrupts ipi"] == "\(RealTimeBaseline.samples(board))",
      "\(facts)")
    #expect(facts["interrupts unexpected"] == "0" && facts["interrupts spurious"] == "0")
    // With interrupt files none of them is an exit; with a PLIC each is a call, and one of its receiver.
    switch board {
    case .aarch64, .aarch64GICv2:
      #expect(facts["exits ipi"] == "\(RealTimeBaseline.samples(board))", "\(facts)")
    case .riscv64AIA: #expect(facts["exits ipi"] == nil && facts["exits interrupt"] == nil)
    case .riscv64PLIC: break
    }
    #expect(facts["timer-busy exits"] == "0" && facts["timer-idle exits"] == "0")
    #expect(facts.late == 0 && facts.latest == 0)
  }

  /// Broadcast and aimed SGIs and IPIs of all kinds; every line of others; every word of the controller: all
  /// the time, and they are really sent.
  @Test(
    arguments: [
      (.aarch64, 7), (.aarch64, 8), (.aarch64, 13), (.riscv64AIA, 7), (.riscv64PLIC, 8),
      (.aarch64GICv2, 7), (.aarch64GICv2, 8), (.aarch64GICv2, 13), (.aarch64GICv2, 14),
    ] as [(TestBoard, UInt64)])
  func takesAndLeavesAsAlone(board: TestBoard, attack: UInt64) async throws {
    let system = SystemText(
      board: board, cpus: 2,
      zones: [
        try board.attacker(cpu: 1, attack: attack, rounds: 0),
        try board.rtControl(cpu: 0, samples: RealTimeBaseline.samples(board)),
      ])
    let run = try await SystemRun.start(
      system,
      .init(
        icount: true, timeout: 90, until: ["kernel:zone rt-control stopped", "rt-control:DONE"],
        record: true))
    #expect(run.exitCode == 0, "\(run)")
    let facts = try await RealTimeFacts(run)
    #expect(facts["interrupts unexpected"] == "0", "\(facts)")
    #expect(facts.isUndisturbed(as: try await RealTimeBaseline.facts(board)), "\(facts)\n\(run)")
    #expect(run["attacker"].contains(" ok") && !run["attacker"].contains("FAIL"), "\(run)")
  }
}
