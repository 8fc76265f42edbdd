internal import Foundation

/// A file the workbench writes failed; the text names it.
package struct FileError: Error, Equatable, CustomStringConvertible {
  private let path: String
  /// Why, without the file's name.
  package let reason: String

  /// `PATH: REASON`.
  package var description: String { "\(path): \(reason)" }

  /// `error`: what Foundation said of the file `path`.
  package init(_ path: String, _ error: any Error) {
    self.path = path
    reason = error.localizedDescription
  }

  /// `errno`: why a system call on the file `path` failed.
  package init(_ path: String, errno: Int32) {
    self.path = path
    reason = DescriptorIO.message(errno)
  }
}
