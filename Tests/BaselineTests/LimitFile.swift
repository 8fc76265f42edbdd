import Foundation

/// measurements/limits/BOARD.json: what each path must keep to, whatever its baseline.
struct LimitFile: Codable, Equatable, Sendable {
  struct Limit: Codable, Equatable, Sendable {
    var path: MeasuredPath
    /// No sample may be above it.
    var most: UInt64?
    /// The path whose distribution must be the same.
    var equals: MeasuredPath?
    /// Why it is not kept at present; then it must not be kept.
    var gap: String?
  }

  var about: String
  var limits: [Limit]

  static func load(_ board: MeasuredBoard) throws -> LimitFile {
    let path = "measurements/limits/\(board.rawValue).json"
    let data = try Data(contentsOf: BaselineFile.root.appendingPathComponent(path))
    return try JSONDecoder().decode(LimitFile.self, from: data)
  }
}

extension LimitFile.Limit {
  /// What is wrong; nil when the limit is kept, or missed as its gap says.
  func violation(_ measured: [MeasuredPath: Distribution]) -> String? {
    guard let value = measured[path] else { return "\(path.rawValue) was not measured" }
    guard (most == nil) != (equals == nil) else {
      return "\(path.rawValue): a limit has either `most` or `equals`"
    }
    var missed: String?
    if let most, value.maximum.map({ $0 > most }) ?? true {
      missed = "\(path.rawValue) is \(value) \(path.unit), at most \(most) are allowed"
    }
    if let equals, measured[equals] != value {
      missed =
        "\(path.rawValue) is \(value) \(path.unit), but \(equals.rawValue) is "
        + (measured[equals]?.description ?? "not measured")
    }
    switch (missed, gap) {
    case (nil, nil): return nil
    case (let missed?, nil): return missed
    case (nil, let gap?):
      return "\(path.rawValue) is \(value) and keeps its limit: remove the gap '\(gap)'"
    case (_?, let gap?):
      return gap.isEmpty ? "\(path.rawValue): a gap needs its cause" : nil
    }
  }
}
