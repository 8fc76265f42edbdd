import Foundation
import LatencyProbe
import Workbench

/// What a run of the bring-up image said: on the UART, or, where that stayed silent, in memory.
struct BringupReport {
  /// The lines, without line ends.
  let lines: [String]
  /// The UART did not get as far as the last line, and memory did.
  let isFromMemory: Bool

  /// Ends the report.
  static let lastLine = "bringup: end "

  /// `uart`: all that came; `record`: the records' memory, if it could be read.
  init(uart: String, record: [UInt8]?) {
    let said = BringupReport.lines(of: uart)
    let kept = record.flatMap { BringupLog.text(inRecord: $0) }
      .map { BringupReport.lines(of: String(decoding: $0, as: UTF8.self)) }
    let isComplete = said.contains { $0.hasPrefix(BringupReport.lastLine) }
    if let kept, !isComplete, kept.count > said.count {
      (lines, isFromMemory) = (kept, true)
    } else {
      (lines, isFromMemory) = (said, false)
    }
  }

  private static func lines(of text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map(String.init).filter { $0.hasPrefix("bringup: ") }
  }

  /// Whether the last check came to an end.
  var isComplete: Bool { lines.last?.hasPrefix(BringupReport.lastLine) ?? false }

  /// Checks that failed.
  var failures: [String] {
    lines.filter { $0.split(separator: " ", maxSplits: 3).dropFirst(2).first == "FAIL" }
  }

  /// The check that was started last and did not end; nil when all ended.
  var unfinished: String? {
    guard !isComplete, let last = lines.last, last.hasSuffix(" start") else { return nil }
    return last.split(separator: " ").dropFirst().first.map(String.init)
  }
}
