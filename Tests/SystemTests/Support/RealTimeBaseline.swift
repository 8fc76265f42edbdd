/// The run that others are compared with: `rt-control` on CPU 0 of a board with two CPUs, under
/// icount, nobody beside it.
///
/// CPU 0 matters: QEMU's round robin of CPUs starts at CPU 0 after a timer has fired, so that beside
/// a busy CPU the zone on CPU 0 takes its interrupts at once. On another CPU it would wait for the
/// other's time slice, which says nothing about the kernel.
actor RealTimeBaseline {
  /// Samples of each path: some 10 to 20 ms of timer interrupts.
  static func samples(_ board: TestBoard) -> UInt64 { board.isRISCV ? 1000 : 200 }

  private static let shared = RealTimeBaseline()
  private var runs: [TestBoard: Task<SystemRun, any Error>] = [:]

  /// The run on `board`, made once for all tests.
  static func alone(_ board: TestBoard) async throws -> SystemRun {
    try await shared.run(board).value
  }

  /// The facts of that run.
  static func facts(_ board: TestBoard) async throws -> RealTimeFacts {
    try await RealTimeFacts(alone(board))
  }

  private func run(_ board: TestBoard) -> Task<SystemRun, any Error> {
    if let run = runs[board] { return run }
    let run = Task {
      try await SystemRun.start(
        SystemText(
          board: board, cpus: 2, zones: [board.rtControl(cpu: 0, samples: Self.samples(board))]),
        .init(icount: true, timeout: 60, record: true, load: "none"))
    }
    runs[board] = run
    return run
  }
}
