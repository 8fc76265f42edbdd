import Foundation
import LatencyReport
import Testing
import ToolTestSupport

/// The built `hvlat`, run as a user runs it: exit codes and where text goes.
@Suite struct CommandTests {
  /// A sealed record and the same unsealed, in files of their own.
  private func withRecords(_ body: (_ sealed: String, _ raw: String) throws -> Void) throws {
    let raw = SampleRecord.typical(cycles: 25)
    let sealed = try RecordSealer.seal(raw, run: .init(timebase: .icount, icountShift: 4))
    try withFolder { folder in
      let sealedFile = folder.appendingPathComponent("run.rec")
      let rawFile = folder.appendingPathComponent("run.raw")
      try Data(sealed).write(to: sealedFile)
      try Data(raw).write(to: rawFile)
      try body(sealedFile.path, rawFile.path)
    }
  }

  @Test func analyze() throws {
    try withRecords { sealed, raw in
      let result = try run(["analyze", sealed])
      #expect(result.status == 0)
      #expect(result.output.contains("\nDeadline misses: 0 of 25 recorded cycles"))
      #expect(result.errors.isEmpty)
      #expect(try run(["analyze", sealed, raw, "--json"]).output.hasPrefix("{\n  \"reports\""))
      #expect(try run(["analyze", sealed, "--no-histograms"]).output.contains("##") == false)
    }
  }

  @Test func thresholds() throws {
    try withRecords { sealed, _ in
      let kept = try run([
        "analyze", sealed, "--threshold", "max<=4", "--measurement", "timer-busy",
      ])
      #expect(kept.status == 0)
      let hit = try run(["analyze", sealed, "--threshold", "max<=3,p50<=4", "--zone", "rt-control"])
      #expect(hit.status == 2)
      #expect(hit.errors.contains("threshold hit: max<=3: timer-busy in zone rt-control has 4"))
      #expect(try run(["analyze", sealed, "--threshold", "max<=3ns"]).status == 1)
      #expect(try run(["analyze", sealed, "--threshold", "worst<=3"]).status == 1)
      #expect(
        try run(["analyze", sealed, "--threshold", "max<=3", "--measurement", "x"]).status == 1)
    }
  }

  @Test func filesThatAreNoRecords() throws {
    try withRecords { sealed, raw in
      let missing = try run(["analyze", "/nonexistent"])
      #expect(missing.status == 1)
      #expect(missing.errors.hasPrefix("hvlat: /nonexistent: cannot be opened"))
      let mixed = try run(["analyze", "/dev/null", sealed])
      #expect(mixed.status == 1)
      #expect(mixed.errors.contains("/dev/null: the file is empty"))
      #expect(mixed.output.contains("Path length report"), "the good file is still reported")
      let folder = try run(["info", "/"])
      #expect(folder.status == 1)
      #expect(folder.errors.contains("Is a directory"), "\(folder.errors)")
      let input = try run(["validate", "-"], input: "no record at all".utf8)
      #expect(input.status == 1)
      #expect(input.errors.contains("this is not a latency record"))
      let cut = try run(
        ["info", "-"], input: try Data(contentsOf: URL(fileURLWithPath: raw)).prefix(60_000))
      #expect(cut.errors.contains("the file is truncated"))
    }
  }

  @Test func validate() throws {
    try withRecords { sealed, raw in
      #expect(try run(["validate", sealed]).status == 0)
      #expect(try run(["validate", "--strict", sealed]).status == 1, "cpu 1 has no block")
      let unsealed = try run(["validate", raw])
      #expect(unsealed.status == 1)
      #expect(unsealed.errors.contains("not sealed"))
      #expect(try run(["validate", "--unsealed", raw]).status == 0)
      #expect(try run(["info", sealed, raw]).status == 0)
    }
  }
}
