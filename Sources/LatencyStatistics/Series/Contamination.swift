internal import Foundation

/// Whether something other than the measured path shaped a run: bursts, drift, steps and periodic
/// interference, each with where and when.
public struct Contamination: Sendable, Equatable {
  /// Samples a verdict needs.
  public static let neededSamples: UInt64 = 1000

  public enum Verdict: Sendable, Equatable {
    /// Nothing found; that is no proof that nothing was there.
    case clean
    case contaminated
    /// Too short a run to say.
    case notAssessed(have: UInt64, needed: UInt64)
  }

  /// One thing found.
  public struct Finding: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
      /// More large samples than chance puts there.
      case burst(Burst)
      /// The level moves all the time: by this much over the run.
      case drift(change: Double, pValue: Double)
      /// The level changes at the first sample of the range, and stays so to its last. `after`: the mean of
      /// the range; `before`: that of the samples from the step before, or the first one.
      case step(before: Double, after: Double, pValue: Double)
      /// Large samples come back with a period; in units of time also, if times are known.
      case periodic(Periodicity, time: Double?)
    }

    public var kind: Kind
    /// Sample numbers, counted from 0.
    public var samples: ClosedRange<UInt64>
    /// In the caller's unit; nil: times are unknown.
    public var times: ClosedRange<UInt64>?
  }

  public var verdict: Verdict
  /// Bursts, drift, steps, periods, each in the order of time.
  public var findings: [Finding]
}

extension Contamination {
  /// What counts as a finding.
  public struct Options: Sendable, Equatable {
    /// p-values below this.
    public var significance = 1e-4
    /// A level must move by this share of the mean.
    public var relativeShift = 0.02
    /// And by this much, in the unit of the samples: half a tick.
    public var absoluteShift = 0.5
    /// A period must concentrate at least this share of the large samples.
    public var strength = 0.1

    /// The defaults.
    public init() {}
  }

  /// Looks at a run. Levels come from its blocks; large samples are at most its largest hundredth, then
  /// a quarter of these, and so on.
  public init(_ sketch: SampleSketch, options: Options = Options()) {
    guard sketch.count >= Self.neededSamples else {
      verdict = .notAssessed(have: sketch.count, needed: Self.neededSamples)
      findings = []
      return
    }
    findings = []
    guard let smallest = sketch.minimum, sketch.maximum != smallest else {
      verdict = .clean
      return
    }
    findings =
      Self.bursts(sketch, options) + Self.levels(sketch, options) + Self.periods(sketch, options)
    verdict = findings.isEmpty ? .clean : .contaminated
  }

  private static func bursts(_ sketch: SampleSketch, _ options: Options) -> [Finding] {
    var found: [Burst] = []
    for events in sketch.largeSamples {
      for burst in LatencyStatistics.bursts(
        of: events, in: sketch.count, significance: options.significance)
      where !found.contains(where: { $0.samples.overlaps(burst.samples) }) {
        found.append(burst)
      }
    }
    found.sort { $0.samples.lowerBound < $1.samples.lowerBound }
    return found.map { sketch.finding(.burst($0), $0.samples) }
  }

  private static func periods(_ sketch: SampleSketch, _ options: Options) -> [Finding] {
    var best: Periodicity?
    for events in sketch.largeSamples {
      guard
        let found = periodicity(
          of: events, in: sketch.count, significance: options.significance),
        found.strength >= options.strength, found.strength > best?.strength ?? 0
      else { continue }
      best = found
    }
    guard let best else { return [] }
    var time: Double?
    if let first = sketch.firstTime, let last = sketch.lastTime, last > first {
      time = best.period * Double(last - first) / Double(sketch.count - 1)
    }
    return [sketch.finding(.periodic(best, time: time), 0...sketch.count - 1)]
  }

