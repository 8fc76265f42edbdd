import ArgumentParser
import Boards
import Checklist
import Foundation
import LatencyProbe
import LatencyReport
import SepKernel
import Workbench
import ZoneLoader

/// Reads everything the arguments of `hv checklist` name, and says what it was.
struct ChecklistInputs {
  private let arguments: ChecklistCommand

  init(_ arguments: ChecklistCommand) {
    self.arguments = arguments
  }

  /// Every file that is read. Of a system that is refused, the description alone.
  func paths() -> [String] {
    var paths = arguments.log + arguments.record + (arguments.system.map { [$0] } ?? [])
    if Board.named(arguments.board) == nil { paths.append(arguments.board) }
    if let path = arguments.system, let system = try? SystemDescription.load(path: path) {
      paths += system.files.map(\.path)
    }
    let architecture = (try? BoardFile.board(arguments.board))?.architecture.word
    let kernel = arguments.kernel ?? architecture.flatMap { KernelLocation.find(architecture: $0) }
    return paths + (kernel.map { [$0] } ?? [])
  }

  /// Throws for a file that cannot be read, and for one of another board; a system that is refused is
  /// an item of the list.
  func input() throws -> Checklist.Input {
    let (board, origin) = try board()
    let runs = arguments.startsGuests ? try runs(board) : nil
    var input = Checklist.Input(board: board)
    input.provenance = [
      Checklist.Origin("tool", "hv \(HV.toolVersion)"),
      Checklist.Origin("date", Date().formatted(.iso8601)), origin,
    ]
    try addKernel(&input)
    try addSystem(&input)
    for path in arguments.log { try addLog(path, &input) }
    for path in arguments.record { try addRecord(path, &input) }
    if let runs { try add(runs, &input) }
    return input
  }

  /// The board that the list is about, and what names its facts.
  private func board() throws -> (board: Board, origin: Checklist.Origin) {
    if let board = Board.named(arguments.board) {
      let facts = SHA256.digest(of: Array(BoardsCommand.yaml(board).utf8)).hexadecimal
      return (
        board,
        Checklist.Origin(
          "board",
          "\(board.name), as hv \(HV.toolVersion) knows it; "
            + "`hv boards \(board.name) --yaml` has SHA-256 \(facts)")
      )
    }
    // Says what a board can be called, where this is no path.
    guard BoardFile.isPath(arguments.board) else {
      throw ToolFailure(message: "\(BoardFile.unknown(arguments.board))")
    }
    return try boardFile(arguments.board)
  }

  /// A board file may have the name of a board that hv knows.
  private func boardFile(_ path: String) throws -> (board: Board, origin: Checklist.Origin) {
    let (board, bytes) = try failing { try BoardFile.read(path: path) }
    let other = Board.named(board.name) == nil ? "" : ", not the \(board.name) that hv knows"
    return (board, hash("board", "\(board.name)\(other): board file \(path)", bytes))
  }

  private func addLog(_ path: String, _ input: inout Checklist.Input) throws {
    let bytes = try read(path)
    input.logs.append((path, bytes))
    input.provenance.append(hash("log", path, bytes))
  }

  /// Of a run in the emulator: its zones are in its record, and its end in the provenance.
  private func add(_ runs: ChecklistRuns, _ input: inout Checklist.Input) throws {
    for run in try runs.run() {
      input.provenance.append(
        Checklist.Origin("run", "\(run.name): \(run.system), exit code \(run.exitCode)"))
      try addLog(run.log, &input)
      if let record = run.record { try addRecord(record, &input) }
      try Output.refuse("--html", arguments.html, over: [run.log] + (run.record.map { [$0] } ?? []))
    }
  }

  private func runs(_ board: Board) throws -> ChecklistRuns {
    let runs = try ChecklistRuns(
      board: board, isFile: Board.named(arguments.board) == nil, kernel: arguments.kernel)
    for output in runs.outputs { try Output.refuse("--run", output, over: paths()) }
    return runs
  }

