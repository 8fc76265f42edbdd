import Foundation
import Testing
import ToolTestSupport

/// Output of the built `hv` that cannot go where it should.
@Suite struct HVOutputTests {
  @Test(arguments: [["boards"], ["boards", "--json"], ["plan"], ["plan", "--json"], ["--help"]])
  func outputThatCannotBeWrittenIsAnError(_ words: [String]) throws {
    try HVFolder.with { folder in
      let command = words[0] == "plan" ? words + ["\(folder.path)/system.yaml"] : words
      let full = try run("hv", command, redirection: ">/dev/full")
      #expect(full.status == 1, "\(full)")
      #expect(full.errors.contains("hv: standard output: No space left on device"), "\(full)")
      let closed = try run("hv", command, redirection: ">&-")
      #expect(closed.status == 1 && closed.errors.contains("Bad file descriptor"), "\(closed)")
      let unread = try run("hv", command, toNobody: true)
      #expect(unread.status == 141 && !unread.errors.contains("standard output"), "\(unread)")
      #expect(try run("hv", command, redirection: "2>&-").status == 0)
    }
  }

  @Test func imagesGoThroughPipesAndLinks() throws {
    try HVFolder.with { folder in
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/link", withDestinationPath: "boot.img")
      #expect(try folder.hv(["image", "system.yaml", "-o", "link"]).status == 0)
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder.path)/link")
          == "boot.img")
      #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
      let command = "cat pipe >copy & \"$0\" image system.yaml -o pipe && wait"
      let written = try result(
        of: folder.process("/bin/sh", ["-c", "\(command)", HVFolder.tool]))
      #expect(written.status == 0, "\(written)")
      var status = stat()
      #expect(lstat("\(folder.path)/pipe", &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }
  }
}
