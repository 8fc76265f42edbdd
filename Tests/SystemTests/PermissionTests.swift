import Testing

/// The permissions of a zone's memory ranges, as stage 2 enforces them. The attacker's own stage 1
/// allows everything there.
@Suite struct PermissionTests {
  /// One attack on a range of the attacker's own with these permissions.
  private func run(
    _ permissions: String, attack: UInt64, on board: TestBoard
  ) async throws -> SystemRun {
    let attacker = try board.attacker(cpu: 0, attack: attack, operand: address(board)).with(
      "memory",
      "[{ guest: \(TestBoard.hexadecimal(board.ram)), size: 16MiB }, "
        + "{ guest: \(TestBoard.hexadecimal(address(board))), size: 2MiB, "
        + "permissions: \(permissions) }]")
    return try await SystemRun.start(
      SystemText(board: board, cpus: 1, zones: [attacker]),
      .init(timeout: 60, allowFailed: ["attacker"]))
  }

  /// In the gigabyte of RAM, where the attacker's stage 1 has pages for all.
  private func address(_ board: TestBoard) -> UInt64 { board.ram + 0x1000_0000 }

  /// Write (101) and fetch (102) where that is not allowed.
  @Test(
    arguments: TestBoard.architectures,
    [
      ("r", 101, "foreign-address"), ("rx", 101, "foreign-address"),
      ("r", 102, "foreign-fetch"), ("rw", 102, "foreign-fetch"),
    ] as [(String, UInt64, String)])
  func forbiddenAccessStopsTheZone(
    board: TestBoard, access: (permissions: String, attack: UInt64, reason: String)
  ) async throws {
    let run = try await run(access.permissions, attack: access.attack, on: board)
    let record = try #require(run.kernel.results("zone attacker failed").first, "\(run)")
    #expect(record.fields["reason"] == access.reason, "\(run)")
    #expect(run.states["attacker"] == "failed", "\(run)")
    if access.attack == 101 {
      #expect(record.fields["address"] == TestBoard.hexadecimal(address(board)), "\(run)")
    }
  }

  /// Read (100) and write (101) where that is allowed: the attacker says that it lives.
  @Test(
    arguments: TestBoard.architectures,
    [("r", 100), ("rx", 100), ("rw", 101), ("rwx", 101)] as [(String, UInt64)])
  func allowedAccessIsNoMatter(
    board: TestBoard, access: (permissions: String, attack: UInt64)
  ) async throws {
    let run = try await run(access.permissions, attack: access.attack, on: board)
    #expect(run["attacker"].contains("zone survived"), "\(run)")
    #expect(run.states["attacker"] == "stopped", "\(run)")
  }
}
