import Boards
import Foundation
import Testing

/// What runs of the system tests show of boards, as files build/evidence/BOARD/SUITE/FEATURE, and beside them in
/// build/evidence/claims what Sources/Boards says they show. scripts/check-evidence compares the two.
enum Evidence {
  private static let folder = "\(Built.root)/build/evidence"

  /// Notes what a run that ended well has shown, for the suite of the test that asked for it.
  static func note(_ run: SystemRun, typed: Bool) throws {
    guard run.exitCode == 0, let test = Test.current else { return }
    let suite = test.sourceLocation.fileName.replacing(".swift", with: "")
    for feature in features(run, typed: typed) {
      let place = "\(folder)/\(run.board)/\(suite)"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: "\(place)/\(feature)"))
    }
  }

  /// `typed`: it would not have ended well if what was typed had not arrived.
  static func features(_ run: SystemRun, typed: Bool) -> [BoardFeature] {
    let consoles = run.consoles.values
    return BoardFeature.allCases.filter { feature in
      switch feature {
      case .start: run.kernel.contains(/zone [a-z0-9-]+ started/)
      case .interrupts: consoles.contains { $0.contains(/RESULT timer-\w+ .*samples=[1-9]/) }
      case .uart: typed
      case .restart: run.kernel.contains(/zone [a-z0-9-]+ started \(restart/)
      case .linux: consoles.contains { $0.contains(/zone0: \d+ CPUs online/) }
      }
    }
  }

  /// Writes what the boards claim, a line each: board, suite, feature.
  static func writeClaims() throws {
    let lines = Board.all.flatMap { board in
      board.evidence.map { "\(board.name)/\($1.suite)/\($0)\n" }
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(lines.sorted().joined().utf8).write(to: URL(fileURLWithPath: "\(folder)/claims"))
  }
}
