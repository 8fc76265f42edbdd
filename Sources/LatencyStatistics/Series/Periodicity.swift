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
  let bins = Int(min(8192, count))
  var width: UInt64 = 1
  // Tests over all resolutions.
  var tests = 0.0
  var scale = width
  while scale <= count / UInt64(bins) {
    tests += Double(bins / 2)
    scale = scale &* 64
  }
  while width <= count / UInt64(bins) {
    let spectrum = EventSpectrum(events, count: count, bins: bins, width: width)
    if let spectrum, let peak = spectrum.peak(width == 1 ? bins / 2 : bins / 4) {
      let pValue = min(1, peak.pValue * tests)
      if pValue < significance {
        return refined(
          events, count, frequency: Double(peak.index) / (Double(bins) * Double(width)),
          segment: UInt64(bins) * width, pValue: pValue)
      }
    }
    width *= 64
  }
  return nil
}

/// Power of events in segments of `bins` intervals of `width` samples.
private struct EventSpectrum {
  private var power: [Double]
  private var segments: Double

  /// Nil when no segment has two events.
  init?(_ events: [UInt64], count: UInt64, bins: Int, width: UInt64) {
    let cosines = (0..<bins).map { cos(2 * .pi * Double($0) / Double(bins)) }
    let sines = (0..<bins).map { sin(2 * .pi * Double($0) / Double(bins)) }
    let half = bins / 2
    power = [Double](repeating: 0, count: half + 1)
    segments = 0
    let length = UInt64(bins) * width
    var next = 0
    while next < events.count {
      let segment = events[next] / length
      // The last, incomplete segment would put its length into the spectrum.
      if (segment + 1) * length > count { break }
      var real = [Double](repeating: 0, count: half + 1)
      var imaginary = real
      let first = next
      while next < events.count, events[next] / length == segment {
        let bin = Int(events[next] % length / width)
        var phase = 0
        for index in 0...half {
          real[index] += cosines[phase]
          imaginary[index] += sines[phase]
          phase += bin
          if phase >= bins { phase -= bins }
        }
        next += 1
      }
      guard next - first >= 2 else { continue }
      segments += 1
      for index in 0...half {
        power[index] +=
          (real[index] * real[index] + imaginary[index] * imaginary[index]) / Double(next - first)
      }
    }
    guard segments > 0 else { return nil }
  }

  /// The peak least probable by chance among indices 4...last, the first of those about as strong.
  func peak(_ last: Int) -> (index: Int, pValue: Double)? {
    let last = min(last, power.count - 1)
    guard last >= 8 else { return nil }
    let ratios = (0...last).map { index in power[index] / segments / floor(index) }
    guard let strongest = ratios[4...].max() else { return nil }
    guard
      let index = (4...last).first(where: { index in
        ratios[index] >= strongest / 2 && ratios[index] >= ratios[index - 1]
          && (index == last || ratios[index] >= ratios[index + 1])
      })
    else { return nil }
    return (index, upperIncompleteGamma(segments, segments * ratios[index]))
  }

  /// What the neighbourhood has without a peak, in units of evenly spread events; at least 1.
  private func floor(_ index: Int) -> Double {
    let around = power[max(1, index - 32)...min(power.count - 1, index + 32)].sorted()
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
  for multiple in [4.0, 3.0, 2.0] where frequency / multiple * Double(count) >= 4 {
    let other = concentration(events, frequency / multiple, length)
    if other > 0.7 * strength {
      frequency /= multiple
      strength = other
      break
    }
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
