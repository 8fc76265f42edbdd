import Foundation
import Testing
import ToolTestSupport

/// What the built `hvlat` makes of a terminal: colours, columns, and how far it has come.
@Suite struct TerminalTests {
  private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("run.txt")
      try Data(text.utf8).write(to: file)
      try body(file.path)
    }
  }

  /// What a slow machine says of its progress is no part of what it says.
  private func withoutProgress(_ text: String) -> String {
    text.replacing(/\r\u{1b}\[K(hvlat: reading [^\r]*)?/, with: "")
  }

  /// Lines of a screen or a pipe without what colours them.
  private func lines(_ text: String) -> [String] {
    withoutProgress(text).replacing(/\u{1b}\[[0-9;]*m/, with: "").split(whereSeparator: \.isNewline)
      .map(String.init)
  }

  /// no-color.org: set and not empty means no colour. A pipe never gets any.
  @Test(
    arguments: [
      ([:], false, true), (["NO_COLOR": "1"], false, false), (["NO_COLOR": "false"], false, false),
      (["NO_COLOR": ""], false, true), (["TERM": "dumb"], false, false), ([:], true, false),
    ] as [([String: String], Bool, Bool)])
  func colours(row: (environment: [String: String], redirected: Bool, isColoured: Bool)) throws {
    try withFile(Fixtures.cyclictest) { file in
      for command in [["analyze", file, "--deadline", "1ms"], ["compare", file, file]] {
        let result = try runOnTerminal(
          command, columns: 80, environment: row.environment, redirected: row.redirected)
        let text = row.redirected ? result.output : withoutProgress(result.screen)
        #expect(text.contains("cyclictest"), "\(command): \(result)")
        #expect(text.contains("\u{1b}[") == row.isColoured, "\(command): \(text)")
      }
    }
  }

  /// As wide as the terminal; a pipe as `COLUMNS` says, and 80 where that is no number.
  @Test(
    arguments: [
      (120, nil, 120), (70, "120", 70), (nil, "100", 100), (nil, nil, 80), (nil, "wide", 80),
      (nil, "0", 80), (nil, "-5", 80), (nil, "99999999999999999999", 80), (1, nil, 60),
      (nil, "1", 60),
    ] as [(UInt16?, String?, Int)])
  func columns(row: (terminal: UInt16?, variable: String?, expected: Int)) throws {
    try withFile(Fixtures.cyclictest) { file in
      let result = try runOnTerminal(
        ["analyze", "-", "--deadline", "1ms"], columns: row.terminal ?? 80,
        environment: row.variable.map { ["COLUMNS": $0] } ?? [:], redirected: row.terminal == nil,
        write: { try $0.write(contentsOf: Data(Fixtures.cyclictest.utf8)) })
      let text = lines(row.terminal == nil ? result.output : result.screen)
      let longest = text.map(\.count).max() ?? 0
      // Sentences fill lines but for a word.
      #expect((row.expected - 12...row.expected).contains(longest), "\(longest)")
      let asked = try runOnTerminal(
        ["analyze", file, "--width", "90"], columns: row.terminal ?? 80,
        environment: row.variable.map { ["COLUMNS": $0] } ?? [:])
      #expect((78...90).contains(lines(asked.screen).map(\.count).max() ?? 0), "--width goes first")
    }
  }

  /// Input that takes its time: how much of it was read, on the terminal only, and gone at the end.
  @Test(arguments: [false, true]) func progressOfAPipe(isQuick: Bool) throws {
    let result = try runOnTerminal(
      ["analyze", "-", "--json"], columns: 80, redirected: true
    ) { input in
      let piece = Data(String(repeating: "latency_ns\n", count: 1).utf8)
      try input.write(contentsOf: piece)
      for _ in 0..<5 {
        try input.write(contentsOf: Data(String(repeating: "1234\n", count: 60_000).utf8))
        if !isQuick { usleep(400_000) }
      }
    }
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("{\n") && result.output.contains("\"samples\" : 300000"))
    if isQuick { return }
    #expect(
      result.screen.contains("\r\u{1b}[Khvlat: reading -: 1 MiB"),
      "\(result.screen.debugDescription)")
    #expect(result.screen.hasSuffix("\r\u{1b}[K"), "\(result.screen.debugDescription)")
  }

  /// A file has a size: the share of it that was read.
  @Test func progressOfAFile() throws {
    try withFile("latency_ns\n" + String(repeating: "1234\n", count: 3_000_000)) { file in
      let result = try runOnTerminal(["analyze", file, "--json"], columns: 80, redirected: true)
      let shares = result.screen.matches(of: /run\.txt: (\d+) %/).compactMap { Int($0.1) }
      // A fast machine is done before there is anything to say.
      #expect(shares == shares.sorted() && shares.allSatisfy { $0 <= 100 }, "\(shares)")
      #expect(shares.isEmpty || result.screen.hasSuffix("\r\u{1b}[K"))
    }
  }

  /// Nobody sees it: nothing is said.
  @Test func noProgressInAPipe() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      "(echo latency_ns; echo 5; sleep 1.3; yes 7 2>/dev/null | head -n 900000) | \"$0\" info -",
      builtTool("hvlat").path,
    ]
    let result = try result(of: process)
    #expect(result.status == 0 && result.output.contains("900001 samples"), "\(result)")
    #expect(result.errors.isEmpty, "\(result.errors)")
  }
}
