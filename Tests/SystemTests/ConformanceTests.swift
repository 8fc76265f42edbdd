import Testing

/// Every call of a zone gets the exact result that docs/interfaces.md promises; the guest
/// `conformance` compares.
@Suite struct ConformanceTests {
  @Test(arguments: ["zoneU", "zoneR", "zone0"])
  func everyCallReturnsWhatIsPromised(kind: String) async throws {
    let zone = SystemText.Zone(
      "conformance", kind, cpus: [1, 2],
      [
        ("memory", "[{ guest: 0x4000_0000, size: 16MiB }]"),
        ("image", try Built.guest("conformance")),
      ])
    let run = try await SystemRun.start(
      SystemText(cpus: 3, zones: [zone]), .init(timeout: 60))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    let console = run["conformance"]
    #expect(console.lines(with: "FAIL") == [], "\(run)")
    let done = try #require(console.results("conformance: DONE").first, "\(run)")
    #expect(done["fails"] == 0, "\(run)")
    // Both conduits, to their end.
    #expect((done["checks"] ?? 0) > 400, "\(run)")
    // QEMU's firmware has none of the workarounds, and the kernel invents none.
    let workarounds = console.results("conformance: WORKAROUNDS")
    #expect(workarounds.count == 2, "\(run)")
    for line in workarounds {
      #expect(line.fields == ["first": "-1", "second": "-1", "third": "-1"], "\(line)")
    }
  }
}
