import Testing

/// NXP's i.MX 8M Plus EVK as QEMU has it: a board with a UART of its own kind, a counter of 8 MHz, of which a tick has 125
/// instructions, and no device tree from the emulator. QEMU 10.0, the first that hv takes for any machine, has it.
@Suite struct IMX8MPTests {
  private static let board = OtherBoard(
    name: "imx8mp-evk", board: .aarch64,
    interrupts: "{ distributor: 0x0800_0000, redistributors: 0x080a_0000 }",
    console: "0x0900_0000", consoleLine: 59)

  @Test func timerInterruptsComeWithoutAnExit() async throws {
    _ = try await Self.board.expectTimerInterruptsWithoutAnExit(cpus: 1)
  }

  @Test func managerRestartsARealTimeZone() async throws {
    try await Self.board.expectRestarts(milliseconds: 30, icount: true)
  }

  /// What is typed at the UART interrupts Linux, the zone that serves it.
  @Test func linuxBootsOnTwoCPUsBesideARealTimeZone() async throws {
    try await Self.board.expectLinux(
      icount: true, until: "linux:SUM=4", send: [#"linux:zone0\:/# :echo SUM=$((2+2))"#])
  }
}
