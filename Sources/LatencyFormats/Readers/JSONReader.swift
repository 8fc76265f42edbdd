import LatencyReport

/// What the readers of JSON formats share.
enum JSONReader {
  /// Reads a document that must be in format `expected`.
  static func read(
    _ stream: ByteStream, expected: Format, _ options: ReadOptions
  ) throws(FormatError) -> Draft {
    let root = try JSONParser.parse(
      try stream.readAll(limit: JSONParser.byteLimit, "JSON of a known tool"))
    switch try format(of: root, expected: expected) {
    case .cyclictestJSON: return try CyclictestJSONReader.read(root)
    case .jitterdebugger: return try JitterdebuggerReader.read(root, options)
    case .osadl: return try OSADLReader.read(root)
    case .record, .cyclictest, .rtla, .jitterdebuggerSamples, .hdr, .hgrm, .csv:
      throw error(root, "this format is not JSON", "check --from")
    }
  }

  /// The one format whose keys the document has; `expected` nil: any.
  static func format(of root: JSONNode, expected: Format?) throws(FormatError) -> Format {
    let found = recognise(root)
    guard found.count < 2 || found.contains(where: { $0 == expected }) else {
      throw error(
        root, "could be \(found.map(\.summary).joined(separator: " or "))",
        "import it with --from, which names the format")
    }
    guard let format = expected.map({ found.contains($0) ? $0 : nil }) ?? found.first else {
      let what = expected.map { "no \($0.summary)" } ?? "of no known format"
      throw error(
        root, "this JSON is \(what)",
        "known are cyclictest --json, jitterdebugger and OSADL RT Dataset 1.0")
    }
    return format
  }

  /// Formats whose keys the document has.
  private static func recognise(_ root: JSONNode) -> [Format] {
    var found: [Format] = []
    if root["file_version"] != nil, root["thread"] != nil { found.append(.cyclictestJSON) }
    if root["cpu"]?.members != nil { found.append(.jitterdebugger) }
    if root["format"]?["name"] != nil, root["latency"] != nil { found.append(.osadl) }
    return found
  }

  static func error(_ node: JSONNode, _ problem: String, _ advice: String) -> FormatError {
    FormatError(.line(node.line), problem, read: "the whole JSON document", advice)
  }

  /// A member that must be there.
  static func member(_ node: JSONNode, _ key: String) throws(FormatError) -> JSONNode {
    guard let value = node[key] else {
      throw error(node, "\"\(key)\" is missing", "the file is damaged or of another version")
    }
    return value
  }

  /// A member that must be a whole number.
  static func integer(_ node: JSONNode, _ key: String) throws(FormatError) -> UInt64 {
    let value = try member(node, key)
    guard let number = value.integer else {
      throw error(value, "\"\(key)\" is no whole number", "the file is damaged; get it again")
    }
    return number
  }

  /// A sparse histogram: an object whose keys are values and whose members are counts.
  static func histogram(_ node: JSONNode) throws(FormatError) -> [Distribution.Point] {
    guard let members = node.members else {
      throw error(node, "the histogram is no object", "the file is damaged; get it again")
    }
    var points: [UInt64: UInt64] = [:]
    for (key, value) in members {
      guard let latency = ArraySlice(key.utf8).decimal, let count = value.integer,
        points.updateValue(count, forKey: latency) == nil
      else {
        throw error(
          value, "bin \"\(key)\" is no count of a latency", "the file is damaged; get it again")
      }
    }
    return points.sorted { $0.key < $1.key }.filter { $0.value > 0 }.map {
      .init(bounds: $0.key...$0.key, count: $0.value)
    }
  }

  /// Ticks in a second, for a resolution in ns.
  static func ticksPerSecond(
    _ node: JSONNode, resolution: UInt64
  ) throws(FormatError) -> UInt64 {
    guard resolution > 0, 1_000_000_000 % resolution == 0 else {
      throw error(
        node, "a resolution of \(resolution) ns does not divide a second",
        "the file is damaged; get it again")
    }
    return 1_000_000_000 / resolution
  }

  /// Samples outside the bins: what was counted less what the bins hold.
  static func overflow(
    _ node: JSONNode, counted: UInt64, _ histogram: ToolHistogram
  ) throws(FormatError) -> UInt64 {
    guard let binned = histogram.binned, binned <= counted else {
      throw error(
        node, "\(histogram.place): the bins hold more than the \(counted) samples counted",
        "the file is damaged; get it again")
    }
    return counted - binned
  }

  static func check(_ node: JSONNode, _ histogram: ToolHistogram) throws(FormatError) {
    if let contradiction = histogram.contradiction {
      throw error(node, contradiction, "bins are missing or changed; get the file again")
    }
  }
}
