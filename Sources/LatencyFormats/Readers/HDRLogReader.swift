import LatencyReport

/// HdrHistogram interval logs (`.hlog`), format versions 1.0 to 1.3, with tags.
///
/// Facts from HdrHistogram_c, src/hdr_histogram_log.c (`hdr_log_read_header`, `hdr_log_read_entry`):
/// lines `[Tag=NAME,]start,length,max,base64`. All intervals of a tag are added; each bin keeps its
/// width, so quantiles are bounds. A log does not name the unit of its values.
struct HDRLogReader: LineByLineReader {
  private struct Tagged {
    var points: [ClosedRange<UInt64>: UInt64] = [:]
    var geometries: Set<HDRGeometry> = []
    var intervals = 0
    var count: UInt64 = 0
  }

  var lines: LineReader
  private var tags: [String: Tagged] = [:]
  private var entryCount = 0
  private var version: String?
  private var startTime: String?
  private var logger: String?
  private static let tagLimit = 1024

  init(lines: LineReader) { self.lines = lines }

  var soFar: String { "\(entryCount) intervals" }

  mutating func take(_ line: ArraySlice<UInt8>) throws(FormatError) {
    if line.isEmpty { return }
    if line.first == UInt8(ascii: "#") {
      try takeComment(line)
    } else if !line.hasPrefix("\"StartTimestamp\"") {
      try takeEntry(line)
    }
  }

  private mutating func takeComment(_ line: ArraySlice<UInt8>) throws(FormatError) {
    if let rest = line.after("#[Histogram log format version ") {
      let text = printable(rest.prefix { $0 != UInt8(ascii: "]") })
      guard version == nil else {
        throw error("a second log begins", "give one run in each file")
      }
      let parts = text.split(separator: ".").map { Int($0) }
      guard parts.count == 2, parts[0] == 1, let minor = parts[1], (0...3).contains(minor) else {
        throw error("log version '\(text)', known are 1.0 to 1.3", "use a newer hvlat")
      }
      version = text
    } else if let rest = line.after("#[StartTime: ") {
      startTime = printable(rest.prefix { $0 != UInt8(ascii: "]") })
    } else if let rest = line.after("#[Logged with ") {
      logger = printable(rest.prefix { $0 != UInt8(ascii: "]") })
    }
  }

  private mutating func takeEntry(_ line: ArraySlice<UInt8>) throws(FormatError) {
    var fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    var tag = ""
    if let name = fields.first?.after("Tag=") {
      tag = printable(name)
      fields.removeFirst()
    }
    guard fields.count == 4, fields[0...2].allSatisfy(Self.isDecimal) else {
      throw error(
        "\(line.quoted) is no interval: [Tag=NAME,]start,length,max,histogram",
        "the file is damaged or cut off; get it again")
    }
    let decoded: HDRCodec.Decoded
    do {
      decoded = try HDRCodec.decode(fields[3])
    } catch {
      throw self.error(error.text, "the file is damaged or cut off; get it again")
    }
    guard tags[tag] != nil || tags.count < Self.tagLimit else {
      throw error("more than \(Self.tagLimit) tags", "check that this is a latency log")
    }
    var tagged = tags[tag] ?? Tagged()
    tags[tag] = nil  // so that its table is not copied
    tagged.intervals += 1
    tagged.geometries.insert(decoded.geometry)
    for point in decoded.points {
      let (sum, carry) = tagged.count.addingReportingOverflow(point.count)
      guard !carry else { throw error("too many samples to count", "the file is damaged") }
      tagged.count = sum
      tagged.points[point.bounds, default: 0] += point.count
    }
    tags[tag] = tagged
    entryCount += 1
  }

  /// Digits with at most one point.
  private static func isDecimal(_ field: ArraySlice<UInt8>) -> Bool {
    field.contains { $0 >= 0x30 && $0 <= 0x39 } && field.filter { $0 == 0x2e }.count <= 1
      && field.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2e }
  }

  func draft(_ options: ReadOptions) throws(FormatError) -> Draft {
    guard entryCount > 0 else {
      throw error("no interval", "the log is empty or cut off; get the whole file")
    }
    var draft = Draft(.hdr, ticksPerSecond: options.unit?.perSecond ?? 0)
    draft.note("tool", logger)
    draft.note("date", startTime)
    for (tag, tagged) in tags.sorted(by: { $0.key < $1.key }) {
      let points = tagged.points.map { Distribution.Point(bounds: $0.key, count: $0.value) }
      var notes = ["\(tagged.intervals) intervals added; the maximum is the upper end of its bin"]
      if tagged.geometries.count > 1 {
        notes.append("intervals have different bins; those that overlap were joined")
      }
      draft.series.append(
        Series(
          measurement: "hdr", origin: .imported(tag.isEmpty ? "untagged" : "tag \(tag)"),
          distribution: Distribution(points: points), notes: notes))
    }
    return draft
  }
}
