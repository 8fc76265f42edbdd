internal import Foundation

extension TailModel {
  /// Samples a model needs at least.
  public static let neededSamples: UInt64 = 1000
  /// Exceedances or block maxima a fit needs at least.
  static let neededFitted = 50
  /// Distinct values among them.
  static let neededDistinct = 10
  /// Largest shape that weighted moments tell: above it they have no variance (Hosking and Wallis 1987,
  /// section 4).
  static let heaviestShape = 0.5
  /// p-value below which a distribution does not fit.
  static let fitSignificance = 0.05

  /// A model of a run whose samples came in a known order.
  ///
  /// Of thresholds with about 1,024, 512, ... exceedances, at most a tenth of the samples, the lowest
  /// one is taken whose excesses pass the fit's test (Bader, Yan and Zhang 2018, Annals of Applied
  /// Statistics 12).
  public init(_ sketch: SampleSketch, options: Options = Options()) throws(TailRefusal) {
    try Self.check(count: sketch.count)
    guard let smallest = sketch.minimum, let largest = sketch.maximum, smallest < largest else {
      throw .constant(value: sketch.maximum ?? 0)
    }
    switch options.method {
    case .blockMaxima:
      self = try Self.maximaModel(sketch, largest: largest, options)
    case .peaksOverThreshold:
      var gates = [try sketch.levelGate(options)]
      // Without enough blocks for maxima, peaks can still be modelled.
      if let maxima = sketch.blockMaxima {
        gates += try sketch.maximaGates(maxima.values.map { Double($0) }, options)
      }
      let peaks = sketch.peaks
      // Peaks that share their value with samples not kept would be an incomplete count.
      let complete = peaks.filter { $0.value > sketch.largestDropped ?? 0 }
      var bins = TailBins.bins(of: complete.map(\.value))
      if let dropped = sketch.largestDropped {
        bins.insert(TailBins.Bin(bounds: dropped...dropped, count: .max), at: 0)
      }
      self = try Self.peaksModel(
        TailBins(ascending: bins), samples: sketch.count, largest: largest, gates, options
      ) { exceedances throws(TailRefusal) in
        let above = complete.filter { Double($0.value) > exceedances.threshold }
        return try sketch.exceedanceGates(above, options)
      }
    }
  }

  /// A model of samples whose order is unknown; refused unless the options accept that.
  ///
  /// `ascending` bins are disjoint; `censored` are samples above all of them.
  public init(
    ascending bins: [(bounds: ClosedRange<UInt64>, count: UInt64)],
    censored: (samples: UInt64, bound: UInt64)? = nil, options: Options = Options()
  ) throws(TailRefusal) {
    var count: UInt64 = 0
    for bin in bins { count = count &+ min(bin.count, .max - count) }
    try Self.check(count: count)
    if let censored, censored.samples > 0 {
      throw .censored(samples: censored.samples, bound: censored.bound)
    }
    let used = bins.filter { $0.count > 0 }
    guard let last = used.last else { throw .tooFewSamples(have: 0, needed: Self.neededSamples) }
    if used.count == 1 { throw .constant(value: last.bounds.upperBound) }
    guard options.acceptsUnknownOrder else { throw .unknownOrder }
    let tail = TailBins(ascending: used.map { TailBins.Bin(bounds: $0.bounds, count: $0.count) })
    self = try Self.peaksModel(
      tail, samples: count, largest: last.bounds.upperBound, [], options
    ) { _ throws(TailRefusal) in [] }
    warnings.insert(.orderNotTested, at: 0)
  }

  private static func check(count: UInt64) throws(TailRefusal) {
    guard count >= neededSamples else {
      throw .tooFewSamples(have: count, needed: neededSamples)
    }
  }

  private static func peaksModel(
    _ bins: TailBins, samples: UInt64, largest: UInt64, _ gates: [TailGate], _ options: Options,
    exceedanceGates: (TailBins.Exceedances) throws(TailRefusal) -> [TailGate]
  ) throws(TailRefusal) -> TailModel {
    var refusal = TailRefusal.tooFewExceedances(have: 0, needed: neededFitted)
    var limit = Int(min(1024, samples / 10))
    while limit >= neededFitted {
      defer { limit /= 2 }
      guard let exceedances = bins.exceedances(atMost: limit) else {
        refusal = .quantised(distinct: 1, needed: neededDistinct)
        continue
      }
      do throws(TailRefusal) {
        return try peaksModel(
          exceedances, samples: samples, largest: largest, gates, options,
          exceedanceGates: exceedanceGates)
      } catch {
        // Dependence seen with many exceedances is still there when fewer can no longer show it.
        if case .gate(let gate) = error, gate.kind != .fit { throw error }
        // Of the others, the one that got furthest is worth reading.
        if error.rank > refusal.rank { refusal = error }
      }
    }
    throw refusal
  }

