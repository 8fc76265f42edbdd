internal import Foundation

extension RunComparison {
  /// Samples each run needs for `same`.
  public static let neededSamples: UInt64 = 100
  /// How many of the largest samples are compared by their median.
  private static let largestCount = 10

  /// Compares a candidate with a baseline.
  public init(baseline: Run, candidate: Run, options: Options = Options()) {
    verdict = .same
    findings = []
    bounds = []
    guard baseline.values.count > 0, candidate.values.count > 0 else {
      verdict = .inconclusive("a run has no samples")
      return
    }
    judgeBody(baseline.values, candidate.values, options)
    judgeBounds(baseline, candidate, options)
    let unknown = judgeMaximum(baseline, candidate, options)
    judgeLargest(baseline, candidate, options)

    let fewest = min(baseline.values.count, candidate.values.count)
    if findings.contains(where: { $0.direction == .worse }) {
      verdict = .worse
    } else if let unknown {
      verdict = .inconclusive(unknown)
    } else if fewest < Self.neededSamples {
      verdict = .inconclusive("a run has \(fewest) samples; \(Self.neededSamples) are needed")
    } else if !findings.isEmpty {
      verdict = .better
    }
  }

  private mutating func judgeBody(_ a: CountedValues, _ b: CountedValues, _ options: Options) {
    guard let distance = kolmogorovSmirnovTest(a, b),
      let (rank, superiority) = mannWhitneyTest(a, b)
    else { return }
    let corrected = holmAdjusted([distance.pValue, rank.pValue])
    body = Body(
      kolmogorovSmirnov: TestResult(statistic: distance.statistic, pValue: corrected[0]),
      mannWhitney: TestResult(statistic: rank.statistic, pValue: corrected[1]),
      superiority: superiority)
    let isPractical =
      abs(superiority - 0.5) >= options.superiority || distance.statistic >= 2 * options.superiority
    guard isPractical, let pValue = corrected.min(), pValue < options.significance else { return }
    var moved: (kind: Finding.Kind, relative: Double, direction: Direction)?
    for quantile in [0.5, 0.9, 0.99] {
      // Ten samples beyond it, as for quantiles in reports.
      guard Double(min(a.count, b.count)) * (1 - quantile) >= 10 - 1e-9,
        let before = a.value(atQuantile: quantile), let after = b.value(atQuantile: quantile)
      else { continue }
      guard Self.differs(before, after, by: 1 + options.relativeShift, options) else { continue }
      let relative = abs(Double(after) - Double(before)) / max(1, Double(before))
      if relative > moved?.relative ?? 0 {
        moved = (
          .body(quantile: quantile, before: before, after: after), relative,
          after > before ? .worse : .better
        )
      }
    }
    if let moved {
      findings.append(Finding(kind: moved.kind, direction: moved.direction, pValue: pValue))
    }
  }

  private mutating func judgeBounds(_ a: Run, _ b: Run, _ options: Options) {
    var chosen = Set(options.bounds)
    for quantile in [0.99, 0.999, 0.9999, 0.99999]
    where Double(a.values.count) * (1 - quantile) >= 10 - 1e-9 {
      if let bound = a.values.value(atQuantile: quantile) { chosen.insert(bound) }
    }
    if let largest = a.values.values.last { chosen.insert(largest) }
    var tables: [(bound: UInt64, table: ExceedanceTable)] = []
    for bound in chosen.sorted() {
      let table = ExceedanceTable(
        a.values.exceedances(above: bound), of: a.values.count,
        b.values.exceedances(above: bound), of: b.values.count)
      if let table { tables.append((bound, table)) }
    }
    let more = holmAdjusted(tables.map(\.table.pValueMoreInB))
    let fewer = holmAdjusted(tables.map(\.table.pValueMoreInA))
    for (index, (bound, table)) in tables.enumerated() {
      bounds.append(
        BoundTest(bound: bound, table: table, pValueMore: more[index], pValueFewer: fewer[index]))
      // A hard edge that moves by a tick also has many samples beyond it: the quantile itself has to
      // move. A deadline is a deadline.
      guard options.bounds.contains(bound) || Self.isMoved(table, a.values, b.values, options)
      else {
        continue
      }
      let kind = Finding.Kind.exceedances(table, bound: bound)
      if more[index] < options.significance, table.rateRatio >= options.rateRatio {
        findings.append(Finding(kind: kind, direction: .worse, pValue: more[index]))
      } else if fewer[index] < options.significance, table.rateRatio <= 1 / options.rateRatio {
        findings.append(Finding(kind: kind, direction: .better, pValue: fewer[index]))
      }
    }
  }

