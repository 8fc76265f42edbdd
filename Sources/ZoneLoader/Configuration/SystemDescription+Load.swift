import Boards
import SepKernel
import Yams

extension SystemDescription {
  /// Reads and checks a `system.yaml`, and the board file it names. Images are not opened.
  public static func load(path: String) throws(ConfigurationError) -> SystemDescription {
    try parse(try YAMLDocument.text(path: path, what: "a system.yaml"), path: path)
  }

  /// Checks the text of a `system.yaml`; `path` is for messages and relative paths.
  public static func parse(
    _ text: String, path: String
  ) throws(ConfigurationError) -> SystemDescription {
    let root = try FieldReader(
      try YAMLDocument.root(
        of: text, path: path, start: "board: \(Board.qemuVirtAArch64.name)"),
      section: .system, file: path, path: "")
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
      path: path, board: board.board, boardPath: board.path, deviceTreePath: board.deviceTree,
      baselineSamples: board.baselineSamples, zones: zones, sourceLines: lines)
  }
}
