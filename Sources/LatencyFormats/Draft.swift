import LatencyReport

/// What a reader collects of a foreign file before it is a dataset.
struct Draft {
  let format: Format
  /// Host name where the file names it.
  var host = ""
  /// 0: the unit is unknown.
  var ticksPerSecond: UInt64
  private(set) var provenance: [ProvenanceItem] = []
  var series: [Series] = []
  var warnings: [String] = []

  /// Bytes of provenance a record has room for, less some for the items `dataset` adds.
  private static let provenanceLimit = 2800

  init(_ format: Format, ticksPerSecond: UInt64) {
    self.format = format
    self.ticksPerSecond = ticksPerSecond
    provenance.append(ProvenanceItem("format", format.summary))
  }

  /// Adds a line of provenance: one line, cut at 400 characters; nothing when the value is empty.
  mutating func note(_ key: String, _ value: String?) {
    guard let value, !value.isEmpty else { return }
    let words = printable(value.utf8).split(separator: " ", omittingEmptySubsequences: true)
    let text = words.joined(separator: " ")
    let item = ProvenanceItem(key, text.count > 400 ? text.prefix(400) + "..." : text)
    let used = provenance.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 3 }
    if used + key.utf8.count + item.value.utf8.count <= Self.provenanceLimit {
      provenance.append(item)
    } else {
      warnings.append("provenance '\(key)' is left out: there is no room for it")
    }
  }

  /// The finished dataset.
  func dataset(source: String) -> Dataset {
    var result = self
    if ticksPerSecond == 0 {
      result.warnings.append(
        "the file does not name the unit of its values; --unit ns, us, ms or s says it")
    }
    result.note(
      "timebase", "time, as the tool reported it; the file does not say whether in an emulator")
    var board = host.isEmpty ? format.rawValue : printable(host.utf8)
    while board.utf8.count > 32 { board.removeLast() }
    return Dataset(
      source: source, machine: Machine(name: board, ticksPerSecond: ticksPerSecond),
      provenance: result.provenance, series: series, warnings: result.warnings)
  }
}

/// A histogram as tools print it, checked against the tool's own summary.
struct ToolHistogram {
  var measurement: String
  var place: String
  var points: [Distribution.Point] = []
  /// Samples the tool counted outside its bins.
  var overflow: UInt64 = 0
  /// Overflow samples are this long or longer.
  var overflowBound: UInt64 = 0
  var minimum: UInt64?
  var maximum: UInt64?
  var notes: [String] = []

  /// Samples in the bins; nil when they do not fit 64 bits.
  var binned: UInt64? { Self.sum(points.map(\.count)) }

  static func sum(_ counts: [UInt64]) -> UInt64? {
    var total: UInt64 = 0
    for count in counts {
      let (sum, carry) = total.addingReportingOverflow(count)
      if carry { return nil }
      total = sum
    }
    return total
  }

  /// Why bins and summary contradict each other, as they do when lines are missing; nil: they agree.
  var contradiction: String? {
    guard let binned, !binned.addingReportingOverflow(overflow).overflow else {
      return "\(place): the counts do not fit 64 bits"
    }
    if binned + overflow == 0 { return nil }
    if overflow > 0, let last = points.map(\.bounds.lowerBound).max(), last >= overflowBound {
      return "\(place): samples of \(overflowBound) and more are in no bin, yet one is for \(last)"
    }
    if let minimum, let first = points.first?.bounds, !first.contains(minimum) {
      return "\(place): the minimum is \(minimum), the first bin with samples \(first.lowerBound)"
    }
    guard let maximum else { return nil }
    if overflow > 0 && maximum < overflowBound {
      return "\(place): \(overflow) samples are in no bin, yet the maximum is \(maximum)"
    }
    if overflow == 0, let last = points.last?.bounds, !last.contains(maximum) {
      return "\(place): the maximum is \(maximum), the last bin with samples \(last.lowerBound)"
    }
    return nil
  }

  /// The series.
  var series: Series {
    Series(
      measurement: measurement, origin: .imported(place),
      distribution: Distribution(
        points: points, overflow: overflow, overflowBound: overflow > 0 ? overflowBound : .max,
        maximum: maximum),
      notes: notes)
  }
}
