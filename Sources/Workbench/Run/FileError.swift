internal import Foundation

/// A file the workbench writes failed; the text names it.
package struct FileError: Error, Equatable, CustomStringConvertible {
  package var description: String

  package init(_ path: String, _ error: any Error) {
    description = "\(path): \(error.localizedDescription)"
  }
}
