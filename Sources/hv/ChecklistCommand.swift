import ArgumentParser
import Boards
import Checklist
import Foundation
import LatencyReport
import Workbench
import ZoneLoader

/// `hv checklist`: what is known of a board, and what is still to be shown.
struct ChecklistCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checklist",
    abstract: "Check a board's facts, its bring-up log and records of runs; print a list to sign.",
    discussion: """
      Three tiers: the board's facts alone; the console log of the bring-up image; records and logs \
      of runs with zones. What nothing was given for is "not checked". docs/checklist.md has each \
      item, docs/porting.md the way from a board to a signed list.

      Logs are searched for both, bring-up and zones; the last bring-up run counts.

      EXAMPLES
        hv checklist qemu-virt-aarch64
        hv checklist qemu-virt-aarch64 --run
        hv checklist my-board --log boot.log --record alone.hvlat --html my-board.html
        hv checklist my-board --system my.yaml --log run.log --record loaded.hvlat

      EXIT CODES
        0 nothing fails (something may be open)   2 an item fails
        1 a file that cannot be used              6 QEMU could not start (--run)
      """)

  @Argument(help: "The board, as `hv boards` lists it, or a board file.")
  var board: String

  @Option(
    help: ArgumentHelp("The system that is to run on it.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var system: String?

  @Option(
    help: ArgumentHelp(
      "The kernel image, instead of build/images/kernel-ARCHITECTURE.bin.", valueName: "file"))
  var kernel: String?

  @Option(help: ArgumentHelp("A captured console; may be repeated.", valueName: "file"))
  var log: [String] = []

  @Option(help: ArgumentHelp("A latency record; may be repeated.", valueName: "file"))
  var record: [String] = []

  @Flag(
    name: .customLong("run"),
    help: ArgumentHelp(
      "Run this project's guests in the board's emulator, and read what comes out of it.",
      discussion:
        "Five runs, of 300 s at most each; what they leave is in build/run/checklist-BOARD."))
  var startsGuests = false

  @Option(
    help: ArgumentHelp(
      "Write the list as one page to this file; '-' is standard output, instead of the list.",
      valueName: "file"))
  var html: String?

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print Markdown.")
  var markdown = false

  func validate() throws {
    if startsGuests && system != nil {
      throw ValidationError("--run starts systems of its own; run yours with `hv run`")
    }
    if json && markdown { throw ValidationError("give --json or --markdown, not both") }
    if html == "-" && (json || markdown) {
      throw ValidationError(
        "--html - and \(json ? "--json" : "--markdown") cannot both go to standard output")
    }
  }

  func run() throws {
    let inputs = ChecklistInputs(self)
    try Output.refuse("--html", html, over: inputs.paths())
    let list = Checklist(try inputs.input())
    if let html { try Output.text(list.html, to: html) }
    if html != "-" { try Output.text(json ? list.json : markdown ? list.markdown : list.text) }
    if list.exitCode != 0 { throw ExitCode(list.exitCode) }
  }
}
