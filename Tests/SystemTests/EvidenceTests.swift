import Boards
import Foundation
import Testing

/// What is said of a board is what a suite has shown: scripts/check-evidence sees to it after all suites.
@Suite struct EvidenceTests {
  @Test func claims() throws {
    try Evidence.writeClaims()
    for board in Board.all {
      for evidence in board.evidence.values {
        #expect(
          evidence.status != .dataOnly && (board.emulator != nil || evidence.status == .hardware))
      }
    }
  }

  @Test func whatARunShows() {
    var run = SystemRun(
      exitCode: 0, end: "matched", reason: "", board: "b", consoles: [:], kernel: "", raw: "",
      states: [:], errors: "")
    #expect(Evidence.features(run, typed: false).isEmpty)
    #expect(Evidence.features(run, typed: true) == [.uart])
    run.kernel = "zone rt started\n"
    #expect(Evidence.features(run, typed: false) == [.start])
    run.kernel += "zone rt started (restart 1)\n"
    #expect(Evidence.features(run, typed: false) == [.start, .restart])
    run.consoles = ["rt": "rt-control: RESULT timer-busy samples=0 exits=0"]
    #expect(!Evidence.features(run, typed: false).contains(.interrupts))
    run.consoles = [
      "rt": "rt-control: RESULT timer-busy samples=5 exits=0", "l": "zone0: 2 CPUs online",
    ]
    #expect(Evidence.features(run, typed: true) == BoardFeature.allCases)
  }
}
