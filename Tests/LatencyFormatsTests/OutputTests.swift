import Foundation
import Testing
import ToolTestSupport

/// Where the output of the built `hvlat` goes, and what happens when it cannot go there.
@Suite struct OutputTests {
  private func withFiles(_ body: (String) throws -> Void) throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("a.txt")
      try Data(Fixtures.cyclictest.utf8).write(to: file)
      try body(folder.path)
    }
  }

  /// Every command that prints.
  private func commands(_ folder: String) throws -> [[String]] {
    let (file, history) = ("\(folder)/a.txt", "\(folder)/h.db")
    if !FileManager.default.fileExists(atPath: history) {
      #expect(try run(["history", "add", history, file, "--baseline"]).status == 0)
    }
    return [
      ["analyze", file], ["analyze", file, "--json"], ["analyze", file, "--html", "-"],
      ["analyze", file, "--csv", "-"], ["compare", file, file], ["compare", file, file, "--json"],
      ["compare", file, file, "--junit", "-"], ["info", file], ["info", file, "--json"],
      ["validate", "--unsealed", file], ["import", file, "-o", "-"],
      ["history", "list", history], ["history", "show", history, "1"],
      ["history", "trend", history], ["history", "gate", history], ["--help"], ["--version"],
    ]
  }

  @Test func outputThatCannotBeWrittenIsAnError() throws {
    try withFiles { folder in
      for command in try commands(folder) {
        let full = try run("hvlat", command, redirection: ">/dev/full")
        #expect(full.status == 1, "\(command): \(full)")
        #expect(
          full.errors.hasPrefix("hvlat: standard output cannot be written: No space left"),
          "\(command): \(full)")
        let closed = try run("hvlat", command, redirection: ">&-")
        #expect(closed.status == 1 && closed.errors.contains("Bad file"), "\(command): \(closed)")
        let unread = try run("hvlat", command, toNobody: true)
        #expect(unread.status == 1 && unread.errors.contains("Broken pipe"), "\(command)")
      }
    }
  }

  @Test func errorsThatCannotBeWrittenChangeNothing() throws {
    try withFiles { folder in
      for redirection in ["2>/dev/full", "2>&-"] {
        #expect(
          try run("hvlat", ["info", "\(folder)/none"], redirection: redirection).status == 1)
        #expect(try run("hvlat", ["analyze"], redirection: redirection).status == 1)
        let good = try run("hvlat", ["info", "\(folder)/a.txt"], redirection: redirection)
        #expect(good.status == 0 && good.output.contains("993 samples"))
        let both = redirection + " >" + redirection.dropFirst(2)
        #expect(try run("hvlat", ["info", "\(folder)/a.txt"], redirection: both).status == 1)
      }
    }
  }

  @Test func twoOutputsAreNotMixed() throws {
    try withFiles { folder in
      _ = try commands(folder)
      let (file, history) = ("\(folder)/a.txt", "\(folder)/h.db")
      for (command, one, two) in [
        (["analyze", file], "--json", "--csv -"), (["analyze", file], "--markdown", "--html -"),
        (["analyze", file], "--html -", "--hlog -"),
        (["analyze", file], "--csv -", "--quantiles-csv -"),
        (["compare", file, file], "--json", "--junit -"),
        (["compare", file, file], "--json", "--github"),
        (["history", "gate", history], "--json", "--html -"),
        (["history", "gate", history], "--html -", "--junit -"),
        (["history", "trend", history], "--json", "--html -"),
      ] {
        let words = [one, two].map { $0.split(separator: " ").map(String.init) }
        let mixed = try run(command + words[0] + words[1])
        #expect(mixed.status == 1 && mixed.output.isEmpty, "\(command) \(one) \(two)")
        #expect(
          mixed.errors.contains(
            "\(words[0][0]) and \(words[1][0]) cannot both go to standard output"))
      }
      // A file beside it, and annotations in the text, are meant to be.
      #expect(
        try run(["compare", file, file, "--json", "--junit", "\(folder)/j.xml"]).status == 0)
      #expect(try run(["compare", file, file, "--github"]).status == 0)
    }
  }

  /// An output that is one of the inputs: nothing is written, and nothing is lost.
  @Test func inputsAreNotReplaced() throws {
    try withFiles { folder in
      _ = try commands(folder)
      let (file, history, link) = ("\(folder)/a.txt", "\(folder)/h.db", "\(folder)/link")
      try FileManager.default.linkItem(atPath: file, toPath: link)
      let paths = "{ \"paths\": {} }"
      let gates = "\(folder)/gates.json"
      try Data(paths.utf8).write(to: URL(fileURLWithPath: gates))
      let before = [file, history, gates].map { FileManager.default.contents(atPath: $0) }
      for command in [
        ["analyze", file, "--html", file], ["analyze", file, "--csv", link],
        ["analyze", file, "--hgrm", file], ["analyze", file, "--hlog", file],
        ["analyze", file, "--quantiles-csv", file],
        ["compare", file, file, "--junit", link], ["gate", gates, "--html", gates],
        ["gate", gates, file, "--junit", file], ["history", "trend", history, "--html", history],
        ["history", "gate", history, "--junit", history], ["history", "add", file, link],
        ["import", file, "-o", link], ["merge", file, file, "-o", file],
        ["record", "--dump", file, "--timebase", "hardware", "-o", file],
      ] {
        let refused = try run(command)
        #expect(refused.status == 1 && refused.output.isEmpty, "\(command): \(refused)")
        #expect(refused.errors.contains(": would replace "), "\(command): \(refused)")
      }
      // From standard input.
      let from = try run("hvlat", ["import", "-", "-o", file], redirection: "<'\(file)'")
      #expect(from.status == 1 && from.errors.contains("would replace -"), "\(from)")
      #expect([file, history, gates].map { FileManager.default.contents(atPath: $0) } == before)
    }
  }

  /// Nobody knows where another tool ran.
  @Test func importedFilesAreNotSaidToBeOfHardware() throws {
    try withFiles { folder in
      for form in [["--width", "200"], ["--markdown"], ["--html", "-"], ["--json"]] {
        let report = try run(["analyze", "\(folder)/a.txt"] + form).output
        #expect(!report.contains("Measured on hardware"), "\(form)")
        #expect(report.contains("whose file does not say where it ran"), "\(form)")
        #expect(form == ["--json"] || !report.contains("1000000 Hz"), "\(form)")
      }
      let text = try run(["analyze", "\(folder)/a.txt"]).output
      #expect(text.contains("from       cyclictest, resolution 1000 ns"))
      #expect(try run(["info", "\(folder)/a.txt"]).output.contains("  resolution: 1000 ns"))
    }
  }

  @Test func linksAndPipesStay() throws {
    try withFiles { folder in
      let files = FileManager.default
      try files.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "real.csv")
      #expect(
        try run(["analyze", "\(folder)/a.txt", "--csv", "\(folder)/link"]).status == 0)
      #expect(try files.destinationOfSymbolicLink(atPath: "\(folder)/link") == "real.csv")
      #expect(files.fileExists(atPath: "\(folder)/real.csv"))
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      let reader = try #require(FileHandle(forUpdatingAtPath: "\(folder)/pipe"))
      #expect(try run(["import", "\(folder)/a.txt", "-o", "\(folder)/pipe"]).status == 0)
      var status = stat()
      #expect(lstat("\(folder)/pipe", &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
      #expect(!reader.availableData.isEmpty)
    }
  }
}
