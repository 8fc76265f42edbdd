import Foundation
import Testing
import ToolTestSupport

/// `scripts/bench` holds hvlat to its limits: measured with programs in its place that do nothing, or take long.
@Suite(.serialized) struct BenchTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let hasPython = FileManager.default.isExecutableFile(
    atPath: root.appendingPathComponent("build/scipy/bin/python").path)

  @Test(
    .enabled(if: hasPython, "SciPy is missing: `scripts/setup --develop`"),
    arguments: [
      ("exit 0", 0, "kept"),
      ("awk 'BEGIN { for (i = 0; i < 150000000; i++); }'", 1, "missed"),
    ] as [(String, Int32, String)])
  func limits(row: (program: String, status: Int32, all: String)) throws {
    try withFolder { folder in
      let tool = folder.appendingPathComponent("hvlat").path
      let table = folder.appendingPathComponent("table.md").path
      try Data("#!/bin/sh\n\(row.program)\n".utf8).write(to: URL(fileURLWithPath: tool))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
      let process = Process()
      process.executableURL = Self.root.appendingPathComponent("scripts/bench")
      process.arguments = ["20000", "30000"]
      process.environment = ProcessInfo.processInfo.environment.merging([
        "HVLAT": tool, "BENCH_TABLE": table, "BENCH_RUNS": "1",
      ]) { $1 }
      let result = try result(of: process)
      #expect(result.status == row.status, "\(result)")
      let text = try String(contentsOfFile: table, encoding: .utf8)
      let limits = text.split(separator: "\n").filter { $0.contains("are asked for") }
      #expect(limits.count == 4, "\(text)")
      for (limit, least) in [
        ("numpy and scipy, text", "at least 3 "), ("per-line Python, text", "at least 20 "),
        ("numpy and scipy, binary", "at least 3 "),
      ] {
        let line = limits.first { $0.contains(limit) } ?? ""
        #expect(line.contains(least) && line.hasSuffix(": \(row.all)"), "\(text)")
        #expect(result.errors.contains(limit) == (row.status != 0), "\(result)")
      }
      #expect(limits.last?.hasSuffix("at most 256 are asked for: kept") == true, "\(text)")
      #expect(result.errors.contains("a limit was missed") == (row.status != 0))
    }
  }
}
