extension CheckResult {
  /// One measurement of a comparison. `hasFailed`: its verdict is one that the gate names.
  public init(_ measured: Comparison.Measured, hasFailed: Bool) {
    let state: State =
      hasFailed ? .failed : measured.verdict == .inconclusive ? .undecided : .passed
    self.init(
      name: measured.measurement, place: measured.origin, state: state,
      message: measured.findings.first?.text ?? measured.reason ?? measured.verdict.rawValue,
      details: measured.findings.dropFirst().map(\.text))
  }
}
