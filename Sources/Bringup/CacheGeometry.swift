/// One level of cache.
public struct CacheGeometry: Equatable, Sendable {
  /// What it holds.
  public enum Content: Sendable { case instructions, data, both, unified }
  public var content: Content
  /// Bytes of a line.
  public var line: UInt64
  public var ways: UInt64
  public var sets: UInt64

  public init(content: Content, line: UInt64, ways: UInt64, sets: UInt64) {
    self.content = content
    self.line = line
    self.ways = ways
    self.sets = sets
  }

  /// Levels that CLIDR_EL1 names: Ctype fields of 3 bits, the first 0 ends them (DDI 0487, CLIDR_EL1).
  public static func levels(clidr: UInt64) -> Int {
    for level in 0..<7 where clidr >> UInt64(3 * level) & 7 == 0 { return level }
    return 7
  }

  /// The level from CLIDR_EL1 and CCSIDR_EL1; `wide`: FEAT_CCIDX, whose fields are longer (DDI 0487, CCSIDR_EL1).
  public init?(level: Int, clidr: UInt64, ccsidr: UInt64, wide: Bool) {
    guard level >= 1, level <= 7 else { return nil }
    switch clidr >> UInt64(3 * (level - 1)) & 7 {
    case 1: content = .instructions
    case 2: content = .data
    case 3: content = .both
    case 4: content = .unified
    default: return nil
    }
    line = 16 << (ccsidr & 7)
    ways = (wide ? ccsidr >> 3 & 0x1f_ffff : ccsidr >> 3 & 0x3ff) + 1
    sets = (wide ? ccsidr >> 32 & 0xff_ffff : ccsidr >> 13 & 0x7fff) + 1
  }

  public var size: UInt64 { line * ways * sets }

  /// Kinds of 4 KiB pages that never share a set: what could be given out to keep zones apart in it.
  public var colours: UInt64 { max(line * sets / 4096, 1) }
}

/// Says what the level is like. A level that is the instructions' alone has a geometry that nobody colours.
public func judge(_ cache: CacheGeometry?, _ line: inout ReportLine) -> CheckStatus {
  guard let cache else {
    line.note("nothing tells the geometry")
    return .skip
  }
  let name: StaticString =
    switch cache.content {
    case .instructions: "instructions"
    case .data: "data"
    case .both: "separate"
    case .unified: "unified"
    }
  line.add("type", name)
  line.add("kib", cache.size >> 10)
  line.add("line", cache.line)
  line.add("ways", cache.ways)
  line.add("sets", cache.sets)
  line.add("colours", cache.colours)
  return .ok
}
