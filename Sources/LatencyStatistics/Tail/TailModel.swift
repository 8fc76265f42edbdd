internal import Foundation

/// An extreme value model of the largest samples of a run: an estimate for values that were not seen,
/// never a bound and never a worst-case execution time.
///
/// It says what the tail would be if the future were like the run: the same load, the same states of
/// caches and devices, samples independent. It exists only when the tests in `gates` did not
/// contradict that; `TailRefusal` says otherwise why not.
public struct TailModel: Sendable, Equatable {
  /// What was fitted.
  public enum Fit: Sendable, Equatable {
    /// Excesses over `threshold`; `rate` is the share of samples above it.
    case peaks(GeneralizedPareto, threshold: Double, rate: Double)
    /// Maxima of blocks of `length` samples.
    case maxima(GeneralizedExtremeValue, length: Double)
  }

  /// What is to be fitted.
  public enum Method: String, Sendable, CaseIterable {
    case peaksOverThreshold = "peaks over threshold"
    case blockMaxima = "block maxima"
  }

  /// Choices with defaults.
  public struct Options: Sendable, Equatable {
    public var method = Method.peaksOverThreshold
    public var estimator = TailEstimator.weightedMoments
    /// Of the tests on order: stationarity and independence. The fit is held to 0.05.
    public var significance = 0.01
    public var confidence = 0.95
    /// Of the parametric bootstrap, for the fit's p-value and for intervals.
    public var replicates = 199
    /// The same seed gives the same intervals.
    public var seed: UInt64 = 1
    /// Whether samples without order may be modelled; the model then warns.
    public var acceptsUnknownOrder = false

    /// The defaults.
    public init() {}
  }

  /// What a reader must be told with the numbers.
  public enum Warning: Sendable, Equatable {
    /// The shape, or its interval, reaches 0 or more: the model knows no largest value.
    case unboundedTail(shape: Double, upper: Double)
    /// Order unknown: stationarity and independence were not tested.
    case orderNotTested
    /// The two estimators differ more than the uncertainty of the shape.
    case estimatorsDisagree(weightedMoments: Double, maximumLikelihood: Double)
    /// Values were clock ticks, spread evenly over their tick before the fit.
    case ticksSpread(distinct: Int)
  }

  public var fit: Fit
  /// By the other estimator, from the same values; nil: it found no distribution.
  public var otherFit: Fit?
  public var method: Method
  public var estimator: TailEstimator
  /// Samples of the run.
  public var samples: UInt64
  /// Values the fit was made from: exceedances or block maxima.
  public var fitted: Int
  /// Largest sample of the run.
  public var largest: UInt64
  /// Tests that were made, all passed.
  public var gates: [TailGate]
  public var warnings: [Warning]
  public var confidence: Double
  /// Fits of resampled data.
  var replicates: [Fit]
}

extension TailModel {
  /// A probability from the model.
  public struct Estimate: Sendable, Equatable {
    /// Per sample. 0: beyond the end of the fitted distribution, which is no proof.
    public var probability: Double
    public var lower: Double
    public var upper: Double
    public var confidence: Double
    /// Whether the value was never reached in the run.
    public var isExtrapolated: Bool
    /// Whether one occurrence would be expected in more than 100 runs of this length: the run says
    /// next to nothing there.
    public var isFarExtrapolated: Bool
  }

  /// ξ of the fit.
  public var shape: Double { fit.shape }

  /// Interval of the shape from the bootstrap.
  public var shapeInterval: (lower: Double, upper: Double) {
    percentileLimits(replicates.map(\.shape).sorted(), confidence: confidence)
  }

  /// Smallest value the model speaks of: the threshold, or the value that half of the blocks exceed.
  public var validFrom: Double {
    switch fit {
    case .peaks(_, let threshold, _): threshold
    case .maxima(let distribution, _): distribution.value(cumulative: 0.5)
    }
  }

  /// Probability that a sample exceeds `value`; nil below `validFrom`, where samples can be counted.
  public func exceedanceProbability(at value: Double) -> Estimate? {
    guard value >= validFrom else { return nil }
    let sorted = replicates.map { $0.exceedanceProbability(at: value) }.sorted()
    let (lower, upper) = percentileLimits(sorted, confidence: confidence)
    let probability = fit.exceedanceProbability(at: value)
    return Estimate(
      probability: probability, lower: min(lower, probability), upper: max(upper, probability),
      confidence: confidence, isExtrapolated: value > Double(largest),
      isFarExtrapolated: probability * Double(samples) * 100 < 1)
  }

  /// The same by the other estimator, without an interval; nil also where that one found nothing.
  public func otherExceedanceProbability(at value: Double) -> Double? {
    value >= validFrom ? otherFit?.exceedanceProbability(at: value) : nil
  }

  /// The value exceeded with this probability per sample, for drawing the model; nil where the
  /// probability is not in the part of the distribution that was modelled.
  public func value(exceededWith probability: Double) -> Double? {
    guard probability > 0, probability < 1 else { return nil }
    switch fit {
    case .peaks(let distribution, let threshold, let rate):
      guard probability <= rate else { return nil }
      return threshold + distribution.excess(survival: probability / rate)
    case .maxima(let distribution, let length):
      let result = distribution.value(cumulative: exp(length * log1p(-probability)))
      return result.isFinite && result >= validFrom ? result : nil
    }
  }
}

extension TailModel.Fit {
  /// ξ.
  public var shape: Double {
    switch self {
    case .peaks(let distribution, _, _): distribution.shape
    case .maxima(let distribution, _): distribution.shape
    }
  }

  /// Largest possible value of the fitted distribution; nil: unbounded.
  public var endpoint: Double? {
    switch self {
    case .peaks(let distribution, let threshold, _): distribution.endpoint.map { threshold + $0 }
    case .maxima(let distribution, _): distribution.endpoint
    }
  }

  /// P(sample > value). For maxima of b samples: 1 - G^(1/b).
  func exceedanceProbability(at value: Double) -> Double {
    switch self {
    case .peaks(let distribution, let threshold, let rate):
      rate * distribution.survival(value - threshold)
    case .maxima(let distribution, let length):
      -expm1(-distribution.negativeLogCumulative(value) / length)
    }
  }
}

extension TailModel.Warning: CustomStringConvertible {
  /// For reports.
  public var description: String {
    switch self {
    case .unboundedTail(let shape, let upper):
      "the tail may be unbounded: shape \(shortened(shape)), up to \(shortened(upper));"
        + " a larger value is only a matter of time"
    case .orderNotTested:
      "the order of the samples is unknown: stationarity and independence were not tested"
    case .estimatorsDisagree(let moments, let likelihood):
      "estimators disagree on the shape: \(shortened(moments)) by weighted moments,"
        + " \(shortened(likelihood)) by maximum likelihood"
    case .ticksSpread(let distinct):
      "values are clock ticks (\(distinct) distinct ones in the tail), spread evenly over their tick"
    }
  }
}
