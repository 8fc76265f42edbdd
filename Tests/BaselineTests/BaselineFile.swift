import Foundation

/// measurements/baselines/BOARD.json: what each path measured when somebody last recorded it.
struct BaselineFile: Codable, Equatable, Sendable {
  /// One path. Only `measured` and `unit` are compared.
  struct Entry: Codable, Equatable, Sendable {
    /// A value, or the exact distribution: `VALUE x COUNT, VALUE x COUNT`.
    var measured: String
    var unit: String
    /// How a person makes the number.
    var command: String
  }

  /// Where the numbers come from. It explains a difference; it is never one.
  struct Provenance: Codable, Equatable, Sendable {
    var date: String
    var emulator: String
    /// SHA-256 of each image by its path.
    var images: [String: String]
  }

  /// What this file is, for those who open it.
  var about: String
  var provenance: Provenance
  var paths: [String: Entry]

  /// The folder of Package.swift.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where it is, from the root.
  private static func path(_ board: MeasuredBoard) -> String {
    "measurements/baselines/\(board.rawValue).json"
  }

  /// Reads the recorded baselines.
  static func load(_ board: MeasuredBoard) throws -> BaselineFile {
    let path = path(board)
    guard let data = FileManager.default.contents(atPath: root.appendingPathComponent(path).path)
    else { throw MeasurementError(description: "\(path) is missing: record it, `make baseline`") }
    do {
      return try JSONDecoder().decode(BaselineFile.self, from: data)
    } catch {
      throw MeasurementError(description: "\(path) is damaged, `make baseline`: \(error)")
    }
  }

  /// A file with what was measured now.
  init(
    measured: [MeasuredPath: Distribution], on board: MeasuredBoard, provenance: Provenance
  ) {
    about = "Recorded by `make baseline`, compared by `make test`; see measurements/README.md."
    self.provenance = provenance
    paths = [:]
    for (path, distribution) in measured {
      paths[path.rawValue] = Entry(
        measured: distribution.description, unit: path.unit, command: path.command(on: board))
    }
  }

  func write(_ board: MeasuredBoard) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(self) + Data("\n".utf8))
      .write(to: Self.root.appendingPathComponent(Self.path(board)), options: .atomic)
  }

  /// What is wrong with `measured`, with old and new value; nil when it is exactly as recorded.
  func difference(
    _ path: MeasuredPath, _ measured: Distribution, on board: MeasuredBoard, emulator: String
  ) -> String? {
    guard let entry = paths[path.rawValue] else {
      return "\(path.rawValue) has no baseline, now \(measured) \(path.unit). "
        + "Record it with `make baseline`."
    }
    if entry.measured == measured.description, entry.unit == path.unit { return nil }
    let other =
      emulator == provenance.emulator
      ? "" : "\nRecorded with \(provenance.emulator), measured with \(emulator)."
    return """
      \(path.rawValue) was \(entry.measured) \(entry.unit), is \(measured) \(path.unit). \
      If that is meant, record it with `make baseline` and say why in the commit.\(other)
      by hand: \(path.command(on: board))
      """
  }
}
