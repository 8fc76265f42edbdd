import LatencyReport
import LatencyStatistics

/// Samples of one place while they are read.
struct SampleCollector {
  private(set) var tally = Tally()
  private(set) var samples = OrderedSamples()
  private var sketch = SampleSketch()
  private var rejected: [String: UInt64] = [:]
  private let limit: Int
  /// Samples kept in order so far.
  private var kept = 0

  /// `limit`: samples kept in order; `expected`: how many will come, if that is known.
  init(limit: Int, expected: Int = 0) {
    self.limit = limit
    samples.values.reserveCapacity(min(limit, expected))
  }

  /// Counts a sample; `time` in ns where the source has it.
  @inline(__always)
  mutating func add(_ value: UInt64, time: UInt64? = nil) {
    tally.add(value)
    sketch.append(value, time: time)
    guard kept < limit else {
      samples.omitted &+= 1
      return
    }
    kept &+= 1
    samples.values.append(value)
    if let time { samples.times.append(time) }
  }

  /// Counts samples without times.
  mutating func add(_ values: ArraySlice<UInt64>) {
    tally.add(values.span)
    sketch.append(values.span)
    let taken = min(limit - kept, values.count)
    samples.values.append(contentsOf: values.prefix(taken))
    kept += taken
    samples.omitted &+= UInt64(values.count - taken)
  }

  mutating func reject(_ reason: String) { rejected[reason, default: 0] += 1 }

  /// The series of what was collected.
  func series(_ measurement: String, _ place: String) -> Series {
    var notes: [String] = []
    if tally.isCoarse {
      notes.append(
        "more than a million different values: those above 2^20 share bins 1/16,384 wide")
    }
    if samples.omitted > 0 {
      notes.append(
        "the order of the first \(samples.values.count) samples is kept, \(samples.omitted) more are"
          + " in the distribution only")
    }
    return Series(
      measurement: measurement, origin: .imported(place), distribution: tally.distribution,
      rejected: rejected, notes: notes, samples: samples, sketch: sketch)
  }
}
