import Foundation
import Testing

/// The number of every path against the one that was recorded, and against its limit.
///
/// With HV_BASELINE=record (`make baseline`) what is measured becomes what is recorded.
@Suite(.serialized) struct BaselineTests {
  private static let isRecording = ProcessInfo.processInfo.environment["HV_BASELINE"] == "record"

  @Test(.enabled(if: isRecording)) func record() async throws {
    let first = try await Measurements.now.value
    let second = try Measurements()
    // A number that does not come again is no baseline.
    for path in MeasuredPath.allCases {
      #expect(first.values[path] == second.values[path], "\(path.rawValue) does not repeat")
    }
    guard first.values == second.values else { return }
    let old = try? BaselineFile.load()
    for path in MeasuredPath.allCases {
      let was = old?.paths[path.rawValue]?.measured ?? "not recorded"
      let now = first.values[path]?.description ?? "not measured"
      if was != now { print("baseline: \(path.rawValue) was \(was), is \(now) \(path.unit)") }
    }
    try BaselineFile(measured: first.values, provenance: first.provenance()).write()
    try ResultTable.update()
  }

  @Test(.disabled(if: isRecording), arguments: MeasuredPath.allCases)
  func equalsBaseline(path: MeasuredPath) async throws {
    let now = try await Measurements.now.value
    let measured = try #require(now.values[path], "\(path.rawValue) was not measured")
    let difference = try BaselineFile.load().difference(path, measured, emulator: now.emulator)
    if let difference { Issue.record("\(difference)") }
  }

  @Test func limits() async throws {
    let now = try await Measurements.now.value
    for limit in try LimitFile.load().limits {
      if let violation = limit.violation(now.values) { Issue.record("\(violation)") }
    }
  }

  @Test(.disabled(if: isRecording)) func baselinesAreOfKnownPaths() throws {
    let known = Set(MeasuredPath.allCases.map(\.rawValue))
    #expect(try Set(BaselineFile.load().paths.keys) == known)
  }
}
