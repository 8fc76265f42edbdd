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
      try YAMLDocument.root(of: text, path: path), section: .system, file: path, path: "")
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
    var lines = ["board": boardNode.mark?.line, "zones": zonesNode.mark?.line].compactMapValues {
      $0
    }
    lines["board.dtb"] = board.deviceTreeLine
    return SystemDescription(
      path: path, board: board.board, deviceTreePath: board.deviceTree,
      baselineSamples: board.baselineSamples, zones: zones, sourceLines: lines)
  }
}
