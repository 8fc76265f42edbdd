/// Why no tail model is given: each a reason not to extrapolate.
public enum TailRefusal: Error, Sendable, Equatable {
  case tooFewSamples(have: UInt64, needed: UInt64)
  /// Fewer samples above any usable threshold than a fit needs.
  case tooFewExceedances(have: Int, needed: Int)
  /// All samples are equal.
  case constant(value: UInt64)
  /// The largest samples are known only as `bound` or more.
  case censored(samples: UInt64, bound: UInt64)
  /// So few distinct values in the tail that steps, not a curve, would be fitted.
  case quantised(distinct: Int, needed: Int)
  /// A histogram does not say in which order the samples came.
  case unknownOrder
  /// A test of the conditions failed.
  case gate(TailGate)
  /// The estimator found no distribution.
  case noFit(TailEstimator)
  /// The shape is one at which weighted moments no longer tell it.
  case tooHeavy(shape: Double, limit: Double)
}

extension TailRefusal: CustomStringConvertible {
  /// For reports: what is wrong, and what would help.
  public var description: String {
    switch self {
    case .tooFewSamples(let have, let needed):
      "\(have) samples; a tail model needs at least \(needed)"
    case .tooFewExceedances(let have, let needed):
      "\(have) samples above the threshold; a fit needs at least \(needed): measure longer"
    case .constant(let value):
      "all samples are \(value): there is no tail to model"
    case .censored(let samples, let bound):
      "\(samples) samples are known only as \(bound) or more: measure with a larger histogram"
    case .quantised(let distinct, let needed):
      "the tail has \(distinct) distinct values, at least \(needed) are needed:"
        + " measure with a finer clock"
    case .unknownOrder:
      "a histogram does not keep the order of samples, so stationarity and independence cannot be"
        + " tested: record the samples themselves"
    case .gate(let gate):
      "\(gate.kind.failure) (\(gate.kind.test), p = \(shortened(gate.result.pValue)),"
        + " limit \(shortened(gate.significance))): \(gate.kind.advice)"
    case .tooHeavy(let shape, let limit):
      "a few samples are so far beyond the others that no curve through them can be trusted (shape"
        + " \(shortened(shape)), limit \(shortened(limit))): look at the worst cases, and measure"
        + " longer or their cause apart"
    case .noFit(.weightedMoments):
      "the longest samples lie on no curve that could be continued (their weighted moments belong to"
        + " no extreme value distribution)"
    case .noFit(.maximumLikelihood):
      "the longest samples lie on no curve that could be continued (their likelihood has no maximum"
        + " with a shape above -0.5)"
    }
  }
}

/// A test that must not fail before a tail is modelled.
public struct TailGate: Sendable, Equatable {
  public var kind: Kind
  public var result: TestResult
  /// p-values below this fail.
  public var significance: Double

  public var isPassed: Bool { result.pValue >= significance }

  /// What is tested.
  public enum Kind: String, Sendable, CaseIterable {
    /// KPSS on ranks of block means.
    case levelStationary = "level-stationary"
    /// KPSS on ranks of block maxima.
    case maximaStationary = "maxima-stationary"
    /// Ljung-Box on ranks of block maxima.
    case maximaIndependent = "maxima-independent"
    /// Dispersion of the number of exceedances in blocks.
    case exceedancesEven = "exceedances-even"
    /// Ljung-Box on ranks of excesses in the order of time.
    case excessesIndependent = "excesses-independent"
    /// Anderson-Darling, p-value by parametric bootstrap.
    case fit

    /// For tables.
    public var test: String {
      switch self {
      case .levelStationary: "KPSS on ranks of block means"
      case .maximaStationary: "KPSS on ranks of block maxima"
      case .maximaIndependent: "Ljung-Box on ranks of block maxima"
      case .exceedancesEven: "dispersion of exceedances per block"
      case .excessesIndependent: "Ljung-Box on ranks of excesses"
      case .fit: "Anderson-Darling, bootstrapped"
      }
    }

    /// What a failure means.
    public var failure: String {
      switch self {
      case .levelStationary:
        "the level of the samples moves during the run, so that what comes next is not like what was"
      case .maximaStationary:
        "the longest samples of its parts grow or shrink during the run, so that what comes next is"
          + " not like what was"
      case .maximaIndependent:
        "stretches with long samples are followed by others"
      case .exceedancesEven: "long samples come in clusters"
      case .excessesIndependent: "how long a long sample is depends on the one before"
      case .fit: "the longest samples lie on no curve that could be continued"
      }
    }

    /// What to do about a failure.
    public var advice: String {
      switch self {
      case .levelStationary: "measure when the machine has settled, or its states apart"
      case .maximaStationary: "measure under a steady load, or its states apart"
      case .maximaIndependent, .exceedancesEven, .excessesIndependent:
        "find what comes and goes before anything is continued beyond the samples"
      case .fit:
        "a few samples are far beyond the others, or several causes make steps: look at worst cases"
          + " and histogram, and measure the causes apart"
      }
    }
  }
}

/// How parameters are estimated.
public enum TailEstimator: String, Sendable, CaseIterable {
  case weightedMoments = "probability-weighted moments"
  case maximumLikelihood = "maximum likelihood"

  /// The one of both that this is not.
  public var other: Self {
    switch self {
    case .weightedMoments: .maximumLikelihood
    case .maximumLikelihood: .weightedMoments
    }
  }
}
