import LatencyProbe

// The stamp areas: written by guests, so every number in them may be a lie.

extension RecordReader {
  /// Most different ids of one zone that are reported.
  static let idLimit = 40

  /// What was collected for one id.
  struct Collected {
    /// In the order of the stamps, with the tick each was taken at.
    var values: [UInt64] = []
    var ticks: [UInt64] = []
    var misses: UInt64 = 0
    var warmUp: UInt64 = 0
    var rejected: [String: UInt64] = [:]
    var notes: [String] = []

    mutating func add(_ value: UInt64, at tick: UInt64) {
      values.append(value)
      ticks.append(tick)
    }

    /// The values in order, with times in ns if the counter's frequency is known.
    func ordered(frequency: UInt64) -> OrderedSamples {
      guard frequency > 0 else { return OrderedSamples(values: values) }
      var latest: UInt64 = 0
      let times = ticks.map { tick in
        let (high, low) = tick.multipliedFullWidth(by: 1_000_000_000)
        // A zone may claim any tick; time does not fall.
        latest = max(
          latest, high < frequency ? frequency.dividingFullWidth((high, low)).quotient : .max)
        return latest
      }
      return OrderedSamples(values: values, times: times)
    }

    mutating func reject(_ reason: String) { rejected[reason, default: 0] += 1 }
  }

  /// The zone's header, with `written` limited to what the area can hold.
  private struct Area {
    var written: Int
    var lost: UInt64
    var deadline: UInt64
  }

  mutating func readStamps(_ zone: Zone, raises: Raises?) throws(RecordError) -> [Series] {
    guard let area = try readArea(zone) else { return [] }
    let name = zone.summary.name
    var collected: [UInt32: Collected] = [:]
    var stimuli: [Answer] = []
    var ignored: UInt64 = 0
    for index in 0..<area.written {
      let stamp = try readStamp(at: zone.stampOffset + 64 + index * 32)
      if stamp.id == 0 || (collected[stamp.id] == nil && collected.count >= Self.idLimit) {
        ignored += 1
      } else if stamp.id == Measurement.stimulus.rawValue {
        let isWarmUp = stamp.flags & Stamp.warmUp != 0
        stimuli.append(Answer(entry: stamp.entry, isWarmUp: isWarmUp))
      } else if stamp.flags & Stamp.warmUp != 0 {
        collected[stamp.id, default: Collected()].warmUp += 1
      } else {
        Self.add(stamp, area, to: &collected[stamp.id, default: Collected()])
      }
    }
    if ignored > 0 {
      warn("zone \(name): \(ignored) stamps have id 0 or one of too many ids; left out")
    }
    lostStamps = lostStamps.addingSaturating(area.lost)
    if area.lost > 0 {
      warn(
        "zone \(name): \(area.lost) stamps were not written because its area was full; the first"
          + " \(area.written) are kept")
    }
    if !stimuli.isEmpty {
      Self.pair(
        stimuli, raises, into: &collected[Measurement.stimulus.rawValue, default: Collected()])
    }
    return collected.sorted { $0.key < $1.key }.map { id, data in
      Series(
        measurement: Self.measurementName(id), origin: .zone(name),
        distribution: Distribution(data.values),
        misses: id == Measurement.controlLoop.rawValue || data.misses > 0 ? data.misses : nil,
        warmUp: data.warmUp, rejected: data.rejected, notes: data.notes,
        samples: data.ordered(frequency: header.machine.counterFrequency))
    }
  }

  /// Header of a zone's stamp area; nil when the zone never used it or it cannot be read.
  private mutating func readArea(_ zone: Zone) throws(RecordError) -> Area? {
    let name = zone.summary.name
    guard zone.stampByteCount >= 64 else { return nil }
    let at = zone.stampOffset
    let field = "stamps of zone \(name)"
    let magic: UInt64 = try reader.integer(at: at, "\(field): magic")
    if magic == 0 { return nil }
    guard magic == StampAreaHeader.magicValue else {
      warn("zone \(name): its stamp area does not start with the magic value; left out")
      return nil
    }
    let version: UInt32 = try reader.integer(at: at + 8, "\(field): version")
    guard version == StampAreaHeader.currentVersion else {
      warn("zone \(name): its stamp area has version \(version), unknown here; left out")
      return nil
    }
    let capacity: UInt32 = try reader.integer(at: at + 12, "\(field): capacity")
    let written: UInt64 = try reader.integer(at: at + 16, "\(field): written")
    let room = (zone.stampByteCount - 64) / 32
    let usable = min(Int(capacity), room)
    if Int(capacity) > room {
      warn("zone \(name): claims room for \(capacity) stamps, its area has \(room)")
    }
    if written > UInt64(usable) {
      warn("zone \(name): claims \(written) stamps, only \(usable) fit; the rest is ignored")
    }
    return Area(
      written: Int(min(written, UInt64(usable))),
      lost: try reader.integer(at: at + 24, "\(field): lost"),
      deadline: try reader.integer(at: at + 40, "\(field): deadline"))
  }

  private func readStamp(at: Int) throws(RecordError) -> Stamp {
    Stamp(
      deadline: try reader.integer(at: at, "stamp.deadline"),
      entry: try reader.integer(at: at + 8, "stamp.entry"),
      id: try reader.integer(at: at + 16, "stamp.id"),
      flags: try reader.integer(at: at + 20, "stamp.flags"))
  }

  /// Turns one stamp into a duration, or a reason why it is none.
  private static func add(_ stamp: Stamp, _ area: Area, to data: inout Collected) {
    let flagged = stamp.flags & Stamp.deadlineMissed != 0
    if stamp.id == Measurement.controlLoop.rawValue {
      // Response time: the cycle was released `area.deadline` ticks before its output was due.
      let release = stamp.deadline.subtractingReportingOverflow(area.deadline)
      if release.overflow || stamp.entry < release.partialValue {
        data.reject("output before its cycle began")
      } else {
        data.add(stamp.entry - release.partialValue, at: stamp.entry)
      }
      // A cycle is late whatever its flag says, and whether or not its duration makes sense.
      if flagged || stamp.entry > stamp.deadline { data.misses += 1 }
    } else {
      if flagged { data.misses += 1 }
      if stamp.entry < stamp.deadline {
        data.reject("entry before the deadline")
      } else {
        data.add(stamp.entry - stamp.deadline, at: stamp.entry)
      }
    }
  }
}
