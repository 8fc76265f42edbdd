import Testing

/// `attacker` in a zoneU beside `rt-control` in a zoneR: whatever it does, the path length and the
/// exits of the zoneR are exactly those of the run without it, and only the attacker suffers.
@Suite struct AttackTests {
  /// A board, the number of an attack (guests/attacker: Attack.swift, RISCVAttack.swift), and why its zone
  /// is stopped.
  typealias Ending = (board: TestBoard, number: UInt64, reason: String)

  /// Runs one attack of the list beside `rt-control`.
  private func attack(
    on board: TestBoard, _ number: UInt64, rounds: UInt64 = 1, operand: UInt64 = 0,
    icount: Bool = true,
    until: [String]? = nil, timeout: Double = 60
  ) async throws -> SystemRun {
    try await besideRTControl(
      on: board, board.attacker(cpu: 1, attack: number, rounds: rounds, operand: operand),
      icount: icount, until: until, timeout: timeout)
  }

  /// The end of what is compared. On RISC-V a millisecond is a million instructions, so that the second of
  /// the control loop takes too long beside a neighbour that is slow to emulate: InterferenceTests wait for
  /// it with some of the attacks.
  private func end(_ board: TestBoard) -> [String] {
    board.isRISCV
      ? ["rt-control:RESULT firmware-call .*at-min"]
      : ["kernel:zone rt-control stopped", "rt-control:DONE"]
  }

  /// The two zones of an attack.
  private func system(_ board: TestBoard, _ attacker: SystemText.Zone) throws -> SystemText {
    SystemText(
      board: board, cpus: 2,
      zones: [attacker, try board.rtControl(cpu: 0, samples: RealTimeBaseline.samples(board))])
  }

  /// Runs `attacker` beside `rt-control`, with a record if under icount.
  private func besideRTControl(
    on board: TestBoard, _ attacker: SystemText.Zone, icount: Bool = true, until: [String]? = nil,
    timeout: Double = 60
  ) async throws -> SystemRun {
    try await SystemRun.start(
      system(board, attacker),
      .init(
        icount: icount, timeout: timeout, until: until ?? end(board), allowFailed: ["attacker"],
        record: icount))
  }

  private func expectUndisturbed(_ run: SystemRun, on board: TestBoard) async throws {
    let alone = try await RealTimeBaseline.facts(board)
    let facts = try await RealTimeFacts(run)
    #expect(facts.isUndisturbed(as: alone), "\(facts)\nalone: \(alone)\n\(run)")
    #expect(!run.kernel.contains("PANIC"), "\(run)")
    let ends = board.isRISCV ? ["running", "stopped"] : ["stopped"]
    #expect(ends.contains(run.states["rt-control"] ?? ""), "\(run)")
  }

