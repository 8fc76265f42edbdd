import Foundation

/// Files of the machine the tools run on.
package enum HostFile {
  /// Why a file was not read; `problem` continues a sentence that starts with its name.
  package struct Failure: Error, Equatable {
    package var problem: String
  }

  /// The whole of a regular file of at most `limit` bytes.
  package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    let attributes: [FileAttributeKey: Any]
    do {
      // Follow links: images are often links into a build folder.
      let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      attributes = try FileManager.default.attributesOfItem(atPath: real)
    } catch {
      throw Failure(problem: "does not exist or cannot be read")
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw Failure(problem: "is not a regular file")
    }
    let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
    guard size <= limit else {
      throw Failure(problem: "has \(size) bytes, more than the limit of \(limit)")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(problem: "cannot be read")
    }
    guard data.count <= limit else {
      throw Failure(problem: "grew beyond the limit of \(limit) bytes while it was read")
    }
    return [UInt8](data)
  }

  /// `path` as seen from the folder of the file `anchor`; an absolute path stays as it is.
  static func resolve(_ path: String, besides anchor: String) -> String {
    guard !path.hasPrefix("/"), let slash = anchor.lastIndex(of: "/") else { return path }
    return anchor[...slash] + path
  }
}
