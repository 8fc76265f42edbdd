/// How a run ended.
package enum RunEnd: Equatable, Sendable {
  /// Every `--until` matched.
  case matched
  /// All zones stopped by themselves, and nothing else was waited for.
  case zonesStopped
  /// Ctrl-A x, with nothing waited for.
  case quit
  case panic(String)
  case planRefused(String)
  case zoneFailed(zone: String, record: String)
  case zoneRefused(zone: String, reason: String)
  /// `waitingFor`: the `--until` and `--send` patterns that did not match.
  case timeout(seconds: Double, waitingFor: [String])
  /// All zones stopped, or the user quit, before everything waited for had matched.
  case unfinished(why: String, waitingFor: [String])
  case emulatorDied(String)
  /// The run was good but its latency records could not be got.
  case recordFailed(String)
  /// A signal told the workbench to end; `number` as in signal(7).
  case interrupted(name: String, number: Int32)

  /// The tool's exit code; docs/hv.md lists them.
  package var exitCode: Int32 {
    switch self {
    case .matched, .zonesStopped, .quit: 0
    case .panic, .planRefused: 3
    case .zoneFailed, .zoneRefused: 4
    case .timeout, .unfinished: 5
    case .emulatorDied, .recordFailed: 6
    case .interrupted(_, let number): 128 + number
    }
  }

  /// One word for machines.
  package var keyword: String {
    switch self {
    case .matched: "matched"
    case .zonesStopped: "zones-stopped"
    case .quit: "quit"
    case .panic: "panic"
    case .planRefused: "plan-refused"
    case .zoneFailed: "zone-failed"
    case .zoneRefused: "zone-refused"
    case .timeout: "timeout"
    case .unfinished: "unfinished"
    case .emulatorDied: "emulator-died"
    case .recordFailed: "record-failed"
    case .interrupted: "interrupted"
    }
  }

  /// One sentence why.
  package var sentence: String {
    switch self {
    case .matched: "every --until pattern matched"
    case .zonesStopped: "all zones have stopped"
    case .quit: "ended with Ctrl-A x"
    case .panic(let text): "the kernel panicked: \(text)"
    case .planRefused(let error): "the kernel refused the plan: \(error)"
    case .zoneFailed(let zone, let record): "zone \(zone) failed: \(record)"
    case .zoneRefused(let zone, let reason): "zone \(zone) was refused: \(reason)"
    case .timeout(let seconds, let patterns):
      "timeout after \(RunEnd.text(seconds)) s" + RunEnd.waiting(patterns)
    case .unfinished(let why, let patterns): why + RunEnd.waiting(patterns)
    case .emulatorDied(let how): how
    case .recordFailed(let why): "no latency records were written: \(why)"
    case .interrupted(let name, _): "interrupted by \(name)"
    }
  }

  private static func waiting(_ patterns: [String]) -> String {
    guard !patterns.isEmpty else { return "" }
    return "; still waiting for " + patterns.map { "'\($0)'" }.joined(separator: ", ")
  }

  private static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() && abs(seconds) < 1e9 ? String(Int(seconds)) : String(seconds)
  }
}
