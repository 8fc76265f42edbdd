internal import Foundation

extension TailModel {
  /// Samples a block needs so that its maximum is one of many.
  static let neededBlockLength: UInt64 = 50

  static func maximaModel(
    _ sketch: SampleSketch, largest: UInt64, _ options: Options
  ) throws(TailRefusal) -> TailModel {
    guard let maxima = sketch.blockMaxima else {
      throw .tooFewSamples(
        have: sketch.count, needed: UInt64(neededFitted + 1) * neededBlockLength)
    }
    let bins = TailBins.bins(of: maxima.values)
    guard bins.count >= neededDistinct else {
      throw .quantised(distinct: bins.count, needed: neededDistinct)
    }
    let gates =
      [try sketch.levelGate(options)]
      + (try sketch.maximaGates(maxima.values.map { Double($0) }, options))
    let values = TailBins.spread(bins, from: 0)
    let estimate: ([Double]) -> GeneralizedExtremeValue? =
      switch options.estimator {
      case .weightedMoments: GeneralizedExtremeValue.weightedMoments
      case .maximumLikelihood: GeneralizedExtremeValue.maximumLikelihood
      }
    guard let fit = estimate(values) else { throw .noFit(options.estimator) }
    try checkShape(fit.shape, options.estimator)
    let bootstrap = ParametricBootstrap(
      fit, of: values, replicates: options.replicates, seed: options.seed,
      draw: { fit.value(cumulative: $0) }, estimate: estimate,
      distance: { andersonDarling($1, logarithms: $0.logarithms) })
    let fitGate = fitGate(bootstrap?.statistic, bootstrap?.pValue)
    guard fitGate.isPassed, let bootstrap else { throw .gate(fitGate) }
    let length = Double(maxima.length)
    let other =
      options.estimator == .weightedMoments
      ? GeneralizedExtremeValue.maximumLikelihood(values)
      : GeneralizedExtremeValue.weightedMoments(values)
    var model = TailModel(
      fit: .maxima(fit, length: length), otherFit: other.map { .maxima($0, length: length) },
      method: .blockMaxima, estimator: options.estimator,
      samples: sketch.count, fitted: values.count, largest: largest, gates: gates + [fitGate],
      warnings: [], confidence: options.confidence,
      replicates: bootstrap.replicates.map { .maxima($0, length: length) })
    model.addWarnings(distinct: bins.count)
    return model
  }
}

extension SampleSketch {
  /// Maxima of equal blocks of at least 50 samples; nil when there would be fewer than 50 of them.
  /// A shorter last block is left out.
  var blockMaxima: (values: [UInt64], length: UInt64)? {
    let needed = TailModel.neededBlockLength
    let group = Int((needed + blockLength - 1) / blockLength)
    var values: [UInt64] = []
    var start = 0
    while start + group <= blocks.count {
      let part = blocks[start..<start + group]
      if let last = part.last, last.samples == blockLength {
        values.append(part.reduce(0) { max($0, $1.maximum) })
      }
      start += group
    }
    guard values.count >= TailModel.neededFitted else { return nil }
    return (values, blockLength * UInt64(group))
  }

  func levelGate(_ options: TailModel.Options) throws(TailRefusal) -> TailGate {
    let full = blocks.filter { $0.samples == blockLength }
    return try passed(.levelStationary, stationarityTest(midRanks(full.map(\.mean))), options)
  }

  func maximaGates(
    _ maxima: [Double], _ options: TailModel.Options
  ) throws(TailRefusal) -> [TailGate] {
    let ranks = midRanks(maxima)
    return [
      try passed(.maximaStationary, stationarityTest(ranks), options),
      try passed(.maximaIndependent, independenceTest(ranks), options),
    ]
  }

  /// `peaks` are all samples above a threshold, in the order of time.
  func exceedanceGates(
    _ peaks: [Peak], _ options: TailModel.Options
  ) throws(TailRefusal) -> [TailGate] {
    let ranks = midRanks(peaks.map { Double($0.value) })
    return [
      try passed(.exceedancesEven, dispersionTest(peaks.map(\.sample), of: count), options),
      try passed(.excessesIndependent, independenceTest(ranks), options),
    ]
  }

  /// No result, as with constant values, is nothing found against the run.
  private func passed(
    _ kind: TailGate.Kind, _ result: TestResult?, _ options: TailModel.Options
  ) throws(TailRefusal) -> TailGate {
    let gate = TailGate(
      kind: kind, result: result ?? TestResult(statistic: 0, pValue: 1),
      significance: options.significance)
    guard gate.isPassed else { throw .gate(gate) }
    return gate
  }
}
