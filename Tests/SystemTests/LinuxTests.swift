import Testing

/// Debian's Linux as zone0, alone and beside a zoneR.
@Suite struct LinuxTests {
  @Test(arguments: [1, 2, 4])
  func answersAtItsPrompt(cpus: Int) async throws {
    let run = try await SystemRun.start(
      SystemText(cpus: cpus, zones: [SystemText.linux(cpus: Array(0..<cpus))]),
      .init(
        timeout: 120, until: [#"linux:^answer \#(cpus) aarch64 end$"#],
        send: [#"linux:zone0\:/# :echo answer $(nproc) $(uname -m) end"#]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["linux"].contains("zone0: \(cpus) CPUs online"), "\(run)")
  }

  /// One boot that shows: zoneR started first, both prompts of the keyboard, the zoneR's console
  /// complete beside a flood.
  @Test func runsBesideARealTimeZone() async throws {
    let system = SystemText(
      cpus: 4,
      zones: [
        try SystemText.linux(cpus: [1, 2]),
        try SystemText.rtControl(cpu: 0, samples: 20_000),
        try SystemText.manager(cpus: [3]).with("kind", "zoneU").named("typist")
          .with("console", "auto"),
      ])
    let run = try await SystemRun.start(
      system,
      .init(
        timeout: 120,
        until: ["rt-control:DONE", "linux:^answer 2$", "typist:manager. INFO exits"],
        send: [
          #"typist:> $:info"#,
          #"linux:zone0\:/# :dmesg; dmesg; dmesg; echo answer $(nproc)"#,
          #"typist:> $:help"#,
        ]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(
      run.kernel.has(inOrder: "zone rt-control started", "zone linux started"), "\(run.kernel)")
    expectComplete(run)
  }

  private func expectComplete(_ run: SystemRun) {
    let names = run["rt-control"].results("RESULT").map { $0.title }
    #expect(
      names
        == [
          "boot", "timer-busy", "timer-idle", "sgi-self", "gicd-read", "psci-version",
          "control-loop",
        ]
        .map { "rt-control: RESULT \($0)" }, "\(run)")
  }
}
