import LatencyProbe

// The stimulus measurement: the kernel's raises and the zone's answers, paired by time.

extension RecordReader {
  /// When the kernel raised a zone's line.
  struct Raises {
    /// Ascending.
    var ticks: [UInt64]
    /// Whether the ring still holds all of them.
    var isComplete: Bool
  }

  /// A stamp of the zone's handler.
  struct Answer {
    var entry: UInt64
    var isWarmUp: Bool
  }

  /// Ticks at which the kernel raised the zone's line, ascending; nil when it has no ring.
  mutating func readRaises(zone: Int) throws(RecordError) -> Raises? {
    guard let section = sections[.stimuli] else { return nil }
    let at = section.element(zone)
    let field = "stimuli[\(zone)]"
    let magic: UInt64 = try reader.integer(at: at, "\(field).magic")
    guard magic == StimulusRing.magicValue else { return nil }
    let raised: UInt64 = try reader.integer(at: at + 16, "\(field).raised")
    var ticks: [UInt64] = []
    for slot in 0..<StimulusRing.entryCount {
      let entry = at + 64 + slot * 16
      let sequence: UInt64 = try reader.integer(at: entry, "\(field).entries[\(slot)]")
      guard sequence != 0, sequence <= raised,
        (sequence - 1) % UInt64(StimulusRing.entryCount) == UInt64(slot),
        raised - sequence < UInt64(StimulusRing.entryCount)
      else { continue }
      ticks.append(try reader.integer(at: entry + 8, "\(field).entries[\(slot)].tick"))
    }
    return Raises(
      ticks: ticks.sorted(), isComplete: raised <= UInt64(StimulusRing.entryCount))
  }

  /// Pairs each answer with the first raise before it that no earlier answer took. Warm-up answers
  /// take their raises too, so that these are not charged to the next one.
  static func pair(_ answers: [Answer], _ raises: Raises?, into data: inout Collected) {
    guard let raises else {
      for _ in answers { data.reject("the kernel kept no raises for this zone") }
      return
    }
    var next = 0
    var merged = 0
    var older = 0
    for answer in answers.sorted(by: { $0.entry < $1.entry }) {
      let first = next
      while next < raises.ticks.count, raises.ticks[next] <= answer.entry { next += 1 }
      merged += max(0, next - first - 1)
      if answer.isWarmUp {
        data.warmUp += 1
      } else if first < next {
        data.add(answer.entry - raises.ticks[first], at: answer.entry)
      } else if first == 0 && !raises.isComplete {
        older += 1
      } else {
        data.reject("no raise before it")
      }
    }
    if older > 0 {
      data.notes.append(
        "\(older) answers are older than the latest \(StimulusRing.entryCount) raises, left out")
    }
    if merged > 0 {
      data.notes.append("\(merged) raises came while one was pending and are not counted")
    }
    if next < raises.ticks.count {
      data.notes.append("\(raises.ticks.count - next) raises were not answered")
    }
  }
}
