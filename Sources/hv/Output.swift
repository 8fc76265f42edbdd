import Foundation
import Workbench

/// A command could not do its work. The text says why and what to do.
struct ToolFailure: Error {
  var message: String
  /// 1: input that cannot be used; 6: no QEMU. Ends of runs have their own codes, see `RunEnd`.
  var exitCode: Int32 = 1
}

/// What the tool prints, and the files a user names.
enum Output {
  /// Prints on standard output. A reader that has gone away ends the tool as it ends any other
  /// (`hv boards | head -1`), without a word.
  static func text(_ text: String) throws(ToolFailure) {
    guard let error = DescriptorIO.writeAll(STDOUT_FILENO, Array(text.utf8)) else { return }
    throw ToolFailure(
      message: error == EPIPE ? "" : "standard output: \(DescriptorIO.message(error))",
      exitCode: error == EPIPE ? 128 + SIGPIPE : 1)
  }

  /// One line on standard error; nobody can be told when that fails.
  static func error(_ line: String) {
    DescriptorIO.writeAll(STDERR_FILENO, Array("\(line)\n".utf8))
  }

  /// Refuses to write the file that `option` names over one of `inputs`, which were or will be read.
  static func refuse(
    _ option: String, _ path: String?, over inputs: [String]
  ) throws(ToolFailure) {
    guard let path, let input = OutputFile.replaced(by: path, of: inputs) else { return }
    throw ToolFailure(
      message: "\(option) \(path): would replace \(input), which is read; name another file")
  }

  /// Writes text to a file as `OutputFile` does; `-` is standard output.
  static func text(_ text: String, to path: String) throws(ToolFailure) {
    if path == "-" { return try self.text(text) }
    try file(Array(text.utf8), to: path)
  }

  /// Writes a file as `OutputFile` does.
  static func file(_ bytes: [UInt8], to path: String) throws(ToolFailure) {
    do {
      try OutputFile.write(bytes, to: path)
    } catch {
      throw ToolFailure(message: error.description)
    }
  }
}
