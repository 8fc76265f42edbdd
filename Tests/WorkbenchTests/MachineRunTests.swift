import Foundation
import Glibc
import Testing

@testable import Workbench

/// Runs a shell script in QEMU's place: it prints the console stream and reads what is typed.
private func run(
  _ script: String, until: [String] = [], send: [String] = [], timeout: Double = 10,
  allowFailed: Set<String> = [], record: RecordRequest? = nil,
  check: (RunResult, _ folder: String) throws -> Void
) throws {
  DescriptorIO.ignoreBrokenPipes()
  try Fixture.inFolder { folder in
    let image = "\(folder)/image"
    try script.write(toFile: image, atomically: false, encoding: .utf8)
    let zones = [RunZone(name: "rt"), RunZone(name: "linux")]
    let names = zones.map(\.name)
    var command = QEMUCommand(
      executable: Fixture.path("fake-qemu"), machineArguments: [], icountShift: 4, image: image)
    if record != nil { command.qmpSocket = "\(folder)/qmp.sock" }
    var configuration = RunConfiguration(
      command: command, zones: zones,
      policy: RunPolicy(
        zones: zones,
        untils: try until.map { try LinePattern($0, option: "--until", zones: names) },
        script: try send.map { try SendStep($0, zones: zones) }, allowFailed: allowFailed),
      logFolder: "\(folder)/logs/x", scratchFolder: folder)
    configuration.timeout = timeout
    configuration.record = record
    let output = open("\(folder)/screen", O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    defer { close(output) }
    configuration.output = output
    try check(try MachineRun(configuration).run(), folder)
  }
}

private func text(_ path: String) throws -> String {
  String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
}

private let started =
  #"printf 'kernel| zone rt started\r\nkernel| zone linux started\r\n'; "#

@Suite(.serialized) struct MachineRunTests {
  @Test func playsARecordedStream() throws {
    let stream = Fixture.path("two-zones.stream")
    try run("cat '\(stream)'; sleep 60", until: ["rt:DONE", "/ # $"]) { result, folder in
      #expect(result.end == .matched)
      #expect(result.states == [.running, .running])
      #expect(try text("\(folder)/logs/x/raw.log") == text(stream))
      #expect(
        try text("\(folder)/logs/x/linux.log").hasSuffix("/ # uname -m\r\naarch64\r\n/ # "))
      #expect(
        try text("\(folder)/logs/x/rt.log")
          == "rt-control: period 1000 us\r\nrt=100 max=4\r\nrt=DONE samples=100000 misses=0\r\n")
      #expect(try text("\(folder)/logs/x/kernel.log").hasPrefix("plan 0123456789abcdef"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/logs/x/other.log"))
      let screen = try text("\(folder)/screen")
      #expect(screen.hasSuffix("linux+ uname -m\nlinux| aarch64\nlinux| / # \n"))
      #expect(!screen.contains("\r"))
    }
  }

  @Test func typesWhatTheScriptSays() throws {
    // The fake console: two prompts without a line end, in one-zone stream form.
    let guest =
      started + #"printf 'linux| / # '; read a; printf '%s\r\nlinux| / # ' "$a"; read b; "#
      + #"printf 'DONE %s\r\n' "$b"; sleep 60"#
    try run(
      "stty() { :; }; "
        + guest.replacing("read a", with: "a=$(head -c 5)")
        .replacing("read b", with: "b=$(head -c 4)"),
      until: ["linux:DONE two"], send: ["linux:/ # :one\\c", "linux:/ # :two"]
    ) { result, _ in
      #expect(result.end == .matched, "\(result.end.sentence) \(result.lastLines)")
    }
  }

  @Test func panicEndsTheRunWithItsRecord() throws {
    try run(
      started + #"printf 'kernel| PANIC el2 sync\r\nkernel| x0=1\r\n'; "#
        + #"sleep 0.2; printf 'kernel| x1=2\r\n'; sleep 60"#
    ) { result, _ in
      #expect(result.end == .panic("el2 sync"))
      #expect(result.end.exitCode == 3)
      #expect(
        result.lastLines.suffix(3) == ["kernel| PANIC el2 sync", "kernel| x0=1", "kernel| x1=2"])
    }
  }

  @Test func failedZone() throws {
    let script =
      started + #"printf 'rt| bye\r\nkernel| zone rt failed: cpu=1 pc=0x0\r\n'; sleep 1; "#
      + #"printf 'linux| DONE\r\n'; sleep 60"#
    try run(script, until: ["DONE"]) { result, _ in
      #expect(result.end == .zoneFailed(zone: "rt", record: "cpu=1 pc=0x0"))
      #expect(result.lastLines == ["rt| bye"])
      #expect(result.states == [.failed, .running])
    }
    try run(script, until: ["DONE"], allowFailed: ["rt"]) { result, _ in
      #expect(result.end == .matched)
    }
  }

  @Test func allZonesStopped() throws {
    try run(
      started
        + #"printf 'kernel| zone rt stopped: x\r\nkernel| zone linux stopped: x\r\n'; sleep 60"#
    ) { result, _ in
      #expect(result.end == .zonesStopped)
      #expect(result.seconds < 9)
    }
  }

  @Test func timeoutKillsEvenTheDeaf() throws {
    try run("trap '' TERM; echo 'rt| x'; while :; do sleep 0.1; done", until: ["y"], timeout: 0.3) {
      result, _ in
      #expect(result.end == .timeout(seconds: 0.3, waitingFor: ["y"]))
      #expect(result.lastLines == ["rt| x"])
    }
  }

  @Test func deadEmulator() throws {
    try run("echo 'qemu: no such machine' >&2; exit 1") { result, _ in
      #expect(result.end == .emulatorDied("QEMU ended with exit code 1 by itself"))
      #expect(result.end.exitCode == 6)
      #expect(result.emulatorMessages == ["qemu: no such machine"])
    }
    try run("kill -9 $$") { result, _ in
      #expect(result.end == .emulatorDied("QEMU ended by signal 9 by itself"))
    }
    // What it said before it died still counts.
    try run("printf 'rt| DONE'", until: ["DONE"]) { result, _ in
      #expect(result.end == .matched)
    }
  }

  @Test func aStartThatFailsIsAnError() throws {
    let zones = [RunZone(name: "rt")]
    func start(executable: String, logs: String) -> RunStartError? {
      #expect(throws: RunStartError.self) {
        try MachineRun(
          RunConfiguration(
            command: QEMUCommand(
              executable: executable, machineArguments: [], icountShift: 4, image: ""),
            zones: zones, policy: RunPolicy(zones: zones), logFolder: logs,
            scratchFolder: "/tmp"))
      }
    }
    try Fixture.inFolder { folder in
      #expect(
        start(executable: "/nonexistent", logs: folder)?.description
          == "QEMU could not be started: /nonexistent: no such executable file")
    }
    #expect(
      start(executable: "/bin/true", logs: "/proc/x")?.description.contains("/proc/x") == true)
  }

  @Test func recordsWithoutAMachineProtocol() throws {
    let request = RecordRequest(base: 0, size: 4096)
    try run("echo 'rt| DONE'; sleep 60", until: ["DONE"], record: request) { result, _ in
      #expect(result.end.keyword == "record-failed")
      #expect(result.end.exitCode == 6)
    }
    // A run that was bad anyway keeps its reason.
    try run("echo 'kernel| PANIC x'; sleep 60", record: request) { result, _ in
      #expect(result.end == .panic("x"))
      #expect(result.warnings.count == 1)
    }
  }

  @Test func floodOfOutput() throws {
    try run(
      #"i=0; while [ $i -lt 3000 ]; do echo "rt| $i xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; "#
        + "i=$((i+1)); done; echo 'rt| DONE'; sleep 60", until: ["^DONE$"]
    ) { result, folder in
      #expect(result.end == .matched)
      let lines = try text("\(folder)/logs/x/rt.log").split(whereSeparator: \.isNewline)
      #expect(lines.count == 3001)
    }
  }
}
