/// Every value that a measurement gave, and how often.
struct Distribution: Equatable, Sendable, CustomStringConvertible {
  /// Occurrences, all above zero, by value.
  private(set) var counts: [UInt64: UInt64]

  /// One value, measured once.
  init(_ value: UInt64) { counts = [value: 1] }

  init(counts: [UInt64: UInt64]) { self.counts = counts.filter { $0.value > 0 } }

  /// What a summary says of its samples; nil when it leaves open what they were.
  ///
  /// With at most two values, minimum, maximum, sum and the number of samples at the minimum say all.
  init?(minimum: UInt64, maximum: UInt64, sum: UInt64, samples: UInt64, atMinimum: UInt64) {
    guard atMinimum > 0, atMinimum <= samples, minimum <= maximum,
      (minimum == maximum) == (atMinimum == samples)
    else { return nil }
    let (low, lowOverflow) = minimum.multipliedReportingOverflow(by: atMinimum)
    let (high, highOverflow) = maximum.multipliedReportingOverflow(by: samples - atMinimum)
    guard !lowOverflow, !highOverflow, low <= sum, sum - low == high else { return nil }
    counts = [minimum: atMinimum]
    if minimum < maximum { counts[maximum] = samples - atMinimum }
  }

  var samples: UInt64 { counts.values.reduce(0, +) }

  /// The largest value; nil when there is none.
  var maximum: UInt64? { counts.keys.max() }

  /// The value for a single one, else each value with its count: `393 x 99999, 394 x 1`.
  var description: String {
    if let (value, count) = counts.first, counts.count == 1, count == 1 { return "\(value)" }
    return counts.sorted { $0.key < $1.key }.map { "\($0.key) x \($0.value)" }
      .joined(separator: ", ")
  }

  /// Reads a description; nil for anything else.
  init?(_ text: String) {
    counts = [:]
    for part in text.split(separator: ", ", omittingEmptySubsequences: false) {
      let numbers = part.split(separator: " x ", omittingEmptySubsequences: false)
      guard (1...2).contains(numbers.count), let value = UInt64(numbers[0]),
        let count = numbers.count == 1 ? 1 : UInt64(numbers[1])
      else { return nil }
      counts[value] = count
    }
    // One form for each distribution: sorted, nothing twice, no count of zero.
    guard counts.values.allSatisfy({ $0 > 0 }), description == text else { return nil }
  }
}

extension Distribution {
  /// Whether this differs from `expected` only as QEMU's race on wake-ups from WFI makes it differ
  /// (docs/measuring.md): of a single expected value at most one sample in 10^4 came up to 64
  /// instructions late.
  func looksLikeWakeUpRace(expected: Distribution) -> Bool {
    guard expected.counts.count == 1, let (value, count) = expected.counts.first,
      let met = counts[value], samples == count, counts.count > 1,
      (count - met) * 10_000 <= count
    else { return false }
    return counts.keys.allSatisfy { $0 >= value && $0 - value <= 64 }
  }
}
