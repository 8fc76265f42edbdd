import Foundation

/// How a program ended, and what it said.
public struct ToolResult {
  public var status: Int32
  public var output: String
  public var errors: String

  public init(status: Int32, output: String, errors: String) {
    (self.status, self.output, self.errors) = (status, output, errors)
  }
}

/// A built tool. Executables are built beside the test bundle.
public func builtTool(_ name: String) -> URL {
  URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent(name)
}

/// Runs the built `hvlat`, 80 columns wide, as a user does. Input and errors must fit a pipe, 64 KiB.
public func run(
  _ arguments: [String], input: some Collection<UInt8> = [UInt8]()
) throws -> ToolResult {
  let process = Process()
  process.executableURL = builtTool("hvlat")
  process.arguments = arguments
  process.environment = ["COLUMNS": "80"]
  return try result(of: process, input: input)
}

/// Runs a built tool whose standard output or error goes where `redirection` sends it (sh(1)), or with
/// `toNobody` to a pipe that nobody reads. SIGPIPE is ignored.
public func run(
  _ tool: String = "hvlat", _ arguments: [String], redirection: String = "",
  toNobody: Bool = false
) throws -> ToolResult {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments =
    ["-c", "trap '' PIPE; exec \"$0\" \"$@\" \(redirection)", builtTool(tool).path] + arguments
  guard toNobody else { return try result(of: process) }
  let (output, errors) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  try output.fileHandleForReading.close()
  try process.run()
  let text = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return ToolResult(
    status: process.terminationStatus, output: "", errors: String(decoding: text, as: UTF8.self))
}

/// Runs a process that is set up, but for where its input comes from and its output goes.
public func result(
  of process: Process, input: some Collection<UInt8> = [UInt8]()
) throws -> ToolResult {
  let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
  process.standardInput = standardInput
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
  try standardInput.fileHandleForWriting.close()
  let text = output.fileHandleForReading.readDataToEndOfFile()
  let errorText = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return ToolResult(
    status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
    errors: String(decoding: errorText, as: UTF8.self))
}

/// Calls `body` with a new folder, which is gone afterwards.
public func withFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}
