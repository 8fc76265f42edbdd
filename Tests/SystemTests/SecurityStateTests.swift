import Testing

/// GICs with two security states, the kernel in the non-secure one. QEMU is the firmware: it has put all lines into Group 1 and
/// leaves SCR_EL3.FIQ clear (hw/arm/boot.c, hw/intc/arm_gicv3_common.c), so that priorities are shifted, and of the masks a
/// GICv2's alone.
@Suite struct SecurityStateTests {
  static let boards = [
    board(
      "qemu-virt-aarch64", .aarch64,
      interrupts: "{ distributor: 0x0800_0000, redistributors: 0x080a_0000 }"),
    board("qemu-virt-aarch64-gicv2", .aarch64GICv2),
    board("xlnx-zcu102", .aarch64GICv2, line: 53, ram: nil),
  ]

  private static func board(
    _ name: String, _ board: TestBoard, line: Int = 33, ram: String? = "1GiB",
    interrupts: String = "{ distributor: 0x0800_0000, interface: 0x0801_0000 }"
  ) -> OtherBoard {
    OtherBoard(
      name: name, board: board, interrupts: interrupts, console: "0x0900_0000", consoleLine: line,
      ram: ram, ticksAreInstructions: true, machine: "secure=on")
  }

  @Test(arguments: boards) func timerInterruptsComeWithoutAnExit(board: OtherBoard) async throws {
    _ = try await board.expectTimerInterruptsWithoutAnExit(cpus: 1)
  }

  /// SGIs to everybody, deactivations, sweeps of the distributor and of the CPU interface.
  @Test(arguments: boards, [7, 8, 13, 14] as [UInt64])
  func attacksOnTheControllerChangeNothing(board: OtherBoard, attack: UInt64) async throws {
    try await board.expectNoChange(by: attack)
  }

  /// Each time a CPU waits for the wake-up, and gets it.
  @Test(arguments: boards) func managerRestartsARealTimeZone(board: OtherBoard) async throws {
    try await board.expectRestarts(milliseconds: 30, icount: true)
  }

  @Test(arguments: boards)
  func linuxBootsOnTwoCPUsBesideARealTimeZone(board: OtherBoard) async throws {
    try await board.expectLinux(
      icount: true, until: "linux:SUM=4", send: [#"linux:zone0\:/# :echo SUM=$((2+2))"#])
  }

  /// Firmware that takes FIQs, as Trusted Firmware with secure interrupts does: access to Group 0's registers ends there, and
  /// masks are shifted. Only of CPU 0: QEMU starts the others.
  private static let takesFIQs: [UInt32] = [
    // mov x0, #0xf; msr ICC_SRE_EL3, x0; isb
    0xd280_01e0, 0xd51e_cca0, 0xd503_3fdf,
    // mov x0, #0xff; msr ICC_PMR_EL1, x0
    0xd280_1fe0, 0xd518_4600,
    // mov x0, #0x535; msr SCR_EL3, x0: RW, HCE, FIQ, NS.
    0xd280_a6a0, 0xd51e_1100,
    // mov x0, #0x3c9; msr SPSR_EL3, x0: EL2h, all masked.
    0xd280_7920, 0xd51e_4000,
    // movz x0, #0x4020, lsl #16; msr ELR_EL3, x0; mov x0, xzr; eret: the kernel, without a device tree.
    0xd2a8_0400, 0xd51e_4020, 0xaa1f_03e0, 0xd69f_03e0,
  ]

  /// `target` on CPU 0 beside a manager, which has restarted it 20 times at the end.
  private func restarts(_ target: SystemText.Zone) async throws {
    let run = try await SystemRun.start(
      SystemText(
        board: .aarch64, cpus: 2,
        zones: [
          try TestBoard.aarch64.manager(cpus: [1], arguments: [0, 0, 0, 30]), target,
        ]),
      .init(
        icount: true, timeout: 100, until: [TestBoard.restarted],
        send: ["manager:> $:restart 1 x20"], machine: "secure=on", atEL3: Self.takesFIQs))
    let line = try #require(run["manager"].results("manager: RESTART").first, "\(run)")
    #expect(run.exitCode == 0 && line["running"] == 20 && line["code"] == 0, "\(run)")
  }

  @Test func firmwareMayTakeFIQs() async throws {
    let board = TestBoard.aarch64
    try await restarts(board.rtControl("target", cpu: 0, forEver: true))
    let run = try await SystemRun.start(
      SystemText(board: board, cpus: 2, zones: [try board.rtControl(cpu: 0, samples: 500)]),
      .init(icount: true, timeout: 60, machine: "secure=on", atEL3: Self.takesFIQs))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(run["rt-control"].results("RESULT \(name)").first, "\(run)")
      #expect(line["exits"] == 0 && line["min"] == 2 && line["max"] == 2, "\(line)")
    }
  }

  /// None of the registers of Group 0, nor any other one, brings a zone to EL3, where nobody is.
  @Test func firmwareThatTakesFIQsIsNotReached() async throws {
    let board = TestBoard.aarch64
    let run = try await SystemRun.start(
      SystemText(
        board: board, cpus: 2,
        zones: [try board.attacker(cpu: 0), try board.rtControl(cpu: 1, samples: 500)]),
      .init(
        icount: true, timeout: 90, until: ["rt-control:DONE", "attacker: ok"], machine: "secure=on",
        atEL3: Self.takesFIQs))
    #expect(run.exitCode == 0, "\(run)")
    #expect(!run["attacker"].contains("FAIL"), "\(run)")
  }
}
