import Foundation
import LatencyStatistics
import Testing
import ToolTestSupport

/// The built `hvlat gate` and `hvlat history`, as CI runs them: exit codes, and where text goes.
@Suite struct GateCommandTests {
  private static let baselines =
    #"{"paths":{"sgi":{"measured":"90 x 10","unit":"instructions","command":"c"}}}"#

  /// A value given, what the gate ends with, and a part of what it says.
  @Test(
    arguments: [
      (["--value", "sgi=90 x 10"], 0, "all 1 as recorded"),
      (["--value", "sgi=91 x 10"], 2, "failed: sgi: was 90 x 10 instructions, is 91 x 10"),
      (["--value", "sgi=90 x 9, 91 x 1"], 2, "is 90 x 9, 91 x 1"),
      ([], 2, "not measured"), (["--ignore", "sgi"], 0, "all 0 as recorded"),
      (["--value", "sgi"], 1, "write NAME=VALUE"), (["--value", "sgi=x"], 1, "write NAME=VALUE"),
      (["--value", "sgi=1", "--value", "sgi=1"], 1, "measured twice"),
      (["no-such-file"], 1, "cannot be opened"),
      (["--value", "sgi=91 x 10", "--github"], 2, "::error title=sgi::was 90 x 10"),
      (["--value", "sgi=91 x 10", "--json"], 2, "\"state\" : \"failed\""),
      (["--value", "sgi=91 x 10", "--junit", "-"], 2, "<failure message="),
      (["--value", "sgi=91 x 10", "--html", "-"], 2, "<strong>FAIL: 1 of 1 changed"),
    ] as [([String], Int32, String)])
  func gate(row: (arguments: [String], status: Int32, text: String)) throws {
    let folder = try Folder()
    try Data(Self.baselines.utf8).write(to: URL(fileURLWithPath: folder.path + "/b.json"))
    let result = try run(["gate", folder.path + "/b.json"] + row.arguments)
    #expect(result.status == row.status, "\(result)")
    #expect((result.output + result.errors).contains(row.text), "\(result)")
  }

  @Test func gateWithoutBaselines() throws {
    let folder = try Folder()
    #expect(try run(["gate", folder.path + "/b.json"]).status == 1)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: folder.path + "/b.json"))
    let result = try run(["gate", folder.path + "/b.json"])
    #expect(result.status == 1 && result.errors.contains("'paths' is missing"))
  }

  /// CSV has no icount: a gate on instructions must not take it.
  @Test func gateRefusesTime() throws {
    let folder = try Folder()
    try Data(Self.baselines.utf8).write(to: URL(fileURLWithPath: folder.path + "/b.json"))
    let file = try csv(folder, level: 1000, seed: 1)
    let result = try run(["gate", folder.path + "/b.json", file, "--unit", "ns"])
    #expect(result.status == 1, "\(result)")
  }

