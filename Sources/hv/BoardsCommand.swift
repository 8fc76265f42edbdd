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
      EXAMPLES
        hv boards
        hv boards --json | jq '.[].name'
        hv boards qemu-virt-aarch64 --yaml >my-board.yaml   a board file to change
      """)

  @Argument(help: "Only this board.")
  var name: String?

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print the board as a board file (docs/configuration.md), to start your own from.")
  var yaml = false

  @Flag(help: "Print a Markdown table.")
  var markdown = false

  func validate() throws {
    if [json, markdown, yaml].count(where: { $0 }) > 1 {
      throw ValidationError("give one of --json, --markdown and --yaml")
    }
    if yaml && name == nil { throw ValidationError("--yaml goes with the name of a board") }
  }

  func run() throws {
    let chosen = try chosen()
    if yaml, let board = chosen.first {
      var file = BoardFileWriter(board)
      file.header = ["\(board.name) as hv \(HV.toolVersion) knows it; sources: docs/boards.md."]
      Output.text(file.text)
      return
    }
    let boards = chosen.map(Row.init)
    if json {
      Output.text(PrettyJSON.text(boards))
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
    Output.text(markdown ? table.markdown : table.plain)
  }

  private func chosen() throws -> [Board] {
    guard let name else { return Board.all }
    guard let board = Board.named(name) else {
      throw ToolFailure(
        message: "board '\(name)' is not known; use one of: "
          + Board.all.map(\.name).joined(separator: ", "))
    }
    return [board]
  }

  private struct Row: Encodable {
    var name: String
    var summary: String
    var architecture: String
    var cpus: Int
    var cpusAtMost: Int
    var memory: UInt64
    var memoryIsConfigurable: Bool
    var kernelBase: UInt64
    var emulator: String?
    var devices: [String]

    init(_ board: Board) {
      name = board.name
      summary = board.summary
      architecture = board.architecture.word
      cpus = board.cpus.count
      cpusAtMost = board.configurableCPUs?.count ?? board.cpus.count
      memory = board.ramSize
      memoryIsConfigurable = board.ramIsConfigurable
      kernelBase = board.kernelBase
      emulator = board.emulator?.program
      devices = board.devices.map(\.name)
    }
  }
}
