import Testing

/// `attacker` in a zoneU beside `rt-control` in a zoneR: whatever it does, the path length and the
/// exits of the zoneR are exactly those of the run without it, and only the attacker suffers.
@Suite struct AttackTests {
  /// Runs one attack of the list in guests/attacker/Attack.swift beside `rt-control`.
  private func attack(
    _ number: UInt64, rounds: UInt64 = 1, operand: UInt64 = 0, icount: Bool = true,
    until: [String] = stopped, timeout: Double = 60
  ) async throws -> SystemRun {
    try await besideRTControl(
      SystemText.attacker(cpu: 1, attack: number, rounds: rounds, operand: operand),
      icount: icount, until: until, timeout: timeout)
  }

  private static let stopped = ["kernel:zone rt-control stopped", "rt-control:DONE"]

  /// The two zones of an attack.
  private func system(_ attacker: SystemText.Zone) throws -> SystemText {
    SystemText(
      cpus: 2,
      zones: [attacker, try SystemText.rtControl(cpu: 0, samples: RealTimeBaseline.samples)])
  }

  /// Runs `attacker` beside `rt-control`, with a record if under icount.
  private func besideRTControl(
    _ attacker: SystemText.Zone, icount: Bool = true, until: [String] = stopped,
    timeout: Double = 60
  ) async throws -> SystemRun {
    try await SystemRun.start(
      system(attacker),
      .init(
        icount: icount, timeout: timeout, until: until, allowFailed: ["attacker"], record: icount))
  }

  private func expectUndisturbed(_ run: SystemRun) async throws {
    let alone = try await RealTimeBaseline.facts()
    let facts = try await RealTimeFacts(run)
    #expect(facts.isUndisturbed(as: alone), "\(facts)\nalone: \(alone)\n\(run)")
    #expect(!run.kernel.contains("PANIC"), "\(run)")
    #expect(run.states["rt-control"] == "stopped", "\(run)")
  }