  private func addRecord(_ path: String, _ input: inout Checklist.Input) throws {
    let bytes = try read(path)
    // What the bring-up image said, where its UART did not: before all logs, since the last one counts.
    if let text = BringupLog.text(inRecord: bytes) {
      input.logs.insert(("\(path), memory", text), at: 0)
    }
    do {
      input.records.append(try RecordReader.read(bytes, source: path))
    } catch {
      throw ToolFailure(message: "\(path): \(error)")
    }
    input.provenance.append(hash("record", path, bytes))
  }

  private func addKernel(_ input: inout Checklist.Input) throws {
    let architecture = input.board.architecture.word
    guard let path = arguments.kernel ?? KernelLocation.find(architecture: architecture) else {
      input.provenance.append(Checklist.Origin("kernel", "none is built"))
      return
    }
    let bytes = try read(path)
    do {
      input.kernelBytes = try KernelImageInfo(path: path, bytes: bytes).byteCount
    } catch {
      throw ToolFailure(message: error.description)
    }
    input.provenance.append(hash("kernel", path, bytes))
  }

  private func addSystem(_ input: inout Checklist.Input) throws {
    guard let path = arguments.system else { return }
    let bytes = try read(path)
    input.provenance.append(hash("system", path, bytes))
    let (system, hasKernel): (PlannedSystem, Bool)
    do {
      let kernel = arguments.kernel.map { ["--kernel", $0] } ?? []
      let options = try SystemOptions.parse(kernel + ["--", path])
      (system, hasKernel) = try options.planProvisionally()
    } catch let failure as ToolFailure where failure.exitCode == 1 {
      input.system = .refused(failure.message)
      return
    }
    guard system.board.name == input.board.name else {
      throw ToolFailure(
        message: "\(path) is a system for \(system.board.name), not for \(input.board.name)")
    }
    if let file = system.description.boardPath {
      let (board, origin) = try boardFile(file)
      guard board == input.board else {
        throw ToolFailure(
          message: "\(path) is a system for \(board.name) of \(file), whose facts are not those of "
            + "\(arguments.board); give that file instead")
      }
      if !input.provenance.contains(origin) { input.provenance.append(origin) }
    } else if Board.named(arguments.board) == nil {
      throw ToolFailure(
        message: "\(path) is a system for the \(input.board.name) that hv knows, not for "
          + "\(arguments.board); name the file in `board:`")
    }
    // With the RAM and the CPUs that the system chooses.
    input.board = system.board
    for file in system.description.files where !["system", "board file"].contains(file.what) {
      input.provenance.append(hash(file.what, file.path, try read(file.path, limit: 1 << 30)))
    }
    input.system = .planned(facts(of: system))
    input.provenance.append(
      Checklist.Origin(
        "plan", system.checksumText + (hasKernel ? "" : ", provisional: no kernel is built")))
  }

  private func facts(of system: PlannedSystem) -> ChecklistSystem.PlannedFacts {
    ChecklistSystem.PlannedFacts(
      path: system.description.path, checksum: system.checksumText,
      kernelRegion: system.kernelRegion,
      zones: system.zones.map { zone in
        ChecklistSystem.PlannedFacts.Zone(
          name: zone.name, isRealTime: zone.kind == .zoneR, cpus: zone.cpus,
          windows: zone.ranges.filter { $0.kind == .device }.map(\.hostRange))
      })
  }

  private func read(_ path: String, limit: Int = 256 << 20) throws -> [UInt8] {
    do {
      return try HostFile.read(path, limit: limit)
    } catch {
      throw ToolFailure(message: "\(path): \(error.problem)")
    }
  }

  private func hash(_ what: String, _ path: String, _ bytes: [UInt8]) -> Checklist.Origin {
    Checklist.Origin(
      what, "\(path), \(bytes.count) bytes, SHA-256 \(SHA256.digest(of: bytes).hexadecimal)")
  }
}
