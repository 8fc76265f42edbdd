import LatencyProbe
import LatencyStatistics

/// Exits that the kernel counted and did not log: those of its short path, of which no time is known
/// (docs/decisions/0013-exit-log.md).
struct ShortExits: Equatable {
  /// In the whole run, on all CPUs asked for.
  let count: UInt64
  /// The same by reason, most first; nil: a log was overwritten, so which counts it held is not known.
  let reasons: [Reason]?
  /// None took more ticks; nil: not known.
  let longest: UInt64?

  struct Reason: Equatable {
    var name: String
    var count: UInt64
  }

  /// What `cpus` counted beyond their logs; nil: nothing, or a CPU has no log.
  init?(_ cpus: [CPUResidency]) {
    var logged: UInt64 = 0
    for cpu in cpus {
      guard let log = cpu.log else { return nil }
      logged = logged.addingSaturating(log.logged)
    }
    let counted = cpus.reduce(UInt64(0)) { $0.addingSaturating($1.exitCount) }
    guard counted > logged else { return nil }
    count = counted - logged
    let rest = Self.rest(cpus)
    var counts: [String: UInt64] = [:]
    for (reason, points) in rest ?? [] {
      let count = points.reduce(UInt64(0)) { $0.addingSaturating($1.count) }
      counts[reason, default: 0] = counts[reason, default: 0].addingSaturating(count)
    }
    reasons =
      rest == nil
      ? nil
      : counts.filter { $0.value > 0 }.map { Reason(name: $0.key, count: $0.value) }.sorted {
        $0.count == $1.count ? $0.name < $1.name : $0.count > $1.count
      }
    longest = rest?.flatMap(\.points).filter { $0.count > 0 }.map(\.bounds.upperBound).max()
  }

  /// The bins of each reason less what the logs hold; nil where these do not say all that was logged.
  private static func rest(
    _ cpus: [CPUResidency]
  ) -> [(reason: String, points: [Distribution.Point])]? {
    var result: [(reason: String, points: [Distribution.Point])] = []
    for cpu in cpus {
      guard let log = cpu.log, log.overwrittenUntil == nil else { return nil }
      for reason in cpu.reasons {
        let distribution = Distribution(reason.residency)
        var points = distribution.points
        var overflow = distribution.overflow
        for exit in log.exits where exit.exit.reason == reason.reason {
          let ticks = exit.exit.ticks
          if let index = points.firstIndex(where: { $0.bounds.contains(ticks) }),
            points[index].count > 0
          {
            points[index].count -= 1
          } else if ticks >= distribution.overflowBound, overflow > 0 {
            overflow -= 1
          } else {
            return nil
          }
        }
        // Longer than the histogram counts, and not in the log: no exit of the short path is.
        guard overflow == 0 else { return nil }
        result.append((reason.reason, points))
      }
    }
    return result
  }
}

extension ShortExits {
  /// What is known of them, as the end of a sentence.
  func text(_ unit: TickUnit) -> String {
    let whole = "in the whole run, without their times"
    guard let reasons, let longest else {
      return "(such as a firmware call or a read of the interrupt controller): \(count) \(whole)"
    }
    return reasons.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
      + " \(whole), none longer than \(unit.format(longest)) \(unit.name)"
  }
}
