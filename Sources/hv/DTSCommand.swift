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
      is refused until it is there. docs/boards.md, "A board from its device tree".

      EXAMPLES
        hv dts import /sys/firmware/fdt -o my-board.yaml      on the board's own Linux
        hv dts import rk3588-rock-5b.dtb                      to standard output
        hv dts import board.dts --include linux/include       source, with dtc and cpp
        hv dts import board.dtb --swift -o Sources/Boards/MyBoard.swift
      """)

  @Argument(
    help: "The tree: a blob, or source if its name ends in .dts.",
    completion: .file(extensions: ["dtb", "dts"]))
  var tree: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Write to this file.", valueName: "file"))
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
    let imported: BoardImport
    let blob =
      try tree.hasSuffix(".dts") ? TreeSource.compile(tree, include) : TreeSource.read(tree)
    do {
      imported = try BoardImport(flattened: blob)
    } catch {
      throw ToolFailure(message: "\(tree): \(error)")
    }
    let name = (tree as NSString).lastPathComponent
    let text =
      if json {
        PrettyJSON.text(Report(imported))
      } else if swift {
        imported.literal(source: "device tree \(name)")
      } else {
        imported.boardFile(source: "device tree \(name)")
      }
    if let output {
      do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: output))
      } catch {
        throw ToolFailure(message: "\(output): \(error.localizedDescription)")
      }
    } else {
      Output.text(text)
    }
    for question in imported.questions {
      let word = imported.missing.contains(question.key) ? "missing" : "check"
      Output.error("hv: \(word): \(question.text)")
    }
  }
}

extension DTSImportCommand {
  private struct Report: Encodable {
    struct Window: Encodable {
      var base: UInt64
      var size: UInt64

      init(_ range: AddressRange) {
        base = range.base
        size = range.size
      }
    }

    struct CPU: Encodable {
      var id: UInt64
      var index: UInt16
    }

    struct Device: Encodable {
      var name: String
      var summary: String
      var windows: [Window]
      var lines: [Int]
      var dma: Bool
    }

    struct Question: Encodable {
      var key: String
      var text: String
    }

    struct Translation: Encodable {
      var node: String
      var compatible: String
      var masters: [String]
    }

    var name: String
    var summary: String
    var architecture: String
    var cpuStart: String
    var cpus: [CPU]
    var ram: [Window]
    var reserved: [Window]
    var kernelBase: UInt64?
    var interruptController: [Window]?
    var uart: Window?
    var uartLine: Int?
    var counterFrequency: UInt64?
    var lineCount: Int?
    var doorbells: [Int]?
    var devices: [Device]
    var missing: [String]
    var questions: [Question]
    var iommus: [Translation]
    var notes: [String]

    init(_ imported: BoardImport) {
      let board = imported.board
      func known<Value>(_ key: String, _ value: Value) -> Value? {
        imported.missing.contains(key) ? nil : value
      }
      name = board.name
      summary = board.summary
      architecture = board.architecture.word
      cpuStart = imported.cpuStart
      cpus = board.cpus.map { CPU(id: $0.hardwareID, index: $0.controllerIndex) }
      ram = board.ram.map(Window.init)
      reserved = board.reserved.map(Window.init)
      kernelBase = known("kernelBase", board.kernelBase)
      interruptController = known(
        "interruptController", board.interruptController.regions.map(Window.init))
      uart = known("uart", Window(board.uart.region))
      uartLine = known("uart", board.uart.line)
      counterFrequency = known("counterFrequency", board.counterFrequency)
      lineCount = known("lineCount", board.lineCount)
      doorbells = known("doorbells", [board.doorbells.lowerBound, board.doorbells.upperBound - 1])
      devices = board.devices.map {
        Device(
          name: $0.name, summary: $0.summary, windows: $0.regions.map(Window.init),
          lines: $0.lines, dma: $0.reachesAllMemory)
      }
      missing = imported.missing.sorted()
      questions = imported.questions.map { Question(key: $0.key, text: $0.text) }
      iommus = imported.translations.map {
        Translation(node: $0.node, compatible: $0.compatible, masters: $0.masters)
      }
      notes = imported.notes
    }
  }
}
