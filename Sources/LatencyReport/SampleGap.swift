/// The ticks of one sample: from when its event was due to when its handler stamped.
struct SampleGap: Equatable {
  var start: UInt64
  var end: UInt64

  /// The gap of a sample of `ticks` that was taken `time` ns after the counter began; nil when the
  /// counter's frequency is not known or the numbers contradict each other.
  ///
  /// Times are whole nanoseconds, rounded down: up to 1 GHz that gives back the very tick, and the
  /// last of those that it may be with a faster counter.
  init?(ticks: UInt64, endingAt time: UInt64, frequency: UInt64) {
    guard frequency > 0, time < .max else { return nil }
    let (high, low) = (time + 1).multipliedFullWidth(by: frequency)
    guard high < 1_000_000_000 else { return nil }
    let (quotient, remainder) = UInt64(1_000_000_000).dividingFullWidth((high, low))
    // The last tick before the next nanosecond.
    let end = remainder == 0 && quotient > 0 ? quotient - 1 : quotient
    guard ticks <= end else { return nil }
    self.start = end - ticks
    self.end = end
  }

  /// Ticks of the gap that `exit` took; nil when it lies outside. Either end touching is inside: the
  /// counter may be coarse.
  func overlap(_ exit: LoggedExit) -> UInt64? {
    guard exit.end >= start, exit.start <= end else { return nil }
    return min(exit.end, end) - max(exit.start, start)
  }
}

/// An exit that ran inside the gap of a sample.
public struct GapExit: Sendable, Codable, Equatable {
  public var cpu: Int
  public var exit: ExitEvent
  /// Tick of the record's counter.
  public var end: UInt64
  /// Ticks of the exit that lie in the gap.
  public var inside: UInt64
}
