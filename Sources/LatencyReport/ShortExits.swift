import LatencyProbe
import LatencyStatistics

/// Exits that the kernel counted and did not log: those of its short path, of which no time is known
/// (docs/decisions/0013-exit-log.md). What the histograms have beyond the logs still says how long they were.
struct ShortExits: Equatable {
  /// In the whole run, on all CPUs asked for.
  let count: UInt64
  /// Logged exits that were overwritten: so many of the counts beyond the logs may be theirs.
  let overwritten: UInt64
  /// Reasons of which some of these exits were, with the counts beyond the logs, most first; empty: not known.
  let reasons: [Reason]
  /// All but `overwritten` of these exits took so many ticks at most; nil: not known.
  let longest: UInt64?

  struct Reason: Equatable {
    var name: String
    var count: UInt64
  }

  /// What `cpus` counted beyond their logs; nil: nothing, or a CPU has no log.
  init?(_ cpus: [CPUResidency]) {
    var (logged, kept): (UInt64, UInt64) = (0, 0)
    for cpu in cpus {
      guard let log = cpu.log else { return nil }
      logged = logged.addingSaturating(log.logged)
      kept += UInt64(log.exits.count)
    }
    let counted = cpus.reduce(UInt64(0)) { $0.addingSaturating($1.exitCount) }
    guard counted > logged, logged >= kept else { return nil }
    count = counted - logged
    overwritten = logged - kept
    let rest = Self.beyondLogs(cpus) ?? [:]
    let (mayBeLogged, total) = (overwritten, count)
    reasons = rest.map { name, points in
      Reason(name: name, count: points.reduce(0) { $0.addingSaturating($1.count) })
    }.filter { $0.count > mayBeLogged }.sorted {
      $0.count == $1.count ? $0.name < $1.name : $0.count > $1.count
    }
    var above: UInt64 = 0
    let points = rest.values.joined().filter { $0.count > 0 }
    longest =
      points.sorted { $0.bounds.upperBound > $1.bounds.upperBound }.first { point in
        above = above.addingSaturating(point.count)
        return above > mayBeLogged && mayBeLogged < total
      }?.bounds.upperBound
  }

  /// By reason, the bins less what the logs hold; nil where these contradict each other.
  private static func beyondLogs(_ cpus: [CPUResidency]) -> [String: [Distribution.Point]]? {
    var result: [String: [Distribution.Point]] = [:]
    for cpu in cpus {
      for reason in cpu.reasons {
        let distribution = Distribution(reason.residency)
        var points = distribution.points
        if distribution.overflow > 0 {
          points.append(
            .init(bounds: distribution.overflowBound...UInt64.max, count: distribution.overflow))
        }
        for exit in cpu.log?.exits ?? [] where exit.exit.reason == reason.reason {
          guard
            let index = points.firstIndex(where: {
              $0.bounds.contains(exit.exit.ticks) && $0.count > 0
            })
          else { return nil }
          points[index].count -= 1
        }
        result[reason.reason, default: []] += points
      }
    }
    return result
  }
}

extension ShortExits {
  /// What is known of them, as the end of a sentence.
  func text(_ unit: TickUnit) -> String {
    let whole = "in the whole run, without their times"
    guard let longest, !reasons.isEmpty else { return "\(count) \(whole)" }
    let most = "\(unit.format(longest)) \(unit.name)"
    if overwritten == 0 {
      return reasons.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
        + " \(whole), none longer than \(most)"
    }
    return "\(count) \(whole) (\(reasons.map(\.name).joined(separator: ", "))), all but"
      + " \(overwritten) at most no longer than \(most)"
  }
}
