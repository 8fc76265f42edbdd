import Foundation
import Glibc
import Testing

@testable import Workbench

/// `hv run` at a terminal, typed at by a person: the built tool, a pseudoterminal, a fake QEMU that
/// keeps what it is typed in the file `typed`.
@Suite(.serialized) struct KeyboardRunTests {
  /// Starts two zones, each with a prompt, and reads.
  private static let machine = #"""
    printf 'kernel| zone rt started\r\nkernel| zone linux started\r\n'
    printf 'rt| busy\r\nlinux| # '
    exec cat >typed
    """#

  private struct Session {
    let folder: HVFolder
    let terminal: PseudoTerminal
    let process: Process
    let before: PseudoTerminal.Settings

    /// Waits until exactly these bytes have come at the machine's UART.
    func expectTyped(_ text: String) throws {
      let expected = Array(text.utf8)
      terminal.wait { _ in (try? folder.bytes("typed")) == expected }
      #expect(try folder.bytes("typed") == expected)
    }

    /// Waits for hv's end: its exit code, and the terminal as it was before.
    func expectEnd(_ status: Int32) throws {
      try #require(terminal.wait { _ in !process.isRunning }, "hv goes on:\n\(terminal.screen)")
      #expect(process.terminationStatus == status, "\(terminal.screen)")
      #expect(terminal.settings == before)
    }
  }

  /// Runs hv with its standard streams at a terminal of its own and waits for the prompt.
  private func session(
    _ arguments: [String] = [], _ body: (Session) throws -> Void
  ) throws {
    try HVFolder.with(HVFolder.twoZones) { folder in
      try folder.write(Self.machine, to: "machine")
      let terminal = try PseudoTerminal()
      let before = terminal.settings
      // setsid makes the terminal the controlling one, as a login does.
      let process = folder.process(
        "/usr/bin/setsid",
        ["--ctty", "--wait", HVFolder.tool, "run", "system.yaml", "--timeout", "60"] + arguments,
        environment: ["FAKE_QEMU_SCRIPT": "machine", "NO_COLOR": "1"])
      let end = FileHandle(fileDescriptor: terminal.program, closeOnDealloc: false)
      process.standardInput = end
      process.standardOutput = end
      process.standardError = end
      try process.run()
      defer { if process.isRunning { kill(terminal.foreground, SIGKILL) } }
      try terminal.wait(for: "linux | # ")
      try #require(terminal.wait { $0.settings.isRaw }, "the terminal is not raw")
      try body(
        Session(folder: folder, terminal: terminal, process: process, before: before))
    }
  }

  @Test func theTerminalIsRawInBetween() throws {
    try session { session in
      #expect(!session.before.isRaw)
      // Line feeds still begin new lines.
      #expect(session.terminal.settings.output == session.before.output)
      session.terminal.type("\u{1}x")
      try session.expectEnd(0)
      #expect(session.terminal.screen.contains("hv: ended with Ctrl-A x"))
    }
  }

  /// Every key goes to zone0 as it is: Enter is CR, Ctrl-C, Ctrl-Z and Ctrl-D are bytes.
  @Test func keysReachTheMachine() throws {
    try session { session in
      session.terminal.type("ls\r\u{3}\u{4}\u{1a}\u{1}\u{1}\u{1d}\u{1d}")
      try session.expectTyped("\u{1d}1ls\r\u{3}\u{4}\u{1a}\u{1}\u{1d}\u{1d}")
      #expect(!session.terminal.screen.contains("ls"), "keys are echoed by the zone alone")
      session.terminal.type("\u{1}x")
      try session.expectEnd(0)
    }
  }

  @Test func controlBracketSelectsAZone() throws {
    try session { session in
      session.terminal.type("a\u{1d}0b")
      try session.terminal.wait(for: "hv: the keyboard goes to zone rt\r\n")
      session.terminal.type("c\u{1d}7d\u{1d}1e")
      try session.terminal.wait(for: "hv: there is no zone with a console at 7; Ctrl-A h")
      try session.terminal.wait(for: "hv: the keyboard goes to zone linux\r\n")
      try session.expectTyped("\u{1d}1a\u{1d}0bcd\u{1d}1e")
      session.terminal.type("\u{1}h")
      try session.terminal.wait(for: "1 linux (now)\r\n")
      #expect(session.terminal.screen.contains("hv:   0 rt\r\n"))
      session.terminal.type("\u{1}x")
      try session.expectEnd(0)
    }
  }

  @Test func consoleNamesTheZone() throws {
    try session(["--console", "rt", "--input", "go"]) { session in
      try session.expectTyped("\u{1d}0go\r")
      session.terminal.type("x")
      try session.expectTyped("\u{1d}0go\rx")
      session.terminal.type("\u{1}x")
      try session.expectEnd(0)
    }
  }

  @Test(
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129), (SIGQUIT, 131)] as [(Int32, Int32)])
  func signals(row: (number: Int32, status: Int32)) throws {
    try session { session in
      kill(session.terminal.foreground, row.number)
      try session.expectEnd(row.status)
      let name = SignalInbox.name(row.number)
      #expect(session.terminal.screen.contains("hv: interrupted by \(name)"))
    }
  }

  /// Nobody reads what it prints any more.
  @Test func closedOutput() throws {
    try HVFolder.with(HVFolder.twoZones) { folder in
      try folder.write(
        "while :; do printf 'rt| x\\r\\n'; sleep 0.02; done", to: "machine")
      let process = folder.process(
        HVFolder.tool, ["run", "system.yaml", "--timeout", "20"],
        environment: ["FAKE_QEMU_SCRIPT": "machine"])
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      _ = try output.fileHandleForReading.read(upToCount: 1)
      try output.fileHandleForReading.close()
      process.waitUntilExit()
      #expect(process.terminationStatus == 141)
    }
  }

  /// Without a terminal: `--input` types at the zone of `--console`, then `--send`.
  @Test func inputEndToEnd() throws {
    try HVFolder.with(HVFolder.twoZones) { folder in
      try folder.write(
        #"printf 'rt| ready\r\n'; head -c 5 >typed; printf 'rt| ok\r\n'; head -c 4 >>typed; "#
          + #"printf 'rt| DONE\r\n'; sleep 60"#, to: "machine")
      let result = try folder.hv(
        [
          "run", "system.yaml", "--console", "rt", "--input", "go", "--send", "rt:ok:bye",
          "--until",
          "rt:DONE", "--timeout", "10",
        ], environment: ["FAKE_QEMU_SCRIPT": "machine"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(try folder.bytes("typed") == Array("\u{1d}0go\rbye\r".utf8))
    }
  }
}
