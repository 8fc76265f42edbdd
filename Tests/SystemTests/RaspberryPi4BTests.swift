import Testing

/// A Raspberry Pi 4 Model B as QEMU has it: firmware without PSCI, so that the kernel itself lets CPUs go and no SMC
/// is answered, a GICv2, and four CPUs whatever is asked for.
@Suite struct RaspberryPi4BTests {
  private static let board = OtherBoard(
    name: "raspi4b", board: .aarch64GICv2,
    interrupts: "{ distributor: 0x0800_0000, interface: 0x0801_0000 }", console: "0x0900_0000",
    consoleLine: 153, ram: nil, choosesCPUs: false, ticksAreInstructions: true)

  @Test func timerInterruptsComeWithoutAnExit() async throws {
    _ = try await Self.board.expectTimerInterruptsWithoutAnExit(cpus: 1)
  }

  /// SGIs to everybody, deactivations, sweeps of the distributor and of both pages of the CPU interface, on this GIC's
  /// addresses.
  @Test(arguments: [7, 8, 13, 14] as [UInt64])
  func attacksOnTheControllerChangeNothing(attack: UInt64) async throws {
    try await Self.board.expectNoChange(by: attack)
  }

  @Test func managerRestartsARealTimeZone() async throws {
    try await Self.board.expectRestarts(milliseconds: 30, icount: true)
  }

  /// Linux has RAM and GIC where the board has them. What is typed at its prompt comes by the UART's interrupt.
  @Test func linuxBootsOnTwoCPUsBesideARealTimeZone() async throws {
    try await Self.board.expectLinux(
      icount: true, until: "linux:SUM=4", send: [#"linux:zone0\:/# :echo SUM=$((2+2))"#])
  }
}
