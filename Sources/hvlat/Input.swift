public import ArgumentParser
import Foundation
public import LatencyFormats
import LatencyReport
import Workbench

/// What a user says of files that do not say it themselves.
struct InputOptions: ParsableArguments {
  @Option(help: "Unit of values whose file does not name one: ns, us, ms or s.")
  var unit: TimeUnit?

  /// As the library has it.
  var read: ReadOptions { ReadOptions(unit: unit) }
}

/// Files of a subcommand, and how they become datasets.
enum Input {
  /// A file's measurements, in whatever format; `-` is standard input. Prints the reason and returns
  /// nil when they cannot be read whole.
  static func dataset(
    _ path: String, as format: Format? = nil, options: ReadOptions = ReadOptions()
  ) -> Dataset? {
    guard let stream = ByteStream(path: path) else {
      complain("\(path): cannot be opened; check the name and the permissions")
      return nil
    }
    let progress = Progress(path, of: stream.byteCount)
    stream.onRead = progress.map { progress in { progress.show($0) } }
    defer { progress?.clear() }
    do {
      return try DatasetReader.read(stream, source: path, as: format, options: options)
    } catch {
      complain("\(path): \(error.description)")
      return nil
    }
  }

  /// One line on standard error; nobody can be told when that fails.
  static func complain(_ message: String) {
    DescriptorIO.writeAll(STDERR_FILENO, Array("hvlat: \(message)\n".utf8))
  }
}

extension Format: ExpressibleByArgument {}
extension TimeUnit: ExpressibleByArgument {}
