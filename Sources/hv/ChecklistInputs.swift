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

  /// Throws for a file that cannot be read, and for one of another board; a system that is refused is
  /// an item of the list.
  func input() throws -> Checklist.Input {
    let board = try failing { try BoardFile.board(arguments.board) }
    var input = Checklist.Input(board: board)
    input.provenance = [
      Checklist.Origin("tool", "hv \(HV.toolVersion)"),
      Checklist.Origin("date", Date().formatted(.iso8601)), Checklist.Origin("board", board.name),
    ]
    try addKernel(&input)
    try addSystem(&input)
    for path in arguments.log { try addLog(path, &input) }
    for path in arguments.record { try addRecord(path, &input) }
    if arguments.startsGuests { try addRuns(&input) }
    return input
  }

  private func addLog(_ path: String, _ input: inout Checklist.Input) throws {
    let bytes = try read(path)
    input.logs.append((path, bytes))
    input.provenance.append(hash("log", path, bytes))
  }

  /// Of a run in the emulator: its zones are in its record, and its end in the provenance.
  private func addRuns(_ input: inout Checklist.Input) throws {
    for run in try runs(input.board).run() {
      input.provenance.append(
        Checklist.Origin("run", "\(run.name): \(run.system), exit code \(run.exitCode)"))
      try addLog(run.log, &input)
      if let record = run.record { try addRecord(record, &input) }
    }
  }

  private func runs(_ board: Board) throws -> ChecklistRuns {
    try ChecklistRuns(
      board: board, isFile: Board.named(arguments.board) == nil, kernel: arguments.kernel)
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
    do {
      let image = try KernelImageInfo(path: path)
      input.kernelBytes = image.byteCount
      input.provenance.append(
        Checklist.Origin(
          "kernel", "\(path), SHA-256 \(image.hash.hexadecimal)... (first 16 bytes)"))
    } catch {
      throw ToolFailure(message: error.description)
    }
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
    // With the RAM and the CPUs that the system chooses.
    input.board = system.board
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

  private func read(_ path: String) throws -> [UInt8] {
    do {
      return try HostFile.read(path, limit: 256 << 20)
    } catch {
      throw ToolFailure(message: "\(path): \(error.problem)")
    }
  }

  private func hash(_ what: String, _ path: String, _ bytes: [UInt8]) -> Checklist.Origin {
    Checklist.Origin(
      what, "\(path), \(bytes.count) bytes, SHA-256 \(SHA256.digest(of: bytes).hexadecimal)")
  }
}
