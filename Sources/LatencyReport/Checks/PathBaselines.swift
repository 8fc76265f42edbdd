public import Foundation

/// Recorded path lengths: what each path took when somebody last looked and agreed. A text file, so that
/// a change of it is reviewed like any other.
public struct PathBaselines: Sendable, Equatable, Codable {
  /// One path.
  public struct Entry: Sendable, Equatable, Codable {
    /// A value, or every value with its count: `VALUE x COUNT, VALUE x COUNT`.
    public var measured: String
    public var unit: String
    /// How a person makes the number.
    public var command: String
  }

  public var paths: [String: Entry]

  /// Why a file holds no baselines.
  public struct Problem: Error, Equatable, CustomStringConvertible {
    public let description: String
  }

  /// Reads a file's content. Fields besides `paths` are for people.
  public init(json: Data) throws(Problem) {
    do {
      self = try JSONDecoder().decode(PathBaselines.self, from: json)
    } catch let DecodingError.keyNotFound(key, context) {
      let place = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
      throw Problem(description: "baselines: '\(place)' is missing")
    } catch let DecodingError.typeMismatch(_, context) {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw Problem(description: "baselines: '\(place)' is of the wrong kind")
    } catch {
      throw Problem(description: "baselines: no JSON, or cut off")
    }
    for (name, entry) in paths where Distribution(exactText: entry.measured) == nil {
      throw Problem(
        description: "baselines: '\(name)' was '\(entry.measured)', which is neither a number nor"
          + " 'VALUE x COUNT, ...' with rising values")
    }
  }

  /// Compares what was measured. A path without baseline, or one that was not measured, fails too:
  /// a gate that looks away is none. `ignored` paths are left out.
  public func check(_ measured: [String: Distribution], ignored: Set<String> = []) -> [CheckResult]
  {
    Set(paths.keys).union(measured.keys).subtracting(ignored).sorted().map { name in
      result(name, measured[name])
    }
  }

  private func result(_ name: String, _ now: Distribution?) -> CheckResult {
    let failed = { (message: String) in
      CheckResult(name: name, place: "", state: .failed, message: message)
    }
    guard let entry = paths[name], let before = Distribution(exactText: entry.measured) else {
      return failed("no baseline; is \(now?.exactText ?? "unknown"): record it on purpose")
    }
    guard let now else { return failed("not measured; was \(entry.measured) \(entry.unit)") }
    let difference = ExactDifference(baseline: before, candidate: now)
    let was = "was \(entry.measured) \(entry.unit)"
    if difference.isEmpty {
      return CheckResult(
        name: name, place: "", state: .passed,
        message: "\(entry.measured) \(entry.unit), as recorded")
    }
    var result = failed("\(was), is \(now.exactText)")
    if let shift = difference.shift {
      let unit =
        shift.magnitude == 1 && entry.unit.hasSuffix("s")
        ? String(entry.unit.dropLast()) : entry.unit
      result.details.append(
        "every sample: \(shift.magnitude) \(unit) \(shift < 0 ? "less" : "more")")
    }
    result.details += difference.bins.prefix(20).map {
      "\($0.low)\($0.low == $0.high ? "" : "-\($0.high)"): \($0.before) -> \($0.after) samples"
    }
    result.details.append("by hand: \(entry.command)")
    return result
  }
}

extension Distribution {
  /// A single value measured once, or each value with its count: `393 x 99999, 394 x 1`. A bin wider
  /// than a value is written `LOW-HIGH`, and does not equal any baseline.
  public var exactText: String {
    if points.count == 1, overflow == 0, points[0].count == 1,
      points[0].bounds.lowerBound == points[0].bounds.upperBound
    {
      return "\(points[0].bounds.lowerBound)"
    }
    var parts = points.map { point in
      let bounds = point.bounds
      let values =
        bounds.lowerBound == bounds.upperBound
        ? "\(bounds.lowerBound)" : "\(bounds.lowerBound)-\(bounds.upperBound)"
      return "\(values) x \(point.count)"
    }
    if overflow > 0 { parts.append(">=\(overflowBound) x \(overflow)") }
    return parts.joined(separator: ", ")
  }

  /// Reads `exactText` of single values; nil for anything else.
  public init?(exactText text: String) {
    var points: [Point] = []
    for part in text.split(separator: ", ", omittingEmptySubsequences: false) {
      let numbers = part.split(separator: " x ", omittingEmptySubsequences: false)
      guard (1...2).contains(numbers.count), let value = UInt64(numbers[0]),
        let count = numbers.count == 1 ? 1 : UInt64(numbers[1]), count > 0
      else { return nil }
      points.append(Point(bounds: value...value, count: count))
    }
    guard Self.total(points) != nil else { return nil }
    self.init(points: points)
    guard exactText == text else { return nil }
  }
}
