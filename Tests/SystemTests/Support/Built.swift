import Foundation

/// What `make build` made. A test that needs a missing file fails and says so.
enum Built {
  /// A file is not there.
  struct Missing: Error, CustomStringConvertible {
    var path: String
    var description: String { "\(path) is missing: run `make build`" }
  }

  /// The folder of Package.swift.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The workbench as users have it.
  static func hv() throws(Missing) -> String { try file("build/bin/hv") }

  /// The reader of latency records as users have it.
  static func hvlat() throws(Missing) -> String { try file("build/bin/hvlat") }

  static func kernel(_ board: TestBoard) throws(Missing) -> String { try file(board.kernel) }

  /// A bare-metal guest by its name.
  static func guest(_ name: String, for board: TestBoard) throws(Missing) -> String {
    try file("\(board.guests)/\(name).elf")
  }

  /// A file that `make build` makes or that is in the repository, by its path from the root.
  static func any(_ path: String) throws(Missing) -> String { try file(path) }

  static func linux(_ board: TestBoard) throws(Missing) -> String { try file(board.linuxImage) }

  static func initrd(_ board: TestBoard) throws(Missing) -> String {
    try file("\(board.linuxFolder)/initramfs.cpio.gz")
  }

  private static func file(_ path: String) throws(Missing) -> String {
    let full = "\(root)/\(path)"
    guard FileManager.default.fileExists(atPath: full) else { throw Missing(path: path) }
    return full
  }
}
