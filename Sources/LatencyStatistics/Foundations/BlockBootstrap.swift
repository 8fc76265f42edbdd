internal import Foundation

/// Confidence interval of any statistic of dependent samples, by resampling blocks of neighbours.
///
/// Circular block bootstrap (Politis and Romano 1992, in Exploring the Limits of Bootstrap, pp.
/// 263-270, after Künsch 1989, Annals of Statistics 17) with percentile limits; for quantiles of
/// dependent samples: Sun and Lahiri 2006, Sankhya 68. Blocks keep the dependence within their length.
/// The default length is n^(1/3), the optimal order for variances; for two-sided limits it is n^(1/5)
/// (Hall, Horowitz and Jing 1995, Biometrika 82), so that the default errs towards more dependence.
/// It cannot say more of the far tail than the samples: the interval of a maximum or of a quantile
/// with few samples beyond it is too short.
public struct BlockBootstrap: Sendable {
  /// Samples in a block; nil: n^(1/3).
  public var blockLength: Int?
  public var replicates: Int
  /// The same seed gives the same interval.
  public var seed: UInt64

  /// 999 replicates unless said otherwise.
  public init(blockLength: Int? = nil, replicates: Int = 999, seed: UInt64 = 1) {
    self.blockLength = blockLength
    self.replicates = replicates
    self.seed = seed
  }

  /// What resampling gave.
  public struct Interval: Sendable, Equatable {
    public var lower: Double
    public var upper: Double
    public var blockLength: Int
  }

  /// Samples in a block of a run of `count`.
  public func length(forRunOf count: Int) -> Int {
    max(1, blockLength ?? Int(cbrt(Double(count)).rounded(.up)))
  }

  /// The interval of `statistic` of `samples`, which are in the order of time.
  ///
  /// Nil when there are fewer than two blocks, when the confidence is not between 0 and 1, or when
  /// the statistic is nil for a replicate. Cost: `replicates` times n plus the statistic.
  public func interval(
    of samples: [UInt64], confidence: Double,
    statistic: (CountedValues) -> Double?
  ) -> Interval? {
    intervals(of: samples, confidence: confidence) { replicate in
      statistic(replicate).map { [$0] }
    }?.first
  }

  /// The intervals of several statistics, from the same replicates; as many in each. Otherwise as
  /// `interval`.
  public func intervals(
    of samples: [UInt64], confidence: Double,
    statistics: (CountedValues) -> [Double]?
  ) -> [Interval]? {
    let count = samples.count
    let length = length(forRunOf: count)
    guard confidence > 0, confidence < 1, replicates > 0, count / 2 >= length else { return nil }
    let distinct = CountedValues(samples).values
    var index: [UInt64: Int] = [:]
    for (position, value) in distinct.enumerated() { index[value] = position }
    let codes = samples.map { index[$0] ?? 0 }

    var random = SeededGenerator(seed: seed)
    var results: [[Double]] = []
    for _ in 0..<replicates {
      var counts = [UInt64](repeating: 0, count: distinct.count)
      var drawn = 0
      while drawn < count {
        var position = Int(random.next() % UInt64(count))
        for _ in 0..<min(length, count - drawn) {
          counts[codes[position]] += 1
          position = position + 1 == count ? 0 : position + 1
        }
        drawn += length
      }
      let pairs = zip(distinct, counts).lazy.map { (value: $0, count: $1) }
      guard let replicate = CountedValues(ascending: pairs), let result = statistics(replicate),
        result.allSatisfy(\.isFinite), result.count == results.first?.count ?? result.count
      else { return nil }
      results.append(result)
    }
    return results[0].indices.map { index in
      let sorted = results.map { $0[index] }.sorted()
      let (lower, upper) = percentileLimits(sorted, confidence: confidence)
      return Interval(lower: lower, upper: upper, blockLength: length)
    }
  }
}

/// The values that enclose the fraction `confidence` of ascending `sorted`, which is not empty.
func percentileLimits(_ sorted: [Double], confidence: Double) -> (lower: Double, upper: Double) {
  let tail = (1 - confidence) / 2
  let last = sorted.count - 1
  // A little more, so that a whole rank is not rounded down to the one before.
  let skipped = min(last / 2, Int(Double(sorted.count + 1) * tail + 1e-9))
  let low = max(0, skipped - 1)
  return (sorted[low], sorted[last - low])
}
