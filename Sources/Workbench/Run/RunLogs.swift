internal import Foundation

/// The files a run leaves: `raw.log`, everything from the UART as it came; `ZONE.log`, exactly what
/// that zone wrote; `kernel.log`; and `other.log` for lines of unknown origin, if there are any.
///
/// A write that fails, on a full disk for example, is remembered and does not end the run.
package final class RunLogs {
  /// Where the files are.
  package let folder: String
  /// The first write that failed, as words.
  package private(set) var failure: String?

  private let zones: [String]
  private let raw: FileHandle
  private var files: [ConsoleSource: FileHandle] = [:]

  /// Makes `folder` if needed and begins the files anew.
  package init(folder: String, zones: [String]) throws(FileError) {
    self.folder = folder
    self.zones = zones
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError(folder, error)
    }
    raw = try RunLogs.create("\(folder)/raw.log")
    try? FileManager.default.removeItem(atPath: "\(folder)/other.log")
    files[.kernel] = try RunLogs.create(path(of: .kernel))
    for index in zones.indices {
      files[.zone(index)] = try RunLogs.create(path(of: .zone(index)))
    }
  }

  /// Where the log of a source is.
  package func path(of source: ConsoleSource) -> String {
    switch source {
    case .kernel: "\(folder)/kernel.log"
    case .zone(let index): "\(folder)/\(zones.indices.contains(index) ? zones[index] : "other").log"
    case .unattributed: "\(folder)/other.log"
    }
  }

  /// Appends what came from the UART.
  package func writeRaw(_ bytes: [UInt8]) { write(bytes, to: raw, "raw.log") }

  /// Appends what a source wrote.
  package func write(_ bytes: [UInt8], of source: ConsoleSource) {
    guard !bytes.isEmpty else { return }
    if files[source] == nil { files[source] = try? RunLogs.create(path(of: source)) }
    guard let file = files[source] else { return }
    write(bytes, to: file, path(of: source))
  }

  private func write(_ bytes: [UInt8], to file: FileHandle, _ name: String) {
    do {
      try file.write(contentsOf: bytes)
    } catch {
      if failure == nil { failure = FileError(name, error).description }
    }
  }

  private static func create(_ path: String) throws(FileError) -> FileHandle {
    do {
      try Data().write(to: URL(fileURLWithPath: path))
      return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    } catch {
      throw FileError(path, error)
    }
  }
}
