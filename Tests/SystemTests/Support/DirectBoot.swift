import Foundation

/// QEMU started on a boot image as it is, without the workbench: what a boot loader would do with a
/// file that hv would never write.
enum DirectBoot {
  /// Writes the boot image of a system, in a container of `hv image`.
  static func image(_ system: SystemText, format: String = "image") async throws -> Data {
    let folder = try ScratchFolder()
    try system.yaml.write(
      toFile: "\(folder.path)/system.yaml", atomically: false, encoding: .utf8)
    let command = try await Command.run(
      Built.hv(),
      [
        "image", "\(folder.path)/system.yaml", "-o", "\(folder.path)/boot.img", "--kernel",
        Built.kernel(system.board), "--format", format,
      ], seconds: 60, folder: folder.path)
    guard command.status == 0 else { throw SystemRun.NoResult(text: command.errors) }
    return try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/boot.img"))
  }

  /// A word of 32 bits at a physical address.
  struct Write: Sendable {
    var address: UInt64
    var word: UInt32
  }

  /// Has QEMU make `writes` and then halt before the first instruction: commands of its test protocol (docs/devel/testing/qtest
  /// in QEMU's manual), which a file gives it. The `loader` device writes before the interrupt controller forgets its lines.
  private static func arguments(_ writes: [Write], _ folder: String) throws -> [String] {
    guard !writes.isEmpty else { return [] }
    let commands = writes.map { "writel \($0.address) \($0.word)\n" }.joined()
    try Data(commands.utf8).write(to: URL(fileURLWithPath: "\(folder)/writes"))
    return [
      "-S", "-chardev",
      "file,id=writes,path=\(folder)/written,input-path=\(folder)/writes", "-qtest",
      "chardev:writes",
    ]
  }

  /// What QEMU is told of the machine.
  struct Machine: Sendable {
    /// When it is not the board's.
    var name: String?
    var cpus = 2
    var ram = "1G"
    var arguments: [String] = []
    /// Words that are written to devices when the machine has been reset, before its first instruction.
    var writes: [Write] = []
    /// Which of the machine's serial ports is the board's UART.
    var serialPort = 0
    /// A command for its monitor when all else is over; what that prints follows the UART's text.
    var atEnd: String?
  }

  /// The UART of `board` that was started on `image` and watched until a line
  /// contains `text`, then for half a second more; at most `seconds`.
  static func uart(
    _ image: Data, on board: TestBoard, until text: String, seconds: Double = 20,
    machine: Machine = Machine()
  ) async throws -> String {
    try await uart(
      image, on: board, until: text, seconds: seconds, machine: machine, typing: [],
      loading: { ["-kernel", $0] })
  }

  /// What is typed when the UART has printed something.
  struct Typing {
    var after: String
    var text: String
  }

  /// The same for a machine that gets the file by the arguments `loading`; each of `typing` in its turn.
  static func uart(
    _ image: Data, on board: TestBoard, until text: String, seconds: Double,
    machine: Machine = Machine(), typing: [Typing],
    loading: @Sendable (_ file: String) -> [String]
  ) async throws -> String {
    try await BootSlots.shared.run {
      let folder = try ScratchFolder()
      let file = "\(folder.path)/boot.img"
      let uart = "\(folder.path)/uart"
      try image.write(to: URL(fileURLWithPath: file))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments =
        [
          "timeout", "-k", "2", String(seconds + 5),
          board.emulator, "-machine", machine.name ?? board.machine.name, "-cpu", board.machine.cpu,
          "-smp",
          String(machine.cpus), "-m", machine.ram, "-nodefaults", "-display", "none",
        ] + [[String]](repeating: ["-serial", "null"], count: machine.serialPort).joined()
        + ["-serial", "mon:stdio"] + machine.arguments
        + (try arguments(machine.writes, folder.path)) + loading(file)
      let keyboard = Pipe()
      process.standardInput = keyboard
      process.standardOutput = try Command.emptyFile(uart)
      process.standardError = FileHandle.nullDevice
      try process.run()
      let limit = ContinuousClock.now + .seconds(seconds)
      if !machine.writes.isEmpty {
        let answers = { Command.text("\(folder.path)/written").count(of: "OK") }
        while process.isRunning, .now < limit, answers() < machine.writes.count {
          try await Task.sleep(for: .milliseconds(20))
        }
        try keyboard.fileHandleForWriting.write(contentsOf: Data("\u{1}ccont\n\u{1}c".utf8))
      }
      var rest = typing[...]
      while process.isRunning, .now < limit, !Command.text(uart).contains(text) {
        if let next = rest.first, Command.text(uart).contains(next.after) {
          try keyboard.fileHandleForWriting.write(contentsOf: Data(next.text.utf8))
          rest.removeFirst()
        }
        try await Task.sleep(for: .milliseconds(50))
      }
      // Whatever would be started in spite of that shows itself now.
      try await Task.sleep(for: .milliseconds(500))
      var text = Command.text(uart)
      // Told to quit by Ctrl-A x: SIGTERM may be blocked in what this process starts.
      if process.isRunning {
        // Ctrl-A c: the rest is for the monitor.
        let commands = machine.atEnd.map { "\u{1}c\($0)\n" } ?? ""
        try keyboard.fileHandleForWriting.write(contentsOf: Data("\(commands)\u{1}x".utf8))
      }
      // Not waitUntilExit(): it would hold one of the few threads that all tests share.
      while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
      if machine.atEnd != nil { text = Command.text(uart) }
      return text
    }
  }
}
