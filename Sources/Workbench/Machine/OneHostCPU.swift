internal import Foundation

/// Starts QEMU so that its threads take turns on one CPU of the host.
///
/// Under `-icount` QEMU's main thread and the thread of the virtual CPUs race when all of these wait:
/// the main thread can set the clock before the last instructions were counted, and about one
/// wake-up from WFI in 10^5 then comes some instructions late. With both threads on one CPU, and
/// switched only each 100 ms when both want to run (SCHED_RR, see sched(7)), it is ten times rarer.
/// SCHED_FIFO (scripts/qemu-exact) ends it, but then a zone that never waits keeps QEMU from hearing
/// anything. The price of SCHED_RR: keys and the machine protocol may wait for 100 ms.
package enum OneHostCPU {
  /// Words that go before the command, empty when this cannot be done: no taskset(1), or no other
  /// CPU is left for the rest of the host. Without the right to real-time scheduling QEMU is only
  /// pinned, which makes the race rarer.
  package static func launcher(
    allowed: [Int] = allowedCPUs(), process: Int32 = ProcessInfo.processInfo.processIdentifier,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String] {
    guard allowed.count > 1, let taskset = ToolLocation.find("taskset", environment: environment)
    else { return [] }
    // The first one is left to others; several machines spread over the rest.
    let cpu = allowed[1 + Int(process) % (allowed.count - 1)]
    let pinned = [taskset, "-c", String(cpu)]
    guard let chrt = ToolLocation.find("chrt", environment: environment) else { return pinned }
    let realTime = [chrt, "-r", "1"]
    let trial = try? ToolOutput(chrt, ["-r", "1", "true"], patience: .seconds(5))
    return trial?.status == 0 ? pinned + realTime : pinned
  }

  /// CPUs that this process may use.
  package static func allowedCPUs() -> [Int] {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return allowedCPUs(in: status)
  }

  /// The same from the text of /proc/self/status, see proc(5); empty when it is not there.
  package static func allowedCPUs(in status: String) -> [Int] {
    let lines = status.split(separator: "\n")
    guard let list = lines.lazy.compactMap({ String($0).after("Cpus_allowed_list:") }).first
    else { return [] }
    return list.split(separator: ",").flatMap { (part) -> [Int] in
      let ends = part.split(separator: "-").map { Int($0.filter { !$0.isWhitespace }) }
      guard let low = ends.first ?? nil, let high = ends.last ?? nil, low >= 0, low <= high,
        high < 65536
      else { return [] }
      return Array(low...high)
    }
  }
}
