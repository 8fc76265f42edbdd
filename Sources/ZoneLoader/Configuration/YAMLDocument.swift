import Yams

/// The text of a `system.yaml` or a board file as YAML nodes: one document, without anchors and aliases.
enum YAMLDocument {
  /// Aliases that refer to aliases make small files that take for ever to read, before anybody can
  /// refuse them; a handful is not enough for that.
  private static let aliasLimit = 16

  /// Largest file that is read, in bytes.
  static let fileLimit = 1 << 20

  /// The text of the file at `path`, which is to be `what`.
  static func text(path: String, what: String) throws(ConfigurationError) -> String {
    let bytes: [UInt8]
    do {
      bytes = try HostFile.read(path, limit: fileLimit)
    } catch {
      throw ConfigurationError(
        file: path, line: nil, field: "", problem: error.problem,
        advice: "give the path of \(what)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError(
        file: path, line: nil, field: "", problem: "is not UTF-8 text",
        advice: "save it as UTF-8")
    }
    return text
  }

  /// The root node. `path` is for messages; `start` is how such a file may begin.
  static func root(
    of text: String, path: String, start: String
  ) throws(ConfigurationError) -> Node {
    func refuse(_ line: Int?, _ problem: String, _ advice: String) -> ConfigurationError {
      ConfigurationError(file: path, line: line, field: "", problem: problem, advice: advice)
    }
    guard possibleAliases(in: text) <= aliasLimit else {
      throw refuse(nil, "uses many YAML aliases (`*name`)", "write the values out")
    }
    do {
      // Nodes know their anchors as long as the parser lives.
      let parser = try Parser(yaml: text)
      let root = try parser.singleRoot()
      guard let root else {
        throw refuse(nil, "is empty", "start with `\(start)`")
      }
      if let node = withExtendedLifetime(parser, { firstAnchored(in: root) }) {
        throw refuse(
          node.mark?.line, "has a YAML anchor (`&name`); anchors and aliases are not supported",
          "write the values out")
      }
      return root
    } catch let error as ConfigurationError {
      throw error
    } catch let error as YamlError {
      throw refuse(
        lineNumber(of: error), "is not valid YAML: \(firstLine(of: error))", "correct the syntax")
    } catch {
      throw refuse(nil, "is not valid YAML", "correct the syntax")
    }
  }

  /// The first node with an anchor, without which there is no alias. It comes before all of its
  /// aliases, so that none of them is followed.
  private static func firstAnchored(in node: Node) -> Node? {
    if node.anchor != nil { return node }
    switch node {
    case .scalar, .alias:
      return nil
    case .sequence(let elements):
      return elements.lazy.compactMap { firstAnchored(in: $0) }.first
    case .mapping(let pairs):
      return pairs.lazy.compactMap { firstAnchored(in: $0.key) ?? firstAnchored(in: $0.value) }
        .first
    }
  }

  /// Whatever may be an alias: `*` before a name and after nothing, a blank or an indicator.
  private static func possibleAliases(in text: String) -> Int {
    var count = 0
    var previous = UInt8(ascii: "\n")
    var isStar = false
    for byte in text.utf8 {
      let ends = byte <= UInt8(ascii: " ") || byte == UInt8(ascii: "*")
      if isStar, !ends { count += 1 }
      let starts =
        previous <= UInt8(ascii: " ") || " [{,:-?!&".utf8.contains(previous)
      isStar = byte == UInt8(ascii: "*") && starts
      previous = byte
    }
    return count
  }

  private static func lineNumber(of error: YamlError) -> Int? {
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      return mark.line
    case .duplicatedKeysInMapping(_, let context):
      return context.mark.line
    case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return nil
    }
  }

  private static func firstLine(of error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
      .composer(_, let problem, _, _):
      return problem
    case .duplicatedKeysInMapping(let keys, _):
      return "the same key twice: \(keys.map { String(describing: $0) }.joined(separator: ", "))"
    case .reader(let problem, _, _, _):
      return problem
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return "\(error)".split(separator: "\n").first.map(String.init) ?? "unknown error"
    }
  }
}
