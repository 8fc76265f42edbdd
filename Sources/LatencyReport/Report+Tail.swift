import LatencyStatistics

// What the longest samples tell of longer ones.

extension Report {
  /// An extreme value model of a measurement in ticks, or why there is none. An estimate, never a bound.
  public struct TailReport: Sendable, Codable, Equatable {
    /// Why there is none; the rest is absent then.
    public var refused: String?
    public var method: String?
    /// `generalized Pareto` or `generalized extreme value`.
    public var distribution: String?
    public var estimator: String?
    /// ξ: below 0 the fitted tail ends, from 0 on it does not.
    public var shape: Double?
    public var shapeLower: Double?
    public var shapeUpper: Double?
    /// The other way to estimate from the same values, and the shape it gives; absent: it gives none.
    public var otherEstimator: String?
    public var otherShape: Double?
    /// Samples in each block of block maxima.
    public var blockLength: UInt64?
    /// The model speaks of values from here on.
    public var validFrom: Double?
    /// Largest value of the fitted distribution; absent: none.
    public var endpoint: Double?
    /// Values the fit was made from.
    public var fitted: Int?
    /// Probability per sample of values of interest: the longest sample, the deadline.
    public var estimates: [Exceedance] = []
    /// For drawing: ascending values, each with the probability of exceeding it.
    public var curve: [CurvePoint] = []
    /// Tests the samples passed before they were modelled.
    public var gates: [Gate] = []
    public var warnings: [String] = []

    public struct Exceedance: Sendable, Codable, Equatable {
      /// `longest` or `deadline`.
      public var of: String
      public var ticks: UInt64
      public var probability: Double
      public var lower: Double
      public var upper: Double
      /// By the other estimator.
      public var otherProbability: Double?
      /// The estimate in words.
      public var text: String
    }

    public struct CurvePoint: Sendable, Codable, Equatable {
      public var ticks: Double
      public var probability: Double
    }

    public struct Gate: Sendable, Codable, Equatable {
      public var test: String
      public var statistic: Double
      public var pValue: Double
      public var significance: Double
    }
  }
}

extension Report.TailReport {
  /// The tail of a series, modelled by `method`.
  init(_ series: Series, _ method: TailModel.Method, isTime: Bool, deadline: UInt64?) {
    self.init()
    switch series.tailModel(method, isTime: isTime) {
    case .success(let model): self = Self(model, deadline: deadline)
    case .failure(let refusal): refused = refusal.text
    }
  }

  private init(_ model: TailModel, deadline: UInt64?) {
    method = model.method.rawValue
    switch model.fit {
    case .peaks: distribution = "generalized Pareto"
    case .maxima(_, let length):
      distribution = "generalized extreme value"
      blockLength = UInt64(exactly: length)
    }
    estimator = model.estimator.rawValue
    shape = model.shape
    (shapeLower, shapeUpper) = model.shapeInterval
    otherShape = model.otherFit?.shape
    otherEstimator = model.otherFit == nil ? nil : model.estimator.other.rawValue
    validFrom = model.validFrom
    endpoint = model.fit.endpoint
    fitted = model.fitted
    var values = [("longest", model.largest)]
    if let deadline { values.append(("deadline", deadline)) }
    for (name, ticks) in values {
      guard let estimate = model.exceedanceProbability(at: Double(ticks)) else { continue }
      estimates.append(
        Exceedance(
          of: name, ticks: ticks, probability: estimate.probability, lower: estimate.lower,
          upper: estimate.upper,
          otherProbability: model.otherExceedanceProbability(at: Double(ticks)),
          text: estimate.text))
    }
    // Half a decade apart, down to what nobody measures.
    var probability = 0.1
    while probability > 1e-10 {
      if let ticks = model.value(exceededWith: probability), ticks.isFinite {
        curve.append(CurvePoint(ticks: ticks, probability: probability))
      }
      probability /= 10.0.squareRoot()
    }
    gates = model.gates.map {
      Gate(
        test: $0.kind.test, statistic: $0.result.statistic, pValue: $0.result.pValue,
        significance: $0.significance)
    }
    warnings = model.warnings.map(\.description)
  }
}

/// Why a series has no tail model, in words.
struct NoTailModel: Error {
  var text: String
}

extension Series {
  /// A model of the samples beyond the longest ones. `isTime`: only time has a tail; path lengths of an
  /// emulator have paths.
  func tailModel(_ method: TailModel.Method, isTime: Bool) -> Result<TailModel, NoTailModel> {
    guard isTime else {
      return .failure(
        .init(text: "the values are no time: a model of their tail would say nothing of hardware"))
    }
    if sketch == nil, let samples, samples.omitted > 0 {
      return .failure(
        .init(
          text: "the file keeps the order of \(samples.values.count) samples and not of"
            + " \(samples.omitted) more: analyse the original file"))
    }
    var options = TailModel.Options()
    options.method = method
    do throws(TailRefusal) {
      if let sketch { return .success(try TailModel(sketch, options: options)) }
      return .success(try distribution.tailModel(options: options))
    } catch {
      return .failure(.init(text: error.description))
    }
  }
}

extension Report.TailReport {
  /// What was fitted to what.
  var title: String {
    let values = blockLength.map { "the maxima of \(fitted ?? 0) blocks of \($0) samples" }
    return "\(method ?? ""), \(distribution ?? "") fitted to"
      + " \(values ?? "the \(fitted ?? 0) longest samples")"
  }

  /// The shape by both estimators.
  var shapeText: String {
    func text(_ value: Double?) -> String {
      value.map { trimmed(($0 * 1000).rounded() / 1000) } ?? "none"
    }
    return "shape \(text(shape)) (\(text(shapeLower)) to \(text(shapeUpper))) by"
      + " \(estimator ?? ""), \(text(otherShape)) by \(otherEstimator ?? "the other estimator")"
  }

  /// An estimate with the value it is of.
  func text(_ estimate: Exceedance, _ unit: TickUnit) -> String {
    let name = estimate.of == "longest" ? "longest sample" : estimate.of
    let other = estimate.otherProbability.map {
      "; by \(otherEstimator ?? "") \(LatencyReport.probability($0))"
    }
    return "exceedance probability at \(unit.format(estimate.ticks)) \(unit.name) (the \(name)):"
      + " \(estimate.text)\(other ?? "")"
  }
}
