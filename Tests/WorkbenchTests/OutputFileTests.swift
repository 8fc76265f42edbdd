import Foundation
import Testing

@testable import Workbench

@Suite struct OutputFileTests {
  private func inode(_ path: String) -> ino_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_ino : nil
  }

  private func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func filesAreReplacedWhole() throws {
    try Fixture.inFolder { folder in
      let path = "\(folder)/file"
      try OutputFile.write(Array("old and long".utf8), to: path)
      let old = inode(path)
      let reader = try #require(FileHandle(forReadingAtPath: path))
      try OutputFile.write(Array("new".utf8), to: path)
      #expect(text(path) == "new" && inode(path) != old)
      // Whoever has the old one open has all of it.
      #expect(try reader.readToEnd() == Data("old and long".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  /// A link to a file, to a link, and to what is not there yet; relative to its own folder.
  @Test func linksStay() throws {
    try Fixture.inFolder { folder in
      let files = FileManager.default
      try files.createDirectory(atPath: "\(folder)/deep", withIntermediateDirectories: true)
      try OutputFile.write(Array("old".utf8), to: "\(folder)/file")
      for (link, target) in [
        ("deep/one", "../file"), ("two", "deep/one"), ("deep/three", "new"),
        ("four", "\(folder)/file"),
      ] {
        try files.createSymbolicLink(atPath: "\(folder)/\(link)", withDestinationPath: target)
        try OutputFile.write(Array(link.utf8), to: "\(folder)/\(link)")
        #expect(try files.destinationOfSymbolicLink(atPath: "\(folder)/\(link)") == target)
        #expect(text("\(folder)/\(link)") == link)
      }
      #expect(text("\(folder)/file") == "four" && text("\(folder)/deep/new") == "deep/three")
      try files.createSymbolicLink(atPath: "\(folder)/round", withDestinationPath: "round")
      #expect(throws: FileError("\(folder)/round", errno: ELOOP)) {
        try OutputFile.write([1], to: "\(folder)/round")
      }
    }
  }

  @Test func pipesAndDevicesStay() throws {
    try Fixture.inFolder { folder in
      let pipe = "\(folder)/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      // Both ends: nobody waits for the other.
      let reader = try #require(FileHandle(forUpdatingAtPath: pipe))
      let old = inode(pipe)
      try OutputFile.write(Array("through".utf8), to: pipe)
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/link", withDestinationPath: "pipe")
      try OutputFile.write(Array(" a link".utf8), to: "\(folder)/link")
      #expect(inode(pipe) == old)
      #expect(try reader.read(upToCount: 14) == Data("through a link".utf8))
      // A full device of our own, where we may make one.
      let full = "\(folder)/full"
      guard mknod(full, S_IFCHR | 0o600, 0x107) == 0, open(full, O_WRONLY) >= 0 else { return }
      let device = inode(full)
      #expect(throws: FileError(full, errno: ENOSPC)) { try OutputFile.write([1], to: full) }
      #expect(inode(full) == device)
    }
  }

  /// What a descriptor has open is meant, not the words of its link.
  @Test func openDescriptors() throws {
    try Fixture.inFolder { folder in
      let pipe = Pipe()
      try OutputFile.write(
        [1, 2], to: "/proc/self/fd/\(pipe.fileHandleForWriting.fileDescriptor)")
      #expect(try pipe.fileHandleForReading.read(upToCount: 2) == Data([1, 2]))
      let path = "\(folder)/gone"
      try OutputFile.write([], to: path)
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      try FileManager.default.removeItem(atPath: path)
      try OutputFile.write([3], to: "/proc/self/fd/\(file.fileDescriptor)")
      #expect(try file.readToEnd() == Data([3]))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  /// The file counts, not its name; what is no file is nobody's to replace.
  @Test func whatWouldBeReplaced() throws {
    try Fixture.inFolder { folder in
      let files = FileManager.default
      for name in ["in", "other"] { try OutputFile.write([1], to: "\(folder)/\(name)") }
      try files.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "in")
      try files.linkItem(atPath: "\(folder)/in", toPath: "\(folder)/hard")
      let inputs = ["\(folder)/none", "-", "/dev/null", "\(folder)/in"]
      for name in ["in", "link", "hard", "../\((folder as NSString).lastPathComponent)/in"] {
        #expect(OutputFile.replaced(by: "\(folder)/\(name)", of: inputs) == inputs[3], "\(name)")
      }
      for path in ["\(folder)/other", "\(folder)/none", "\(folder)/new", "/dev/null", folder] {
        #expect(OutputFile.replaced(by: path, of: inputs) == nil, "\(path)")
      }
    }
  }

  @Test func errorsSayWhy() throws {
    try Fixture.inFolder { folder in
      #expect(throws: FileError(folder, errno: EISDIR)) { try OutputFile.write([1], to: folder) }
      let error = #expect(throws: FileError.self) {
        try OutputFile.write([1], to: "\(folder)/none/file")
      }
      #expect(error?.description.hasPrefix("\(folder)/none/file: ") == true)
    }
  }
}
