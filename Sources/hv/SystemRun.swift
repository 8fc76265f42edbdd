import ArgumentParser
import Boards
import Foundation
import SepKernel
import Workbench
import ZoneLoader

/// One `hv run` from its arguments to its exit code.
struct SystemRun {
  private let arguments: RunCommand
  private let system: PlannedSystem
  private let kernel: String
  private let emulator: BoardEmulator
  private let zones: [RunZone]
  private let logFolder: String

  /// Plans the system and checks all arguments that name zones.
  init(arguments: RunCommand) throws {
    self.arguments = arguments
    (system, kernel) = try arguments.options.plan()
    guard let emulator = system.board.emulator else {
      throw ToolFailure(
        message:
          "no emulator is known for board '\(system.board.name)'; write a boot image with "
          + "'hv image' and start it on the board")
    }
    self.emulator = emulator
    zones = system.zones.map {
      RunZone(
        name: $0.name, hasConsole: $0.console != nil,
        startsAtBoot: !$0.flags.contains(.manualStart))
    }
    let name = URL(fileURLWithPath: arguments.options.system).deletingPathExtension()
    logFolder = arguments.logDir ?? "build/run/\(name.lastPathComponent)"
    let inputs = try arguments.options.inputs(kernel: kernel)
    try Output.refuse("--record", arguments.record, over: inputs)
    for file in ["boot.img", "firmware.bin", "raw.log", "kernel.log", "other.log"]
      + zones.map({ "\($0.name).log" })
    {
      try Output.refuse("--log-dir", "\(logFolder)/\(file)", over: inputs)
    }
  }

  /// Runs the system; throws its exit code unless all was well.
  func run() throws {
    let console = try consoleZone()
    let policy = try policy(console: console)
    let (command, version) = try command()
    let isBringup = arguments.options.bringup
    let scratch = arguments.record == nil && !isBringup ? nil : try ScratchFolder()
    defer { scratch?.remove() }
    var configuration = RunConfiguration(
      command: command, zones: zones, policy: policy, logFolder: logFolder,
      scratchFolder: scratch?.path ?? logFolder)
    configuration.timeout = arguments.timeout ?? (isBringup ? SystemRun.bringupTimeout : nil)
    configuration.keyboardZone = console
    if !arguments.quiet { configuration.output = arguments.json ? STDERR_FILENO : STDOUT_FILENO }
    configuration.style = ConsolePrinter.Style(
      descriptor: configuration.output, environment: ProcessInfo.processInfo.environment)
    if let scratch {
      configuration.command.qmpSocket = "\(scratch.path)/qmp.sock"
      configuration.record = RecordRequest(base: system.records.base, size: system.records.size)
    }
    if arguments.gdb { Output.error("hv: QEMU waits for 'target remote localhost:1234' in gdb") }
    let result = try run(configuration)
    let report = RunReport(
      result: finished(result, configuration.command, version), zones: zones,
      logFolder: logFolder, version: version, command: configuration.command.shellLine,
      system: system, record: arguments.record)
    try report.print(json: arguments.json)
    if isBringup { try judgeBringup(result) }
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
  }

  /// Seconds after which a board that has not come to the end of its report gets no more time.
  private static let bringupTimeout = 60.0

  /// Fails when a check of the bring-up did, or when it did not come to its end on the UART.
  private func judgeBringup(_ result: RunResult) throws {
    let uart = (try? Data(contentsOf: URL(fileURLWithPath: "\(logFolder)/raw.log"))) ?? Data()
    let report = BringupReport(uart: String(decoding: uart, as: UTF8.self), record: result.record)
    if report.isFromMemory {
      Output.error("hv: the UART did not say all; this is the report in the machine's memory")
      // What is read by a program is not mixed with it.
      for line in report.lines where !arguments.json && !arguments.quiet {
        try Output.text(line + "\n")
      }
    }
    for line in report.failures { Output.error("hv: \(line)") }
    if let check = report.unfinished { Output.error("hv: the check \(check) did not end") }
    if !report.failures.isEmpty { throw ExitCode(4) }
  }

  /// The machine from start to end; the keyboard is raw only in between.
  private func run(_ configuration: RunConfiguration) throws -> RunResult {
    do {
      let machine = try MachineRun(configuration)
      let usesKeyboard = !arguments.json && !arguments.quiet
      let terminal = usesKeyboard ? RawTerminal(keyboard: STDIN_FILENO) : nil
      defer { terminal?.restore() }
      return machine.run(keyboard: terminal == nil ? nil : STDIN_FILENO)
    } catch {
      switch error {
      case .file(let error): throw ToolFailure(message: error.description)
      case .emulator: throw ToolFailure(message: error.description, exitCode: 6)
      }
    }
  }

