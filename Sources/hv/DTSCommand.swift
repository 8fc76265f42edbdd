import ArgumentParser
import Boards
import Foundation
import Workbench
import ZoneLoader

/// `hv dts`: what there is to do with device trees.
struct DTSCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dts", abstract: "Work with device trees of boards.",
    subcommands: [DTSImportCommand.self])
}

/// `hv dts import`: a board file out of a device tree.
struct DTSImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a board file of a board's device tree.",
    discussion: """
      What the tree does not say is asked for by name, on standard error and in the file: the file \
      is refused until it is there, and the exit code is 2. docs/porting.md goes on from there.

      EXAMPLES
        hv dts import /sys/firmware/fdt -o my-board.yaml      on the board's own Linux
        hv dts import rk3588-rock-5b.dtb                      to standard output
        hv dts import board.dts --include linux/include       source, with dtc and cpp
        hv dts import board.dtb --swift -o Sources/Boards/MyBoard.swift

      EXIT CODES
        0 nothing is missing     2 written, and something is missing
        1 no tree that can be used, or output that cannot be written
      """)

  @Argument(
    help: "The tree: a blob, or source if its name ends in .dts.",
    completion: .file(extensions: ["dtb", "dts"]))
  var tree: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to this file; '-' is standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Print a literal for Sources/Boards.")
  var swift = false

  @Flag(help: "Print JSON: the facts, what is missing, questions, IOMMUs, notes.")
  var json = false

  @Option(
    help: ArgumentHelp("For source: where cpp finds included files.", valueName: "folder"))
  var include: [String] = []

  func validate() throws {
    if swift && json { throw ValidationError("give --swift or --json, not both") }
    if !include.isEmpty && !tree.hasSuffix(".dts") {
      throw ValidationError("--include goes with source, a file whose name ends in .dts")
    }
  }

  func run() throws {
    try Output.refuse("-o", output, over: [tree])
    let imported: BoardImport
    let (blob, included) =
      try tree.hasSuffix(".dts")
      ? TreeSource.compile(tree, include) : (TreeSource.read(tree), [])
    try Output.refuse("-o", output, over: included)
    do {
      imported = try BoardImport(flattened: blob)
    } catch {
      throw ToolFailure(message: "\(tree): \(error)")
    }
    let name = (tree as NSString).lastPathComponent
    let text =
      if json {
        PrettyJSON.text(ImportReport(imported))
      } else if swift {
        imported.literal(source: "device tree \(name)")
      } else {
        imported.boardFile(source: "device tree \(name)")
      }
    try Output.text(text, to: output ?? "-")
    for question in imported.questions {
      let word = imported.missing.contains(question.key) ? "missing" : "check"
      Output.error("hv: \(word): \(question.text)")
    }
    if !imported.missing.isEmpty { throw ExitCode(2) }
  }
}
