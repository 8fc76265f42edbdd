import Foundation

/// One program run to its end, with a limit on its time.
struct Command: Sendable {
  var status: Int32
  var output: String
  var errors: String

  /// Runs `program`; kills it after `seconds`, which shows as status 137.
  static func run(
    _ program: String, _ arguments: [String], seconds: Double, folder: String
  ) async throws -> Command {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["-k", "2", String(seconds), program] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nobody has to read while it runs.
    let name = "\(folder)/\(UUID().uuidString)"
    process.standardOutput = try emptyFile("\(name).out")
    process.standardError = try emptyFile("\(name).err")
    let status = try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    return Command(
      status: status, output: text("\(name).out"), errors: text("\(name).err"))
  }

  /// Compresses a file into `folder`; the new file's path.
  static func gzip(_ path: String, folder: String) async throws -> String {
    let file = "\(folder)/compressed.gz"
    let command = try await run(
      "/bin/sh", ["-c", "gzip -1 -c \"$1\" > \"$2\"", "gzip", path, file], seconds: 60,
      folder: folder)
    guard command.status == 0 else { throw SystemRun.NoResult(text: command.errors) }
    return file
  }

  /// The content of a file, or nothing.
  static func text(_ path: String) -> String {
    let data = try? Data(contentsOf: URL(fileURLWithPath: path))
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  static func emptyFile(_ path: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path))
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }
}

/// A new folder that vanishes with the last reference to it.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/hvs-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
