import Foundation
import Testing

/// Other people's systems on the RISC-V boards, and machines that are not as the Plan says.
@Suite struct RISCVSystemTests {
  /// Debian's Linux on two harts; its reboot restarts it alone.
  @Test(arguments: TestBoard.riscv) func linuxRebootsAlone(_ board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 3,
      zones: [
        try SystemText.linux(cpus: [1, 2], memory: "512MiB", on: board),
        try SystemText.rtControl(cpu: 0, forEver: true, on: board),
      ])
    let run = try await SystemRun.start(
      system,
      .init(
        timeout: 150, until: [#"kernel:zone linux started \(restart 1\)"#],
        send: [#"linux:zone0\:/# :reboot -f"#]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["linux"].contains("zone0: 2 CPUs online"), "\(run)")
    #expect(run.kernel.count(of: "zone rt-control started") == 1, "\(run)")
    #expect(!run.kernel.contains("failed") && !run.kernel.contains("PANIC"), "\(run)")
  }

  /// Debian's U-Boot for S-mode, as systems/examples/u-boot-riscv64.yaml has it.
  @Test func uBootAnswersAtItsPrompt() async throws {
    let yaml = try String(
      contentsOfFile: "\(Built.root)/systems/examples/u-boot-riscv64.yaml", encoding: .utf8
    ).replacing(
      "../../build", with: "\(Built.root)/build")
    let run = try await SystemRun.start(
      yaml: yaml, zones: ["u-boot"],
      .init(
        timeout: 90, until: ["u-boot:riscv64-linux-gnu-gcc"],
        send: [#"u-boot:Hit any key: \c"#, "u-boot:=> $:version"]), on: .riscv64PLIC)
    #expect(run.exitCode == 0, "\(run)")
  }

  /// The demos that `make demo BOARD=...` starts.
  @Test(arguments: TestBoard.riscv) func demo(_ board: TestBoard) async throws {
    let folder = try ScratchFolder()
    let record = "\(folder.path)/demo.hvlat"
    let run = try await BootSlots.shared.run {
      try await Command.run(
        Built.hv(),
        [
          "run", "\(Built.root)/systems/demo-\(board.rawValue).yaml", "--icount", "--timeout",
          "180",
          "--until", "rt-control:DONE", "--until", "linux:zone0:/#", "--record", record,
          "--log-dir", "\(folder.path)/log",
        ], seconds: 200, folder: folder.path)
    }
    #expect(run.status == 0, "\(run.errors)\n\(run.output.suffix(3000))")
    #expect(run.output.contains("timer-busy samples=10000 min=3 max=3 sum=30000"), "\(run.output)")
    let report = try await Command.run(
      Built.hvlat(), ["analyze", record], seconds: 60, folder: folder.path)
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("Deadline misses: 0 of 1000"), "\(report.output)")
  }

  /// A hart that is not there is reported, and the zone that needs it refused; others run.
  @Test(arguments: TestBoard.riscv) func missingHartIsReported(_ board: TestBoard) async throws {
    let system = SystemText(
      board: board, cpus: 3,
      zones: [
        try SystemText.rtControl("lost", cpu: 2, on: board),
        try SystemText.rtControl(cpu: 0, samples: 20, on: board),
      ])
    let run = try await SystemRun.start(
      system, .init(timeout: 60, until: ["rt-control:DONE"], allowFailed: ["lost"], smp: 2))
    #expect(run.kernel.contains("cpu 2 did not start: no such CPU"), "\(run)")
    #expect(run.kernel.contains("zone lost refused: missing-cpu"), "\(run)")
    #expect(run["rt-control"].contains("rt-control: DONE"), "\(run)")
  }

  /// The firmware boots on whichever hart is first; with eight the zone on any of them runs.
  @Test(arguments: TestBoard.riscv, [0, 3, 7]) func anyHart(_ board: TestBoard, cpu: Int)
    async throws
  {
    let system = SystemText(
      board: board, cpus: 8,
      zones: [try SystemText.rtControl(cpu: cpu, samples: 20, on: board)])
    let run = try await SystemRun.start(system, .init(timeout: 60))
    #expect(run.exitCode == 0 && run["rt-control"].contains("rt-control: DONE"), "\(run)")
  }

  /// A stimulus from zone0 reaches the zoneR's handler, by a line that no device drives.
  @Test(arguments: [(TestBoard.riscv64AIA, 50), (.riscv64PLIC, 100)])
  func everyStimulusIsTaken(_ board: TestBoard, line: Int) async throws {
    let system = SystemText(
      board: board, cpus: 2,
      zones: [
        try SystemText.manager(cpus: [1], arguments: [5, 1, 100, 100], on: board),
        try SystemText.rtControl(cpu: 0, samples: 20, on: board)
          .with("arguments", "[20, 0x2000_0000, 0x100_0000, \(line)]")
          .with("stimulusLine", "\(line)"),
      ])
    let run = try await SystemRun.start(
      system,
      .init(
        icount: true, timeout: 60,
        until: ["manager:DONE", "rt-control:DONE", "kernel:zone rt-control stopped"]))
    #expect(run.exitCode == 0, "\(run)")
    let taken = try #require(run["rt-control"].results("RESULT stimulus").first, "\(run)")
    #expect(taken["samples"] == 100, "\(run)")
  }
}
