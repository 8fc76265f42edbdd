import Foundation
import Testing

/// The table of measurements/README.md, made from the recorded baselines and the limits, so that the
/// page cannot say anything else.
enum ResultTable {
  /// The page that has the table, from the root.
  static let page = "measurements/README.md"

  /// What is recorded of a board and what it is held to.
  typealias Board = (board: MeasuredBoard, baselines: BaselineFile, limits: LimitFile)

  /// All boards of which something is recorded.
  static func boards() throws -> [Board] {
    try MeasuredBoard.allCases.map { try ($0, .load($0), .load($0)) }
  }

  /// The table's lines, by board and in the order of `MeasuredPath`. What was measured without the kernel
  /// and the exits are in the row of the path they belong to.
  static func lines(_ boards: [Board]) -> [String] {
    let rows = MeasuredPath.allCases.filter { path in
      !["-bare", "-exits"].contains { path.rawValue.hasSuffix($0) }
    }
    return ["| board | path | zone | bare | must be | unit |", "|---|---|---|---|---|---|"]
      + boards.flatMap { board in rows.map { row($0, board) } }
  }

  private static func row(_ path: MeasuredPath, _ board: Board) -> String {
    let (baselines, limits) = (board.baselines, board.limits)
    let name = path.rawValue
    let bare = baselines.paths["\(name)-bare"].map { grouped($0.measured) } ?? "-"
    let parts = [name, "\(name)-exits"]
    let zone = parts.compactMap { part in
      baselines.paths[part].map { grouped($0.measured) + (part == name ? "" : " \($0.unit)") }
    }
    let must = parts.flatMap { part in
      limits.limits.filter { $0.path.rawValue == part }.map { text($0, isSelf: part == name) }
    }
    let cells = [
      board.board.rawValue, "`\(path.rawValue)`", zone.joined(separator: "; "), bare,
      must.isEmpty ? "-" : must.joined(separator: "; "), path.unit,
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }

  private static func text(_ limit: LimitFile.Limit, isSelf: Bool) -> String {
    let gap = limit.gap.map { ", **not kept**: \($0)" } ?? ""
    if let other = limit.equals {
      return (other.rawValue.hasSuffix("-bare") ? "as bare" : "as `\(other.rawValue)`") + gap
    }
    let most = grouped("\(limit.most ?? 0)")
    return "at most \(most)\(isSelf ? "" : " \(limit.path.unit)")\(gap)"
  }

  /// The same text with a comma between thousands.
  static func grouped(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let digits = word.prefix { $0.isNumber }
      let groups = digits.indices.filter {
        let rest = digits.distance(from: $0, to: digits.endIndex)
        return rest % 3 == 0 && $0 != digits.startIndex
      }
      return digits.indices.map { groups.contains($0) ? ",\(digits[$0])" : "\(digits[$0])" }
        .joined() + word.dropFirst(digits.count)
    }.joined(separator: " ")
  }

  /// `page` with the lines of its table replaced; nil when it has no table that begins as `lines` do.
  static func replacing(_ page: String, with lines: [String]) -> String? {
    var text = page.components(separatedBy: "\n")
    guard let start = text.firstIndex(of: lines[0]) else { return nil }
    let end = text[start...].firstIndex { !$0.hasPrefix("|") } ?? text.endIndex
    text.replaceSubrange(start..<end, with: lines)
    return text.joined(separator: "\n")
  }

  /// Writes the table of what is recorded into the page.
  static func update() throws {
    let file = BaselineFile.root.appendingPathComponent(page)
    let old = try String(contentsOf: file, encoding: .utf8)
    // A board that is recorded for the first time may be followed by others.
    let lines = lines(MeasuredBoard.allCases.compactMap { try? ($0, .load($0), .load($0)) })
    guard let new = replacing(old, with: lines) else {
      throw MeasurementError(description: "\(page) has no line '\(lines[0])'")
    }
    if new != old { try Data(new.utf8).write(to: file, options: .atomic) }
  }
}

@Suite struct ResultTableTests {
  private static let isRecording = ProcessInfo.processInfo.environment["HV_BASELINE"] == "record"

  @Test(.disabled(if: isRecording)) func thePageHasWhatIsRecorded() throws {
    let lines = ResultTable.lines(try ResultTable.boards())
    let page = try String(
      contentsOf: BaselineFile.root.appendingPathComponent(ResultTable.page), encoding: .utf8)
    let isCurrent = ResultTable.replacing(page, with: lines) == page
    #expect(
      isCurrent,
      "\(ResultTable.page) is not what is recorded; put this in:\n\(lines.joined(separator: "\n"))")
  }

  @Test func rows() throws {
    let baselines = BaselineFile(
      measured: [
        .timerBusy: Distribution(counts: [2: 100_000]), .timerBusyExits: Distribution(0),
        .timerBusyBare: Distribution(counts: [2: 99_999, 7: 1]), .boot: Distribution(1_104_705),
        .ipiSelf: Distribution(4),
      ], on: .aarch64, provenance: BaselineFile.Provenance(date: "", emulator: "", images: [:]))
    let limits = try JSONDecoder().decode(
      LimitFile.self,
      from: Data(
        #"""
        {"about":"","limits":[{"path":"timer-busy","equals":"timer-busy-bare"},
        {"path":"timer-busy-exits","most":0},{"path":"boot","most":150000,"gap":"too slow"}]}
        """#.utf8))
    let lines = ResultTable.lines([
      (.aarch64, baselines, limits), (.riscv64PLIC, baselines, limits),
    ])
    #expect(
      lines[2] == "| aarch64 | `timer-busy` | 2 x 100,000; 0 exits | 2 x 99,999, 7 x 1 | "
        + "as bare; at most 0 exits | instructions |")
    #expect(
      lines.contains(
        "| riscv64-plic | `boot` | 1,104,705 | - | at most 150,000, **not kept**: too slow "
          + "| instructions |"))
    #expect(lines.contains("| aarch64 | `ipi-self` | 4 | - | - | instructions |"))
    #expect(lines.contains("| riscv64-plic | `ipi-self` | 4 | - | - | instructions |"))
  }

  @Test(arguments: [
    ("0", "0"), ("999 x", "999 x"), ("1000", "1,000"), ("2 x 123456, 7 x 1", "2 x 123,456, 7 x 1"),
  ])
  func grouped(row: (text: String, result: String)) {
    #expect(ResultTable.grouped(row.text) == row.result)
  }

  @Test func replacesTheTableOnly() {
    #expect(
      ResultTable.replacing("a\n|x|\n|1|\n\n|y|", with: ["|x|", "|2|"]) == "a\n|x|\n|2|\n\n|y|")
    #expect(ResultTable.replacing("a\n|x|", with: ["|x|", "|2|"]) == "a\n|x|\n|2|")
    #expect(ResultTable.replacing("a", with: ["|x|"]) == nil)
  }
}
