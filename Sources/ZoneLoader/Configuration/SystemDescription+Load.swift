import Boards
import SepKernel
import Yams

extension SystemDescription {
  /// Largest `system.yaml` that is read, in bytes.
  static let fileLimit = 1 << 20

  /// Reads and checks a `system.yaml`. Images are not opened.
  public static func load(path: String) throws(ConfigurationError) -> SystemDescription {
    let bytes: [UInt8]
    do {
      bytes = try HostFile.read(path, limit: fileLimit)
    } catch {
      throw ConfigurationError(
        file: path, line: nil, field: "", problem: error.problem,
        advice: "give the path of a system.yaml")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError(
        file: path, line: nil, field: "", problem: "is not UTF-8 text",
        advice: "save it as UTF-8")
    }
    return try parse(text, path: path)
  }

  /// Checks the text of a `system.yaml`; `path` is for messages and relative paths.
  public static func parse(
    _ text: String, path: String
  ) throws(ConfigurationError) -> SystemDescription {
    let root = try FieldReader(
      try document(text, path: path), section: .system, file: path, path: "")
    let boardNode = try root.required(
      "board", root.node("board"), example: Board.qemuVirtAArch64.name)
    let board = try BoardChoices(boardNode, root: root)
    let zonesNode = try root.required("zones", root.node("zones"), example: "[...]")
    guard case .sequence(let sequence) = zonesNode, !sequence.isEmpty else {
      throw root.error("zones", "must be a list with at least one zone", "start it with `- name:`")
    }
    guard sequence.count <= Plan.zoneCapacity else {
      throw root.error(
        "zones", "has \(sequence.count) zones", "use at most \(Plan.zoneCapacity)")
    }
    var zones: [ZoneDescription] = []
    for (index, node) in sequence.enumerated() {
      let reader = try FieldReader(node, section: .zone, file: path, path: "zones[\(index)]")
      let zone = try ZoneDescription(reading: reader, board: board.board)
      guard !zones.contains(where: { $0.name == zone.name }) else {
        throw reader.error("name", "`\(zone.name)` is used twice", "give each zone its own name")
      }
      zones.append(zone)
    }
    return SystemDescription(
      path: path, board: board.board, deviceTreePath: board.deviceTree,
      baselineSamples: board.baselineSamples, zones: zones)
  }

  /// Aliases that refer to aliases make small files that take for ever to read; a handful is not
  /// enough for that, and no `system.yaml` needs any.
  private static let aliasLimit = 16

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

  private static func document(_ text: String, path: String) throws(ConfigurationError) -> Node {
    guard possibleAliases(in: text) <= aliasLimit else {
      throw ConfigurationError(
        file: path, line: nil, field: "", problem: "uses many YAML aliases (`*name`)",
        advice: "write the values out")
    }
    do {
      if let node = try Yams.compose(yaml: text) { return node }
    } catch let error as YamlError {
      throw ConfigurationError(
        file: path, line: lineNumber(of: error), field: "",
        problem: "is not valid YAML: \(firstLine(of: error))", advice: "correct the syntax")
    } catch {
      throw ConfigurationError(
        file: path, line: nil, field: "", problem: "is not valid YAML",
        advice: "correct the syntax")
    }
    throw ConfigurationError(
      file: path, line: nil, field: "", problem: "is empty",
      advice: "start with `board: \(Board.qemuVirtAArch64.name)`")
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
