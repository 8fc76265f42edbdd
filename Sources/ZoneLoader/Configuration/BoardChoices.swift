import Boards
import SepKernel
import Yams

/// The `board` of a `system.yaml`: a name or a path, or one of them with what was chosen for it.
struct BoardChoices {
  /// With the choices applied.
  var board: Board
  /// Of the board file; nil: the board is one of `Board.all`.
  var path: String?
  var deviceTree: String?
  /// Line of the file on which it is named.
  var deviceTreeLine: Int?
  var baselineSamples: UInt32 = 0

  init(_ node: Node, root: FieldReader) throws(ConfigurationError) {
    if case .scalar(let scalar) = node {
      let named = try Self.named(scalar.string, reader: root, key: "board")
      self.init(board: named.board, path: named.path)
      return
    }
    let reader = try FieldReader(node, section: .board, file: root.file, path: "board")
    let name = try reader.required(
      "name", try reader.text("name"), example: Board.qemuVirtAArch64.name)
    let named = try Self.named(name, reader: reader, key: "name")
    try self.init(of: named.board, reader)
    path = named.path
  }

  /// What the mapping chooses for `board`.
  init(of board: Board, _ reader: FieldReader) throws(ConfigurationError) {
    self.init(board: board, path: nil)
    if let size = try reader.integer("ram") { try setRAM(size, reader) }
    if let text = try reader.text("cpus") { try setCPUs(text, reader) }
    deviceTree = try reader.text("dtb").map { HostFile.resolve($0, besides: reader.file) }
    if deviceTree != nil { deviceTreeLine = reader.line(of: "dtb") }
    if let samples = try reader.integer("baseline") {
      guard samples <= UInt64(Plan.baselineLimit) else {
        throw reader.error(
          "baseline", "\(samples) samples are too many", "use 0 to \(Plan.baselineLimit)")
      }
      baselineSamples = UInt32(samples)
    }
  }

  private init(board: Board, path: String?) {
    self.board = board
    self.path = path
  }

  private mutating func setRAM(_ size: UInt64, _ reader: FieldReader) throws(ConfigurationError) {
    guard board.ramIsConfigurable, board.ram.count == 1 else {
      throw reader.error("ram", "the RAM of \(board.name) is fixed", "remove `ram`")
    }
    let granule: UInt64 = 2 << 20
    guard size >= 16 << 20, size % granule == 0, size <= 255 << 30 else {
      throw reader.error(
        "ram", "\(Quantity.format(size: size)) is not possible",
        "use a multiple of 2MiB from 16MiB to 255GiB")
    }
    board.ram[0].size = size
  }

  private mutating func setCPUs(_ text: String, _ reader: FieldReader) throws(ConfigurationError) {
    guard let all = board.configurableCPUs else {
      throw reader.error("cpus", "the CPUs of \(board.name) are fixed", "remove `cpus`")
    }
    guard let count = Quantity.parse(text), count >= 1, count <= UInt64(board.cpusAtMost) else {
      let reason = all.count > board.cpusAtMost ? ": the kernel has stacks for no more" : ""
      throw reader.error(
        "cpus", "`\(text)` is not a possible number of CPUs",
        "use 1 to \(board.cpusAtMost)\(reason)")
    }
    board.cpus = Array(all.prefix(Int(count)))
  }

  /// The board that is known by this name, or of the file with this path.
  private static func named(
    _ name: String, reader: FieldReader, key: String
  ) throws(ConfigurationError) -> (board: Board, path: String?) {
    if BoardFile.isPath(name) {
      let path = HostFile.resolve(name, besides: reader.file)
      return (try BoardFile.load(path: path), path)
    }
    guard let board = Board.named(name) else {
      throw reader.error(key, "board `\(name)` is not known", BoardFile.advice)
    }
    return (board, nil)
  }
}
