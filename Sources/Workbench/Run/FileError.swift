internal import Foundation

/// A file the workbench writes failed; the text names it.
package struct FileError: Error, Equatable, CustomStringConvertible {
  /// `PATH: REASON`.
  package var description: String

  /// `error`: what Foundation said of the file `path`.
  package init(_ path: String, _ error: any Error) {
    description = "\(path): \(error.localizedDescription)"
  }
}
