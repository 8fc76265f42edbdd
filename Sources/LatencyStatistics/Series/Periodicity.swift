internal import Foundation

/// A period with which large samples come back.
public struct Periodicity: Sendable, Equatable {
  /// In samples.
  public var period: Double
  /// Concentration of the events at one phase, 0-1: about the share of events that keep the period.
  public var strength: Double
  /// Probability of such a peak anywhere in the spectrum of evenly spread events.
  public var pValue: Double
}

/// Finds a period of events: the spectrum of a point process (Bartlett 1963, Journal of the Royal
/// Statistical Society B 25), averaged over segments of the run, at several resolutions.
///
/// A peak is held against the median of its neighbourhood, so that bursts, which raise the spectrum
/// over a wide band, are no periods. Multiples of the period are tried, as a train of pulses is as
/// strong in its overtones. Periods from 2 samples to a quarter of the run are seen; the cost is about
/// 4,096 times the events for each of a few resolutions. `events` are sample numbers below `count`,
/// ascending and distinct. Nil: none, or fewer than 10 events.
public func periodicity(
  of events: [UInt64], in count: UInt64, significance: Double = 1e-4
) -> Periodicity? {
  guard events.count >= 10, count >= 32, count > UInt64(events.count) else { return nil }
  let resolutions = Resolution.all(count)
  // One test for each frequency of each resolution.
  let tests = resolutions.reduce(0) { $0 + Double($1.lastIndex) }
  for resolution in resolutions {
    guard let spectrum = EventSpectrum(events, count: count, resolution),
      let peak = spectrum.peak(resolution.lastIndex), peak.pValue * tests < significance
    else { continue }
    return refined(
      events, count, frequency: Double(peak.index) / Double(resolution.segment),
      segment: resolution.segment, pValue: peak.pValue * tests)
  }
  return nil
}

/// Segments of `bins` intervals of `width` samples.
private struct Resolution {
  var bins: Int
  var width: UInt64

  var segment: UInt64 { UInt64(bins) * width }

  /// Highest frequency looked at, in periods for each segment: of wide bins, only those whose period
  /// has four bins, as shorter ones come out at wrong frequencies.
  var lastIndex: Int { width == 1 ? bins / 2 : bins / 4 }

  /// From single samples to the whole run as one segment, which sees the longest periods.
  static func all(_ count: UInt64) -> [Resolution] {
    let bins: UInt64 = 8192
    var result: [Resolution] = []
    var width: UInt64 = 1
    while width < count / bins {
      result.append(Resolution(bins: Int(bins), width: width))
      width = width &* 64
    }
    let last = max(1, count / bins)
    result.append(Resolution(bins: Int(count / last), width: last))
    return result
  }
}

/// Cosines and sines of eight frequencies beside each other, or sums of them.
private struct Turns {
  var cosine = SIMD8<Double>.zero
  var sine = SIMD8<Double>.zero
}

/// Power of events by frequency, averaged over segments.
private struct EventSpectrum {
  private var power: [Double] = []
  private var segments = 0.0

  /// Nil when no segment has two events.
  init?(_ events: [UInt64], count: UInt64, _ resolution: Resolution) {
    let bins = resolution.bins
    let width = resolution.width
    // Those looked at, and the neighbourhood of the last of them (`floor`).
    let half = min(bins / 2, resolution.lastIndex + 48)
    var powers = [SIMD8<Double>](repeating: .zero, count: half / 8 + 1)
    var sums = [Turns](repeating: Turns(), count: powers.count)
    let length = resolution.segment
    var next = 0
    while next < events.count {
      let segment = events[next] / length
      // The last, incomplete segment would put its length into the spectrum.
      if (segment + 1) * length > count { break }
      let first = next
      while next < events.count, events[next] / length == segment { next += 1 }
      guard next - first >= 2 else { continue }
      segments += 1
      for index in sums.indices { sums[index] = Turns() }
      for event in events[first..<next] {
        Self.add(2 * .pi * Double(event % length / width) / Double(bins), to: &sums)
      }
      for (index, sum) in sums.enumerated() {
        powers[index] +=
          (sum.cosine * sum.cosine + sum.sine * sum.sine) / Double(next - first)
      }
    }
    power = (0...half).map { powers[$0 / 8][$0 % 8] }
    guard segments > 0 else { return nil }
  }

  /// Adds an event with this phase at frequency 1 to the sums of all frequencies: each eight are the eight
  /// before, turned by eight phases. The error grows by a rounding a step, far below what matters.
  private static func add(_ phase: Double, to sums: inout [Turns]) {
    let (x, y) = (cos(phase), sin(phase))
    var (cosine, sine) = (1.0, 0.0)
    var turned = Turns()
    for lane in 0..<8 {
      (turned.cosine[lane], turned.sine[lane]) = (cosine, sine)
      (cosine, sine) = (cosine * x - sine * y, sine * x + cosine * y)
    }
    for index in sums.indices {
      sums[index].cosine += turned.cosine
      sums[index].sine += turned.sine
      turned = Turns(
        cosine: turned.cosine * cosine - turned.sine * sine,
        sine: turned.sine * cosine + turned.cosine * sine)
    }
  }