  /// The result after the records were sealed and written.
  private func finished(_ result: RunResult, _ command: QEMUCommand, _ version: String) -> RunResult
  {
    guard let region = result.record, let path = arguments.record else { return result }
    var result = result
    let file = RecordFile(
      system: system, command: command, version: version, load: arguments.load)
    do {
      try file.write(region, to: path)
    } catch {
      result.record = nil
      if result.end.exitCode == 0 {
        result.end = .recordFailed(error.description)
      } else {
        result.warnings.append("no latency records were written: \(error.description)")
      }
    }
    return result
  }

  private func command() throws -> (command: QEMUCommand, version: String) {
    let executable: String
    let version: String
    do {
      (executable, version) = try QEMUInstallation.find(
        emulator.program, major: emulator.minimumVersion)
    } catch {
      throw ToolFailure(message: error.description, exitCode: 6)
    }
    do {
      try FileManager.default.createDirectory(
        atPath: logFolder, withIntermediateDirectories: true)
    } catch {
      throw ToolFailure(message: "\(logFolder): \(error.localizedDescription)")
    }
    let image = "\(logFolder)/boot.img"
    try system.write(to: image, kernel: kernel)
    var command = QEMUCommand(
      executable: executable, machineArguments: emulator.arguments(for: system.board),
      icountShift: emulator.icountShift, image: image)
    command.icountArguments = emulator.icountArguments
    command.serialPort = emulator.serialPort
    if let firmware = emulator.firmware {
      command.firmware = try write(firmware, for: executable)
      command.imageAddress = system.board.kernelBase
    }
    command.icount = arguments.icount
    // HV_PIN=0: several machines at once would all want the same CPU (docs/hv.md).
    if arguments.icount, ProcessInfo.processInfo.environment["HV_PIN"] != "0" {
      command.launcher = OneHostCPU.launcher()
    }
    command.waitForDebugger = arguments.gdb
    command.extraArguments = arguments.qemuArg
    if let smp = arguments.smp { command.overrideCPUCount(smp) }
    return (command, version)
  }

  /// Writes the firmware of a machine that brings none; gives its path.
  private func write(_ firmware: BoardFirmware, for executable: String) throws -> String {
    let name = BoardFirmware.openSBI
    guard let openSBI = QEMUInstallation.dataFile(name, of: executable) else {
      throw ToolFailure(
        message: "\(executable) has no \(name) in its data folders; install Debian's opensbi",
        exitCode: 6)
    }
    let path = "\(logFolder)/firmware.bin"
    do {
      let image = try FirmwareImage.make(
        for: system.board, firmware,
        openSBI: HostFile.read(openSBI, limit: FirmwareImage.size))
      try Data(image).write(to: URL(fileURLWithPath: path))
    } catch let error as HostFile.Failure {
      throw ToolFailure(message: "\(openSBI) \(error.problem)", exitCode: 6)
    } catch let error as DeviceTreeError {
      throw ToolFailure(message: "\(path): \(error)")
    } catch {
      throw ToolFailure(message: "\(path): \(error.localizedDescription)")
    }
    return path
  }

  /// Index of the zone that gets the keyboard: the named one, zone0, or the first with a console.
  private func consoleZone() throws -> Int? {
    guard let name = arguments.console else {
      return system.zones.firstIndex { $0.kind == .zone0 && $0.console != nil }
        ?? zones.firstIndex { $0.hasConsole }
    }
    guard let index = zones.firstIndex(where: { $0.name == name }) else {
      throw ToolFailure(message: "--console '\(name)': \(noZone)")
    }
    guard zones[index].hasConsole else {
      throw ToolFailure(message: "--console '\(name)': the zone has no console")
    }
    return index
  }

  private func policy(console: Int?) throws -> RunPolicy {
    for name in arguments.allowFailed where !zones.contains(where: { $0.name == name }) {
      throw ToolFailure(message: "--allow-failed '\(name)': \(noZone)")
    }
    do {
      let names = zones.map(\.name)
      var script = try arguments.input.map { text in
        guard let console else {
          throw ScriptError(description: "--input '\(text)': no zone has a console to type at")
        }
        return try SendStep(input: text, zone: names[console], zones: zones)
      }
      script += try arguments.send.map { try SendStep($0, zones: zones) }
      return RunPolicy(
        zones: zones,
        untils: try untils.map {
          try LinePattern($0, option: "--until", zones: names)
        }, script: script, allowFailed: Set(arguments.allowFailed))
    } catch let error as ScriptError {
      throw ToolFailure(message: error.description)
    }
  }

  /// What is waited for: the end of its report, if nothing else, when a board is looked at.
  private var untils: [String] {
    let wanted = arguments.until
    return wanted.isEmpty && arguments.options.bringup
      ? ["*:^\(BringupReport.lastLine)"] : wanted
  }

  private var noZone: String {
    "there is no such zone (there are: \(zones.map(\.name).joined(separator: ", ")))"
  }
}