  private func csv(_ folder: Folder, level: UInt64, seed: UInt64) throws -> String {
    let path = folder.path + "/\(level)-\(seed).csv"
    let lines = Runs.noise(3000, level: level, seed: seed).map { "\($0)\n" }.joined()
    try Data(("latency_ns\n" + lines).utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Equal p99.9 of 10 us, maxima of 30 us and 1,901 us: what quantiles do not see.
  @Test func compareCatchesOneSampleOf1901Microseconds() throws {
    let folder = try Folder()
    func write(_ name: String, maximum: UInt64, seed: UInt64) throws -> String {
      var values =
        [UInt64](repeating: 4000, count: 59_800) + [UInt64](repeating: 6000, count: 40_000)
      values += [UInt64](repeating: 10_000, count: 150)
      values += [UInt64](repeating: 20_000, count: 49) + [maximum]
      var random = SeededGenerator(seed: seed)
      values.shuffle(using: &random)
      let path = folder.path + "/" + name
      let text = "latency_ns\n" + values.map { "\($0)\n" }.joined()
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return path
    }
    let good = try write("good.csv", maximum: 30_000, seed: 1)
    let bad = try write("bad.csv", maximum: 1_901_000, seed: 2)
    let worse = try run(["compare", good, bad, "--junit", folder.path + "/junit.xml"])
    #expect(worse.status == 2, "\(worse)")
    #expect(worse.output.contains("p99.9 10000 -> 10000"), "\(worse)")
    #expect(worse.output.contains("worse: maximum: 30000 -> 1901000 ns"), "\(worse)")
    let junit = FileManager.default.contents(atPath: folder.path + "/junit.xml") ?? Data()
    #expect(String(decoding: junit, as: UTF8.self).contains("maximum: 30000 -&gt; 1901000 ns"))
    #expect(try run(["compare", bad, good]).status == 0)
  }

  @Test func historyInCI() throws {
    let folder = try Folder()
    let base = try csv(folder, level: 5000, seed: 1)
    let added = try run(["history", "add", folder.database, base, "--baseline", "--label", "<v1>"])
    #expect(added.status == 0, "\(added)")
    #expect(try run(["history", "gate", folder.database]).status == 1, "no run after the baseline")
    let first = try run(["history", "gate", folder.database, "--allow-inconclusive"])
    #expect(first.status == 0 && first.output.hasPrefix("undecided: "), "\(first)")
    // The same source name: place and measurement are the same.
    try FileManager.default.removeItem(atPath: base)
    try FileManager.default.moveItem(atPath: try csv(folder, level: 5000, seed: 2), toPath: base)
    _ = try run(["history", "add", folder.database, base])
    let same = try run(["history", "gate", folder.database])
    #expect(same.status == 0, "\(same)")
    try FileManager.default.removeItem(atPath: base)
    try FileManager.default.moveItem(atPath: try csv(folder, level: 7000, seed: 3), toPath: base)
    _ = try run(["history", "add", folder.database, base])
    let junit = folder.path + "/junit.xml"
    let worse = try run(["history", "gate", folder.database, "--junit", junit, "--github"])
    #expect(worse.status == 2 && worse.output.contains("::error "), "\(worse)")
    #expect(try run(["history", "gate", folder.database, "--allow-inconclusive"]).status == 2)
    #expect(
      String(decoding: FileManager.default.contents(atPath: junit) ?? Data(), as: UTF8.self)
        .contains("<failure "))
    let list = try run(["history", "list", folder.database])
    #expect(list.output.contains("1*  ") && list.output.contains("[<v1>]"), "\(list)")
    #expect(
      try run(["history", "list", folder.database, "--json"]).output.contains("\"runs\" : ["))
    #expect(try run(["history", "show", folder.database, "2", "--json"]).status == 0)
    #expect(try run(["history", "show", folder.database, "9"]).status == 1)
    let page = try run(["history", "trend", folder.database, "--html", "-"])
    #expect(page.output.hasPrefix("<!DOCTYPE html>") && page.output.contains("&lt;v1&gt;"))
    #expect(try run(["history", "gate", folder.database, "--board", "none"]).status == 1)
    let named = ["--board", "b7", "--load", "hackbench"]
    #expect(try run(["history", "add", folder.database, base] + named).status == 0)
    let listed = try run(["history", "list", folder.database] + named).output
    #expect(listed.contains("b7, load: hackbench"))
  }

  /// CSV that does not name its unit: what the user says is kept with the run.
  @Test func unitOfValues() throws {
    let folder = try Folder()
    let file = folder.path + "/plain.csv"
    try Data((1...200).map { "\($0)\n" }.joined().utf8).write(to: URL(fileURLWithPath: file))
    #expect(try run(["history", "add", folder.database, file, "--unit", "us"]).status == 0)
    #expect(try run(["history", "add", folder.database, file]).status == 0)
    let lines = try run(["history", "list", folder.database]).output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasSuffix("200 samples, max 200000 ns"), "\(lines)")
    #expect(lines[1].hasSuffix("200 samples, max 200 ticks (frequency unknown)"), "\(lines)")
    #expect(try run(["history", "add", folder.database, file, "--unit", "h"]).status == 1)
  }

  @Test(arguments: ["list", "trend", "gate"]) func hostileFiles(command: String) throws {
    let folder = try Folder()
    let missing = try run(["history", command, folder.database])
    #expect(missing.status == 1 && missing.errors.contains("there is no such file"), "\(missing)")
    try Data(repeating: 0x41, count: 5000).write(to: URL(fileURLWithPath: folder.database))
    let other = try run(["history", command, folder.database])
    #expect(other.status == 1 && other.errors.contains("not a SQLite database"), "\(other)")
  }
}
