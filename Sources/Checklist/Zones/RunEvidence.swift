import Workbench

/// What the console log of a run says of zones.
package struct RunEvidence: Sendable {
  /// A line `... RESULT timer-busy samples=1000 min=2 exits=0` of `rt-control`, or of who prints the same.
  package struct Result: Sendable, Equatable {
    package var name: String
    package var fields: Fields
  }

  /// What one zone went through.
  package struct Zone: Sendable {
    package var results: [Result] = []
    /// The highest N of `started (restart N)`.
    package var restarts = 0
    package var starts = 0
    /// The kernel would not start it: why.
    package var refused: String?
    /// How it failed, if it was not started again.
    package var failed: String?
    /// Attacks it ended well, attacks that must end it, and wrong answers it got, as `attacker` says.
    package var attacks = 0
    package var fatalAttacks = 0
    package var attackFailures = 0
  }

  package let name: String
  package private(set) var zones: [String: Zone] = [:]
  /// What the kernel said when it stopped itself.
  package private(set) var panic: String?
  /// Everything else it said that no good run has: a refused Plan, a CPU that did not start.
  package private(set) var complaints: [String] = []

  /// Results kept of one zone: a guest may print them for ever.
  private static let capacity = 1000

  /// Reads what the multiplexer says came from the kernel and from the zones it names.
  package init(_ log: ConsoleLog) {
    name = log.name
    for line in log.lines {
      if let zone = line.zone {
        take(line.text, of: zone)
      } else if let message = KernelMessage(line: Self.unprefixed(line.text)) {
        take(message)
      }
    }
  }

  /// Zones that attack others.
  package var attackers: [String] {
    zones.filter { $0.value.attacks + $0.value.fatalAttacks > 0 }.keys.sorted()
  }

  private static func unprefixed(_ text: String) -> String {
    guard let range = text.firstRange(of: "kernel| ") else { return text }
    return String(text[range.upperBound...])
  }

  private mutating func take(_ message: KernelMessage) {
    switch message {
    case .started(let zone, let restart):
      zones[zone, default: Zone()].starts += 1
      zones[zone, default: Zone()].restarts = max(zones[zone]?.restarts ?? 0, restart)
      zones[zone, default: Zone()].failed = nil
    case .refused(let zone, let reason): zones[zone, default: Zone()].refused = reason
    case .failed(let zone, let record): zones[zone, default: Zone()].failed = record
    case .panic(let text): panic = text
    case .planRefused(let reason): complain("plan refused: \(reason)")
    case .cpuMissing(let cpu, let reason): complain("cpu \(cpu) did not start: \(reason)")
    case .stopped, .dropped: break
    }
  }

  private mutating func complain(_ text: String) {
    if complaints.count < 8 { complaints.append(text) }
  }

  /// The log has a line of the kernel or of a zone.
  package var isEmpty: Bool { zones.isEmpty && panic == nil && complaints.isEmpty }

  private mutating func take(_ text: String, of zone: String) {
    if let range = text.firstRange(of: "RESULT ") {
      let words = text[range.upperBound...].split(separator: " ").map { String($0) }
      guard let first = words.first, let fields = Fields(words.dropFirst()),
        (zones[zone]?.results.count ?? 0) < Self.capacity
      else { return }
      zones[zone, default: Zone()].results.append(Result(name: first, fields: fields))
    } else if text.hasPrefix("attacker: FAIL") {
      zones[zone, default: Zone()].attackFailures += 1
    } else if text.hasPrefix("attacker: round "), text.hasSuffix(" ok") {
      zones[zone, default: Zone()].attacks += 1
    } else if text.hasPrefix("attacker: attack "), text.hasSuffix(" fatal") {
      zones[zone, default: Zone()].fatalAttacks += 1
    }
  }
}
