import ArgumentParser
import Foundation
import LatencyReport
import Workbench

/// What subcommands print, and the files they write.
enum Output {
  /// Prints on standard output. Throws exit code 1 after saying why that failed.
  static func print(_ text: String, terminator: String = "\n") throws(ExitCode) {
    try write(Array((text + terminator).utf8), to: "-")
  }

  /// Writes a file as `OutputFile` does; `-` is standard output. Throws exit code 1 after printing why.
  static func write(_ bytes: [UInt8], to path: String) throws(ExitCode) {
    if path == "-" {
      guard let error = DescriptorIO.writeAll(STDOUT_FILENO, bytes) else { return }
      Input.complain("standard output cannot be written: \(DescriptorIO.message(error))")
      throw ExitCode(1)
    }
    do {
      try OutputFile.write(bytes, to: path)
    } catch {
      Input.complain(
        "\(path): cannot be written: \(error.reason); check the folder and the permissions")
      throw ExitCode(1)
    }
  }

  /// Refuses to write what an option names over one of `inputs`, the files that are read; `-` is nobody's.
  /// Throws exit code 1 after printing why.
  static func refuse(
    _ outputs: KeyValuePairs<String, String?>, over inputs: [String]
  ) throws(ExitCode) {
    for (option, path) in outputs {
      guard let path, path != "-",
        let input = OutputFile.replaced(by: path, of: inputs)
      else { continue }
      Input.complain("\(option) \(path): would replace \(input), which is read; name another file")
      throw ExitCode(1)
    }
  }

  /// Refuses more than one output on standard output, where they would be mixed. `chosen`: options, and
  /// whether they print there.
  static func requireOne(_ chosen: KeyValuePairs<String, Bool>) throws {
    let names = chosen.filter(\.value).map(\.key)
    guard names.count > 1 else { return }
    throw ValidationError("\(names[0]) and \(names[1]) cannot both go to standard output")
  }

  /// Prints one object with one list.
  static func printJSON(_ list: some Encodable, as name: String) throws(ExitCode) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode([name: list]) else {
      Input.complain("the \(name) cannot be written as JSON")
      throw ExitCode(1)
    }
    try print(String(decoding: data, as: UTF8.self))
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
