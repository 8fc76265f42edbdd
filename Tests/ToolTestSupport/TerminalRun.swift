import Foundation
import Glibc

/// Runs the built `hvlat` as a person does who sits at a terminal of so many columns: standard error is it,
/// and standard output too unless `redirected`.
///
/// `write` gets standard input of the tool, which is closed after it.
public func runOnTerminal(
  _ arguments: [String], columns: UInt16, environment: [String: String] = [:],
  redirected: Bool = false, write: @Sendable @escaping (FileHandle) throws -> Void = { _ in }
) throws -> (status: Int32, screen: String, output: String) {
  var ends: (person: Int32, program: Int32) = (-1, -1)
  var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
  guard openpty(&ends.person, &ends.program, nil, nil, &size) == 0 else {
    throw POSIXError(.init(rawValue: errno) ?? .EIO)
  }
  // Not for other tools that tests start meanwhile: the screen ends when the last program has closed it.
  for end in [ends.person, ends.program] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  let terminal = FileHandle(fileDescriptor: ends.program, closeOnDealloc: true)
  let process = Process()
  let (input, output) = (Pipe(), Pipe())
  process.executableURL = builtTool("hvlat")
  process.arguments = arguments
  process.environment = environment
  process.standardInput = input
  process.standardOutput = redirected ? output : terminal
  process.standardError = terminal
  try process.run()
  try terminal.close()
  try? output.fileHandleForWriting.close()
  Thread.detachNewThread {
    try? write(input.fileHandleForWriting)
    try? input.fileHandleForWriting.close()
  }
  var screen: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(ends.person, &piece, piece.count)
    // EIO: nobody has the other end any more.
    guard count > 0 else { break }
    screen += piece[..<count]
  }
  close(ends.person)
  let text = redirected ? output.fileHandleForReading.readDataToEndOfFile() : Data()
  process.waitUntilExit()
  return (
    process.terminationStatus, String(decoding: screen, as: UTF8.self),
    String(decoding: text, as: UTF8.self)
  )
}
