import Testing

/// Guests that were not written for this kernel, or not in AArch64.
@Suite struct IndependentGuestTests {
  /// Debian's U-Boot, as systems/examples has it.
  @Test(arguments: TestBoard.architectures)
  func uBootAnswersAtItsPrompt(board: TestBoard) async throws {
    let example = "systems/examples/u-boot\(board.isRISCV ? "-riscv64" : "").yaml"
    let yaml = try String(contentsOfFile: Built.any(example), encoding: .utf8)
      .replacing("../../build", with: "\(Built.root)/build")
    let run = try await SystemRun.start(
      yaml: yaml, zones: ["u-boot"],
      .init(
        timeout: 90, until: ["u-boot:\(board.architecture)-linux-gnu-gcc"],
        send: [#"u-boot:Hit any key: \c"#, "u-boot:=> $:version"]), on: board)
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["u-boot"].count(of: "U-Boot 20") >= 2, "\(run)")
  }

  @Test func aarch32GuestPasses() async throws {
    let board = TestBoard.aarch64
    let zone = try board.bare("aarch32", "zoneU", cpus: [1])
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 2, zones: [zone, board.rtControl(cpu: 0, samples: 20)]),
      .init(timeout: 60, until: ["aarch32:DONE", "rt-control:DONE"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["aarch32"].contains("aarch32: DONE fails=0x0"), "\(run)")
    #expect(!run["aarch32"].contains("FAIL"), "\(run)")
  }
}