  private static func peaksModel(
    _ exceedances: TailBins.Exceedances, samples: UInt64, largest: UInt64, _ gates: [TailGate],
    _ options: Options,
    exceedanceGates: (TailBins.Exceedances) throws(TailRefusal) -> [TailGate]
  ) throws(TailRefusal) -> TailModel {
    let excesses = exceedances.excesses
    guard exceedances.distinct >= neededDistinct else {
      throw .quantised(distinct: exceedances.distinct, needed: neededDistinct)
    }
    guard excesses.count >= neededFitted else {
      throw .tooFewExceedances(have: excesses.count, needed: neededFitted)
    }
    let orderGates = try exceedanceGates(exceedances)
    let estimate: ([Double]) -> GeneralizedPareto? =
      switch options.estimator {
      case .weightedMoments: GeneralizedPareto.weightedMoments
      case .maximumLikelihood: GeneralizedPareto.maximumLikelihood
      }
    guard let fit = estimate(excesses) else { throw .noFit(options.estimator) }
    try checkShape(fit.shape, options.estimator)
    let bootstrap = ParametricBootstrap(
      fit, of: excesses, replicates: options.replicates, seed: options.seed,
      draw: { fit.excess(survival: 1 - $0) }, estimate: estimate,
      distance: { andersonDarling($1, logarithms: $0.logarithms) })
    let fitGate = fitGate(bootstrap?.statistic, bootstrap?.pValue)
    guard fitGate.isPassed, let bootstrap else { throw .gate(fitGate) }

    let rate = Double(excesses.count) / Double(samples)
    let deviation = (rate * (1 - rate) / Double(samples)).squareRoot()
    var random = SeededGenerator(seed: options.seed &+ 1)
    let replicates = bootstrap.replicates.map {
      let varied = min(1, max(0, rate + deviation * random.nextNormal()))
      return Fit.peaks($0, threshold: exceedances.threshold, rate: varied)
    }
    let other =
      options.estimator == .weightedMoments
      ? GeneralizedPareto.maximumLikelihood(excesses) : GeneralizedPareto.weightedMoments(excesses)
    var model = TailModel(
      fit: .peaks(fit, threshold: exceedances.threshold, rate: rate),
      otherFit: other.map { .peaks($0, threshold: exceedances.threshold, rate: rate) },
      method: .peaksOverThreshold, estimator: options.estimator, samples: samples,
      fitted: excesses.count, largest: largest,
      gates: gates + orderGates + [fitGate], warnings: [], confidence: options.confidence,
      replicates: replicates)
    model.addWarnings(distinct: exceedances.distinct)
    return model
  }

  static func checkShape(_ shape: Double, _ estimator: TailEstimator) throws(TailRefusal) {
    switch estimator {
    case .weightedMoments:
      if shape > heaviestShape { throw .tooHeavy(shape: shape, limit: heaviestShape) }
    case .maximumLikelihood: break
    }
  }

  static func fitGate(_ statistic: Double?, _ pValue: Double?) -> TailGate {
    TailGate(
      kind: .fit, result: TestResult(statistic: statistic ?? .infinity, pValue: pValue ?? 0),
      significance: fitSignificance)
  }

  mutating func addWarnings(distinct: Int) {
    let interval = shapeInterval
    if interval.upper >= 0 { warnings.append(.unboundedTail(shape: shape, upper: interval.upper)) }
    if let otherShape = otherFit?.shape, otherShape < interval.lower || otherShape > interval.upper
    {
      let moments = estimator == .weightedMoments ? shape : otherShape
      let likelihood = estimator == .weightedMoments ? otherShape : shape
      warnings.append(
        .estimatorsDisagree(weightedMoments: moments, maximumLikelihood: likelihood))
    }
    if distinct < fitted { warnings.append(.ticksSpread(distinct: distinct)) }
  }
}

extension TailRefusal {
  /// How far the attempt got.
  fileprivate var rank: Int {
    switch self {
    case .tooFewSamples, .constant, .censored, .unknownOrder: 0
    case .tooFewExceedances: 1
    case .quantised: 2
    case .noFit, .tooHeavy: 3
    case .gate: 4
    }
  }
}
