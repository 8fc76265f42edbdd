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

  /// An output that is one of the inputs, by another name as well: nothing is written.
  @Test func inputsAreNotReplaced() throws {
    try HVFolder.with { folder in
      let files = FileManager.default
      let board = try folder.hv(["boards", "qemu-virt-aarch64", "--yaml"]).output
      try folder.write(board, to: "board.yaml")
      let ours = folder.system.replacing("name: qemu-virt-aarch64", with: "name: board.yaml")
      try folder.write(ours, to: "ours.yaml")
      try folder.write("nothing\n", to: "l.log")
      try folder.write(board, to: "build/run/checklist-qemu-virt-aarch64/board.yaml")
      try folder.write(HVFolder.kernel, to: "logs/boot.img")
      try files.linkItem(atPath: "\(folder.path)/l.log", toPath: "\(folder.path)/hard.html")
      try files.createSymbolicLink(
        atPath: "\(folder.path)/soft.html", withDestinationPath: "system.yaml")
      let before = try folder.contents()
      let kernel = "build/images/kernel-aarch64.bin"
      for (words, input) in [
        ("checklist board.yaml --html board.yaml", "board.yaml"),
        ("checklist qemu-virt-aarch64 --log l.log --html l.log", "l.log"),
        ("checklist qemu-virt-aarch64 --log l.log --html hard.html", "l.log"),
        ("checklist qemu-virt-aarch64 --record l.log --html ./l.log", "l.log"),
        ("checklist qemu-virt-aarch64 --html \(kernel)", kernel),
        ("checklist qemu-virt-aarch64 --system system.yaml --html soft.html", "system.yaml"),
        ("checklist qemu-virt-aarch64 --system system.yaml --html rt.bin", "rt.bin"),
        (
          "checklist build/run/checklist-qemu-virt-aarch64/board.yaml --run",
          "build/run/checklist-qemu-virt-aarch64/board.yaml"
        ),
        ("image system.yaml -o system.yaml", "system.yaml"),
        ("image system.yaml -o rt.bin", "rt.bin"), ("image system.yaml -o \(kernel)", kernel),
        ("image ours.yaml -o board.yaml", "board.yaml"),
        ("image system.yaml --bringup --kernel \(kernel) -o system.yaml", "system.yaml"),
        ("image board.yaml --bringup --kernel \(kernel) -o board.yaml", "board.yaml"),
        ("plan system.yaml --dtb rt -o system.yaml", "system.yaml"),
        ("run system.yaml --record rt.bin", "rt.bin"),
        ("run system.yaml --kernel logs/boot.img --log-dir logs", "logs/boot.img"),
        ("dts import l.log -o hard.html", "l.log"),
      ] {
        let refused = try folder.hv(words.split(separator: " ").map(String.init))
        #expect(refused.status == 1 && refused.output.isEmpty, "\(words): \(refused)")
        #expect(
          refused.errors.contains(": would replace ")
            && refused.errors.contains("\(input), which is read"),
          "\(words): \(refused)")
      }
      #expect(try folder.contents() == before)
      // A board that hv knows is no file, whatever is called like it.
      try folder.write("", to: "qemu-virt-aarch64")
      let image = "image qemu-virt-aarch64 --bringup --kernel \(kernel) -o qemu-virt-aarch64"
      #expect(try folder.hv(image.split(separator: " ").map(String.init)).status == 0)
    }
  }

  /// `-` is standard output for what is text, and no file for what is not.
  @Test func standardOutputByName() throws {
    try HVFolder.with { folder in
      let page = try folder.hv(["checklist", "qemu-virt-aarch64", "--html", "-"])
      #expect(page.status == 0 && page.output.hasPrefix("<!DOCTYPE html>"), "\(page)")
      #expect(page.output.hasSuffix("</html>\n"), "\(page.output.suffix(80))")
      for form in ["--json", "--markdown"] {
        let mixed = try folder.hv(["checklist", "qemu-virt-aarch64", "--html", "-", form])
        #expect(mixed.status == 64 && mixed.output.isEmpty, "\(mixed)")
        #expect(mixed.errors.contains("cannot both go to standard output"), "\(mixed)")
      }
      for words in [
        ["image", "system.yaml", "-o", "-"], ["run", "system.yaml", "--record", "-"],
        ["plan", "system.yaml", "--dtb", "rt", "-o", "-"],
      ] {
        let refused = try folder.hv(words)
        #expect(refused.status == 64 && refused.output.isEmpty, "\(words): \(refused)")
        #expect(refused.errors.contains("wants the name of a file"), "\(words): \(refused)")
      }
      #expect(!folder.exists("-"))
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
