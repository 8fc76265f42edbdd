import Foundation
import LatencyFormats
import LatencyReport
import Testing
import ToolTestSupport

/// `import`, `merge` and the exports of the built `hvlat`, as a user runs them.
@Suite struct FormatCommandTests {
  @Test func importThenAnalyze() throws {
    try withFolder { folder in
      for (format, bytes) in Fixtures.all
      where [.cyclictest, .jitterdebuggerSamples].contains(format) {
        let source = folder.appendingPathComponent("source").path
        let record = folder.appendingPathComponent("record.hvlat").path
        try Data(bytes).write(to: URL(fileURLWithPath: source))
        let imported = try run(["import", "--from", format.rawValue, source, "-o", record])
        #expect(imported.status == 0, "\(format): \(imported.errors)")
        let direct = try run(["analyze", source]).output
        let again = try run(["analyze", record]).output
        #expect(
          again.replacing(record, with: "F")
            == direct.replacing("\(source) (not sealed)", with: "F"),
          "\(format)")
        #expect(try run(["validate", record]).status == 0)
        #expect(try run(["validate", source]).status == 1)
        #expect(try run(["validate", "--unsealed", source]).status == 0)
      }
    }
  }

  /// Every command that says something says it as JSON, too.
  @Test func jsonOfCommands() throws {
    try withFolder { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      try Data(Fixtures.cyclictest.utf8).write(to: URL(fileURLWithPath: path("a.txt")))
      func files(_ arguments: [String], status: Int32 = 0) throws -> [[String: Any]] {
        let result = try run(arguments + ["--json"])
        #expect(result.status == status, "\(arguments): \(result)")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require((object as? [String: Any])?["files"] as? [[String: Any]])
      }
      let imported = try files(["import", path("a.txt"), "-o", path("a.hvlat")])
      #expect(imported.first?["file"] as? String == path("a.hvlat"))
      #expect(imported.first?["isSealed"] as? Bool == true)
      let measurements = try #require(imported.first?["measurements"] as? [[String: Any]])
      #expect(measurements.map { $0["samples"] as? Int } == [951, 993])
      let info = try files(["info", path("a.txt"), path("a.hvlat")])
      #expect(info.map { $0["isSealed"] as? Bool } == [false, true])
      let found = try files(
        ["validate", path("a.txt"), path("a.hvlat"), path("none")], status: 1)
      #expect(found.map { $0["isValid"] as? Bool } == [false, true, false])
      let merged = try files(
        ["merge", path("a.txt"), path("a.txt"), "-o", path("b.hvlat")])
      #expect((merged.first?["measurements"] as? [Any])?.count == 2)
      let added = try files(["history", "add", path("h.db"), path("a.txt")])
      #expect(added.first?["runs"] as? [Int] == [1, 2])
      #expect(try run(["import", path("a.txt"), "-o", "-", "--json"]).status == 1)
    }
  }

  @Test func standardInputAndThresholds() throws {
    let hit = try run(
      ["analyze", "-", "--threshold", "max<=500us", "--no-histograms"],
      input: Fixtures.cyclictest.utf8)
    #expect(hit.status == 2)
    #expect(hit.errors.contains("cyclictest in thread 1 has 977000 ns"))
    #expect(
      try run(["analyze", "-", "--threshold", "max<=1ms"], input: Fixtures.cyclictest.utf8).status
        == 0)
    let broken = try run(["analyze", "-"], input: Fixtures.cyclictest.utf8.dropLast(60))
    #expect(broken.status == 1)
    #expect(broken.output.isEmpty)
    #expect(broken.errors.contains("hvlat: -: line 17"), "\(broken.errors)")
    #expect(try run(["import", "--from", "nonsense", "-", "-o", "-"]).status == 1)
  }

  @Test func mergeAndExports() throws {
    try withFolder { folder in
      let source = folder.appendingPathComponent("a.txt").path
      let merged = folder.appendingPathComponent("c.hvlat").path
      try Data(Fixtures.cyclictest.utf8).write(to: URL(fileURLWithPath: source))
      #expect(try run(["merge", source, source, "-o", merged]).status == 0)
      #expect(try run(["analyze", merged, "--csv", "-"]).output.contains("thread 0,6,6,1400,"))
      let other = try run(["merge", source, "-", "-o", merged], input: Fixtures.cyclictestAll.utf8)
      #expect(other.status == 1)
      #expect(other.errors.contains("different period"))
      #expect(try run(["merge", source, "-o", merged]).status == 1)
      let hgrm = try run(["analyze", source, "--hgrm", "-", "--zone", "thread 0"])
      #expect(hgrm.status == 0)
      #expect(hgrm.output.contains("Total count    =          951"))
      let refused = try run(["analyze", source, "--hlog", "-"])
      #expect(refused.status == 1)
      #expect(refused.errors.contains("cannot express"))
      #expect(try run(["analyze", source, source, "--csv", "-"]).status == 1)
      let log = folder.appendingPathComponent("x.hlog").path
      #expect(try run(["analyze", source, "--hlog", log, "--zone", "thread 0"]).status == 0)
      #expect(try run(["analyze", log, "--unit", "us"]).output.contains("tag cyclictest/thread-0"))
    }
  }
}
