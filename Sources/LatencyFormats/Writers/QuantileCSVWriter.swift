public import LatencyReport

/// Quantiles and where they lie as CSV: a row for each quantile of each measurement, all values in ticks.
public enum QuantileCSVWriter {
  /// The text, with a heading. Empty cells: not known. `ticks` is an upper bound where `exact` is not
  /// `true`; a quantile in the overflow has `at_least` alone, a refused one neither. `lower` and `upper`
  /// are of order statistics; those of a bootstrap stand beside them, where there was one.
  public static func write(_ report: Report) -> String {
    var lines = [
      "measurement,origin,samples,quantile,ticks,exact,at_least,confidence,lower,upper,coverage,"
        + "bootstrap_lower,bootstrap_upper,block_length,replicates,seed,ns_per_tick"
    ]
    for series in report.measurements {
      for name in report.quantiles {
        guard let quantile = series.statistics.quantiles[name] else { continue }
        let bootstrap = series.bootstrap
        let interval = bootstrap?.quantiles[name]
        let cells = [
          CSVWriter.quoted(series.measurement), CSVWriter.quoted(series.origin),
          "\(series.statistics.samples)", name, cell(quantile.ticks), cell(quantile.exact),
          cell(quantile.atLeast), "\(report.confidence)", cell(quantile.lower),
          cell(quantile.upper), cell(quantile.coverage), cell(interval?.lower),
          cell(interval?.upper), cell(bootstrap?.blockLength), cell(bootstrap?.replicates),
          cell(bootstrap?.seed), cell(report.unit.nanosecondsPerTick),
        ]
        lines.append(cells.joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func cell(_ value: (some CustomStringConvertible)?) -> String {
    value?.description ?? ""
  }
}
