internal import Foundation
internal import Glibc

/// Why a program could not be started.
package struct StartError: Error, Equatable, CustomStringConvertible {
  package var description: String
}

/// A running program whose standard input, output and errors are pipes of ours.
///
/// When the workbench is killed the program is killed too, where setpriv(1) of util-linux is
/// installed; the program otherwise lives on.
package final class ChildProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let errors = Pipe()

  /// Starts `executable`. `onExit` is called on another thread when it has ended.
  package init(
    _ executable: String, _ arguments: [String], onExit: @escaping @Sendable () -> Void
  ) throws(StartError) {
    guard FileManager.default.isExecutableFile(atPath: executable) else {
      throw StartError(description: "\(executable): no such executable file")
    }
    let guardian = "/usr/bin/setpriv"
    if FileManager.default.isExecutableFile(atPath: guardian) {
      process.executableURL = URL(fileURLWithPath: guardian)
      process.arguments = ["--pdeathsig", "KILL", executable] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: executable)
      process.arguments = arguments
    }
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    process.terminationHandler = { _ in onExit() }
    do {
      try process.run()
    } catch {
      throw StartError(description: "\(executable): \(error.localizedDescription)")
    }
    for descriptor in [inputDescriptor, outputDescriptor, errorDescriptor] {
      DescriptorIO.setNonBlocking(descriptor)
    }
  }

  /// Write here what the program reads.
  package var inputDescriptor: Int32 { input.fileHandleForWriting.fileDescriptor }
  /// Read here what the program writes.
  package var outputDescriptor: Int32 { output.fileHandleForReading.fileDescriptor }
  /// Read here what the program writes to its standard error.
  package var errorDescriptor: Int32 { errors.fileHandleForReading.fileDescriptor }

  package var isRunning: Bool { process.isRunning }

  /// How it ended, as words; nil while it runs.
  package var endDescription: String? {
    guard !process.isRunning else { return nil }
    return switch process.terminationReason {
    case .uncaughtSignal: "ended by signal \(process.terminationStatus)"
    default: "ended with exit code \(process.terminationStatus)"
    }
  }

  /// The exit code; nil while it runs or when a signal ended it.
  package var exitCode: Int32? {
    process.isRunning || process.terminationReason == .uncaughtSignal
      ? nil : process.terminationStatus
  }

  /// Ends the program: SIGTERM, and SIGKILL when that is not heard for `patience`.
  package func end(patience: Duration = .seconds(2)) {
    guard process.isRunning else { return }
    let identifier = process.processIdentifier
    _ = kill(identifier, SIGTERM)
    let deadline = ContinuousClock.now + patience
    while process.isRunning, ContinuousClock.now < deadline { usleep(5000) }
    if process.isRunning { _ = kill(identifier, SIGKILL) }
    process.waitUntilExit()
  }
}

/// What a short-lived program printed.
package struct ToolOutput: Sendable {
  package let status: Int32
  package let bytes: [UInt8]
  package let errorText: String

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Runs a program with `input` to its end, at most for `patience`.
  package init(
    _ executable: String, _ arguments: [String], input: [UInt8] = [], patience: Duration
  ) throws(StartError) {
    let child = try ChildProcess(executable, arguments, onExit: {})
    let deadline = ContinuousClock.now + patience
    var rest = input
    var collected: [Int32: [UInt8]] = [:]
    var open = [child.outputDescriptor, child.errorDescriptor]
    if rest.isEmpty { child.closeInput() }
    while !open.isEmpty {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else {
        child.end(patience: .milliseconds(100))
        throw StartError(description: "\(executable) did not end in time")
      }
      var interests = open.map { DescriptorIO.Interest($0) }
      if !rest.isEmpty { interests.append(DescriptorIO.Interest(child.inputDescriptor, write: true)) }
      for ready in DescriptorIO.poll(interests, milliseconds: left.wholeMilliseconds) {
        if ready.write {
          switch DescriptorIO.write(ready.descriptor, rest) {
          case .written(let count): rest.removeFirst(count)
          case .wouldBlock: break
          case .failed: rest = []
          }
          if rest.isEmpty { child.closeInput() }
        } else {
          switch DescriptorIO.read(ready.descriptor) {
          case .bytes(let bytes): collected[ready.descriptor, default: []] += bytes
          case .wouldBlock: break
          case .end, .failed: open.removeAll { $0 == ready.descriptor }
          }
        }
      }
    }
    while child.isRunning, ContinuousClock.now < deadline { usleep(2000) }
    child.end(patience: .milliseconds(100))
    status = child.exitCode ?? -1
    bytes = collected[child.outputDescriptor] ?? []
    errorText = String(decoding: collected[child.errorDescriptor] ?? [], as: UTF8.self)
  }
}

extension ChildProcess {
  /// The program reads the end of its input.
  func closeInput() { try? input.fileHandleForWriting.close() }
}
