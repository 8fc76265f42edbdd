import Testing

/// Boards with a GICv2 as QEMU has them, which makes no device tree for them. QEMU 10.0, the first that hv takes for any machine,
/// has both: no later one is needed.
@Suite struct GICv2BoardTests {
  /// AMD's ZCU102: a GIC whose pages repeat, a UART of its own kind, RAM that begins at 0. A Raspberry Pi 4 Model B:
  /// firmware without PSCI, so that the kernel itself lets CPUs go and no SMC is answered, and four CPUs whatever is
  /// asked for.
  static let boards = [
    board("xlnx-zcu102", line: 53), board("raspi4b", line: 153, choosesCPUs: false),
  ]

  private static func board(_ name: String, line: Int, choosesCPUs: Bool = true) -> OtherBoard {
    OtherBoard(
      name: name, board: .aarch64GICv2,
      interrupts: "{ distributor: 0x0800_0000, interface: 0x0801_0000 }", console: "0x0900_0000",
      consoleLine: line, ram: nil, choosesCPUs: choosesCPUs, ticksAreInstructions: true)
  }

  @Test(arguments: boards) func timerInterruptsComeWithoutAnExit(board: OtherBoard) async throws {
    _ = try await board.expectTimerInterruptsWithoutAnExit(cpus: 1)
  }

  /// SGIs to everybody, deactivations, sweeps of the distributor and of both pages of the CPU interface, on this GIC's
  /// addresses.
  @Test(arguments: boards, [7, 8, 13, 14] as [UInt64])
  func attacksOnTheControllerChangeNothing(board: OtherBoard, attack: UInt64) async throws {
    try await board.expectNoChange(by: attack)
  }

  @Test(arguments: boards) func managerRestartsARealTimeZone(board: OtherBoard) async throws {
    try await board.expectRestarts(milliseconds: 30, icount: true)
  }

  /// Linux has RAM and GIC where the board has them. What is typed at its prompt comes by the UART's interrupt.
  @Test(arguments: boards)
  func linuxBootsOnTwoCPUsBesideARealTimeZone(board: OtherBoard) async throws {
    try await board.expectLinux(
      icount: true, until: "linux:SUM=4", send: [#"linux:zone0\:/# :echo SUM=$((2+2))"#])
  }
}
