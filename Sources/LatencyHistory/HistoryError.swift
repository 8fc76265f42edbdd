internal import GRDB

/// Why a history cannot be read or written.
public enum HistoryError: Error, Sendable, Equatable {
  case missing(path: String)
  case isFolder(path: String)
  /// Not a SQLite file, or a damaged one.
  case notDatabase(path: String)
  /// A database of something else. It is not touched.
  case notHistory(path: String)
  /// Made by a later version of this tool.
  case newer(path: String, version: Int)
  /// Another program holds it.
  case locked(path: String)
  case damagedRun(path: String, id: Int64)
  /// Anything else, in SQLite's words.
  case failed(path: String, reason: String)

  /// What SQLite's error means here (result codes: sqlite.org/rescode.html).
  init(_ error: any Error, path: String) {
    if let error = error as? HistoryError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self = .failed(path: path, reason: "\(error)")
      return
    }
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .notDatabase(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path)
    default:
      self = .failed(path: path, reason: error.message ?? "error \(error.resultCode.rawValue)")
    }
  }
}

extension HistoryError: CustomStringConvertible {
  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .missing(let path): "\(path): there is no such file; `hvlat history add` makes one"
    case .isFolder(let path): "\(path): a folder; name the database file in it"
    case .notDatabase(let path): "\(path): not a SQLite database, or a damaged one"
    case .notHistory(let path):
      "\(path): a database of something else, not a history of hvlat; it was not changed"
    case .newer(let path, let version):
      "\(path): written by a later version of hvlat (schema \(version)); use that one"
    case .locked(let path): "\(path): another program is writing to it; try again when it is done"
    case .damagedRun(let path, let id): "\(path): run \(id) holds no samples that can be read"
    case .failed(let path, let reason): "\(path): \(reason)"
    }
  }
}
