import Foundation
import Testing

/// XiangShan KunMingHu as QEMU 11 has it: a board whose firmware, RAM and AIA are elsewhere than on `virt`. The guests
/// are those of `virt`, and see its addresses.
@Suite(
  .enabled(
    if: FileManager.default.isExecutableFile(
      atPath: "\(Built.root)/build/cache/qemu/bin/qemu-system-riscv64"),
    "no QEMU 11 with the machine xiangshan-kunminghu: run `scripts/fetch-qemu`"))
struct KunMingHuTests {
  private static let board = TestBoard.riscv64AIA

  /// `zone` of the `virt` machine, at its addresses.
  private func moved(_ zone: SystemText.Zone) -> SystemText.Zone {
    let line = zone.fields.first { $0.key == "kind" }?.value == "zone0" ? 10 : 64 + zone.name.count
    return
      zone
      .with("interrupts", "{ aplic: 0x0d00_0000, imsic: 0x2800_0000 }")
      .with("console", "{ base: 0x1000_0000, line: \(line) }")
  }

  private func system(cpus: Int, _ zones: [SystemText.Zone]) -> SystemText {
    var system = SystemText(board: Self.board, cpus: cpus, zones: zones)
    system.boardName = "xiangshan-kunminghu"
    return system
  }

  /// The counter has a microsecond, a thousand instructions: that the kernel did nothing is in the exits.
  @Test func timerInterruptsComeWithoutAnExit() async throws {
    let run = try await SystemRun.start(
      system(cpus: 2, [moved(try Self.board.rtControl(cpu: 0, samples: 500))]),
      .init(icount: true, timeout: 60))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["samples"] == 500 && line["exits"] == 0 && line["overruns"] == 0, "\(line)")
      #expect((line["max"] ?? .max) <= 1, "\(line)")
    }
    let interrupts = try #require(run["rt-control"].results("rt-control: INTERRUPTS").first)
    #expect(interrupts["ipi"] == 500 && interrupts["unexpected"] == 0, "\(interrupts)")
  }

  @Test func managerRestartsARealTimeZone() async throws {
    let run = try await SystemRun.start(
      system(
        cpus: 2,
        [
          moved(try Self.board.manager(cpus: [0], arguments: [0, 0, 0, 2])),
          moved(try Self.board.rtControl("target", cpu: 1, forEver: true)),
        ]),
      .init(
        timeout: 100, until: ["manager:RESTART.* code=-?[0-9]"],
        send: ["manager:> $:restart 1 x50"]))
    let line = try #require(run["manager"].results("manager: RESTART").first, "\(run)")
    #expect(line["starts"] == 50 && line["running"] == 50 && line["code"] == 0, "\(line)")
  }

  @Test func linuxBootsOnTwoHartsBesideARealTimeZone() async throws {
    let run = try await SystemRun.start(
      system(
        cpus: 3,
        [
          moved(try Self.board.rtControl(cpu: 0, samples: 200)),
          try Self.board.linux(cpus: [1, 2]),
        ]),
      .init(timeout: 120, until: ["rt-control:DONE", "linux:zone0:/#"]))
    #expect(run.exitCode == 0, "\(run)")
    #expect(run["linux"].contains("zone0: 2 CPUs online"), "\(run)")
    for line in run["rt-control"].results("RESULT timer-") {
      #expect(line["exits"] == 0, "\(line)")
    }
  }
}
