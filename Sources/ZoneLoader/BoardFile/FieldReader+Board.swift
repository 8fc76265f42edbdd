import Boards
import SepKernel
import Yams

/// Values that only board files have.
extension FieldReader {
  /// 1 to 31 of `a-z`, `0-9`, `-`.
  func name(_ key: String) throws(ConfigurationError) -> String {
    let name = try required(key, try text(key), example: "my-board")
    let allowed = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
    guard allowed, name.utf8.count <= 31 else {
      throw error(key, "`\(name)` cannot be a name here", "use 1 to 31 of a-z, 0-9 and -")
    }
    return name
  }

  func flag(_ key: String) throws(ConfigurationError) -> Bool? {
    try choice(key, [("true", true), ("false", false)])
  }

  /// An integer in `allowed`.
  func bounded(
    _ key: String, _ allowed: ClosedRange<UInt64>
  ) throws(ConfigurationError) -> UInt64? {
    guard let value = try integer(key) else { return nil }
    guard allowed.contains(value) else {
      throw error(
        key, "\(value) is not possible", "use \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return value
  }

  /// The addresses of this mapping's `base` and `size`: whole pages below 2^48.
  func addressRange() throws(ConfigurationError) -> AddressRange {
    let range = AddressRange(
      base: try required("base", try integer("base"), example: "0x4000_0000"),
      size: try required("size", try integer("size"), example: "64KiB"))
    guard range.size > 0, (range.base | range.size) % PlanLimits.granule == 0 else {
      throw error(
        "size", "\(range) is not made of whole pages",
        "use multiples of 4KiB; what shares a page belongs to one owner")
    }
    guard let end = range.end, end <= 1 << UInt64(PlanLimits.hostAddressBits) else {
      throw error("base", "\(range) goes beyond 2^48", "correct the address or the size")
    }
    return range
  }

  /// The range in the mapping under a key; nil where there is none.
  func range(_ key: String) throws(ConfigurationError) -> AddressRange? {
    guard let node = node(key) else { return nil }
    return try nested(key, node, section: .boardRange).addressRange()
  }

  /// A list of ranges, in their order.
  func ranges(_ key: String) throws(ConfigurationError) -> [AddressRange] {
    let node = try required(key, node(key), example: "[{ base: 0x4000_0000, size: 1GiB }]")
    var result: [AddressRange] = []
    for (index, element) in try elements(key, of: node).enumerated() {
      result.append(
        try nested("\(key)[\(index)]", element, section: .boardRange).addressRange())
    }
    return result
  }

  /// Lines and runs of lines, `[34, 48-55]`, at most as many as a Plan has.
  func lineList(_ key: String) throws(ConfigurationError) -> [Int]? {
    guard let node = node(key) else { return nil }
    var result: [Int] = []
    for element in try elements(key, of: node) {
      let word = element.scalar?.string ?? "?"
      let ends = word.split(separator: "-", omittingEmptySubsequences: false).map {
        Quantity.parse(String($0))
      }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        first <= last, last < UInt64(Plan.lineCapacity)
      else {
        throw error(
          key, "`\(word)` is not a line or a run of lines from 0 to \(Plan.lineCapacity - 1)",
          "write a list like [34, 48-55]")
      }
      result += Array(Int(first)...Int(last))
      guard result.count <= Plan.lineCapacity else {
        throw error(key, "names more than \(Plan.lineCapacity) lines", "name each line once")
      }
    }
    return result
  }
}
