import Foundation
import Testing

/// RISC-V harts that lack something, as real ones do: the kernel finds out by trying
/// (docs/riscv64.md).
@Suite struct HartTests {
  private func run(
    _ cpu: String, on board: TestBoard = .riscv64AIA, record: Bool = false, kernel: Data? = nil
  ) async throws -> SystemRun {
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 2, zones: [board.rtControl(cpu: 0, samples: 200)]),
      .init(icount: true, timeout: 60, record: record, cpu: cpu, kernel: kernel))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(cpu): \(run)")
    return run
  }

  /// Without Sstc each timer interrupt is an exit, and each setting of the timer a call; both are counted.
  @Test(arguments: TestBoard.riscv)
  func withoutSstcTheTimerIsMediated(board: TestBoard) async throws {
    try await expectMediatedTimer(run("rv64,sstc=off", on: board, record: true), on: board)
  }

  /// The P550 traps writes of `henvcfg`. No hart of QEMU's with the H extension does, so the instruction in
  /// the kernel is made one that traps like it.
  @Test(arguments: TestBoard.riscv)
  func whereHenvcfgTrapsTheTimerIsMediated(board: TestBoard) async throws {
    var kernel = try Data(contentsOf: URL(fileURLWithPath: Built.kernel(board)))
    let write = Data([0x73, 0x10, 0xa5, 0x60])  // csrw henvcfg, a0
    let place = try #require(kernel.range(of: write))
    kernel.replaceSubrange(place, with: Data(count: 4))
    #expect(kernel.range(of: write) == nil)
    // Sstc stays on: without `henvcfg` a zone could not have it all the same.
    try await expectMediatedTimer(
      run("rv64", on: board, record: true, kernel: kernel), on: board)
  }

  private func expectMediatedTimer(_ run: SystemRun, on board: TestBoard) async throws {
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["samples"] == 200 && line["overruns"] == 0, "\(line)")
      #expect((line["exits"] ?? 0) >= 400 && (line["exits"] ?? 0) <= 410, "\(line)")
      #expect((line["min"] ?? 0) > board.timerPath, "\(line)")
    }
    let exits = try await RecordReport.of(run).exits(ofCPU: 0)
    #expect((exits["interrupt"] ?? 0) >= 1400, "\(exits)")
    #expect((exits["firmware-call"] ?? 0) >= 1400, "\(exits)")
  }

  /// What a kernel could lean on and this one does not need: the path of a timer interrupt is as ever.
  @Test(arguments: [
    "sv48=off", "svadu=off", "svinval=off", "zicbom=off,zicboz=off", "smstateen=on",
  ])
  func timerInterruptsAreAsEver(property: String) async throws {
    let run = try await run("rv64,\(property)")
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["exits"] == 0 && line["max"] == TestBoard.riscv64AIA.timerPath, "\(line)")
    }
  }
}
