import LatencyReport

/// OSADL "RT Dataset" version 1.0.
///
/// Facts from github.com/osadl/Latencyplot, README.md ("Data format") and src/mk-rtdataset.py: row 0
/// of `cores` is the index of the bins, each further row one core; `maxima`, which the README does not
/// mention, holds each core's maximum; `cycles` counts per core; overflow is stated nowhere.
enum OSADLReader {
  static func read(_ root: JSONNode) throws(FormatError) -> Draft {
    let name = root["format"]?["name"]?.text ?? ""
    let version = root["format"]?["version"]?.text ?? ""
    guard name == "RT Dataset", version == "1.0" else {
      throw JSONReader.error(
        root, "format '\(name)' version '\(version)', known is 'RT Dataset' 1.0",
        "use a newer hvlat")
    }
    let latency = try JSONReader.member(root, "latency")
    var draft = Draft(.osadl, ticksPerSecond: try unit(latency).perSecond)
    addProvenance(root, &draft)
    let bins = try rows(latency)
    let maxima = try self.maxima(latency, cores: bins.count - 1)
    let cycles = root["condition"]?["cycles"]?.integer
    for core in 1..<bins.count {
      var histogram = ToolHistogram(measurement: "cyclictest", place: "core \(core - 1)")
      histogram.points = zip(bins[0], bins[core]).filter { $0.1 > 0 }.map {
        .init(bounds: $0.0...$0.0, count: $0.1)
      }
      histogram.overflowBound = (bins[0].last ?? 0).addingSaturating(1)
      histogram.maximum = maxima?[core - 1]
      try addOverflow(latency, cycles, &histogram)
      try JSONReader.check(latency, histogram)
      draft.series.append(histogram.series)
    }
    return draft
  }

  private static func unit(_ latency: JSONNode) throws(FormatError) -> TimeUnit {
    let node = try JSONReader.member(latency, "granularity")
    switch node.text {
    case "microseconds", "us", "µs": return .microseconds
    case "nanoseconds", "ns": return .nanoseconds
    case let other:
      throw JSONReader.error(
        node, "granularity '\(other ?? "?")' is unknown", "known are microseconds and nanoseconds")
    }
  }

  private static func addProvenance(_ root: JSONNode, _ draft: inout Draft) {
    draft.host = root["system"]?["hostname"]?.text ?? ""
    draft.note("date", root["timestamps"]?["origin"]?.text)
    let processor = ["vendor", "type", "family"].compactMap { root["processor"]?[$0]?.text }
    draft.note("processor", processor.joined(separator: " "))
    draft.note("kernel", root["kernel"]?["version"]?.text)
    draft.note("kernel-cmdline", root["kernel"]?["cmdline"]?.text)
    draft.note("load", root["condition"]?["load"]?.text)
    draft.note("period", root["condition"]?["interval"]?.text.map { "\($0) us" })
    draft.note("command", root["condition"]?["cyclictest"]?.text)
  }

  /// The index row and at least one core, all of one length.
  private static func rows(_ latency: JSONNode) throws(FormatError) -> [[UInt64]] {
    let node = try JSONReader.member(latency, "cores")
    guard let rows = node.elements, rows.count > 1 else {
      throw JSONReader.error(node, "no cores", "row 0 is the bin index, the others are cores")
    }
    var result: [[UInt64]] = []
    for (number, row) in rows.enumerated() {
      guard let elements = row.elements, elements.count == result.first?.count ?? elements.count
      else {
        throw JSONReader.error(
          row, "row \(number) of cores is no list as long as row 0",
          "the file is damaged; get it again")
      }
      var values: [UInt64] = []
      for element in elements {
        guard let value = element.integer else {
          throw JSONReader.error(
            element, "row \(number) of cores has something that is no whole number",
            "the file is damaged; get it again")
        }
        values.append(value)
      }
      result.append(values)
    }
    guard let index = result.first, !index.isEmpty, zip(index, index.dropFirst()).allSatisfy(<)
    else {
      throw JSONReader.error(
        node, "the bin index (row 0) does not ascend", "the file is damaged; get it again")
    }
    return result
  }

  private static func maxima(
    _ latency: JSONNode, cores: Int
  ) throws(FormatError) -> [UInt64]? {
    guard let node = latency["maxima"], let elements = node.elements, !elements.isEmpty else {
      return nil
    }
    let values = elements.compactMap(\.integer)
    guard values.count == elements.count, values.count == cores else {
      throw JSONReader.error(
        node, "\(elements.count) maxima for \(cores) cores", "the file is damaged; get it again")
    }
    return values
  }

  /// Overflow from `cycles`: certain where a maximum lies above the bins, possible where no maximum
  /// is given. The unfavourable reading is taken, and said.
  private static func addOverflow(
    _ node: JSONNode, _ cycles: UInt64?, _ histogram: inout ToolHistogram
  ) throws(FormatError) {
    guard let binned = histogram.binned else {
      throw JSONReader.error(node, "\(histogram.place): too many samples", "the file is damaged")
    }
    let missing = cycles.map { $0 > binned ? $0 - binned : 0 }
    if let maximum = histogram.maximum {
      if maximum >= histogram.overflowBound {
        histogram.overflow = max(1, missing ?? 1)
        histogram.notes.append(
          missing ?? 0 > 0
            ? "overflow is at most \(missing ?? 0): cycles less the sum of the bins"
            : "at least one sample is above the bins; how many is not stated")
      } else if let missing, missing > 0 {
        histogram.notes.append(
          "\(missing) cycles fewer than were asked for; none is above the bins")
      }
    } else if let missing, missing > 0 {
      histogram.overflow = missing
      histogram.notes.append(
        "\(missing) cycles are in no bin and no maximum is given: counted as overflow")
    }
  }
}
