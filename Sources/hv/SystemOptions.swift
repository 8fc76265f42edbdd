import ArgumentParser
import Boards
import Foundation
import SepKernel
import Workbench
import ZoneLoader

/// The arguments that every command about a system has.
struct SystemOptions: ParsableArguments {
  @Argument(
    help: "The system description (YAML); with --bringup also a board, by name or board file.",
    completion: .file(extensions: ["yaml", "yml"]))
  var system: String

  @Option(
    help: ArgumentHelp(
      "The kernel image, instead of build/images/kernel-ARCHITECTURE.bin.", valueName: "file"))
  var kernel: String?

  @Flag(
    help: ArgumentHelp(
      "The image that looks at the board instead of a kernel with zones.",
      discussion: "docs/bringup.md. Of a description only its board is used."))
  var bringup = false

  /// The planned system and its kernel's path. What is missing of kernel and guests and can be built
  /// by the checkout the tool lies in is built first.
  func plan() throws -> (system: PlannedSystem, kernel: String) {
    if bringup { return try planBringup() }
    let description = try load()
    try MissingFiles.build(
      description.zones.flatMap { [$0.image] + ($0.initrd.map { [$0] } ?? []) })
    let path = try kernel ?? MissingFiles.kernel(description.board.architecture.word)
    return try failing {
      (try Planner.plan(description, kernelImage: KernelImageInfo(path: path)), path)
    }
  }

  private func planBringup() throws -> (system: PlannedSystem, kernel: String) {
    let isBoard = Board.named(system) != nil || BoardFile.isBoardFile(path: system)
    let board = try isBoard ? failing { try BoardFile.board(system) } : load().board
    let path = try kernel ?? MissingFiles.kernel(board.architecture.word, image: "bringup")
    return try failing {
      (try Planner.bringup(board, image: KernelImageInfo(path: path)), path)
    }
  }

  /// The planned system, with a made-up kernel of 1 MiB when none is built and none was named.
  func planProvisionally() throws -> (system: PlannedSystem, hasKernel: Bool) {
    if bringup { return (try planBringup().system, true) }
    let description = try load()
    let found = KernelLocation.find(architecture: description.board.architecture.word)
    if kernel != nil || found != nil { return (try plan().system, true) }
    let made = KernelImageInfo(
      path: "", byteCount: 1 << 20, hash: [UInt8](repeating: 0, count: 16))
    return (try failing { try Planner.plan(description, kernelImage: made) }, false)
  }

  /// Every file that is read for the system, with `kernel` if there is one: nothing is written over them.
  func inputs(kernel: String?) throws -> [String] {
    let kernels = kernel.map { [$0] } ?? []
    if bringup, Board.named(system) != nil { return kernels }
    if bringup, BoardFile.isBoardFile(path: system) { return kernels + [system] }
    return kernels + (try load().files.map(\.path))
  }

  /// What is no text has to have a file of its own.
  static func requireFile(_ option: String, _ path: String?) throws {
    guard path == "-" else { return }
    throw ValidationError(
      "\(option) wants the name of a file, since what it writes is no text; './-' is one called '-'"
    )
  }

  private func load() throws -> SystemDescription {
    try failing { try SystemDescription.load(path: system) }
  }
}

/// Runs `body` and turns every error of the planning library into the tool's own.
func failing<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch {
    throw ToolFailure(message: "\(error)")
  }
}

extension PlannedSystem {
  /// What the Plan knows of the kernel image's hash, in hexadecimal.
  var imageHashText: String {
    kernelImage.hash.hexadecimal
  }

  /// The page that a person signs.
  func sheet(hasKernel: Bool) -> OwnershipSheet {
    OwnershipSheet(
      file: description.path, board: board.name, planChecksum: checksumText,
      imageHash: hasKernel ? imageHashText : nil,
      zones: zones.enumerated().map { index, zone in
        OwnershipSheet.Zone(
          index: index, name: zone.name, kind: zone.kind.label, cpus: zone.cpus,
          memory: zone.ranges.reduce(0) { $1.kind == .ram ? $0 + $1.size : $0 },
          image: zone.image)
      },
      rows: ownershipTable().map { row in
        OwnershipSheet.Row(
          resource: row.kind.rawValue, identifier: row.number.map { String($0) } ?? row.identifier,
          owner: row.owner, note: row.note, base: row.range?.base, size: row.range?.size)
      })
  }
}
