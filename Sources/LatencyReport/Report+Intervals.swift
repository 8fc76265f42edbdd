// Where quantiles lie, in words and as rows of tables.

extension Report {
  /// The intervals of one measurement by one method.
  struct IntervalRow {
    var measurement: String
    var origin: String
    var method: String
    /// In the order of `intervalQuantiles`; nil: the samples do not support the quantile.
    var intervals: [Interval?]
  }

  /// Bounds in ticks; a missing one: no sample bounds the quantile on that side.
  struct Interval {
    var lower: UInt64?
    var upper: UInt64?

    /// `≥` stands for a missing upper bound, `≤` for a missing lower one.
    func text(_ format: (UInt64) -> String) -> String {
      switch (lower, upper) {
      case (let lower?, let upper?): "\(format(lower))-\(format(upper))"
      case (let lower?, nil): "≥\(format(lower))"
      case (nil, let upper?): "≤\(format(upper))"
      case (nil, nil): "-"
      }
    }
  }

  /// Confidence as a percentage.
  var confidenceText: String { "\(trimmed((confidence * 1e6).rounded() / 1e4)) %" }

  /// Quantiles that have an interval in some measurement.
  var intervalQuantiles: [String] {
    quantiles.filter { name in
      measurements.contains {
        $0.statistics.quantiles[name]?.coverage != nil
          || $0.bootstrap?.quantiles[name] != nil
      }
    }
  }

  /// A row for each measurement and method that has intervals.
  var intervalRows: [IntervalRow] {
    let names = intervalQuantiles
    return measurements.flatMap { series -> [IntervalRow] in
      var rows: [IntervalRow] = []
      func add(_ method: String, _ interval: (String) -> Interval?) {
        let intervals = names.map(interval)
        guard intervals.contains(where: { $0 != nil }) else { return }
        rows.append(
          IntervalRow(
            measurement: series.measurement, origin: series.origin, method: method,
            intervals: intervals))
      }
      add("order statistics") { name in
        guard let quantile = series.statistics.quantiles[name], quantile.coverage != nil else {
          return nil
        }
        return Interval(lower: quantile.lower, upper: quantile.upper)
      }
      add("bootstrap, \(series.bootstrap?.method ?? "")") { name in
        series.bootstrap?.quantiles[name].map { Interval(lower: $0.lower, upper: $0.upper) }
      }
      return rows
    }
  }

  /// What the rows mean, and what a bootstrap that was asked for could not do; none without either.
  var intervalNotes: [String] {
    var notes: [String] = []
    let rows = intervalRows
    if !rows.isEmpty {
      notes.append(
        "Order statistics: the quantile lies within with \(confidenceText) confidence, whatever the"
          + " distribution, if samples are independent.")
    }
    if rows.contains(where: { $0.method.hasPrefix("bootstrap") }) {
      notes.append(
        "Bootstrap: the same without independence of samples that are nearer to each other than a"
          + " block; too narrow where few samples lie beyond the quantile.")
    }
    for series in measurements {
      if let refused = series.bootstrap?.refused {
        notes.append("\(series.measurement), \(series.origin): no bootstrap: \(refused).")
      }
    }
    return notes
  }
}
