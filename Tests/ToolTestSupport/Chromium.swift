import Foundation

/// A browser without a window: what it makes of a page.
public enum Chromium {
  /// Where it is; nil: not installed (`scripts/setup --develop`).
  public static let path = [
    "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
  ]
  .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Opens `page` and returns what it printed; `arguments` may name files in `folder`.
  public static func open(_ page: String, in folder: URL, _ arguments: [String]) throws -> String {
    let file = folder.appendingPathComponent("page.html")
    try Data(page.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments =
      [
        "-k", "2", "60", path ?? "chromium", "--headless", "--no-sandbox", "--disable-gpu",
        "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
        "--user-data-dir=\(folder.path)/profile",
      ] + arguments + [file.absoluteString]
    let output = folder.appendingPathComponent("output")
    try Data().write(to: output)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
    return String(decoding: try Data(contentsOf: output), as: UTF8.self)
  }

  /// It ended with this status.
  public struct Failure: Error { public var status: Int32 }

  /// The same in a folder of its own.
  public static func open(_ page: String, _ arguments: [String]) throws -> String {
    var output = ""
    try withFolder { output = try open(page, in: $0, arguments) }
    return output
  }
}