  /// All harmless attacks, in order, twice, with another seed each time: the zone lives on.
  @Test(arguments: TestBoard.allCases, [UInt64(1), 77])
  func harmlessAttacksAreAnsweredAsTheArchitectureSays(board: TestBoard, seed: UInt64) async throws
  {
    let attacker = try board.attacker(
      cpu: 1, seed: seed, attack: 0, rounds: 2, operand: Self.ownLines)
    let system = SystemText(
      board: board, cpus: 2, zones: [attacker, try board.rtControl(cpu: 0, samples: 100)])
    let run = try await SystemRun.start(
      system,
      .init(
        timeout: 120, until: ["rt-control:DONE", "attacker: DONE"], allowFailed: ["attacker"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["attacker"].lines(with: "FAIL") == [], "\(run)")
    let done = try #require(run["attacker"].results("attacker: DONE").first, "\(run)")
    #expect(done["rounds"] == 2 && done["fails"] == 0)
    #expect(run["attacker"].count(of: " ok") == 2 * Int(board.lastHarmlessAttack), "\(run)")
  }

  /// Shared lines of a zone that only has a console.
  private static let ownLines: UInt64 = 1

  /// All of each board; with a GICv2 those that are about interrupts: IPIs, lines and the controller.
  static let harmless: [(TestBoard, UInt64)] =
    ([.aarch64] + TestBoard.riscv).flatMap { board in
      (1...board.lastHarmlessAttack).map { (board, $0) }
    } + [6, 7, 8, 9, 13, 14].map { (.aarch64GICv2, $0) }

  /// Each harmless attack alone, for ever, all the time that rt-control is measured.
  @Test(arguments: harmless)
  func harmlessAttackChangesNothing(board: TestBoard, number: UInt64) async throws {
    let run = try await attack(on: board, number, rounds: 0)
    try await expectUndisturbed(run, on: board)
    #expect(run.states["attacker"] == "running", "\(run)")
    #expect(run["attacker"].lines(with: "FAIL") == [], "\(run)")
  }

  static let foreign: [Ending] =
    endings(.aarch64, [100, 101, 103, 104, 105, 106, 107, 108, 109, 111, 112], "foreign-address")
    + endings(.aarch64, [102], "foreign-fetch")
    + endings(.aarch64GICv2, [100, 106, 107], "foreign-address")
    + TestBoard.riscv.flatMap { board in
      endings(
        board, [100, 101, 103, 104, 105, 106, 107, 108, 109, 112, 126, 128, 129],
        "foreign-address") + endings(board, [102, 130], "foreign-fetch")
    }

  private static func endings(_ board: TestBoard, _ numbers: [UInt64], _ reason: String) -> [Ending]
  {
    numbers.map { (board, $0, reason) }
  }

  /// Attacks on what is not the zone's: it is stopped, with a record of why.
  @Test(arguments: foreign)
  func foreignAccessStopsTheAttackerOnly(board: TestBoard, number: UInt64, reason: String)
    async throws
  {
    let run = try await attack(on: board, number)
    try await expectUndisturbed(run, on: board)
    let record = try #require(run.kernel.results("zone attacker failed").first, "\(run)")
    #expect(record.fields["reason"] == reason && record["cpu"] == 1, "\(run)")
    #expect(record.fields.keys.contains("pc") && record.fields.keys.contains("address"))
    #expect(run.states["attacker"] == "failed")
  }

  /// The same at the addresses where other zones' memory and the records really are, read, written,
  /// executed and zeroed. (The kernel's own address is, in the attacker's address space, its own RAM.)
  @Test(
    arguments: [
      (.aarch64, 100), (.aarch64, 101), (.aarch64, 102), (.aarch64, 111), (.riscv64AIA, 100),
      (.riscv64AIA, 101), (.riscv64AIA, 102), (.riscv64AIA, 126), (.riscv64PLIC, 100),
      (.riscv64PLIC, 126),
    ] as [(TestBoard, UInt64)], ["rt-control", "latency records"])
  func memoryOfOthersIsNotThere(attack each: (board: TestBoard, number: UInt64), owner: String)
    async throws
  {
    let (board, number) = each
    let plan = try await SystemPlan.of(
      system(board, board.attacker(cpu: 1, attack: number)))
    let address = try #require(plan.memory(of: owner), "\(plan.rows)")
    // Beyond the attacker's own 16 MiB, or this would be its own memory.
    try #require(address >= board.ram + 16 << 20)
    let run = try await attack(on: board, number, operand: address)
    try await expectUndisturbed(run, on: board)
    let record = try #require(run.kernel.results("zone attacker failed").first, "\(run)")
    #expect(record.fields["address"] == TestBoard.hexadecimal(address), "\(run)")
    #expect(record.fields["reason"] == (number == 102 ? "foreign-fetch" : "foreign-address"))
  }

  /// The kernel's UART, where a zone without a console of its own writes.
  @Test(arguments: TestBoard.allCases) func theUARTIsNotThere(board: TestBoard) async throws {
    let run = try await besideRTControl(
      on: board, board.attacker(cpu: 1, attack: 1).with("console", "none"))
    try await expectUndisturbed(run, on: board)
    let record = try #require(run.kernel.results("zone attacker failed").first, "\(run)")
    // UARTFR and LSR, which are polled first.
    #expect(
      record.fields["address"] == (board.isRISCV ? "0x10000005" : "0x9000018"), "\(run)")
  }

  /// Attacks that the architecture answers in more than one way (docs of the attacker): whatever
  /// becomes of the zone, the neighbour does not notice.
  @Test(
    arguments: [
      (.aarch64, 110), (.aarch64, 115), (.aarch64, 122), (.riscv64AIA, 110), (.riscv64AIA, 111),
      (.riscv64AIA, 115), (.riscv64AIA, 122), (.riscv64AIA, 127), (.riscv64AIA, 131),
      (.aarch64GICv2, 115),
      (.riscv64PLIC, 115),
    ] as [(TestBoard, UInt64)])
  func leavingChangesNothing(board: TestBoard, number: UInt64) async throws {
    try await expectUndisturbed(try await attack(on: board, number), on: board)
  }

  /// Attacks that never end: spins, waits, storms of traps, floods.
  @Test(arguments: TestBoard.allCases, [116, 117, 118, 120, 121] as [UInt64])
  func endlessAttackChangesNothing(board: TestBoard, number: UInt64) async throws {
    let run = try await attack(on: board, number, timeout: 150)
    #expect(run.exitCode == 0, "\(run)")
    try await expectUndisturbed(run, on: board)
    #expect(run.states["attacker"] == "running", "\(run)")
  }

  /// A storm of TLB and cache maintenance: what a zone may do to shared hardware by right. QEMU is
  /// slow at it, so that less is measured.
  @Test(arguments: TestBoard.architectures)
  func maintenanceStormChangesNothing(board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 2,
      zones: [
        try board.attacker(cpu: 1, attack: 119),
        try board.rtControl(cpu: 0, samples: 20),
      ])
    let run = try await SystemRun.start(
      system,
      .init(icount: true, timeout: 60, until: ["rt-control:RESULT timer-busy .*exits=[0-9]"]))
    let alone = try await RealTimeBaseline.alone(board)["rt-control"].results("timer-busy").first
    let line = try #require(run["rt-control"].results("timer-busy").first, "\(run)")
    #expect(line["min"] == alone?["min"] && line["max"] == alone?["max"] && line["exits"] == 0)
  }

  /// Exceptions without end, of which no instruction ever completes. QEMU's instruction clock stands
  /// still meanwhile, so that this one is run without it: the neighbour goes on, that is all.
  @Test(arguments: TestBoard.architectures, [113, 114] as [UInt64])
  func exceptionLoopStopsNobodyElse(board: TestBoard, number: UInt64) async throws {
    let run = try await attack(on: board, number, icount: false, until: ["rt-control:DONE"])
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["rt-control"].contains("rt-control: DONE"))
    #expect(!run.kernel.contains("PANIC"))
  }
}
