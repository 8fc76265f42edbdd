import Testing

/// The permissions of a zone's memory ranges, as stage 2 enforces them. The attacker's own stage 1
/// allows everything there.
@Suite struct PermissionTests {
  private static let address: UInt64 = 0x5000_0000

  /// One attack on a range of the attacker's own with these permissions.
  private func run(_ permissions: String, attack: UInt64) async throws -> SystemRun {
    let attacker = try SystemText.attacker(cpu: 0, attack: attack, operand: Self.address).with(
      "memory",
      "[{ guest: 0x4000_0000, size: 16MiB }, "
        + "{ guest: 0x5000_0000, size: 2MiB, permissions: \(permissions) }]")
    return try await SystemRun.start(
      SystemText(cpus: 1, zones: [attacker]), .init(timeout: 60, allowFailed: ["attacker"]))
  }

  /// Write (101) and fetch (102) where that is not allowed.
  @Test(
    arguments: [
      ("r", 101, "foreign-address"), ("rx", 101, "foreign-address"),
      ("r", 102, "foreign-fetch"), ("rw", 102, "foreign-fetch"),
    ] as [(String, UInt64, String)])
  func forbiddenAccessStopsTheZone(permissions: String, attack: UInt64, reason: String) async throws
  {
    let run = try await run(permissions, attack: attack)
    let record = try #require(run.kernel.results("zone attacker failed").first, "\(run)")
    #expect(record.fields["reason"] == reason, "\(run)")
    #expect(run.states["attacker"] == "failed", "\(run)")
    if attack == 101 { #expect(record.fields["address"] == "0x50000000", "\(run)") }
  }

  /// Read (100) and write (101) where that is allowed: the attacker says that it lives.
  @Test(arguments: [("r", 100), ("rx", 100), ("rw", 101), ("rwx", 101)] as [(String, UInt64)])
  func allowedAccessIsNoMatter(permissions: String, attack: UInt64) async throws {
    let run = try await run(permissions, attack: attack)
    #expect(run["attacker"].contains("zone survived"), "\(run)")
    #expect(run.states["attacker"] == "stopped", "\(run)")
  }
}
