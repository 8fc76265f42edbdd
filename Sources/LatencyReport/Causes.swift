import LatencyProbe

/// Looks for what may have made a sample long, in the exits of the CPUs of its zone; those of
/// other CPUs took nothing from it.
///
/// With an exit log it says what ran inside the gap. Without one (older kernels, merged records) it
/// can only grade: what was long enough, at whatever time.
struct Causes {
  let series: Series
  /// Shortest sample of the series.
  let shortest: UInt64
  let dataset: Dataset
  private var unit: TickUnit { TickUnit(dataset.machine) }

  /// `time`: in ns from the start of the counter, where the sample has one.
  func cause(_ ticks: UInt64, at time: UInt64?) -> WorstSample.Cause {
    switch series.origin {
    case .kernel(let cpu):
      guard let exit = dataset.cpus.first(where: { $0.index == cpu })?.longest,
        exit.ticks == ticks
      else { return unknown("the record keeps only the longest exit of a CPU") }
      return .init(kind: .exit, text: "this exit of cpu \(cpu): \(name(exit))")
    case .baseline:
      return unknown("measured by the kernel before zones ran; it keeps no exits of that time")
    case .imported:
      return unknown("the file says nothing of what else ran")
    case .zone(let zone):
      let cpus = dataset.cpus.filter { $0.zone == zone }
      guard !cpus.isEmpty else {
        return unknown("the record has no exits of the CPUs of this zone")
      }
      let logs = cpus.compactMap { cpu in cpu.log.map { (cpu: cpu, log: $0) } }
      let frequency = dataset.machine.counterFrequency
      if cpus.contains(where: { $0.exitCount > 0 }), logs.count == cpus.count, let time,
        let gap = SampleGap(ticks: ticks, endingAt: time, frequency: frequency)
      {
        return logged(gap, logs)
      }
      return graded(ticks - shortest, cpus)
    }
  }

  private func unknown(_ text: String) -> WorstSample.Cause { .init(kind: .unknown, text: text) }

  private func name(_ exit: ExitEvent) -> String {
    "\(exit.reason), \(unit.format(exit.ticks)) \(unit.name), guest pc \(hexadecimal(exit.pc))"
  }

  private func names(_ cpus: [CPUResidency]) -> String {
    "cpu " + cpus.map { "\($0.index)" }.joined(separator: ",")
  }
}

extension Causes {
  /// What the logs of all CPUs of the zone say of a gap.
  private func logged(
    _ gap: SampleGap, _ logs: [(cpu: CPUResidency, log: ExitHistory)]
  ) -> WorstSample.Cause {
    let cpus = logs.map(\.cpu)
    let exits = logs.flatMap { cpu, log in
      log.exits.compactMap { exit in
        gap.overlap(exit).map {
          GapExit(cpu: cpu.index, exit: exit.exit, end: exit.end, inside: $0)
        }
      }
    }
    let isOverwritten = logs.contains { $0.log.overwrittenUntil.map { gap.start <= $0 } ?? false }
    let kept = logs.map { "\($0.log.exits.count) of \($0.log.logged)" }.joined(separator: ", ")
    if exits.isEmpty {
      guard isOverwritten else { return nothingLogged(cpus) }
      return .init(
        kind: .overwritten,
        text:
          "not known: the exit log of \(names(cpus)) keeps the latest \(kept) exits, and those of"
          + " the time of this sample were overwritten")
    }
    let shown = exits.sorted { $0.inside > $1.inside }.prefix(3)
    let all = exits.reduce(UInt64(0)) { $0.addingSaturating($1.inside) }
    var text =
      cpus.count == 1
      ? "\(unit.format(all)) of these \(unit.format(gap.end - gap.start)) \(unit.name) went to"
        + " \(exits.count == 1 ? "an exit" : "\(exits.count) exits") of \(names(cpus)): "
      : "an exit of \(names(cpus)), if it was the CPU that took the sample, which its stamp does"
        + " not say: "
    text += shown.map { cpus.count == 1 ? name($0.exit) : "cpu \($0.cpu) \(name($0.exit))" }
      .joined(separator: "; ")
    if exits.count > shown.count { text += "; and \(exits.count - shown.count) shorter ones" }
    if isOverwritten { text += ". The exit log was overwritten for a part of the time" }
    if all < gap.end - gap.start, let short = ShortExits(cpus) {
      text += ". Exits of the short path may have taken of the rest: \(short.text(unit))"
    }
    return .init(
      kind: cpus.count == 1 ? .inside : .possible, text: text, exits: Array(shown))
  }

  /// The logs reach back so far, and have nothing.
  private func nothingLogged(_ cpus: [CPUResidency]) -> WorstSample.Cause {
    guard let short = ShortExits(cpus) else {
      return .init(
        kind: .noExit,
        text:
          "the kernel took nothing from \(names(cpus)) in this time: the cause is the zone itself"
          + " or the machine")
    }
    let isTurning = dataset.machine.timebase == .icount && dataset.cpus.count > 1
    return .init(
      kind: .shortOnly,
      text:
        "no exit that the kernel logs ran on \(names(cpus)) in this time. Exits of its short path"
        + " may have: \(short.text(unit))"
        + (isTurning ? ". Under icount a turn of another CPU may lie in it" : ""))
  }
}

extension Causes {
  /// Without times: exits that were long enough. `excess`: ticks beyond the shortest sample.
  private func graded(_ excess: UInt64, _ cpus: [CPUResidency]) -> WorstSample.Cause {
    guard cpus.contains(where: { $0.exitCount > 0 }) else {
      return .init(
        kind: .noExit,
        text: "the kernel took nothing from \(names(cpus)) in the whole run (0 exits): the cause is"
          + " the zone itself or the machine")
    }
    let longest = cpus.compactMap(\.longest).max { $0.ticks < $1.ticks }
    let most = longest.map { "; the longest was \(name($0))" } ?? ""
    let asLong = "the \(unit.format(excess)) \(unit.name) beyond the shortest sample"
    let exits = longEnough(cpus, excess)
    if exits.isEmpty {
      return .init(
        kind: .noSingleExit,
        text:
          "no single exit of \(names(cpus)) took \(asLong)\(most). Several may have: this record"
          + " does not keep when exits happened")
    }
    let counts = exits.map { "\($0.count) \($0.reason)" }.joined(separator: ", ")
    return .init(
      kind: .possible,
      text: "possibly an exit of \(names(cpus)): \(counts) may have taken \(asLong)\(most). This"
        + " record does not keep when exits happened")
  }

  /// Exits whose bin reaches `excess`, by reason, most first.
  private func longEnough(
    _ cpus: [CPUResidency], _ excess: UInt64
  ) -> [(reason: String, count: UInt64)] {
    var counts: [String: UInt64] = [:]
    for reason in cpus.flatMap(\.reasons) {
      let distribution = Distribution(reason.residency)
      let long = distribution.points.filter { $0.bounds.upperBound >= excess }
      let count = long.reduce(distribution.overflow) { $0.addingSaturating($1.count) }
      if count > 0 { counts[reason.reason] = counts[reason.reason, default: 0] &+ count }
    }
    return counts.map { (reason: $0.key, count: $0.value) }.sorted {
      $0.count == $1.count ? $0.reason < $1.reason : $0.count > $1.count
    }
  }
}
