import Boards
import Foundation
import Workbench
import ZoneLoader

/// What is said of a run when it is over.
struct RunReport {
  let result: RunResult
  let zones: [RunZone]
  let logFolder: String
  /// QEMU's version.
  let version: String
  /// The command that started QEMU.
  let command: String
  let system: PlannedSystem
  /// Path of the record file, if one was asked for.
  let record: String?

  var exitCode: Int32 { result.end.exitCode }

  private var isInterrupted: Bool {
    if case .interrupted = result.end { true } else { false }
  }

  /// One sentence on standard error, after a bad end with the last lines; with `json` all of it as
  /// an object on standard output too.
  func print(json: Bool) throws(ToolFailure) {
    for warning in result.warnings { Output.error("hv: warning: \(warning)") }
    if exitCode != 0 && !isInterrupted {
      for line in result.emulatorMessages { Output.error("qemu: \(line)") }
      if !result.lastLines.isEmpty { Output.error("hv: the last lines were") }
      for line in result.lastLines { Output.error("  \(line)") }
    }
    let seconds = String(format: "%.1f", result.seconds)
    Output.error("hv: \(result.end.sentence) (after \(seconds) s; logs in \(logFolder))")
    if let record, result.record != nil { Output.error("hv: latency records in \(record)") }
    guard json else { return }
    do {
      try Output.text(PrettyJSON.text(object))
    } catch {
      // How the run ended says more.
      guard exitCode != 0 else { throw error }
      if !error.message.isEmpty { Output.error("hv: \(error.message)") }
    }
  }

  private var object: Object {
    Object(
      exitCode: exitCode, end: result.end.keyword, reason: result.end.sentence,
      seconds: result.seconds,
      zones: zip(zones, result.states).map { zone, state in
        Object.Zone(
          name: zone.name, state: state.rawValue, log: "\(logFolder)/\(zone.name).log")
      },
      logs: logFolder, record: result.record == nil ? nil : record, lastLines: result.lastLines,
      emulatorMessages: result.emulatorMessages, warnings: result.warnings,
      board: system.board.name, planChecksum: system.checksumText,
      imageHash: system.imageHashText, qemuVersion: version, qemuCommand: command)
  }

  /// The keys of `--json`; docs/hv.md lists them.
  private struct Object: Encodable {
    struct Zone: Encodable {
      var name: String
      var state: String
      var log: String
    }
    var exitCode: Int32
    var end: String
    var reason: String
    var seconds: Double
    var zones: [Zone]
    var logs: String
    var record: String?
    var lastLines: [String]
    var emulatorMessages: [String]
    var warnings: [String]
    var board: String
    var planChecksum: String
    var imageHash: String
    var qemuVersion: String
    var qemuCommand: String
  }
}
