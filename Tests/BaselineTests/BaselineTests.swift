import Foundation
import Testing

/// The number of every path against the one that was recorded, and against its limit.
///
/// With HV_BASELINE=record (`make baseline`) what is measured becomes what is recorded.
@Suite(.serialized) struct BaselineTests {
  private static let isRecording = ProcessInfo.processInfo.environment["HV_BASELINE"] == "record"

  @Test(.enabled(if: isRecording), arguments: MeasuredBoard.allCases)
  func record(board: MeasuredBoard) async throws {
    let first = try await Measurements.now(board)
    let second = try Measurements(board)
    // A number that does not come again is no baseline.
    for path in MeasuredPath.allCases {
      #expect(first.values[path] == second.values[path], "\(path.rawValue) does not repeat")
    }
    guard first.values == second.values else { return }
    let old = try? BaselineFile.load(board)
    for path in MeasuredPath.allCases {
      let was = old?.paths[path.rawValue]?.measured ?? "not recorded"
      let now = first.values[path]?.description ?? "not measured"
      if was != now {
        print("baseline: \(board.rawValue) \(path.rawValue) was \(was), is \(now) \(path.unit)")
      }
    }
    try BaselineFile(measured: first.values, on: board, provenance: first.provenance())
      .write(board)
    try ResultTable.update()
  }

  @Test(.disabled(if: isRecording), arguments: MeasuredBoard.allCases, MeasuredPath.allCases)
  func equalsBaseline(board: MeasuredBoard, path: MeasuredPath) async throws {
    let now = try await Measurements.now(board)
    let measured = try #require(now.values[path], "\(path.rawValue) was not measured")
    let difference = try BaselineFile.load(board).difference(
      path, measured, on: board, emulator: now.emulator)
    if let difference { Issue.record("\(difference)") }
  }

  @Test(arguments: MeasuredBoard.allCases) func limits(board: MeasuredBoard) async throws {
    let now = try await Measurements.now(board)
    for limit in try LimitFile.load(board).limits {
      if let violation = limit.violation(now.values) { Issue.record("\(violation)") }
    }
  }

  @Test(.disabled(if: isRecording), arguments: MeasuredBoard.allCases)
  func baselinesAreOfKnownPaths(board: MeasuredBoard) throws {
    let known = Set(MeasuredPath.allCases.map(\.rawValue))
    #expect(try Set(BaselineFile.load(board).paths.keys) == known)
  }
}
