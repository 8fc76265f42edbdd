import Foundation

/// A measurement could not be made.
struct MeasurementError: Error, CustomStringConvertible {
  var description: String
}

/// Runs the programs that `make build` made, and those of the host by their whole path.
enum Tool {
  /// Standard output of a program run in the project's folder; an error when it does not exit with 0
  /// within two minutes.
  static func run(_ program: String, _ arguments: [String]) throws -> String {
    let path =
      program.hasPrefix("/") ? program : BaselineFile.root.appendingPathComponent(program).path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw MeasurementError(description: "\(program) is missing: run `make build`")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["-k", "2", "120", path] + arguments
    process.currentDirectoryURL = BaselineFile.root
    process.environment = ProcessInfo.processInfo.environment.merging([
      "HV_QEMU": BaselineFile.root.appendingPathComponent("scripts/qemu-exact").path,
      "QEMU_SECONDS": "110",
    ]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // The errors are a few lines, less than a pipe holds.
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errorText = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let line = ([program] + arguments).joined(separator: " ")
      throw MeasurementError(
        description: "'\(line)' ended with \(process.terminationStatus):\n\(text)\(errorText)")
    }
    return text
  }

  /// The file's bytes.
  static func data(_ path: String) throws -> Data {
    let url = BaselineFile.root.appendingPathComponent(path)
    guard let data = FileManager.default.contents(atPath: url.path) else {
      throw MeasurementError(description: "\(path) is missing: run `make build`")
    }
    return data
  }
}

/// `rt-control: RESULT NAME field=value ...` lines of a guest.
struct GuestResults {
  private var lines: [String: [String: UInt64]] = [:]
  private let text: String

  init(_ text: String) {
    self.text = text
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      guard words.count > 2, words[1] == "RESULT" else { continue }
      var fields: [String: UInt64] = [:]
      for word in words.dropFirst(3) {
        let parts = word.split(separator: "=", maxSplits: 1)
        if parts.count == 2, let value = UInt64(parts[1]) { fields[String(parts[0])] = value }
      }
      lines[String(words[2])] = fields
    }
  }

  /// One field of one result.
  func value(_ name: String, _ field: String) throws -> UInt64 {
    guard let value = lines[name]?[field] else {
      throw MeasurementError(
        description: "no '\(field)' of '\(name)' in what the guest printed:\n\(text)")
    }
    return value
  }

  /// The samples of a result.
  func distribution(_ name: String) throws -> Distribution {
    guard
      let distribution = try Distribution(
        minimum: value(name, "min"), maximum: value(name, "max"), sum: value(name, "sum"),
        samples: value(name, "samples"), atMinimum: value(name, "at-min"))
    else {
      throw MeasurementError(
        description: "the samples of '\(name)' have more than two values, see:\n\(text)")
    }
    return distribution
  }
}
