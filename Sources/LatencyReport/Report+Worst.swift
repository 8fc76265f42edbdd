import LatencyStatistics

/// One of the longest samples of a measurement, and what the record knows of its cause.
public struct WorstSample: Sendable, Codable, Equatable {
  public var ticks: UInt64
  /// Counted from 0; nil: the source does not keep the order.
  public var sample: UInt64?
  /// In ns from the origin of the source.
  public var time: UInt64?
  public var cause: Cause

  /// How much the record knows: with an exit log what ran inside the gap, without one only what may
  /// have (docs/hvlat.md, "How to read a report").
  public struct Cause: Sendable, Codable, Equatable {
    public enum Kind: String, Sendable, Codable {
      /// The sample is this exit.
      case exit
      /// Exits ran inside the gap.
      case inside
      /// Exits as long as this happened, or ran inside the gap on a CPU that may have taken the sample.
      case possible
      /// No exit of the CPU was long enough by itself.
      case noSingleExit = "no-single-exit"
      /// The kernel took nothing from the CPU in this time, or in the whole run.
      case noExit = "no-exit"
      /// No logged exit ran inside the gap; exits of the kernel's short path are not logged.
      case shortOnly = "short-only"
      /// Exits of that time are no longer in the log.
      case overwritten
      /// The source has no exits to look at.
      case unknown
    }

    public var kind: Kind
    public var text: String
    /// The exits that `text` names, the one with most ticks inside first, where the record has their times.
    public var exits: [GapExit]?

    init(kind: Kind, text: String, exits: [GapExit]? = nil) {
      self.kind = kind
      self.text = text
      self.exits = exits
    }
  }
}

extension WorstSample {
  /// At most `limit` samples, longest first; of equal ones the earliest first.
  static func list(_ series: Series, of dataset: Dataset, limit: Int) -> [WorstSample] {
    let distribution = series.distribution
    guard let longest = distribution.maximum,
      let shortest = distribution.minimum?.lowerBound, shortest < longest
    else { return [] }
    let causes = Causes(series: series, shortest: shortest, dataset: dataset)
    guard let sketch = series.sketch else {
      return [WorstSample(ticks: longest, cause: causes.cause(longest, at: nil))]
    }
    let peaks = sketch.peaks.sorted {
      $0.value == $1.value ? $0.sample < $1.sample : $0.value > $1.value
    }
    return peaks.prefix(limit).filter { $0.value > shortest }.map {
      WorstSample(
        ticks: $0.value, sample: $0.sample, time: $0.time,
        cause: causes.cause($0.value, at: $0.time))
    }
  }
}
