import ArgumentParser
import Foundation
import LatencyReport

/// Files subcommands write.
enum Output {
  /// Writes a file whole or not at all; `-` is standard output. Throws exit code 1 after printing why.
  static func write(_ bytes: [UInt8], to path: String) throws(ExitCode) {
    if path == "-" {
      FileHandle.standardOutput.write(Data(bytes))
      return
    }
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      Input.complain("\(path): cannot be written; check the folder and the permissions")
      throw ExitCode(1)
    }
  }

  /// Prints one object with one list.
  static func printJSON(_ list: some Encodable, as name: String) throws(ExitCode) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode([name: list]) else {
      Input.complain("the \(name) cannot be written as JSON")
      throw ExitCode(1)
    }
    print(String(decoding: data, as: UTF8.self))
  }

  /// Writes a dataset as a record.
  static func write(_ dataset: Dataset, to path: String) throws(ExitCode) {
    let bytes: [UInt8]
    do {
      bytes = try RecordWriter.write(dataset)
    } catch {
      Input.complain("\(path): \(error.description)")
      throw ExitCode(1)
    }
    try write(bytes, to: path)
  }
}
