import Testing

/// Debian's Linux as zone0, alone and beside a zoneR.
@Suite struct LinuxTests {
  @Test(
    arguments: [
      (.aarch64, 1), (.aarch64, 2), (.aarch64, 4), (.riscv64AIA, 1), (.riscv64AIA, 4),
      (.riscv64PLIC, 4), (.aarch64GICv2, 1), (.aarch64GICv2, 8),
    ] as [(TestBoard, Int)])
  func answersAtItsPrompt(board: TestBoard, cpus: Int) async throws {
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: cpus, zones: [board.linux(cpus: Array(0..<cpus))]),
      .init(
        timeout: 120, until: [#"linux:^answer \#(cpus) \#(board.architecture) end$"#],
        send: [#"linux:zone0\:/# :echo answer $(nproc) $(uname -m) end"#]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["linux"].contains("zone0: \(cpus) CPUs online"), "\(run)")
  }

  /// The kernel image compressed, as other distributions ship it.
  @Test func compressedImageBoots() async throws {
    let board = TestBoard.aarch64
    let folder = try ScratchFolder()
    let zone = try board.linux(cpus: [0, 1]).with(
      "image", try await Command.gzip(Built.linux(board), folder: folder.path))
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 2, zones: [zone]),
      .init(timeout: 120, until: ["linux:zone0. 2 CPUs online"]))
    #expect(run.exitCode == 0, "\(run)")
  }

  /// Linux under load on two CPUs: arithmetic, memory streams, processes, inter-processor interrupts.
  /// Every second the zoneR measures its interrupt path: as long as alone, and without an exit. Beside
  /// two busy CPUs the longest are turns of QEMU (docs/measuring.md); the path is the least.
  @Test(arguments: TestBoard.architectures)
  func loadDoesNotReachARealTimeZone(board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 3,
      zones: [
        try board.linux(cpus: [1, 2], words: "hv.load=1"),
        try board.rtControl(cpu: 0, samples: RealTimeBaseline.samples(board), forEver: true),
      ])
    let run = try await SystemRun.start(
      system,
      .init(
        icount: true, timeout: 150, until: ["linux:^under load 2$"],
        send: [#"linux:zone0\:/# :load status; sleep 3; echo under load $(nproc)"#], record: true))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["linux"].has(inOrder: "load: 20 workers on 2 CPUs", "load: 20 workers"), "\(run)")
    let alone = try await RealTimeBaseline.alone(board)
    let path = try #require(alone["rt-control"].results("RESULT timer-busy").first)
    // The last one may be half printed.
    let lines = run["rt-control"].results("RESULT timer-busy").filter { $0.fields["exits"] != nil }
    #expect(lines.allSatisfy { $0["exits"] == 0 }, "\(run)")
    let loaded = run.raw.firstRange(of: "load: 20 workers").map { run.raw[$0.upperBound...] }
    let underLoad = String(loaded ?? "").results("rt-control| rt-control: RESULT timer-busy")
    #expect(underLoad.count >= 2, "\(run)")
    #expect(underLoad.compactMap { $0["min"] }.min() == path["min"], "\(run)")
    #expect(try await otherExits(run) == otherExits(alone), "\(run)")
  }

  /// Exits of the zoneR's CPU for reasons that do not grow with what it prints and counts.
  private func otherExits(_ run: SystemRun) async throws -> [String: Int] {
    try await RecordReport.of(run).exits(ofCPU: 0)
      .filter { $0.key != "console" && $0.key != "firmware-call" }
  }

  /// One boot that shows: zoneR started first, both prompts of the keyboard, the zoneR's console
  /// complete beside a flood.
  @Test(arguments: TestBoard.architectures)
  func runsBesideARealTimeZone(board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 4,
      zones: [
        try board.linux(cpus: [1, 2]),
        try board.rtControl(cpu: 0, samples: 20_000),
        try board.manager(cpus: [3]).with("kind", "zoneU").named("typist")
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
    expectComplete(run, on: board)
  }

  private func expectComplete(_ run: SystemRun, on board: TestBoard) {
    let names = run["rt-control"].results("RESULT").map { $0.title }
    #expect(
      names
        == [
          "boot", "timer-busy", "timer-idle", "ipi-self", "controller-read",
          "firmware-call", "control-loop",
        ]
        .map { "rt-control: RESULT \($0)" }, "\(run)")
  }
}
