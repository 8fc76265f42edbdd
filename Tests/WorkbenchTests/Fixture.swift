import Foundation

/// Files beside the tests, and folders that vanish with them.
enum Fixture {
  static func path(_ name: String) -> String {
    Bundle.module.resourceURL?.appendingPathComponent("Fixtures/\(name)").path ?? name
  }

  /// The repository, from where this file is.
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The board's device tree as source.
  static let boardTree = repository.appendingPathComponent(
    "Tests/ZoneLoaderTests/Fixtures/qemu-virt-aarch64.dts"
  ).path

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// Calls `body` with a new empty folder, short enough for a socket.
  static func inFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = "/tmp/hvt-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }
}
