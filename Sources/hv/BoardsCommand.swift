import ArgumentParser
import Boards
import Workbench
import ZoneLoader

/// `hv boards`: what there is to run on.
struct BoardsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boards",
    abstract: "List the boards.",
    discussion: """
      --markdown is the table of docs/boards.md: what was seen to work on which board, and the tests that show it.

      EXAMPLES
        hv boards
        hv boards raspi4b                      one, and where its facts are from
        hv boards --json | jq '.[].name'
        hv boards qemu-virt-aarch64 --yaml >my-board.yaml   a board file to change
      """)

  @Argument(help: "Only this board, by name or board file.")
  var name: String?

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print the board as a board file (docs/configuration.md), to start your own from.")
  var yaml = false

  @Flag(help: "Print what was seen to work, as a Markdown table.")
  var markdown = false

  func validate() throws {
    if [json, markdown, yaml].count(where: { $0 }) > 1 {
      throw ValidationError("give one of --json, --markdown and --yaml")
    }
    if yaml && name == nil { throw ValidationError("--yaml goes with the name of a board") }
  }

  func run() throws {
    let chosen = try chosen()
    if markdown {
      try Output.text(Self.evidence(of: chosen).markdown)
      return
    }
    if yaml, let board = chosen.first {
      try Output.text(Self.yaml(board))
      return
    }
    let boards = chosen.map(Row.init)
    if json {
      try Output.text(PrettyJSON.text(boards))
      return
    }
    let table = TextTable(
      header: ["board", "instruction set", "CPUs", "memory", "starts in", "what it is"],
      rows: boards.map {
        [
          $0.name, $0.architecture, $0.cpus == $0.cpusAtMost ? "\($0.cpus)" : "1-\($0.cpusAtMost)",
          $0.memoryIsConfigurable ? "any" : OwnershipSheet.size($0.memory),
          $0.emulator ?? "hardware", $0.summary,
        ]
      })
    let sources = name == nil ? [] : chosen.flatMap(\.sources)
    try Output.text(
      table.plain + (sources.isEmpty ? "" : "\nsources\n")
        + sources.map { "  \(TextTable.line($0))\n" }.joined())
  }

  /// The board file of a board.
  static func yaml(_ board: Board) -> String {
    var file = BoardFileWriter(board)
    if Board.named(board.name) == board {
      file.header = ["\(board.name) as hv \(HV.toolVersion) knows it; more of it: docs/boards.md."]
    }
    return file.text
  }

  /// A row for each board, a column for each feature.
  private static func evidence(of boards: [Board]) -> TextTable {
    TextTable(
      header: ["board", "instruction set"] + BoardFeature.allCases.map(\.rawValue) + ["shown by"],
      rows: boards.map { board in
        let suites = Set(board.evidence.values.map { "`\($0.suite)`" }).sorted()
        return [board.name, board.architecture.word]
          + BoardFeature.allCases.map { board.status(of: $0).rawValue }
          + [suites.joined(separator: ", ")]
      })
  }

  private func chosen() throws -> [Board] {
    guard let name else { return Board.all }
    return [try failing { try BoardFile.board(name) }]
  }

  private struct Row: Encodable {
    var name: String
    var summary: String
    var sources: [String]
    var architecture: String
    var cpus: Int
    var cpusAtMost: Int
    var memory: UInt64
    var memoryIsConfigurable: Bool
    var kernelBase: UInt64
    var emulator: String?
    var devices: [String]
    /// A feature's name, and its status.
    var status: [String: String]
    /// A feature's name, and the suite that shows it.
    var evidence: [String: String]

    init(_ board: Board) {
      name = board.name
      summary = board.summary
      sources = board.sources
      architecture = board.architecture.word
      cpus = board.cpus.count
      cpusAtMost = board.cpusAtMost
      memory = board.ramSize
      memoryIsConfigurable = board.ramIsConfigurable
      kernelBase = board.kernelBase
      emulator = board.emulator?.program
      devices = board.devices.map(\.name)
      status = Dictionary(
        uniqueKeysWithValues: BoardFeature.allCases.map {
          ($0.rawValue, board.status(of: $0).rawValue)
        })
      evidence = Dictionary(
        uniqueKeysWithValues: board.evidence.map { ($0.rawValue, $1.suite) })
    }
  }
}
