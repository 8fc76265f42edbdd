internal import Foundation

/// A place in a series where the distribution of the values changes.
public struct ChangePoint: Sendable, Equatable {
  /// Of the first value after the change.
  public var index: Int
  /// Means of the stretches on both sides, up to the neighbouring changes.
  public var meanBefore: Double
  public var meanAfter: Double
  /// Of the permutation test.
  public var pValue: Double
}

/// Finds changes in a series of any distribution, such as results of successive builds.
///
/// Energy statistic and permutation test of Matteson and James 2014, Journal of the American
/// Statistical Association 109, by repeated bisection; used for performance histories by Daly et al.
/// 2020 (ICPE, The Use of Change Point Detection to Identify Software Performance Regressions).
/// Values near each other are taken as independent: a slow wave comes out as several changes.
public struct ChangePointDetector: Sendable, Equatable {
  /// p-values above this end the search. Below 1 / (replicates + 1) nothing is ever found.
  public var significance = 0.01
  /// Values a stretch has at least; never fewer than 2.
  public var minimumLength = 5
  /// Permutations for each test.
  public var replicates = 199
  /// The same seed gives the same changes.
  public var seed: UInt64 = 1

  /// The defaults.
  public init() {}

  /// The changes in the order of the series. Values must be finite, otherwise there are none.
  ///
  /// Cost: about `replicates` times n^2 for each change; 1,000 values take a second.
  public func changePoints(in values: [Double]) -> [ChangePoint] {
    guard values.allSatisfy(\.isFinite) else { return [] }
    var random = SeededGenerator(seed: seed)
    var found: [(index: Int, pValue: Double)] = []
    var pending = [values.indices]
    while let part = pending.popLast() {
      let values = Array(values[part])
      guard let split = bestSplit(values), split.statistic > 0 else { continue }
      var permuted = values
      var larger = 0
      for _ in 0..<replicates {
        permuted.shuffle(using: &random)
        if let other = bestSplit(permuted), other.statistic >= split.statistic { larger += 1 }
        // Whatever follows, the p-value is too large already.
        if Double(larger + 1) > significance * Double(replicates + 1) { break }
      }
      let pValue = Double(larger + 1) / Double(replicates + 1)
      guard pValue <= significance else { continue }
      let index = part.lowerBound + split.index
      found.append((index, pValue))
      pending.append(part.lowerBound..<index)
      pending.append(index..<part.upperBound)
    }
    found.sort { $0.index < $1.index }
    let bounds = [0] + found.map(\.index) + [values.count]
    return found.enumerated().map { position, change in
      ChangePoint(
        index: change.index, meanBefore: mean(values[bounds[position]..<change.index]),
        meanAfter: mean(values[change.index..<bounds[position + 2]]), pValue: change.pValue)
    }
  }

  /// The split with the largest energy statistic; nil for a series too short to be split.
  private func bestSplit(_ values: [Double]) -> (index: Int, statistic: Double)? {
    let count = values.count
    let shortest = max(2, minimumLength)
    guard count >= 2 * shortest else { return nil }
    // Sums of distances within both sides and between them, as values pass from right to left.
    var within = 0.0
    var right = 0.0
    for later in 1..<count {
      for earlier in 0..<later { right += abs(values[later] - values[earlier]) }
    }
    var between = 0.0
    var best: (index: Int, statistic: Double)?
    for moved in 0..<count - shortest {
      var toLeft = 0.0
      var toRight = 0.0
      for index in 0..<moved { toLeft += abs(values[index] - values[moved]) }
      for index in moved + 1..<count { toRight += abs(values[index] - values[moved]) }
      within += toLeft
      right -= toRight
      between += toRight - toLeft
      let n = Double(moved + 1)
      let m = Double(count - moved - 1)
      guard moved + 1 >= shortest else { continue }
      let energy =
        2 * between / (n * m) - 2 * within / (n * (n - 1)) - 2 * right / (m * (m - 1))
      let statistic = energy * n * m / (n + m)
      if statistic > (best?.statistic ?? 0) { best = (moved + 1, statistic) }
    }
    return best
  }

  private func mean(_ values: ArraySlice<Double>) -> Double {
    values.reduce(0, +) / Double(values.count)
  }
}
