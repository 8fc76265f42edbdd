internal import Foundation

/// Files the tools write for their user.
package enum OutputFile {
  /// Writes `bytes` to what `path` names.
  ///
  /// A regular file, or one that is not there yet, is written whole or left as it was; of a symbolic
  /// link that is the file it leads to. A device or FIFO stays what it is and gets the bytes.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    guard let file = try replaceable(path) else {
      try writeInPlace(bytes, path)
      return
    }
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch {
      throw FileError(path, error)
    }
  }

  /// The regular or absent file behind all links of `path`; nil: something else is there, or a file that
  /// has no name any more.
  private static func replaceable(_ path: String) throws(FileError) -> String? {
    var target = path
    var links = 0
    while let next = try? FileManager.default.destinationOfSymbolicLink(atPath: target) {
      links += 1
      guard links <= 40 else { throw FileError(path, errno: ELOOP) }
      if next.hasPrefix("/") {
        target = next
      } else {
        target = target.lastIndex(of: "/").map { target[...$0] + next } ?? next
      }
    }
    // Links of /proc/self/fd lead to what is open, whatever they say.
    guard let meant = status(path) else { return target }
    guard meant.st_mode & S_IFMT == S_IFREG, let found = status(target),
      found.st_dev == meant.st_dev, found.st_ino == meant.st_ino
    else { return nil }
    return target
  }

  /// What is there, links followed; nil: nothing, or nobody may know.
  static func status(_ path: String) -> stat? {
    var status = stat()
    // SAFETY: the path is a C string for the time of the call, which fills in exactly one `stat`.
    return unsafe stat(path, &status) == 0 ? status : nil
  }

  private static func writeInPlace(_ bytes: [UInt8], _ path: String) throws(FileError) {
    // SAFETY: the path is a C string for the time of the call.
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw FileError(path, errno: errno) }
    defer { close(descriptor) }
    if let error = DescriptorIO.writeAll(descriptor, bytes) {
      throw FileError(path, errno: error)
    }
  }
}
