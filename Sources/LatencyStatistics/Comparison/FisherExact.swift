internal import Foundation

/// How many of the samples of two runs exceed a bound.
public struct ExceedanceTable: Sendable, Equatable {
  public var exceedancesA: UInt64
  public var countA: UInt64
  public var exceedancesB: UInt64
  public var countB: UInt64

  /// Nil when more samples exceed than there are, or when the totals do not fit in 64 bits.
  public init?(_ exceedancesA: UInt64, of countA: UInt64, _ exceedancesB: UInt64, of countB: UInt64)
  {
    guard exceedancesA <= countA, exceedancesB <= countB,
      !countA.addingReportingOverflow(countB).overflow
    else { return nil }
    self.exceedancesA = exceedancesA
    self.countA = countA
    self.exceedancesB = exceedancesB
    self.countB = countB
  }

  /// Rate in B over rate in A, with half a sample added to each cell (Haldane 1956, Anscombe 1956), so
  /// that 0 exceedances give a finite ratio; 1 when both are empty.
  public var rateRatio: Double {
    guard countA > 0, countB > 0 else { return 1 }
    return (Double(exceedancesB) + 0.5) / (Double(countB) + 1)
      / ((Double(exceedancesA) + 0.5) / (Double(countA) + 1))
  }

  /// Fisher's exact test: the probability, given all totals, of at least as many exceedances in B.
  ///
  /// Fisher, Statistical Methods for Research Workers, section 21.02; hypergeometric tail summed from
  /// the observed table outwards until terms no longer count, so that 10^8 samples cost little.
  public var pValueMoreInB: Double { tail(exceedancesB, of: countB, others: countA) }

  /// The same for at least as many exceedances in A.
  public var pValueMoreInA: Double { tail(exceedancesA, of: countA, others: countB) }

  /// Two sides: twice the smaller one, at most 1.
  public var pValue: Double { min(1, 2 * min(pValueMoreInA, pValueMoreInB)) }

  private func tail(_ seen: UInt64, of drawn: UInt64, others: UInt64) -> Double {
    let marked = exceedancesA + exceedancesB
    let smallest = marked > others ? marked - others : 0
    let largest = min(marked, drawn)
    guard seen > smallest else { return 1 }
    let n = Double(drawn)
    let m = Double(others)
    let k = Double(marked)
    func density(_ x: Double) -> Double {
      exp(logChoose(n, x) + logChoose(m, k - x) - logChoose(n + m, k))
    }
    // With a standard deviation like this the normal limit is exact to four digits.
    let mean = n * (k / (n + m))
    let deviation = (mean * (m / (n + m)) * ((n + m - k) / (n + m - 1))).squareRoot()
    if deviation > 20_000 { return normalSurvival((Double(seen) - 0.5 - mean) / deviation) }
    // Below the mode the lower tail is the short one.
    let mode = (n + 1) * (k + 1) / (n + m + 2)
    let below = Double(seen) <= mode
    var x = below ? Double(seen) - 1 : Double(seen)
    var term = density(x)
    var sum = 0.0
    while x >= Double(smallest), x <= Double(largest), term > sum * 1e-17, term > 0 {
      sum += term
      if below {
        term *= x * (m - k + x) / ((n - x + 1) * (k - x + 1))
        x -= 1
      } else {
        term *= (n - x) * (k - x) / ((x + 1) * (m - k + x + 1))
        x += 1
      }
    }
    return min(1, max(0, below ? 1 - sum : sum))
  }
}

/// Holm's step-down correction of p-values for their number (Holm 1979, Scandinavian Journal of
/// Statistics 6), in the order given.
public func holmAdjusted(_ pValues: [Double]) -> [Double] {
  let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
  var adjusted = pValues
  var largest = 0.0
  for (position, index) in order.enumerated() {
    largest = max(largest, min(1, pValues[index] * Double(pValues.count - position)))
    adjusted[index] = largest
  }
  return adjusted
}
