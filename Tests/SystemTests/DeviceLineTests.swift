import Testing

/// A device that is the zone's own: its registers, and its line, which the guest `alarm` makes high again and again.
@Suite struct DeviceLineTests {
  /// How the line is taken, and what each interrupt costs in exits: nothing where it goes straight to the zone. An AIA's
  /// level is asked for again at the end. With a PLIC the kernel takes the signal, and serves the claim and the completion.
  struct Row: Sendable, CustomTestStringConvertible {
    var board: TestBoard
    var isLevel = false
    var exits: [String: Int] = [:]
    var testDescription: String { "\(board.rawValue)\(isLevel ? ", level" : "")" }
  }

  static let rows = [
    Row(board: .aarch64), Row(board: .aarch64GICv2), Row(board: .riscv64AIA),
    Row(board: .riscv64AIA, isLevel: true, exits: ["interrupt-controller": 1]),
    Row(board: .riscv64PLIC, exits: ["interrupt": 1, "interrupt-controller": 2]),
  ]

  private func exits(_ row: Row, samples: Int) async throws -> [String: Int] {
    let zone = try row.board.bare("alarm", "zoneR", cpus: [0])
      .with("arguments", "[\(samples), \(row.isLevel ? 1 : 0)]").with("devices", "[rtc]")
    let run = try await SystemRun.start(
      SystemText(board: row.board, cpus: 2, zones: [zone]),
      .init(icount: true, timeout: 60, record: true))
    #expect(run.exitCode == 0 && run.end == "zones-stopped", "\(run)")
    let result = try #require(run["alarm"].results("alarm: RESULT device-line").first, "\(run)")
    #expect(result["samples"] == samples && result["unexpected"] == 0, "\(run)")
    #expect(result["exits"] == samples * row.exits.values.reduce(0, +), "\(run)")
    // How much it prints differs by the digits of its numbers.
    return try await RecordReport.of(run).exits(ofCPU: 0).filter { $0.key != "console" }
  }

  @Test(arguments: rows) func eachInterruptCosts(row: Row) async throws {
    let few = try await exits(row, samples: 100)
    let many = try await exits(row, samples: 300)
    let more = many.merging(few) { $0 - $1 }.filter { $0.value != 0 }
    #expect(more == row.exits.mapValues { $0 * 200 }, "\(few) \(many)")
  }
}
