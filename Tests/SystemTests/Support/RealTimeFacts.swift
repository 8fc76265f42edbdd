/// What of a run of `rt-control` must be the same whatever its neighbours do: how it took its timer
/// interrupts, which interrupts it took, and how often it left for the kernel and why.
struct RealTimeFacts: Equatable, CustomStringConvertible {
  private var facts: [String: String] = [:]
  /// Samples of `timer-busy` that were later than the first, and by how much at most.
  private(set) var late = 0
  private(set) var latest = 0
  private var samples = 0
  /// Exits for calls. The last one, SYSTEM_OFF, ends the run: the record has it or just not yet.
  private var calls = 0

  /// `run` is under icount, with a record, the zone on CPU 0 and on the lower CPU number of two.
  init(_ run: SystemRun) async throws {
    for line in run["rt-control"].results("RESULT") {
      // The least is the length of the path; more can be a turn of the neighbour (docs/measuring.md).
      for name in ["timer-busy", "timer-idle", "ipi-self", "controller-read", "firmware-call"]
      where line.title.hasSuffix(name) {
        for field in ["samples", "min", "exits"] { facts["\(name) \(field)"] = line.fields[field] }
      }
      if line.title.hasSuffix("timer-busy") {
        facts["timer-busy overruns"] = line.fields["overruns"]
        samples = line["samples"] ?? 0
        late = samples - (line["at-min"] ?? 0)
        latest = (line["max"] ?? 0) - (line["min"] ?? 0)
      }
    }
    let lines = run["rt-control"].results("rt-control: INTERRUPTS")
    for (name, count) in lines.first?.fields ?? [:] { facts["interrupts \(name)"] = count }
    for (reason, count) in try await RecordReport.of(run).exits(ofCPU: 0) {
      switch reason {
      case "console":
        // Each byte it prints costs two exits, and how many digits its results have may differ.
        let bytes = run["rt-control"].count + run["rt-control"].count(of: "\n")
        facts["exits console"] = "\(count - 2 * bytes)"
      case "firmware-call":
        calls = count
      default:
        facts["exits \(reason)"] = "\(count)"
      }
    }
  }

  /// A fact by its name.
  subscript(name: String) -> String? { facts[name] }

  /// Whether this is a run that nobody disturbed, when `alone` is one without neighbours: the same
  /// facts; and of the timer interrupts of a busy CPU at most one in a hundred later, by one
  /// instruction. That one is QEMU's, which counts the instruction with which another CPU goes to
  /// sleep late: it comes again in every run of the same attack, and no exit goes with it.
  func isUndisturbed(as alone: RealTimeFacts) -> Bool {
    // A run that is ended before the control loop has not said yet which interrupts it took, and it may be
    // in the middle of what it prints.
    let isWhole = facts.keys.contains { $0.hasPrefix("interrupts") }
    let isComparable = { (name: String) in
      isWhole || !name.hasPrefix("interrupts") && name != "exits console"
    }
    let comparable = alone.facts.filter { isComparable($0.key) }
    return facts.filter { isComparable($0.key) } == comparable && abs(calls - alone.calls) <= 1
      && late * 100 <= samples
      && latest <= 1
  }

  var description: String {
    facts.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: ", ")
      + ", calls: \(calls), \(late) late by \(latest) at most"
  }
}
