import Testing

/// Whatever check does not return, the report names it and comes to its end.
@Suite struct BringupWatchdogTests {
  /// A function that is made to jump to itself, and the check that it is part of.
  struct Hang: Sendable, CustomTestStringConvertible {
    var board: TestBoard
    var function: String
    var check: String
    var testDescription: String { "\(board): \(check)" }

    init(_ board: TestBoard, _ function: String, _ check: String) {
      (self.board, self.function, self.check) = (board, function, check)
    }
  }

  private static let early = [
    ("judgePlan", "plan"), ("askFirmware", "firmware"),
    ("judgeAddressWidth", "stage2-address-width"), ("judgeVMID", "vmid-bits"),
    ("RAMProbeVy", "ram"), ("lookAtUART", "uart"), ("takeController", "interrupt-controller"),
  ]

  /// Checks that this CPU's own timer ends.
  static let hangs =
    [TestBoard.aarch64, .aarch64GICv2, .riscv64AIA].flatMap { board in
      early.map { Hang(board, $0.0, $0.1) }
    } + [
      Hang(.aarch64, "judgeFrequency", "counter-frequency"),
      Hang(.aarch64, "judgeGranules", "stage2-granules"),
      Hang(.aarch64GICv2, "judgeGranules", "stage2-granules"),
      Hang(.aarch64, "judgePMU", "pmu"),
      Hang(.aarch64, "receiveThroughLoopback", "uart-receive"),
      Hang(.aarch64, "compareCounters", "counter-monotonic"),
      Hang(.aarch64, "tryWait", "wfi-wake"),
      Hang(.riscv64AIA, "judgeGuestModes", "stage2-granules"),
      Hang(.riscv64PLIC, "takeController", "interrupt-controller"),
      Hang(.riscv64PLIC, "receiveThroughLoopback", "uart-receive"),
    ]

  /// The image with a function that stands still, and 4 s for each check.
  private func boot(_ board: TestBoard, hangingIn function: String) async throws -> BringupBoot {
    try await BringupBoot(board)
      .patched(function, with: board.isRISCV ? 0x0000_006f : 0x1400_0000)
      .patched(
        "8patience",
        // li a0, 4000; ret. movz x0, #4000; ret.
        with: board.isRISCV
          ? [0x0000_1537, 0xfa05_0513, 0x0000_8067] : [0xd281_f400, 0xd65f_03c0])
  }

  @Test(arguments: hangs) func theTimerEndsACheckThatHangs(hang: Hang) async throws {
    let report = try await boot(hang.board, hangingIn: hang.function).run()
    // What an emulator on a busy host is late with is said by others of these tests.
    let failed = report.checks("FAIL").filter {
      !$0.hasPrefix("delivery.") && !$0.hasPrefix("baseline.")
    }
    #expect(report.isComplete && failed == [hang.check], "\(report)")
    #expect(report.result(hang.check)?.contains("reason=timeout pc-offset=") == true, "\(report)")
  }

  /// Interrupts are masked then, or the program below has them. Of two CPUs both would hang there; the second one is spared,
  /// since nobody is left to watch it.
  @Test(arguments: [
    Hang(.aarch64, "BoardBaselineO7measure", "baseline.0"),
    Hang(.aarch64GICv2, "BoardBaselineO7measure", "baseline.0"),
    Hang(.riscv64AIA, "BoardBaselineO7measure", "baseline.0"),
    Hang(.aarch64, "bringup_guest_start", "delivery.0"),
    Hang(.aarch64GICv2, "bringup_guest_start", "delivery.0"),
  ]) func anotherCPUGoesOnWhereTheBootCPUHangs(hang: Hang) async throws {
    let report = try await boot(hang.board, hangingIn: hang.function).run()
    #expect(report.isComplete && report.checks("FAIL") == [hang.check], "\(report)")
    #expect(
      report.result(hang.check)?.contains("reason=timeout # this CPU did not come back") == true,
      "\(report)")
    let skipped = report.checks("skip")
    for check in ["baseline.1", "stolen-time.0", "stolen-time.1"] {
      #expect(skipped.contains(check), "\(report)")
    }
  }

  /// A hart's own timer is beyond what the program below can mask.
  @Test func theTimerEndsAProgramBelowThatHangs() async throws {
    let report = try await boot(.riscv64AIA, hangingIn: "bringup_guest_start").run()
    #expect(
      report.isComplete && report.checks("FAIL") == ["delivery.0", "delivery.1"], "\(report)")
    #expect(report.result("delivery.0")?.contains("reason=timeout") == true, "\(report)")
    #expect(report.result("baseline.0")?.contains(" ok ") == true, "\(report)")
  }
}