  /// The frequency least probable by chance among indices 4...last, with the probability for one
  /// frequency: by itself, or together with its first three overtones, which trains of short pulses
  /// have (the Z^2_m statistic of Buccheri et al. 1983, Astronomy and Astrophysics 128).
  func peak(_ last: Int) -> (index: Int, pValue: Double)? {
    let last = min(last, power.count - 1)
    guard last >= 32 else { return nil }
    // The floor changes slowly: one for sixteen.
    let floors = stride(from: 8, through: last + 8, by: 16).map { floor($0) }
    let ratios = (0...last).map { index in power[index] / segments / floors[index / 16] }
    let single = strongest(ratios, share: 0.5)
    var best = single.map { ($0.index, 2 * upperIncompleteGamma(segments, segments * $0.value)) }
    // A frequency between two indices has its overtones up to half the order beside.
    let sums = (0...last / 4 - 1).map { index in
      let sum = (2...4).reduce(ratios[index]) { sum, order in
        let around = ratios[max(0, order * index - order / 2)...order * index + order / 2]
        return sum + (around.max() ?? 0)
      }
      // A third or a quarter of a strong frequency has that one as its only overtone.
      return ratios[index] * 10 >= sum ? sum : 0
    }
    if let comb = strongest(sums, share: 0.8) {
      // 45 ways to choose among the neighbours.
      let pValue = 2 * 45 * upperIncompleteGamma(4 * segments, segments * comb.value)
      if pValue < best?.1 ?? 1 || pValue == 0 { best = (comb.index, pValue) }
    }
    return best.map { (index: $0.0, pValue: $0.1) }
  }

  /// The first local maximum that has at least this share of the largest value, from index 4 on.
  private func strongest(_ values: [Double], share: Double) -> (index: Int, value: Double)? {
    guard values.count > 8, let largest = values[4...].max() else { return nil }
    let last = values.count - 1
    let index = (4...last).first { index in
      values[index] >= largest * share && values[index] >= values[index - 1]
        && (index == last || values[index] >= values[index + 1])
    }
    return index.map { ($0, values[$0]) }
  }

  /// What the neighbourhood has without a peak, in units of evenly spread events; at least 1.
  private func floor(_ index: Int) -> Double {
    let around = power[max(1, min(index, power.count) - 32)...min(power.count - 1, index + 32)]
      .sorted()
    // Median of a gamma distribution with this shape and mean 1 (Wilson and Hilferty 1931).
    let expected = pow(1 - 1 / (9 * segments), 3)
    return max(1, around[around.count / 2] / segments / expected)
  }
}

/// Follows the phase over ever longer segments, and looks for a longer period with overtones.
private func refined(
  _ events: [UInt64], _ count: UInt64, frequency: Double, segment: UInt64, pValue: Double
) -> Periodicity {
  var frequency = frequency
  var length = segment
  var strength = concentration(events, frequency, length)
  func search(_ centre: Double, _ step: Double) {
    for offset in -8...8 {
      let candidate = centre + step * Double(offset)
      guard candidate > 0 else { continue }
      let other = concentration(events, candidate, length)
      if other > strength {
        strength = other
        frequency = candidate
      }
    }
  }
  search(frequency, 1 / (8 * Double(length)))
  while length < count {
    let before = (frequency, strength, length)
    length = length > count / 2 ? count : length * 2
    strength = 0
    search(frequency, 1 / (8 * Double(length)))
    // A period that is not strict loses its phase in time: what the shorter segments said stands.
    if strength < 0.7 * before.1 {
      (frequency, strength, length) = before
      break
    }
  }
  search(frequency, 1 / (64 * Double(length)))
  // Overtones of overtones: until no longer period is about as strong.
  let needed = 0.7 * strength
  while let multiple = stride(from: 32.0, to: 1, by: -1).first(where: { multiple in
    frequency / multiple * Double(count) >= 4
      && concentration(events, frequency / multiple, length) > needed
  }) {
    frequency /= multiple
    strength = concentration(events, frequency, length)
    search(frequency, 1 / (64 * Double(length)))
  }
  return Periodicity(period: 1 / frequency, strength: min(1, strength), pValue: pValue)
}

/// Mean resultant length of the phases in segments of `length` samples, 0-1, without the part that
/// chance gives (Mardia and Jupp, Directional Statistics, 2000, section 2.3).
private func concentration(_ events: [UInt64], _ frequency: Double, _ length: UInt64) -> Double {
  var excess = 0.0
  var pairs = 0.0
  var next = 0
  while next < events.count {
    let segment = events[next] / length
    var real = 0.0
    var imaginary = 0.0
    var size = 0.0
    while next < events.count, events[next] / length == segment {
      let turns = Double(events[next] % length) * frequency
      let phase = 2 * .pi * (turns - turns.rounded(.down))
      real += cos(phase)
      imaginary += sin(phase)
      size += 1
      next += 1
    }
    excess += real * real + imaginary * imaginary - size
    pairs += size * (size - 1)
  }
  return pairs > 0 ? max(0, excess / pairs).squareRoot() : 0
}
