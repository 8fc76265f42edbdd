/// The upper part of a distribution, from the top down, as thresholds are looked for.
struct TailBins {
  /// Values that cannot be told apart, for they are one tick or one bin.
  struct Bin {
    var bounds: ClosedRange<UInt64>
    var count: UInt64
  }

  /// Descending.
  private let bins: [Bin]

  /// `ascending` bins; only the upper part is needed.
  init(ascending bins: [Bin]) { self.bins = bins.reversed() }

  /// Values over a threshold that lies between two ticks.
  struct Exceedances {
    /// Halfway between the largest tick below and the smallest above.
    var threshold: Double
    /// Ascending, above 0.
    var excesses: [Double]
    /// Bins with values.
    var distinct: Int
  }

  /// As many of the largest values as fit in `limit`, with at least one bin left below; nil when not
  /// even one bin fits.
  func exceedances(atMost limit: Int) -> Exceedances? {
    var taken = 0
    var total: UInt64 = 0
    while taken + 1 < bins.count {
      let (sum, overflow) = total.addingReportingOverflow(bins[taken].count)
      guard !overflow, sum <= UInt64(limit) else { break }
      total = sum
      taken += 1
    }
    guard taken > 0 else { return nil }
    // Distances from the tick below, so that large values cost no digits.
    let below = bins[taken].bounds.upperBound
    let distances = Self.spread(bins[..<taken].reversed(), from: below)
    return Exceedances(
      threshold: Double(below) + 0.5, excesses: distances.map { $0 - 0.5 }, distinct: taken)
  }

  /// Continuous values for counted ticks: those of a bin are spread evenly over it, half a tick wider
  /// on each side. A value of n ticks stands for everything between n - 1/2 and n + 1/2; left as they
  /// are, ties would make every continuous distribution fail its test. The results are distances from
  /// `origin`, which is not above the first bin.
  static func spread(_ ascending: some Sequence<Bin>, from origin: UInt64) -> [Double] {
    var values: [Double] = []
    for bin in ascending {
      let width = Double(bin.bounds.upperBound - bin.bounds.lowerBound) + 1
      let start = Double(bin.bounds.lowerBound - origin) - 0.5
      let count = Int(clamping: bin.count)
      for index in 0..<count {
        values.append(start + width * (Double(index) + 0.5) / Double(count))
      }
    }
    return values
  }

  /// One bin for each distinct value of `values`.
  static func bins(of values: [UInt64]) -> [Bin] {
    let counted = CountedValues(values)
    return counted.values.indices.map {
      Bin(bounds: counted.values[$0]...counted.values[$0], count: counted.count(at: $0))
    }
  }
}
