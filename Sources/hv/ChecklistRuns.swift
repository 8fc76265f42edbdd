import ArgumentParser
import Boards
import Foundation
import SepKernel
import Workbench
import ZoneLoader

/// The runs of `hv checklist --run`: the project's own guests in the emulator of a board.
///
/// They see QEMU virt's addresses, for which they are linked, wherever the board has its own
/// (guests/README.md).
struct ChecklistRuns {
  /// One run: a system, and when it is over.
  struct Scenario {
    var name: String
    var load: String?
    var zones: [String]
    var until: [String]
    var send: [String] = []
  }

  /// What a run left.
  struct Outcome {
    var name: String
    var log: String
    /// nil: the machine held none.
    var record: String?
    var system: String
    var exitCode: Int32
  }

  /// Wall time of a run, in seconds; they take a few, but on a busy host.
  private static let patience = 300
  /// Samples of each measurement of `rt-control`.
  private static let samples = 1000
  /// CPUs the largest run takes.
  private static let cpus = 3

  let board: Board
  /// Whether descriptions name the board by a file beside them.
  let isFile: Bool
  /// Where logs, records and descriptions go.
  let folder: String
  let kernel: String?

  /// Throws for a board that cannot do this.
  init(board: Board, isFile: Bool, kernel: String?) throws {
    guard board.emulator != nil else {
      throw ToolFailure(
        message: "--run: \(board.name) has no emulator; run it on the board, and give --log and "
          + "--record what came out (docs/porting.md)")
    }
    guard (board.configurableCPUs ?? board.cpus).count >= Self.cpus else {
      throw ToolFailure(message: "--run: needs \(Self.cpus) CPUs, \(board.name) has fewer")
    }
    self.board = board
    self.isFile = isFile
    self.kernel = kernel
    folder = "build/run/checklist-\(board.name)"
  }

  /// Every file that `run` replaces; `boot.img` and the zones' logs are for `SystemRun` to look at.
  var outputs: [String] {
    let names = ["bringup"] + scenarios.map(\.name)
    return ["\(folder)/\(Self.boardFile)"]
      + names.flatMap { name in
        [".yaml", ".hvlat", "/raw.log"].map { "\(folder)/\(name)\($0)" }
      }
  }

  /// Runs all, one after the other; a run that ends badly is what its log says.
  func run() throws -> [Outcome] {
    if bootsLinux, !missing.isEmpty {
      let files = missing.joined(separator: ", ")
      Output.error("hv: loaded: left out, for want of \(files); `make build` brings it")
    }
    if isFile { try write(BoardFileWriter(board).text, to: "\(folder)/\(Self.boardFile)") }
    return try [bringUp()] + scenarios.map(run)
  }

  private static let boardFile = "board.yaml"