  /// Whether the quantile that the bound is in A has another value in B.
  private static func isMoved(
    _ table: ExceedanceTable, _ a: CountedValues, _ b: CountedValues, _ options: Options
  ) -> Bool {
    let quantile = 1 - Double(table.exceedancesA) / Double(table.countA)
    guard let before = a.value(atQuantile: quantile), let after = b.value(atQuantile: quantile)
    else { return false }
    return differs(before, after, by: 1 + options.relativeShift, options)
  }

  /// Says why the maxima cannot be compared, where they cannot.
  private mutating func judgeMaximum(_ a: Run, _ b: Run, _ options: Options) -> String? {
    guard let before = a.maximum, let after = b.maximum else { return nil }
    func add(_ before: UInt64, _ after: UInt64, rank: UInt64, isBound: Bool) {
      guard Self.differs(before, after, by: options.maximumRatio, options) || isBound else {
        return
      }
      // Would the run with the smaller maximum have reached the larger one, measured again?
      let chance =
        rank > 1 || isBound
        ? nil
        : after > before
          ? a.values.chance(ofReaching: after, in: b.values.count)
          : b.values.chance(ofReaching: before, in: a.values.count)
      if let chance, chance >= options.maximumChance { return }
      findings.append(
        Finding(
          kind: .maximum(before: before, after: after, rank: rank, isBound: isBound),
          direction: after > before ? .worse : .better, pValue: chance))
    }
    switch (a.maximumIsBound, b.maximumIsBound) {
    case (true, true):
      return "the largest samples of both runs are only known as a bound: record a larger histogram"
    case (false, true):
      guard after > before else {
        return "the candidate's largest sample is only known as \(after) or more"
      }
      add(before, after, rank: 1, isBound: true)
      return nil
    case (true, false):
      guard after < before else {
        return "the baseline's largest sample is only known as \(before) or more"
      }
      add(before, after, rank: 1, isBound: true)
      return nil
    case (false, false): break
    }
    // A run ten times as long has ten samples where the other one has its largest.
    let rankA = (a.values.count - 1) / b.values.count + 1
    let rankB = (b.values.count - 1) / a.values.count + 1
    let fairBefore = rankA == 1 ? before : a.values.value(atRank: a.values.count - rankA + 1)
    let fairAfter = rankB == 1 ? after : b.values.value(atRank: b.values.count - rankB + 1)
    let alike = rankA <= 2 && rankB <= 2
    add(
      alike ? before : fairBefore ?? before, alike ? after : fairAfter ?? after,
      rank: alike ? 1 : max(rankA, rankB), isBound: false)
    if !alike, rankB > 1, Self.differs(before, after, by: options.maximumRatio, options),
      after > before
    {
      return "the candidate reached \(after), the baseline \(before), but the candidate is"
        + " \(rankB) times as long: measure the baseline as long"
    }
    return nil
  }

  private mutating func judgeLargest(_ a: Run, _ b: Run, _ options: Options) {
    let count = UInt64(Self.largestCount)
    guard a.values.count / 2 <= b.values.count, b.values.count / 2 <= a.values.count,
      min(a.values.count, b.values.count) >= 100 * count, !a.maximumIsBound, !b.maximumIsBound
    else { return }
    let before = a.values.largest(Self.largestCount)[Self.largestCount / 2]
    let after = b.values.largest(Self.largestCount)[Self.largestCount / 2]
    guard Self.differs(before, after, by: options.maximumRatio, options) else { return }
    findings.append(
      Finding(
        kind: .largest(before: before, after: after),
        direction: after > before ? .worse : .better, pValue: nil))
  }

  /// Whether two values differ by a factor and by the least amount that matters.
  private static func differs(
    _ a: UInt64, _ b: UInt64, by factor: Double, _ options: Options
  ) -> Bool {
    let low = min(a, b)
    let high = max(a, b)
    return high - low >= max(1, options.absoluteShift) && Double(high) >= Double(low) * factor
  }
}

extension CountedValues {
  /// Probability that the largest of `samples` samples reaches `value`, by a generalized Pareto tail
  /// over at most 1,000 of the largest values here; nil where they are too few or too coarse.
  fileprivate func chance(ofReaching value: UInt64, in samples: UInt64) -> Double? {
    let bins = values.indices.suffix(1001).map {
      TailBins.Bin(bounds: values[$0]...values[$0], count: count(at: $0))
    }
    let limit = Int(min(1000, count / 10))
    guard let tail = TailBins(ascending: bins).exceedances(atMost: limit),
      tail.distinct >= TailModel.neededDistinct, tail.excesses.count >= TailModel.neededFitted,
      let fit = GeneralizedPareto.weightedMoments(tail.excesses)
    else { return nil }
    let rate = Double(tail.excesses.count) / Double(count)
    let one = min(1, rate * fit.survival(Double(value) - tail.threshold))
    return one < 1 ? -expm1(Double(samples) * log1p(-one)) : 1
  }
}
