import Foundation
import Testing

/// XiangShan KunMingHu as QEMU 11 has it: a board whose firmware, RAM and AIA are elsewhere than on `virt`. A tick of its
/// counter is a microsecond, a thousand instructions.
@Suite(
  .enabled(
    if: FileManager.default.isExecutableFile(
      atPath: "\(Built.root)/build/cache/qemu/bin/qemu-system-riscv64"),
    "no QEMU 11 with the machine xiangshan-kunminghu: run `scripts/fetch-qemu`"))
struct KunMingHuTests {
  private static let board = OtherBoard(
    name: "xiangshan-kunminghu", board: .riscv64AIA,
    interrupts: "{ aplic: 0x0d00_0000, imsic: 0x2800_0000 }", console: "0x1000_0000",
    consoleLine: 10)

  @Test func timerInterruptsComeWithoutAnExit() async throws {
    let run = try await Self.board.expectTimerInterruptsWithoutAnExit(cpus: 2)
    let interrupts = try #require(run["rt-control"].results("rt-control: INTERRUPTS").first)
    #expect(interrupts["ipi"] == 500 && interrupts["unexpected"] == 0, "\(interrupts)")
  }

  @Test func managerRestartsARealTimeZone() async throws {
    try await Self.board.expectRestarts(milliseconds: 2, icount: false)
  }

  @Test func linuxBootsOnTwoHartsBesideARealTimeZone() async throws {
    try await Self.board.expectLinux(icount: false, until: "linux:zone0:/#")
  }
}
