import Testing

/// Every call of a zone gets the exact result that docs/interfaces.md promises; the guest
/// `conformance` compares.
@Suite struct ConformanceTests {
  @Test(
    arguments: [
      (.aarch64, "zoneU"), (.aarch64, "zoneR"), (.aarch64, "zone0"), (.riscv64AIA, "zoneU"),
      (.riscv64AIA, "zone0"), (.riscv64PLIC, "zoneR"), (.aarch64GICv2, "zoneU"),
    ] as [(TestBoard, String)])
  func everyCallReturnsWhatIsPromised(board: TestBoard, kind: String) async throws {
    let zone = try board.bare("conformance", kind, cpus: [1, 2])
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 3, zones: [zone]), .init(timeout: 60))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    let console = run["conformance"]
    #expect(console.lines(with: "FAIL") == [], "\(run)")
    let done = try #require(console.results("conformance: DONE").first, "\(run)")
    #expect(done["fails"] == 0, "\(run)")
    // Both conduits, or all extensions, to their end.
    #expect((done["checks"] ?? 0) > (board.isRISCV ? 300 : 400), "\(run)")
    if board.isRISCV { return }
    // QEMU's firmware has none of the workarounds, and the kernel invents none.
    let workarounds = console.results("conformance: WORKAROUNDS")
    #expect(workarounds.count == 2, "\(run)")
    for line in workarounds {
      #expect(line.fields == ["first": "-1", "second": "-1", "third": "-1"], "\(line)")
    }
  }
}
