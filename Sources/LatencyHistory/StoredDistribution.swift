internal import Foundation
internal import LatencyReport

/// A distribution as the database has it: JSON, so that other programs can read it.
struct StoredDistribution: Codable {
  /// Lowest value, highest value, count.
  var points: [[UInt64]]
  var overflow: UInt64
  var overflowBound: UInt64
  /// Nil: only known to be in the overflow.
  var maximum: UInt64?

  init(_ distribution: Distribution) {
    points = distribution.points.map { [$0.bounds.lowerBound, $0.bounds.upperBound, $0.count] }
    overflow = distribution.overflow
    overflowBound = distribution.overflowBound
    maximum = distribution.maximumIsBound ? nil : distribution.maximum
  }

  /// Nil when the numbers contradict each other.
  var distribution: Distribution? {
    var read: [Distribution.Point] = []
    for point in points {
      guard point.count == 3, point[0] <= point[1], point[2] > 0 else { return nil }
      read.append(Distribution.Point(bounds: point[0]...point[1], count: point[2]))
    }
    guard Distribution.total(read, overflow: overflow) != nil,
      overflow == 0 || read.allSatisfy({ $0.bounds.lowerBound < overflowBound })
    else { return nil }
    return Distribution(
      points: read, overflow: overflow, overflowBound: overflowBound, maximum: maximum)
  }

  /// Nil when it is no such JSON.
  static func read(_ data: Data) -> Distribution? {
    (try? JSONDecoder().decode(StoredDistribution.self, from: data))?.distribution
  }

  static func data(_ distribution: Distribution) throws -> Data {
    try JSONEncoder().encode(StoredDistribution(distribution))
  }
}
