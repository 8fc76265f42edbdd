import LatencyStatistics

/// One of the longest samples of a measurement, and what the record knows of its cause.
public struct WorstSample: Sendable, Codable, Equatable {
  public var ticks: UInt64
  /// Counted from 0; nil: the source does not keep the order.
  public var sample: UInt64?
  /// In ns from the origin of the source.
  public var time: UInt64?
  public var cause: Cause

  /// How much the record knows. It counts exits by reason and length, and keeps the longest one of each
  /// CPU with its program counter, but not when exits happened (docs/record-format.md): what ran
  /// inside a gap can be excluded or be possible; it is certain only where the sample is the exit.
  public struct Cause: Sendable, Codable, Equatable {
    public enum Kind: String, Sendable, Codable {
      /// The sample is this exit.
      case exit
      /// Exits as long as this happened on the CPU; whether then, the record cannot know.
      case possible
      /// No exit of the CPU was long enough by itself.
      case noSingleExit = "no-single-exit"
      /// The kernel took nothing from the CPU in the whole run.
      case noExit = "no-exit"
      /// The source has no exits to look at.
      case unknown
    }

    public var kind: Kind
    public var text: String
  }
}

extension WorstSample {
  /// At most `limit` samples, longest first; of equal ones the earliest first.
  static func list(_ series: Series, of dataset: Dataset, limit: Int) -> [WorstSample] {
    let distribution = series.distribution
    guard let longest = distribution.maximum,
      let shortest = distribution.minimum?.lowerBound, shortest < longest
    else { return [] }
    let explainer = Explainer(series: series, shortest: shortest, dataset: dataset)
    guard let sketch = series.sketch else {
      return [WorstSample(ticks: longest, cause: explainer.cause(longest))]
    }
    let peaks = sketch.peaks.sorted {
      $0.value == $1.value ? $0.sample < $1.sample : $0.value > $1.value
    }
    return peaks.prefix(limit).filter { $0.value > shortest }.map {
      WorstSample(
        ticks: $0.value, sample: $0.sample, time: $0.time, cause: explainer.cause($0.value))
    }
  }
}

/// Looks for what may have made a sample long, in the exits of the CPUs of its zone.
private struct Explainer {
  let series: Series
  let shortest: UInt64
  let dataset: Dataset
  private var unit: TickUnit { TickUnit(dataset.machine) }

  init(series: Series, shortest: UInt64, dataset: Dataset) {
    self.series = series
    self.shortest = shortest
    self.dataset = dataset
  }

  func cause(_ ticks: UInt64) -> WorstSample.Cause {
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
      return cause(ticks - shortest, of: zone)
    }
  }

  private func unknown(_ text: String) -> WorstSample.Cause { .init(kind: .unknown, text: text) }

  /// `excess`: ticks beyond the shortest sample.
  private func cause(_ excess: UInt64, of zone: String) -> WorstSample.Cause {
    let cpus = dataset.cpus.filter { $0.zone == zone }
    guard !cpus.isEmpty else { return unknown("the record has no exits of the CPUs of this zone") }
    let names = "cpu " + cpus.map { "\($0.index)" }.joined(separator: ",")
    guard cpus.contains(where: { $0.exitCount > 0 }) else {
      return .init(
        kind: .noExit,
        text: "the kernel took nothing from \(names) in the whole run (0 exits): the cause is the"
          + " zone itself or the machine")
    }
    let longest = cpus.compactMap(\.longest).max { $0.ticks < $1.ticks }
    let exits = longEnough(cpus, excess)
    let asLong = "the \(unit.format(excess)) \(unit.name) beyond the shortest sample"
    if exits.isEmpty {
      let most = longest.map { "; the longest was \(name($0))" } ?? ""
      return .init(
        kind: .noSingleExit,
        text: "no single exit of \(names) took \(asLong)\(most). Several may have: the record does"
          + " not keep when exits happened")
    }
    let counts = exits.map { "\($0.count) \($0.reason)" }.joined(separator: ", ")
    let most = longest.map { "; the longest was \(name($0))" } ?? ""
    return .init(
      kind: .possible,
      text: "possibly an exit of \(names): \(counts) may have taken \(asLong)\(most). The record"
        + " does not keep when exits happened")
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

  private func name(_ exit: ExitEvent) -> String {
    "\(exit.reason), \(unit.format(exit.ticks)) \(unit.name), guest pc \(hexadecimal(exit.pc))"
  }
}
