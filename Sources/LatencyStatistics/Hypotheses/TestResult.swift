/// The outcome of a hypothesis test.
public struct TestResult: Sendable, Equatable {
  public var statistic: Double
  /// Probability of a statistic at least as extreme when the hypothesis holds; 0-1.
  public var pValue: Double

  /// Both numbers must be finite.
  public init(statistic: Double, pValue: Double) {
    self.statistic = statistic
    self.pValue = min(1, max(0, pValue))
  }
}
