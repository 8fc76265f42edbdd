import Workbench

/// A command could not do its work. The text says why and what to do.
struct ToolFailure: Error {
  var message: String
  /// 1: input that cannot be used; 6: no QEMU. Ends of runs have their own codes, see `RunEnd`.
  var exitCode: Int32 = 1
}

/// What the tool prints. A reader that has gone away is no error: `hv boards | head -1`.
enum Output {
  static func text(_ text: String) { DescriptorIO.writeAll(1, Array(text.utf8)) }
  static func error(_ line: String) { DescriptorIO.writeAll(2, Array("\(line)\n".utf8)) }
}
