internal import Foundation

/// A new folder with a short path, for the machine protocol's socket.
package struct ScratchFolder: Sendable {
  /// Absolute, in /tmp; only this user can look into it.
  package let path: String

  /// Makes it in /tmp: the path of a socket has at most 107 bytes, which TMPDIR may exceed.
  package init() throws(FileError) {
    path = "/tmp/hv-\(UUID().uuidString.prefix(13).lowercased())"
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw FileError(path, error)
    }
  }

  /// Removes it with all that is in it.
  package func remove() { try? FileManager.default.removeItem(atPath: path) }
}
