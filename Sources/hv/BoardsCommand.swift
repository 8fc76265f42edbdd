import ArgumentParser
import Boards
import Workbench

/// `hv boards`: what there is to run on.
struct BoardsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boards",
    abstract: "List the boards.",
    discussion: """
      EXAMPLES
        hv boards
        hv boards --json | jq '.[].name'
      """)

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print a Markdown table.")
  var markdown = false

  func validate() throws {
    if json && markdown { throw ValidationError("give --json or --markdown, not both") }
  }

  func run() throws {
    let boards = Board.all.map(Row.init)
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
