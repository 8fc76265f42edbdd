import LatencyReport

/// A value of a JSON document (RFC 8259) with the line it starts in.
///
/// Foundation's decoders give no place for a value that is valid JSON but makes no sense, and keep
/// one of two equal keys silently; a latency file with a bin twice must not lose its counts.
///
/// A class, for with structures Swift 6.3 finds a circular reference in some orders of files.
final class JSONNode {
  /// 1-based.
  let line: Int
  let kind: JSONKind

  init(line: Int, kind: JSONKind) {
    self.line = line
    self.kind = kind
  }

  /// Members of an object; nil for anything else.
  var members: [(key: String, value: JSONNode)]? {
    if case .object(let members) = kind { members } else { nil }
  }

  /// Elements of an array; nil for anything else.
  var elements: [JSONNode]? { if case .array(let elements) = kind { elements } else { nil } }

  /// A whole number; nil for anything else.
  var integer: UInt64? { if case .integer(let value) = kind { value } else { nil } }

  /// A string; nil for anything else.
  var string: String? { if case .string(let value) = kind { value } else { nil } }

  /// The member with this key.
  subscript(key: String) -> JSONNode? { members?.first { $0.key == key }?.value }

  /// A scalar as text, for provenance.
  var text: String? {
    switch kind {
    case .string(let value): value
    case .integer(let value): "\(value)"
    case .decimal(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .object, .array, .null: nil
    }
  }
}

/// Reads one JSON document; whatever follows it is an error.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// Values begun.
  private var nodeCount = 0
  /// Values read to their ends.
  private var wholeCount = 0

  /// Longest document: latency histograms have kilobytes.
  static let byteLimit = 1 << 26
  /// Most values in a document.
  private static let nodeLimit = 1 << 22
  /// Deepest nesting.
  private static let depthLimit = 32

  static func parse(_ bytes: [UInt8]) throws(FormatError) -> JSONNode {
    var parser = JSONParser(bytes: bytes)
    let node = try parser.value(depth: 0)
    parser.skipBlanks()
    guard parser.position == bytes.count else {
      throw parser.error("more follows the JSON document", "give one run in each file")
    }
    return node
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func error(_ problem: String, _ advice: String) -> FormatError {
    let read = wholeCount == 0 ? "nothing" : counted(wholeCount, "whole JSON value")
    return FormatError(.line(line), "\(problem) (offset \(position))", read: read, advice)
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) {
      if byte == 0x0a { line += 1 }
      position += 1
    }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FormatError) {
    skipBlanks()
    guard let byte = peek else {
      throw error("the file ends where '\(character)' is due", "it is cut off; get the whole file")
    }
    guard byte == UInt8(ascii: character) else {
      throw error("'\(character)' is due", "the file is damaged; get it again")
    }
    position += 1
  }

  private mutating func value(depth: Int) throws(FormatError) -> JSONNode {
    skipBlanks()
    nodeCount += 1
    guard nodeCount <= Self.nodeLimit, depth <= Self.depthLimit else {
      throw error("too many or too deep values", "check that this is a latency file")
    }
    let start = line
    guard let byte = peek else {
      throw error("the file ends where a value is due", "it is cut off; get the whole file")
    }
    let kind =
      switch byte {
      case UInt8(ascii: "{"): try object(depth)
      case UInt8(ascii: "["): try array(depth)
      case UInt8(ascii: "\""): JSONKind.string(try string())
      case UInt8(ascii: "t"): try word("true", .bool(true))
      case UInt8(ascii: "f"): try word("false", .bool(false))
      case UInt8(ascii: "n"): try word("null", .null)
      default: try number()
      }
    wholeCount += 1
    return JSONNode(line: start, kind: kind)
  }

  private mutating func object(_ depth: Int) throws(FormatError) -> JSONKind {
    position += 1
    var members: [(key: String, value: JSONNode)] = []
    var keys: Set<String> = []
    skipBlanks()
    if peek == UInt8(ascii: "}") {
      position += 1
      return .object([])
    }
    while true {
      skipBlanks()
      guard peek == UInt8(ascii: "\"") else {
        try expect("\"")
        continue
      }
      let key = try string()
      guard keys.insert(key).inserted else {
        throw error("key \"\(key)\" occurs twice", "the file is damaged; get it again")
      }
      try expect(":")
      members.append((key, try value(depth: depth + 1)))
      skipBlanks()
      if peek == UInt8(ascii: ",") {
        position += 1
      } else {
        try expect("}")
        return .object(members)
      }
    }
  }

  private mutating func array(_ depth: Int) throws(FormatError) -> JSONKind {
    position += 1
    var elements: [JSONNode] = []
    skipBlanks()
    if peek == UInt8(ascii: "]") {
      position += 1
      return .array([])
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipBlanks()
      if peek == UInt8(ascii: ",") {
        position += 1
      } else {
        try expect("]")
        return .array(elements)
      }
    }
  }

  /// Escapes are decoded except surrogate pairs, which become U+FFFD: nothing read here needs them.
  private mutating func string() throws(FormatError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return printable(text)
      case UInt8(ascii: "\\"): text += try escape()
      case 0x0a:
        throw error("a string is not closed", "the file is damaged; get it again")
      default: text.append(byte)
      }
    }
    throw error("the file ends inside a string", "it is cut off; get the whole file")
  }

  private mutating func escape() throws(FormatError) -> [UInt8] {
    let code = peek ?? 0
    position += 1
    switch code {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [code]
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"),
      UInt8(ascii: "f"):
      return [0x20]
    case UInt8(ascii: "u"):
      let digits = bytes[min(position, bytes.count)...].prefix(4)
      guard digits.count == 4,
        let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw error("a \\u escape needs four digits", "the file is damaged; get it again") }
      position += 4
      return Array(String(Unicode.Scalar(value).map(Character.init) ?? "\u{fffd}").utf8)
    default: throw error("an unknown escape", "the file is damaged; get it again")
    }
  }

  private mutating func word(
    _ text: StaticString, _ kind: JSONKind
  ) throws(FormatError) -> JSONKind {
    let expected = Array("\(text)".utf8)
    guard bytes[position...].starts(with: expected) else {
      throw error("no JSON value", "the file is damaged or cut off; get it again")
    }
    position += expected.count
    return kind
  }

  private mutating func number() throws(FormatError) -> JSONKind {
    let digits = bytes[position...].prefix {
      ($0 >= 0x30 && $0 <= 0x39) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains($0)
    }.prefix(64)
    position += digits.count
    if let value = digits.decimal { return .integer(value) }
    guard let first = digits.first, first != 0x2b, first != 0x2e, digits.last != 0x2e,
      let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite
    else { throw error("no JSON value", "the file is damaged; get it again") }
    return .decimal(value)
  }
}

/// What a node of JSON is.
enum JSONKind {
  case object([(key: String, value: JSONNode)])
  case array([JSONNode])
  case string(String)
  /// A whole number that fits 64 bits.
  case integer(UInt64)
  /// Any other number.
  case decimal(Double)
  case bool(Bool)
  case null
}