  /// All harmless attacks, in order, twice, with another seed each time: the zone lives on.
  @Test(arguments: [UInt64(1), 77])
  func harmlessAttacksAreAnsweredAsTheArchitectureSays(seed: UInt64) async throws {
    let attacker = try SystemText.attacker(
      cpu: 1, seed: seed, attack: 0, rounds: 2, operand: Self.ownLines)
    let system = SystemText(
      cpus: 2, zones: [attacker, try SystemText.rtControl(cpu: 0, samples: 100)])
    let run = try await SystemRun.start(
      system,
      .init(
        timeout: 120, until: ["rt-control:DONE", "attacker: DONE"], allowFailed: ["attacker"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["attacker"].lines(with: "FAIL") == [], "\(run)")
    let done = try #require(run["attacker"].results("attacker: DONE").first, "\(run)")
    #expect(done["rounds"] == 2 && done["fails"] == 0)
    #expect(run["attacker"].count(of: " ok") == 50, "\(run)")
  }

  /// Shared lines of a zone that only has a console.
  private static let ownLines: UInt64 = 1

  /// Each harmless attack alone, for ever, all the time that rt-control is measured.
  @Test(arguments: UInt64(1)...25)
  func harmlessAttackChangesNothing(number: UInt64) async throws {
    let run = try await attack(number, rounds: 0)
    try await expectUndisturbed(run)
    #expect(run.states["attacker"] == "running", "\(run)")
    #expect(run["attacker"].lines(with: "FAIL") == [], "\(run)")
  }

  /// Attacks on what is not the zone's: it is stopped, with a record of why.
  @Test(
    arguments: [
      (100, "foreign-address"), (101, "foreign-address"),
      (102, "foreign-fetch"), (103, "foreign-address"), (104, "foreign-address"),
      (105, "foreign-address"),
      (106, "foreign-address"), (107, "foreign-address"), (108, "foreign-address"),
      (109, "foreign-address"), (111, "foreign-address"), (112, "foreign-address"),
    ] as [(UInt64, String)])
  func foreignAccessStopsTheAttackerOnly(number: UInt64, reason: String) async throws {
    let run = try await attack(number)
    try await expectUndisturbed(run)
    let record = try #require(run.kernel.results("zone attacker failed").first, "\(run)")
    #expect(record.fields["reason"] == reason && record["cpu"] == 1, "\(run)")
    #expect(record.fields.keys.contains("pc") && record.fields.keys.contains("address"))
    #expect(run.states["attacker"] == "failed")
  }

  /// The same at the addresses where other zones' memory and the records really are, read, written,
  /// executed and zeroed. (The kernel's own address is, in the attacker's address space, its own RAM.)
  @Test(arguments: [100, 101, 102, 111] as [UInt64], ["rt-control", "latency records"])
  func memoryOfOthersIsNotThere(number: UInt64, owner: String) async throws {
    let plan = try await SystemPlan.of(
      system(SystemText.attacker(cpu: 1, attack: number)))
    let address = try #require(plan.memory(of: owner), "\(plan.rows)")
    // Beyond the attacker's own 16 MiB, or this would be its own memory.
    try #require(address >= 0x4100_0000)
    let run = try await attack(number, operand: address)
    try await expectUndisturbed(run)
    let record = try #require(run.kernel.results("zone attacker failed").first, "\(run)")
    let expected = String(address, radix: 16)
    #expect(record.fields["address"] == "0x\(expected)", "\(run)")
    #expect(record.fields["reason"] == (number == 102 ? "foreign-fetch" : "foreign-address"))
  }

  /// The kernel's UART, where a zone without a console of its own writes.
  @Test func theUARTIsNotThere() async throws {
    let run = try await besideRTControl(
      SystemText.attacker(cpu: 1, attack: 1).with("console", "none"))
    try await expectUndisturbed(run)
    let record = try #require(run.kernel.results("zone attacker failed").first, "\(run)")
    // UARTFR, which it polls first.
    #expect(record.fields["address"] == "0x9000018", "\(run)")
  }

  /// Attacks that the architecture answers in more than one way (docs of the attacker): whatever
  /// becomes of the zone, the neighbour does not notice.
  @Test(arguments: [110, 115, 122] as [UInt64])
  func leavingChangesNothing(number: UInt64) async throws {
    try await expectUndisturbed(try await attack(number))
  }

  /// Attacks that never end: spins, waits, storms of traps, floods.
  @Test(arguments: [116, 117, 118, 120, 121] as [UInt64])
  func endlessAttackChangesNothing(number: UInt64) async throws {
    let run = try await attack(number)
    try await expectUndisturbed(run)
    #expect(run.states["attacker"] == "running", "\(run)")
  }

  /// A storm of TLB and cache maintenance: what a zone may do to shared hardware by right. QEMU is
  /// slow at it, so that less is measured.
  @Test func maintenanceStormChangesNothing() async throws {
    let system = SystemText(
      cpus: 2,
      zones: [
        try SystemText.attacker(cpu: 1, attack: 119),
        try SystemText.rtControl(cpu: 0, samples: 20),
      ])
    let run = try await SystemRun.start(
      system, .init(icount: true, timeout: 60, until: ["rt-control:RESULT timer-busy .*exits"]))
    let alone = try await RealTimeBaseline.alone()["rt-control"].results("timer-busy").first
    let line = try #require(run["rt-control"].results("timer-busy").first, "\(run)")
    #expect(line["min"] == alone?["min"] && line["max"] == alone?["max"] && line["exits"] == 0)
  }

  /// Exceptions without end, of which no instruction ever completes. QEMU's instruction clock stands
  /// still meanwhile, so that this one is run without it: the neighbour goes on, that is all.
  @Test(arguments: [113, 114] as [UInt64])
  func exceptionLoopStopsNobodyElse(number: UInt64) async throws {
    let run = try await attack(number, icount: false, until: ["rt-control:DONE"])
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["rt-control"].contains("rt-control: DONE"))
    #expect(!run.kernel.contains("PANIC"))
  }
}