  private func write(_ text: String, to path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw ToolFailure(message: "\(path): \(error.localizedDescription)")
    }
  }

  /// The image that looks at the board before any zone.
  private func bringUp() throws -> Outcome {
    try start(
      "bringup", system: isFile ? "\(folder)/\(Self.boardFile)" : board.name, ["--bringup"])
  }

  private func run(_ scenario: Scenario) throws -> Outcome {
    let system = "\(folder)/\(scenario.name).yaml"
    try write(yaml(scenario), to: system)
    var words =
      (kernel.map { ["--kernel", $0] } ?? []) + (scenario.load.map { ["--load", $0] } ?? [])
    words += scenario.until.flatMap { ["--until", $0] } + scenario.send.flatMap { ["--send", $0] }
    return try start(scenario.name, system: system, words)
  }

  /// `hv run` of a description, or with `--bringup` of a board; `words`: what else it is given.
  private func start(_ name: String, system: String, _ words: [String]) throws -> Outcome {
    let place = "\(folder)/\(name)"
    let record = "\(folder)/\(name).hvlat"
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      // What an earlier run left would be taken for this one's.
      for old in [record, "\(place)/raw.log"] where FileManager.default.fileExists(atPath: old) {
        try FileManager.default.removeItem(atPath: old)
      }
    } catch {
      throw ToolFailure(message: "\(place): \(error.localizedDescription)")
    }
    Output.error("hv: \(name): \(system)")
    let common = ["--icount", "--quiet", "--timeout", "\(Self.patience)"]
    var outcome = Outcome(
      name: name, log: "\(place)/raw.log", record: nil, system: system, exitCode: 0)
    do {
      let command = try RunCommand.parse(
        [system] + common + ["--log-dir", place, "--record", record] + words)
      try SystemRun(arguments: command).run()
    } catch let code as ExitCode {
      // A signal ends the whole command.
      guard code.rawValue < 128, code.rawValue != 6 else { throw code }
      outcome.exitCode = code.rawValue
    }
    if FileManager.default.fileExists(atPath: record) { outcome.record = record }
    return outcome
  }

  private func yaml(_ scenario: Scenario) -> String {
    var head = "name: \(isFile ? Self.boardFile : board.name), baseline: \(Self.samples)"
    if board.configurableCPUs != nil { head += ", cpus: \(Self.cpus)" }
    return "board: { \(head) }\nzones:\n" + scenario.zones.joined()
  }

  private var scenarios: [Scenario] {
    let control = rtControl()
    let manager = zone("manager", kind: "zone0", cpu: 1, arguments: [0, 0, 0, 5])
    // All attacks that a zone survives; it restarts itself for ever beside the others.
    let attacker = zone("attacker", kind: "zoneU", cpu: 2, arguments: [1, 0, 1, 0])
    let done = "rt-control:DONE"
    // Its last field: a line is looked at before it ends.
    let restarted = "manager:RESTART.* code=-?[0-9]"
    return [
      Scenario(name: "alone", zones: [control], until: [done]),
      Scenario(
        name: "attacked", load: "attacker, all attacks that a zone survives, and its restarts",
        zones: [control, manager, attacker],
        until: [
          done, "attacker:DONE", restarted, #"kernel:manager started \(restart 1\)"#,
        ],
        send: ["manager:> $:restart 2 x3", "manager:RESTART:reboot"]),
      Scenario(
        name: "restarted", load: "restarts by zone0", zones: [control, manager],
        until: [restarted], send: ["manager:> $:restart 0 x5"]),
    ] + [loaded].compactMap(\.self)
  }

  /// Beside Linux with its load generator, on two CPUs, where Linux is known to boot and is there.
  private var loaded: Scenario? {
    guard bootsLinux, missing.isEmpty else { return nil }
    return Scenario(
      name: "loaded", load: "Linux: arithmetic, memory, processes and IPIs on two CPUs",
      zones: [rtControl(forEver: true), linuxZone], until: ["linux:^under load$"],
      send: [#"linux:zone0\:/# :load status; sleep 2; echo under load"#])
  }

  private var bootsLinux: Bool { board.status(of: .linux) != .dataOnly }

  /// What of `linux` is not there.
  private var missing: [String] {
    linux.filter { !FileManager.default.fileExists(atPath: $0) }
  }

  /// Absolute: a description lies elsewhere than what it names.
  private var root: String {
    Checkout()?.folder ?? FileManager.default.currentDirectoryPath
  }

  /// Debian's Linux for the board, and what it starts with.
  private var linux: [String] {
    let isArm = board.architecture == .aarch64
    return [
      "\(root)/build/cache/linux-\(isArm ? "arm64" : "riscv64")/Image",
      "\(root)/build/guests/\(isArm ? "" : "riscv64/")linux/initramfs.cpio.gz",
    ]
  }

  private var linuxZone: String {
    let files = linux
    let console = board.architecture.emulatedUART == .pl011 ? "ttyAMA0" : "ttyS0"
    return """
        - name: linux
          kind: zone0
          cpus: [1, 2]
          memory: 256MiB
          image: \(files[0])
          initrd: \(files[1])
          cmdline: console=\(console) quiet hv.load=1

      """
  }

  /// Where our guests are linked, and see their devices: as on QEMU virt (guests/README.md).
  private struct Linked {
    var ram: UInt64
    var console: UInt64
    var guests: String
    var interrupts: String
  }

  private var linked: Linked {
    switch board.interruptController.kind {
    case .gicV2:
      Linked(
        ram: 0x4000_0000, console: 0x0900_0000, guests: "build/guests/gicv2",
        interrupts: "{ distributor: 0x0800_0000, interface: 0x0801_0000 }")
    case .gicV3:
      Linked(
        ram: 0x4000_0000, console: 0x0900_0000, guests: "build/guests",
        interrupts: "{ distributor: 0x0800_0000, redistributors: 0x080a_0000 }")
    case .plic:
      Linked(
        ram: 0x8000_0000, console: 0x1000_0000, guests: "build/guests/riscv64",
        interrupts: "{ plic: 0x0c00_0000 }")
    case .aia:
      Linked(
        ram: 0x8000_0000, console: 0x1000_0000, guests: "build/guests/riscv64",
        interrupts: "{ aplic: 0x0d00_0000, imsic: 0x2800_0000 }")
    }
  }

  private func rtControl(forEver: Bool = false) -> String {
    zone(
      "rt-control", kind: "zoneR", cpu: 0,
      arguments: [UInt64(Self.samples) | (forEver ? 1 << 32 : 0), 0x2000_0000, 16 << 20, 0]
    )
  }

  private func zone(
    _ name: String, kind: String, cpu: Int, arguments: [UInt64]
  ) -> String {
    """
      - name: \(name)
        kind: \(kind)
        cpus: [\(cpu)]
        memory: [{ guest: \(linked.ram), size: 16MiB }]
        image: \(root)/\(linked.guests)/\(name).elf
        console: { base: \(linked.console) }
        interrupts: \(linked.interrupts)
        arguments: \(arguments)

    """
  }
}
