/// Decides when a run is over and why, from what the kernel says and what was waited for.
///
/// It knows no clock: an end comes with a time to settle, in which the rest of a crash record is
/// read and after which the end holds. A worse end replaces one that has not settled yet.
package struct RunPolicy {
  /// An end, and how long to go on reading before it holds.
  package struct Verdict: Equatable, Sendable {
    /// The end, if nothing worse comes meanwhile.
    package var end: RunEnd
    /// Wall time to go on reading.
    package var settle: Duration
  }

  /// What is known of one zone.
  package enum ZoneState: String, Sendable {
    case created, running, stopped, failed, refused
  }

  private let zones: [RunZone]
  private let allowFailed: Set<String>
  private var untils: [(pattern: LinePattern, matched: Bool)]
  private var script: SendScript
  /// State of each zone, by index.
  package private(set) var states: [ZoneState]
  /// The end reached, if any.
  package private(set) var verdict: Verdict?

  /// `allowFailed`: zones that may fail or be refused without ending the run.
  package init(
    zones: [RunZone], untils: [LinePattern] = [], script: [SendStep] = [],
    allowFailed: Set<String> = []
  ) {
    self.zones = zones
    self.allowFailed = allowFailed
    self.untils = untils.map { ($0, false) }
    self.script = SendScript(script)
    self.states = zones.map { _ in .created }
  }

  /// Patterns that have not matched yet, as they were written.
  package var waitingFor: [String] {
    script.pending.map(\.written) + untils.filter { !$0.matched }.map(\.pattern.written)
  }

  /// Takes a line, `ended` or still being written; the steps whose text must be typed now.
  package mutating func take(_ line: ConsoleLine, ended: Bool) -> [SendStep] {
    if ended, line.source == .kernel, let message = KernelMessage(line: line.text) {
      take(message)
    }
    let steps = script.take(line)
    for index in untils.indices where !untils[index].matched {
      untils[index].matched = untils[index].pattern.matches(line)
    }
    if !untils.isEmpty, waitingFor.isEmpty { propose(.matched, settle: .zero) }
    return steps
  }

  /// The end when the time is over.
  package func timedOut(after seconds: Double) -> RunEnd {
    .timeout(seconds: seconds, waitingFor: waitingFor)
  }

  /// The end when the user asks for it.
  package func quit() -> RunEnd {
    let waiting = waitingFor
    return waiting.isEmpty
      ? .quit : .unfinished(why: "ended with Ctrl-A x", waitingFor: waiting)
  }

  private mutating func take(_ message: KernelMessage) {
    switch message {
    case .panic(let text):
      propose(.panic(text), settle: .milliseconds(500))
    case .planRefused(let error):
      propose(.planRefused(error), settle: .milliseconds(100))
    case .refused(let zone, let reason):
      set(zone, .refused)
      if !allowFailed.contains(zone) {
        propose(.zoneRefused(zone: zone, reason: reason), settle: .milliseconds(100))
      }
    case .failed(let zone, let record):
      set(zone, .failed)
      if !allowFailed.contains(zone) {
        propose(.zoneFailed(zone: zone, record: record), settle: .milliseconds(100))
      }
    case .started(let zone, _):
      set(zone, .running)
      if let end = verdict?.end, RunPolicy.severity(end) == 0 { verdict = nil }
    case .stopped(let zone, _):
      set(zone, .stopped)
    case .cpuMissing, .dropped:
      return
    }
    if nothingRuns {
      let waiting = waitingFor
      let end: RunEnd =
        waiting.isEmpty
        ? .zonesStopped : .unfinished(why: "all zones have stopped", waitingFor: waiting)
      // A restart prints "stopped" and then "started".
      propose(end, settle: .milliseconds(700))
    }
  }

  /// No zone runs and none can still be started: zone0, which could, does not run either.
  private var nothingRuns: Bool {
    !zip(zones, states).contains { zone, state in
      switch state {
      case .running: true
      case .created: zone.startsAtBoot
      case .stopped, .failed, .refused: false
      }
    }
  }

  private mutating func set(_ name: String, _ state: ZoneState) {
    if let index = zones.firstIndex(where: { $0.name == name }) { states[index] = state }
  }

  private mutating func propose(_ end: RunEnd, settle: Duration) {
    if let verdict, RunPolicy.severity(verdict.end) >= RunPolicy.severity(end) { return }
    verdict = Verdict(end: end, settle: settle)
  }

  /// 0: nothing runs any more, which a restart takes back; 1: all matched; 2: zone; 3: kernel.
  private static func severity(_ end: RunEnd) -> Int {
    switch end {
    case .zonesStopped, .unfinished, .quit: 0
    case .matched: 1
    case .zoneFailed, .zoneRefused: 2
    case .panic, .planRefused: 3
    case .timeout, .emulatorDied, .recordFailed, .interrupted: 4
    }
  }
}
