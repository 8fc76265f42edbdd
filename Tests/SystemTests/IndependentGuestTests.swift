import Testing

/// Guests that were not written for this kernel, or not in AArch64.
@Suite struct IndependentGuestTests {
  /// Debian's U-Boot, as systems/examples/u-boot.yaml has it.
  @Test func uBootAnswersAtItsPrompt() async throws {
    let zone = SystemText.Zone(
      "u-boot", "zone0", cpus: [0],
      [
        ("memory", "[{ guest: 0x4000_0000, size: 256MiB }]"), ("image", try Built.uBoot()),
        ("format", "raw"), ("load", "0x4020_0000"), ("dtb", "{ address: 0x4000_0000 }"),
        ("absent", "zero"),
      ])
    let run = try await SystemRun.start(
      SystemText(cpus: 1, zones: [zone]),
      .init(
        timeout: 90, until: [#"u-boot:aarch64-linux-gnu-gcc"#],
        send: [#"u-boot:Hit any key: \c"#, "u-boot:=> $:version"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["u-boot"].count(of: "U-Boot 20") >= 2, "\(run)")
  }

  @Test func aarch32GuestPasses() async throws {
    let zone = SystemText.Zone(
      "aarch32", "zoneU", cpus: [1],
      [
        ("memory", "[{ guest: 0x4000_0000, size: 16MiB }]"), ("image", try Built.guest("aarch32")),
      ])
    let run = try await SystemRun.start(
      SystemText(cpus: 2, zones: [zone, SystemText.rtControl(cpu: 0, samples: 20)]),
      .init(timeout: 60, until: ["aarch32:DONE", "rt-control:DONE"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["aarch32"].contains("aarch32: DONE fails=0x0"), "\(run)")
    #expect(!run["aarch32"].contains("FAIL"), "\(run)")
  }
}
