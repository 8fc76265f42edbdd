import Boards

/// The smallest groups of nodes that can each have an owner of its own: two that share a page or an
/// interrupt line are in one (union-find).
struct DeviceGroups {
  private var parents: [Int]
  private let firstAddress: [UInt64]

  /// One element for each node: its pages, and its lines.
  init(_ pages: [[AddressRange]], _ lines: [[Int]]) {
    parents = Array(pages.indices)
    firstAddress = pages.map { $0.map(\.base).min() ?? 0 }
    var owners: [Int: Int] = [:]
    for (index, lines) in lines.enumerated() {
      for line in lines {
        if let other = owners[line] { join(index, other) }
        owners[line] = index
      }
    }
    // After sorting, a range overlaps those before it only if it begins before the furthest end of them.
    let sorted = pages.enumerated().flatMap { index, ranges in ranges.map { (index, $0) } }
      .sorted { ($0.1.base, $0.0) < ($1.1.base, $1.0) }
    var furthest: (index: Int, end: UInt64)?
    for (index, range) in sorted {
      guard let end = range.end else { continue }
      if let before = furthest, range.base < before.end {
        join(index, before.index)
        furthest = (index, max(before.end, end))
      } else {
        furthest = (index, end)
      }
    }
  }

  /// Puts the groups of two nodes together.
  mutating func join(_ first: Int, _ second: Int) {
    let roots = (root(first), root(second))
    parents[max(roots.0, roots.1)] = min(roots.0, roots.1)
  }

  private mutating func root(_ index: Int) -> Int {
    var index = index
    while parents[index] != index {
      parents[index] = parents[parents[index]]
      index = parents[index]
    }
    return index
  }

  /// The groups, by their lowest address; nodes of a group in the order they were given.
  var all: [[Int]] {
    mutating get {
      var groups: [Int: [Int]] = [:]
      for index in parents.indices { groups[root(index), default: []].append(index) }
      func lowest(_ group: [Int]) -> UInt64 { group.map { firstAddress[$0] }.min() ?? 0 }
      return groups.values.sorted { (lowest($0), $0[0]) < (lowest($1), $1[0]) }
    }
  }
}
