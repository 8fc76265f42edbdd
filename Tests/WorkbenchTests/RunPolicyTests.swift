import Testing

@testable import Workbench

private let zones = [
  RunZone(name: "linux"), RunZone(name: "rt"), RunZone(name: "late", startsAtBoot: false),
]

private func policy(
  until: [String] = [], send: [String] = [], allowFailed: Set<String> = []
) throws -> RunPolicy {
  RunPolicy(
    zones: zones,
    untils: try until.map { try LinePattern($0, option: "--until", zones: zones.map(\.name)) },
    script: try send.map { try SendStep($0, zones: zones) }, allowFailed: allowFailed)
}

extension RunPolicy {
  fileprivate mutating func kernel(_ lines: String...) {
    for line in lines {
      _ = take(ConsoleLine(source: .kernel, number: 1, text: line), ended: true)
    }
  }

  fileprivate mutating func zone(_ index: Int, _ text: String, number: Int = 1) -> [SendStep] {
    take(ConsoleLine(source: .zone(index), number: number, text: text), ended: true)
  }
}

@Suite struct RunPolicyTests {
  /// Kernel lines, and the exit code and keyword they lead to.
  static let table: [(lines: [String], allowed: Set<String>, code: Int32?, keyword: String?)] = [
    ([], [], nil, nil),
    (["zone linux started", "zone rt started"], [], nil, nil),
    (["PANIC x"], [], 3, "panic"),
    (["plan refused: x"], [], 3, "plan-refused"),
    (["zone rt failed: cpu=1"], [], 4, "zone-failed"),
    (["zone rt refused: cpu 1"], [], 4, "zone-refused"),
    (["zone rt failed: cpu=1"], ["rt"], nil, nil),
    (["zone rt refused: x"], ["rt"], nil, nil),
    (["zone rt failed: x", "PANIC y"], [], 3, "panic"),
    (["PANIC y", "zone rt failed: x"], [], 3, "panic"),
    (["zone rt stopped: x"], [], nil, nil),
    (["zone rt stopped: x", "zone linux stopped: x"], [], 0, "zones-stopped"),
    (["zone rt failed: x", "zone linux stopped: x"], ["rt"], 0, "zones-stopped"),
    (["zone rt stopped: x", "zone linux stopped: x", "zone rt started (restart 1)"], [], nil, nil),
    (["zone late started", "zone rt stopped: x", "zone linux stopped: x"], [], nil, nil),
    (["cpu 1 did not start: x", "zone rt dropped 5 bytes of console output"], [], nil, nil),
    (["zone unknown failed: x"], [], 4, "zone-failed"),
  ]

  @Test(arguments: table.indices) func endsFor(index: Int) throws {
    let row = Self.table[index]
    var policy = try policy(allowFailed: row.allowed)
    for line in row.lines { policy.kernel(line) }
    #expect(policy.verdict?.end.exitCode == row.code)
    #expect(policy.verdict?.end.keyword == row.keyword)
  }

  @Test func everyUntilMustMatch() throws {
    var policy = try policy(until: ["rt:DONE", "aarch64"])
    _ = policy.zone(1, "DONE")
    #expect(policy.verdict == nil)
    #expect(policy.waitingFor == ["aarch64"])
    _ = policy.zone(0, "aarch64")
    #expect(policy.verdict == .init(end: .matched, settle: .zero))
    #expect(policy.verdict?.end.exitCode == 0)
  }

  @Test func untilWaitsForTheScript() throws {
    var policy = try policy(until: ["x"], send: ["linux:# :reboot"])
    _ = policy.zone(1, "x")
    #expect(policy.verdict == nil)
    #expect(policy.zone(0, "# ").map(\.written) == ["linux:# :reboot"])
    #expect(policy.verdict?.end == .matched)
  }

  @Test func stoppedBeforeMatching() throws {
    var policy = try policy(until: ["DONE"])
    policy.kernel("zone rt stopped: x", "zone linux stopped: x")
    #expect(policy.verdict?.end.exitCode == 5)
    // A line that comes late still counts.
    _ = policy.zone(1, "DONE")
    #expect(policy.verdict?.end == .matched)
  }

  @Test func aFailedZoneIsNotForgotten() throws {
    var policy = try policy(until: ["DONE"])
    policy.kernel("zone rt failed: x")
    _ = policy.zone(1, "DONE")
    #expect(policy.verdict?.end.exitCode == 4)
    policy.kernel("zone rt started (restart 1)")
    #expect(policy.verdict?.end.exitCode == 4)
  }

  @Test func zonesCannotSpeakForTheKernel() throws {
    var policy = try policy()
    _ = policy.zone(0, "PANIC x")
    _ = policy.zone(0, "kernel| PANIC x")
    #expect(policy.verdict == nil)
  }

  @Test func anUnfinishedKernelLineIsNoMessage() throws {
    var policy = try policy()
    _ = policy.take(
      ConsoleLine(source: .kernel, number: 1, text: "zone rt failed: c"), ended: false)
    #expect(policy.verdict == nil)
  }

  @Test func quitAndTimeoutNameWhatIsMissing() throws {
    #expect(try policy().quit() == .quit)
    let policy = try policy(until: ["a", "b"])
    #expect(policy.quit().exitCode == 5)
    #expect(
      policy.timedOut(after: 20).sentence == "timeout after 20 s; still waiting for 'a', 'b'")
    #expect(policy.timedOut(after: 0.5).sentence.hasPrefix("timeout after 0.5 s"))
  }

  @Test(
    arguments: [
      (RunEnd.matched, 0), (.zonesStopped, 0), (.quit, 0), (.panic(""), 3), (.planRefused(""), 3),
      (.zoneFailed(zone: "", record: ""), 4), (.zoneRefused(zone: "", reason: ""), 4),
      (.timeout(seconds: 1, waitingFor: []), 5), (.unfinished(why: "x", waitingFor: []), 5),
      (.emulatorDied("x"), 6), (.recordFailed(""), 6),
      (.interrupted(name: "SIGINT", number: 2), 130),
    ] as [(RunEnd, Int32)]) func exitCodes(row: (RunEnd, Int32))
  {
    #expect(row.0.exitCode == row.1)
    #expect(!row.0.sentence.isEmpty)
  }
}
