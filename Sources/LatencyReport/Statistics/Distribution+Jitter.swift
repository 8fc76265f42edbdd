extension Distribution {
  /// Bounds of maximum minus minimum; nil without samples.
  public var jitter: ClosedRange<UInt64>? {
    guard let minimum, let maximum, maximum >= minimum.lowerBound else { return nil }
    let largest = maximumIsBound ? .max : maximum - minimum.lowerBound
    return maximum - min(maximum, minimum.upperBound)...largest
  }
}
