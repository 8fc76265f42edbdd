import ArgumentParser
import Foundation
import LatencyReport

/// Files of a subcommand, and how they become datasets.
enum Input {
  /// Largest file that is read.
  static let sizeLimit = 1 << 30

  /// The bytes of a file; `-` is standard input. Prints the reason and returns nil on failure.
  static func bytes(_ path: String) -> [UInt8]? {
    let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
    guard let handle else {
      complain("\(path): cannot be opened; check the name and the permissions")
      return nil
    }
    guard let data = try? handle.read(upToCount: sizeLimit + 1) else {
      // End of file at once gives nil as well as an error does.
      if (try? handle.offset()) == 0 || path == "-" { return [] }
      complain("\(path): cannot be read")
      return nil
    }
    guard data.count <= sizeLimit else {
      complain("\(path): larger than \(sizeLimit) bytes, which no record is")
      return nil
    }
    return [UInt8](data)
  }

  /// A file's measurements. Prints the reason and returns nil when it is no whole record.
  static func dataset(_ path: String) -> Dataset? {
    guard let bytes = bytes(path) else { return nil }
    do {
      return try RecordReader.read(bytes, source: path)
    } catch {
      complain("\(path): \(error.description)")
      return nil
    }
  }

  /// One line on standard error.
  static func complain(_ message: String) {
    FileHandle.standardError.write(Data("hvlat: \(message)\n".utf8))
  }
}
