import Foundation
import LatencyReport
import Testing
import ToolTestSupport

/// The CI examples of docs/jitter-gate.md: their form, and their command lines with the built `hvlat`,
/// where stand-ins build, boot and measure.
@Suite struct DocumentedCITests {
  /// A runner's home and checkout, with a fixture that the stand-ins take as what was measured.
  private struct Runner {
    let folder: URL

    init(_ folder: URL) throws {
      self.folder = folder
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("bin"), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("bin/hvlat"), withDestinationURL: builtTool("hvlat"))
      try script("bin/make", "exit 0")
      try script("bin/hv", "for last; do :; done; cp measured \"$last\"")
      try script("flash-and-measure", "cp measured \"$1\"")
    }

    func write(_ bytes: [UInt8], to name: String) throws {
      try Data(bytes).write(to: folder.appendingPathComponent(name))
    }

    private func script(_ name: String, _ text: String) throws {
      try write(Array("#!/bin/sh\n\(text)\n".utf8), to: name)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder.appendingPathComponent(name).path)
    }

    /// Runs lines as the service does: GitHub each in a shell of its own, GitLab all in one.
    func run(_ job: CIExample.Job, isGitHub: Bool) throws -> ToolResult {
      var last = ToolResult(status: 0, output: "", errors: "")
      for lines in isGitHub ? job.lines : [job.lines.joined(separator: "\n")] {
        last = try shell(lines, job.environment)
        if last.status != 0 { return last }
      }
      return last
    }

    func shell(_ lines: String, _ environment: [String: String] = [:]) throws -> ToolResult {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-eo", "pipefail", "-c", lines]
      process.currentDirectoryURL = folder
      process.environment = [
        "HOME": folder.path, "PATH": "\(folder.path)/bin:/usr/bin:/bin",
        "GITHUB_PATH": "\(folder.path)/path", "GITHUB_SHA": "0123456789abcdef",
        "CI_COMMIT_SHORT_SHA": "01234567",
      ].merging(environment) { $1 }
      return try result(of: process)
    }
  }

  private static let page: String = {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/jitter-gate.md").standardizedFileURL
    return (try? String(contentsOf: page, encoding: .utf8)) ?? ""
  }()

  /// Histogram text of cyclictest, one thread.
  private static func cyclictest(level: UInt64, seed: UInt64) -> [UInt8] {
    let points = Distribution(Runs.noise(5000, level: level, seed: seed)).points
    func cell(_ value: UInt64) -> String { String("00000\(value)".suffix(6)) }
    let rows = points.map { "\(cell($0.bounds.lowerBound)) \(cell($0.count))\n" }.joined()
    let bounds = points.map(\.bounds.lowerBound)
    let (least, largest) = (bounds.first ?? 0, bounds.last ?? 0)
    return Array(
      """
      # Histogram
      \(rows)# Min Latencies: \(cell(least))
      # Avg Latencies: \(cell(level + 200))
      # Max Latencies: \(cell(largest))
      # Histogram Overflows: 00000
      # Histogram Overflow at cycle number:
      # Thread 0:

      """.utf8)
  }

  /// A record of the measurement that the page's baseline names.
  private static func record(_ ticks: UInt64) throws -> [UInt8] {
    var dataset = Runs.icount([])
    dataset.series = [
      Series(
        measurement: "timer-busy", origin: .zone("rt"),
        distribution: Distribution(points: [.init(bounds: ticks...ticks, count: 100_000)]))
    ]
    return try RecordWriter.write(dataset)
  }

  /// What the page gives as a file with baselines.
  private static var baselines: [UInt8] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    return Array(
      lines.drop { !$0.contains("\"paths\"") }.prefix { $0.hasPrefix("    ") }
        .joined(separator: "\n").utf8)
  }

  @Test func fourExamples() throws {
    let examples = try CIExample.all(in: Self.page)
    #expect(examples.map(\.isGitHub) == [true, false, false, true])
    #expect(examples.allSatisfy { $0.jobs.count == 1 })
  }

  @Test(arguments: [0, 1]) func underEmulation(index: Int) throws {
    let example = try CIExample.all(in: Self.page)[index]
    let job = try #require(example.jobs.first)
    #expect(job.environment["HV_QEMU"] == "kernel/scripts/qemu-exact")
    try withFolder { folder in
      let runner = try Runner(folder)
      try runner.write(Self.baselines, to: "baselines.json")
      try runner.write(try Self.record(2), to: "measured")
      let passed = try runner.run(job, isGitHub: example.isGitHub)
      #expect(passed.status == 0, "\(passed)")
      try runner.write(try Self.record(3), to: "measured")
      let failed = try runner.run(job, isGitHub: example.isGitHub)
      #expect(failed.status == 2, "\(failed)")
      #expect(failed.output.contains("was 2 x 100000"), "\(failed)")
      try expectReports(example, folder)
    }
  }

  @Test(arguments: [2, 3]) func onABoard(index: Int) throws {
    let example = try CIExample.all(in: Self.page)[index]
    let job = try #require(example.jobs.first)
    let add = try #require(job.lines.first { $0.contains("history add") })
    try withFolder { folder in
      let runner = try Runner(folder)
      try runner.write(Self.cyclictest(level: 50, seed: 1), to: "measured")
      let first = try runner.shell("./flash-and-measure run.txt\n\(add) --baseline")
      #expect(first.status == 0, "\(first)")
      try runner.write(Self.cyclictest(level: 50, seed: 2), to: "measured")
      let passed = try runner.run(job, isGitHub: example.isGitHub)
      #expect(passed.status == 0, "\(passed)")
      try runner.write(Self.cyclictest(level: 90, seed: 3), to: "measured")
      let failed = try runner.run(job, isGitHub: example.isGitHub)
      #expect(failed.status == 2, "\(failed)")
      try expectReports(example, folder)
    }
  }

  /// What the examples hand over is there, and says what failed.
  private func expectReports(_ example: CIExample, _ folder: URL) throws {
    let lines = example.jobs.flatMap(\.lines).joined(separator: " ").split(separator: " ")
    for (option, text) in [("--html", "FAIL"), ("--junit", "<failure ")] {
      guard let at = lines.firstIndex(of: option[...]) else { continue }
      let file = folder.appendingPathComponent(String(lines[at + 1]))
      #expect(try String(contentsOf: file, encoding: .utf8).contains(text), "\(file.path)")
    }
  }
}
