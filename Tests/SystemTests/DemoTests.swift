import Foundation
import Testing

/// The demos of all boards; what README shows of `make demo` is what it prints.
@Suite struct DemoTests {
  @Test func readmeShowsWhatTheDemoPrints() async throws {
    let readme = try String(contentsOfFile: "\(Built.root)/README.md", encoding: .utf8)
    // Lines that do not change with the kernel's version, as README says.
    let shown = lines(of: readme)
      .filter { line in
        line.hasPrefix("kernel| zone") || line.contains("RESULT timer-")
          || line.hasPrefix("timer-") || line.hasPrefix("linux| zone0: 2 CPUs")
          || line.hasPrefix("Path length report") || line.hasPrefix("Deadline misses:")
      }
    try #require(shown.count >= 9, "\(shown)")
    let printed = try await Set(lines(of: demo(.aarch64)))
    for line in shown { #expect(printed.contains(line), "README shows: \(line)") }
    let makefile = try String(contentsOfFile: "\(Built.root)/Makefile", encoding: .utf8)
    #expect(makefile.contains("--until 'rt-control:DONE' --until 'linux:zone0:/#'"))
  }

  @Test(arguments: TestBoard.riscv) func runsToItsReport(board: TestBoard) async throws {
    let printed = try await demo(board)
    for name in ["timer-busy", "timer-idle"] {
      let line = try #require(printed.results("RESULT \(name)").first, "\(printed)")
      #expect(line["min"] == board.timerPath, "\(line)")
      // What is late fell into a turn of Linux' CPUs (docs/measuring.md).
      #expect((line["at-min"] ?? 0) >= 9_990, "\(line)")
      #expect(line["samples"] == 10_000 && line["exits"] == 0, "\(line)")
    }
    #expect(printed.contains("zone0: 2 CPUs online"), "\(printed)")
    #expect(printed.contains("Deadline misses: 0 of 1000"), "\(printed)")
  }

  /// What `make demo` of a board prints, done as the Makefile does it.
  private func demo(_ board: TestBoard) async throws -> String {
    let folder = try ScratchFolder()
    let record = "\(folder.path)/demo.hvlat"
    let run = try await BootSlots.shared.run {
      try await Command.run(
        Built.hv(),
        [
          "run", "\(Built.root)/\(board.demo)", "--icount", "--timeout", "180", "--load",
          "Linux boots on two CPUs", "--until", "rt-control:DONE", "--until", "linux:zone0:/#",
          "--record", record, "--log-dir", "\(folder.path)/log",
        ], seconds: 200, folder: folder.path)
    }
    #expect(run.status == 0, "\(run.errors)\n\(run.output.suffix(3000))")
    let report = try await Command.run(
      Built.hvlat(), ["analyze", record], seconds: 60, folder: folder.path)
    #expect(report.status == 0, "\(report.errors)")
    return (run.output + report.output).replacing("\r\n", with: "\n")
  }

  /// Words with one blank between them: the width of columns follows their values.
  private func lines(of text: String) -> [String] {
    text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
  }
}
