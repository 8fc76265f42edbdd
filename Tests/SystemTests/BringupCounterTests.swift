import Testing

/// A counter that firmware left without a frequency, and one that does not count.
@Suite struct BringupCounterTests {
  /// MRS Xt, CNTFRQ_EL0 becomes MOVZ Xt, #0.
  @Test(arguments: [TestBoard.aarch64, .aarch64GICv2])
  func anEmptyFrequencyRegisterIsOneFailure(board: TestBoard) async throws {
    let report = try await BringupBoot(board).rewritten {
      $0 & ~0x1f == 0xd53b_e000 ? 0xd280_0000 | $0 & 0x1f : nil
    }.run()
    #expect(report.isComplete && report.checks("FAIL") == ["counter-frequency"], "\(report)")
    #expect(report.checks("skip").isEmpty, "\(report)")
    #expect(
      report.result("counter-frequency")?.contains("register=0 plan=62500000") == true,
      "\(report)")
  }

  /// The counter is far beyond what the machine's real one comes to, so that no timer ends anything either. MRS Xt,
  /// CNTPCT_EL0 becomes MOVZ Xt, #0xffff, LSL #32; RDTIME rd becomes LUI rd, 0x7ffff.
  @Test(arguments: TestBoard.allCases)
  func aCounterThatStandsIsOneFailure(board: TestBoard) async throws {
    let report = try await BringupBoot(board).rewritten { word in
      if board.isRISCV {
        return word & ~0xf80 == 0xc010_2073 ? 0x7fff_f037 | word & 0xf80 : nil
      }
      return word & ~0x1f == 0xd53b_e020 ? 0xd2df_ffe0 | word & 0x1f : nil
    }.run()
    #expect(report.isComplete && report.checks("FAIL") == ["counter-frequency"], "\(report)")
    #expect(report.result("counter-frequency")?.contains(" counts=0 # ") == true, "\(report)")
    let waiting = [
      "cpu-start.0", "cpu-start.1", "counter-monotonic", "wfi-wake", "delivery.0", "delivery.1",
      "baseline.0", "baseline.1", "stolen-time.0", "stolen-time.1",
    ]
    #expect(report.checks("skip") == waiting, "\(report)")
  }
}