  private static func levels(_ sketch: SampleSketch, _ options: Options) -> [Finding] {
    // At most 256 means: both tests compare all pairs.
    let group = (sketch.blocks.count + 255) / 256
    var groups: [Stretch] = []
    for start in stride(from: 0, to: sketch.blocks.count, by: group) {
      groups.append(Stretch(sketch.blocks[start..<min(start + group, sketch.blocks.count)]))
    }
    let means = groups.map(\.mean)
    let mean = means.reduce(0, +) / Double(means.count)
    let needed = max(options.absoluteShift, options.relativeShift * mean)
    let length = sketch.blockLength * UInt64(group)
    let last = sketch.count - 1
    var findings: [Finding] = []
    if let (test, slope) = trendTest(means), test.pValue < options.significance {
      let change = slope * Double(means.count - 1)
      if abs(change) >= needed {
        findings.append(
          sketch.finding(.drift(change: change, pValue: test.pValue), 0...last))
      }
    }
    var detector = ChangePointDetector()
    detector.minimumLength = 8
    let steps = kept(
      detector.changePoints(in: means).filter { abs($0.meanAfter - $0.meanBefore) >= needed },
      of: groups, shift: needed)
    for (index, step) in steps.enumerated() {
      let end = index + 1 < steps.count ? UInt64(steps[index + 1].index) * length - 1 : last
      let kind = Finding.Kind.step(
        before: step.meanBefore, after: step.meanAfter, pValue: step.pValue)
      findings.append(sketch.finding(kind, UInt64(step.index) * length...end))
    }
    return findings
  }

  /// The steps with the means of the samples between them: of all samples from one step to the next, whatever
  /// other changes were found there. Those that then shift the level by less are left out, the least first.
  private static func kept(
    _ steps: [ChangePoint], of groups: [Stretch], shift: Double
  ) -> [ChangePoint] {
    var steps = steps
    while !steps.isEmpty {
      let bounds = [0] + steps.map(\.index) + [groups.count]
      let means = zip(bounds, bounds.dropFirst()).map { Stretch(groups[$0..<$1]).mean }
      for index in steps.indices {
        (steps[index].meanBefore, steps[index].meanAfter) = (means[index], means[index + 1])
      }
      let shifts = steps.map { abs($0.meanAfter - $0.meanBefore) }
      guard let least = shifts.indices.min(by: { shifts[$0] < shifts[$1] }),
        shifts[least] < shift
      else { break }
      steps.remove(at: least)
    }
    return steps
  }

  /// Neighbouring samples.
  private struct Stretch {
    var samples: Double
    var sum: Double

    init(_ blocks: ArraySlice<SampleSketch.Block>) {
      samples = blocks.reduce(0) { $0 + Double($1.samples) }
      sum = blocks.reduce(0) { $0 + Double($1.sum) }
    }

    init(_ parts: ArraySlice<Stretch>) {
      samples = parts.reduce(0) { $0 + $1.samples }
      sum = parts.reduce(0) { $0 + $1.sum }
    }

    var mean: Double { sum / samples }
  }
}

extension SampleSketch {
  /// Numbers of large samples, ascending: the largest hundredth of the run, then fewer and fewer.
  fileprivate var largeSamples: [[UInt64]] {
    let descending = peaks.sorted { $0.value > $1.value }
    guard let smallest = minimum else { return [] }
    var levels: [[UInt64]] = []
    var wanted = Int(min(UInt64(descending.count), max(10, count / 100)))
    while wanted >= 10 {
      // Above the first value that is left out; when that leaves too few, that value itself counts.
      let bound =
        wanted < descending.count ? descending[wanted].value : descending[wanted - 1].value
      var chosen = descending.prefix { $0.value > bound }
      if chosen.count < 10, bound > smallest { chosen = descending.prefix { $0.value >= bound } }
      let events = chosen.map(\.sample).sorted()
      if events.count >= 5, levels.last != events { levels.append(events) }
      wanted /= 4
    }
    return levels
  }

  /// A finding with its times: those of peaks where known, otherwise by proportion.
  fileprivate func finding(
    _ kind: Contamination.Finding.Kind, _ samples: ClosedRange<UInt64>
  ) -> Contamination.Finding {
    var times: ClosedRange<UInt64>?
    if let firstTime, let lastTime, lastTime >= firstTime, count > 1 {
      let peaks = peaks
      func time(_ sample: UInt64) -> UInt64 {
        if let known = peaks.first(where: { $0.sample == sample })?.time { return known }
        let share = Double(sample) / Double(count - 1)
        let offset = (Double(lastTime - firstTime) * share).rounded()
        return firstTime + min(lastTime - firstTime, UInt64(exactly: offset) ?? 0)
      }
      let start = time(samples.lowerBound)
      times = start...max(start, time(samples.upperBound))
    }
    return Contamination.Finding(kind: kind, samples: samples, times: times)
  }
}
