import Foundation

/// One `hv run` of a system: what each zone printed, what the kernel said, how it ended.
struct SystemRun: Sendable, CustomStringConvertible {
  var exitCode: Int32
  /// One word for how it ended (docs/hv.md).
  var end: String
  var reason: String
  /// Name of the board.
  var board: String
  /// Exactly what each zone wrote, by its name.
  var consoles: [String: String]
  /// The kernel's messages, without prefix.
  var kernel: String
  /// The UART as it was.
  var raw: String
  /// State of each zone at the end, by its name.
  var states: [String: String]
  /// The record file, if one was asked for.
  var record: Data?
  /// What hv wrote to standard error.
  var errors: String

  /// What a zone wrote; empty for a zone that does not exist.
  subscript(zone: String) -> String { consoles[zone] ?? "" }

  /// For the message of a test that fails.
  var description: String { "\(end) (\(exitCode)): \(reason)\n\(raw.suffix(6000))" }

  /// How `hv run` is told to run a system.
  struct Options: Sendable {
    var icount = false
    /// Seconds of wall time.
    var timeout = 60.0
    var until: [String] = []
    var send: [String] = []
    var allowFailed: [String] = []
    var smp: Int?
    var record = false
    var load: String?
    /// QEMU's `-cpu`, instead of the board's.
    var cpu: String?
    /// More of QEMU's `-machine`.
    var machine: String?
    /// QEMU's `-bios`, instead of what it brings, as its bytes.
    var firmware: Data?
    /// What else QEMU is told, devices that the board can have.
    var emulator: [String] = []
    /// Instructions of AArch64 that CPU 0 executes at EL3 before all others; they lie at 0x4010_0000.
    var atEL3: [UInt32] = []
    /// Another kernel image than that of `make build`, as its bytes.
    var kernel: Data?
  }

  /// Boots `system` and waits for its end, at most `timeout` seconds after the machine started.
  static func start(_ system: SystemText, _ options: Options) async throws -> SystemRun {
    try await start(
      yaml: system.yaml, zones: system.zones.map(\.name), options, on: system.board)
  }

  /// The same for a description written by somebody else; `zones` are the names of its zones.
  static func start(
    yaml: String, zones: [String], _ options: Options, on board: TestBoard
  ) async throws -> SystemRun {
    let hv = try Built.hv()
    let kernel = try Built.kernel(board)
    let run = try await BootSlots.shared.run {
      let folder = try ScratchFolder()
      return try await start(
        yaml: yaml, zones: zones, options, hv: hv, kernel: kernel, folder: folder.path)
    }
    try Evidence.note(run, typed: !options.send.isEmpty)
    return run
  }

  private static func start(
    yaml: String, zones: [String], _ options: Options, hv: String, kernel: String,
    folder: String
  ) async throws -> SystemRun {
    try yaml.write(toFile: "\(folder)/system.yaml", atomically: false, encoding: .utf8)
    var kernel = kernel
    if let other = options.kernel {
      kernel = "\(folder)/kernel.bin"
      try other.write(to: URL(fileURLWithPath: kernel))
    }
    var arguments = [
      "run", "\(folder)/system.yaml", "--json", "--quiet", "--log-dir", "\(folder)/log",
    ]
    arguments += ["--timeout", String(options.timeout), "--kernel", kernel]
    if options.icount { arguments.append("--icount") }
    arguments += options.until.flatMap { ["--until", $0] }
    arguments += options.send.flatMap { ["--send", $0] }
    arguments += options.allowFailed.flatMap { ["--allow-failed", $0] }
    if let smp = options.smp { arguments += ["--smp", String(smp)] }
    if options.record { arguments += ["--record", "\(folder)/record.hvlat"] }
    // Of two `-cpu` QEMU takes the last one.
    if let cpu = options.cpu { arguments += ["--qemu-arg=-cpu", "--qemu-arg=\(cpu)"] }
    // Of several `-machine` it makes one.
    if let machine = options.machine {
      arguments += ["--qemu-arg=-machine", "--qemu-arg=\(machine)"]
    }
    if let firmware = options.firmware {
      try firmware.write(to: URL(fileURLWithPath: "\(folder)/firmware.bin"))
      arguments += ["--qemu-arg=-bios", "--qemu-arg=\(folder)/firmware.bin"]
    }
    arguments += options.emulator.map { "--qemu-arg=\($0)" }
    if !options.atEL3.isEmpty {
      try Data(options.atEL3.flatMap { word in withUnsafeBytes(of: word.littleEndian, Array.init) })
        .write(to: URL(fileURLWithPath: "\(folder)/el3.bin"))
      arguments += [
        "--qemu-arg=-device",
        "--qemu-arg=loader,file=\(folder)/el3.bin,addr=0x40100000,force-raw=on,cpu-num=0",
      ]
    }
    if let load = options.load { arguments += ["--load", load] }
    let command = try await Command.run(
      hv, arguments, seconds: options.timeout + 30, folder: folder)
    guard let result = try? JSONDecoder().decode(Result.self, from: Data(command.output.utf8))
    else {
      throw NoResult(text: "hv ended with \(command.status)\n\(command.errors)\n\(yaml)")
    }
    var consoles: [String: String] = [:]
    for zone in zones { consoles[zone] = log("\(folder)/log/\(zone).log") }
    return SystemRun(
      exitCode: command.status, end: result.end, reason: result.reason, board: result.board,
      consoles: consoles,
      kernel: log("\(folder)/log/kernel.log"), raw: log("\(folder)/log/raw.log"),
      states: Dictionary(uniqueKeysWithValues: result.zones.map { ($0.name, $0.state) }),
      record: try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/record.hvlat")),
      errors: command.errors)
  }

  /// A console log with line ends as Swift has them: CR LF is one Character.
  private static func log(_ path: String) -> String {
    Command.text(path).replacing("\r\n", with: "\n")
  }

  /// hv did not get as far as a result.
  struct NoResult: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
  }

  private struct Result: Decodable {
    struct Zone: Decodable {
      var name: String
      var state: String
    }
    var board: String
    var end: String
    var reason: String
    var zones: [Zone]
  }
}
