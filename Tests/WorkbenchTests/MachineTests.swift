import Foundation
import Glibc
import Testing

@testable import Workbench

@Suite struct QMPMessageTests {
  @Test(arguments: [
    (
      #"{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": "x"}, "capabilities": ["oob"]}}"#
        + "\r", QMPMessage.greeting(version: "10.0.2")
    ),
    (#"{"return": {}}"#, .success), (#"{"return": [1], "id": 3}"#, .success),
    (#"{"return": 5}"#, .success),
    (
      #"{"error": {"class": "GenericError", "desc": "no"}}"#,
      .failure(kind: "GenericError", description: "no")
    ),
    (#"{"timestamp": {"seconds": 1}, "event": "STOP"}"#, .event(name: "STOP")),
  ]) func valid(row: (String, QMPMessage)) throws {
    #expect(try QMPMessage(line: Array(row.0.utf8)) == row.1)
  }

  @Test(arguments: [
    "", "{", "[]", "null", "{}", "x", #"{"return"}"#, #"{"QMP": {}}"#, #"{"QMP": 5}"#,
    #"{"error": {"class": 1, "desc": "x"}}"#, #"{"error": "x"}"#, #"{"event": 5}"#, "\u{0}",
    #"{"QMP": {"version": {"qemu": {"micro": "2", "minor": 0, "major": 1e99}}}}"#,
    String(repeating: "[", count: 10_000),
  ]) func malformed(text: String) {
    #expect(throws: QMPError.self) { try QMPMessage(line: Array(text.utf8)) }
  }
}

@Suite struct MemoryDumpTests {
  static let greeting =
    #"{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}}, "capabilities": []}}"#
  static let request = RecordRequest(base: 0x4060_0000, size: 4096)

  @Test func readsTheRange() throws {
    try Fixture.inFolder { folder in
      let server = try FakeQMP(folder) { command in
        if command.contains("pmemsave") {
          let bytes = Data((0..<4096).map { UInt8(truncatingIfNeeded: $0) })
          try? bytes.write(to: URL(fileURLWithPath: "\(folder)/records.bin"))
          return #"{"return": {}}"# + "\n"
        }
        return #"{"event": "STOP"}"# + "\r\n" + #"{"return": {}}"# + "\r\n"
      }
      let bytes = try MemoryDump.take(
        Self.request, socket: server.path, scratchFolder: folder, patience: .seconds(5))
      #expect(bytes == (0..<4096).map { UInt8(truncatingIfNeeded: $0) })
      #expect(
        server.commands.map { $0.filter { $0 != " " } } == [
          #"{"execute":"qmp_capabilities"}"#, #"{"execute":"stop"}"#,
          #"{"arguments":{"filename":"\#(folder)/records.bin","size":4096,"val":1080033280},"#
            + #""execute":"pmemsave"}"#,
        ])
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/records.bin"))
    }
  }

  /// What the server answers to every command, and the start of the error that must come of it.
  @Test(arguments: [
    (#"{"error": {"class": "GenericError", "desc": "no such thing"}}"# + "\n", "QEMU refused 'qmp"),
    ("garbage\n", "QEMU's machine protocol sent no valid message: garbage"),
    ("", "QEMU did not answer 'qmp_capabilities' in time"),
    (#"{"return": {}}"# + "\n", "QEMU refused 'pmemsave': it did not write 4096 bytes"),
  ]) func badAnswers(row: (String, String)) throws {
    try Fixture.inFolder { folder in
      let server = try FakeQMP(folder) { _ in row.0 }
      let error = #expect(throws: QMPError.self) {
        try MemoryDump.take(
          Self.request, socket: server.path, scratchFolder: folder, patience: .milliseconds(200))
      }
      #expect(error?.description.hasPrefix(row.1) == true, "\(error?.description ?? "")")
    }
  }

  @Test(arguments: [
    ("", "QEMU closed the connection"), ("{}\n", "QEMU's machine protocol sent no valid"),
    (#"{"return": {}}"# + "\n", "QEMU's machine protocol sent no valid message: no greeting"),
  ]) func badGreetings(row: (String, String)) throws {
    try Fixture.inFolder { folder in
      let server = try FakeQMP(folder, greeting: row.0, closeAfterGreeting: true) { _ in "" }
      let error = #expect(throws: QMPError.self) {
        try QMPClient(path: server.path, patience: .seconds(2))
      }
      #expect(error?.description.hasPrefix(row.1) == true, "\(error?.description ?? "")")
    }
  }

  @Test func noServer() {
    #expect(throws: QMPError.self) { try QMPClient(path: "/nonexistent/qmp.sock") }
    #expect(throws: QMPError.self) {
      try QMPClient(path: "/" + String(repeating: "x", count: 200))
    }
  }
}

@Suite struct QEMUCommandTests {
  @Test func arguments() {
    var command = QEMUCommand(
      executable: "/usr/bin/qemu-system-aarch64",
      machineArguments: ["-machine", "virt", "-smp", "4"], icountShift: 4, image: "my image")
    command.icount = true
    command.waitForDebugger = true
    command.qmpSocket = "/tmp/q"
    command.extraArguments = ["-d", "int"]
    command.overrideCPUCount(2)
    #expect(
      command.shellLine
        == "/usr/bin/qemu-system-aarch64 -machine virt -smp 2 -display none -monitor none "
        + "-chardev stdio,id=uart,signal=off -serial chardev:uart "
        + "-icount shift=4,sleep=off -S -gdb tcp:127.0.0.1:1234 "
        + "-qmp unix:/tmp/q,server=on,wait=off -d int -kernel 'my image'")
    command.icountArguments = ["-object", "tick"]
    #expect(command.shellLine.contains(" -icount shift=4,sleep=off -object tick -S "))
    command.icount = false
    #expect(!command.shellLine.contains("icount") && !command.shellLine.contains("tick"))
    command.firmware = "fw"
    command.imageAddress = 0x8020_0000
    #expect(
      command.shellLine.hasSuffix(
        " -bios fw -device 'loader,file=my image,addr=0x80200000,force-raw=on'"))
  }

  @Test(
    arguments: [
      ("QEMU emulator version 10.0.2 (Debian 1:10.0.2)\nCopyright", "10.0.2"),
      ("QEMU emulator version 11.1.0", "11.1.0"), ("QEMU emulator version x", nil), ("", nil),
      ("zsh 5.9", nil),
    ] as [(String, String?)]) func version(row: (String, String?))
  {
    #expect(QEMUInstallation.version(in: row.0) == row.1)
  }

  @Test func findsTheEmulator() throws {
    let fake = Fixture.path("fake-qemu")
    #expect(try QEMUInstallation.find("nothing", environment: ["HV_QEMU": fake]) == fake)
    #expect(try QEMUInstallation.find("sh", environment: ["PATH": "/nowhere:/bin"]) == "/bin/sh")
    let missing = #expect(throws: QEMUError.self) {
      try QEMUInstallation.find("no-such-qemu", environment: ["PATH": "/bin"])
    }
    #expect(missing?.description.contains("HV_QEMU=") == true)
    #expect(throws: QEMUError.self) {
      try QEMUInstallation.find("sh", environment: ["PATH": "/bin", "HV_QEMU": "/etc/passwd"])
    }
  }

  @Test func checksTheVersion() throws {
    #expect(try QEMUInstallation.checkedVersion(of: Fixture.path("fake-qemu")) == "10.0.2")
    try Fixture.inFolder { folder in
      let path = "\(folder)/qemu"
      try "#!/bin/sh\necho QEMU emulator version 7.2.15\n".write(
        toFile: path, atomically: false, encoding: .utf8)
      #expect(chmod(path, 0o755) == 0)
      let error = #expect(throws: QEMUError.self) {
        try QEMUInstallation.checkedVersion(of: path)
      }
      #expect(error?.description.contains("is QEMU 7.2.15") == true)
      #expect(error?.description.contains("10 or later is needed") == true)
    }
    #expect(throws: QEMUError.self) { try QEMUInstallation.checkedVersion(of: "/bin/true") }
    #expect(throws: QEMUError.self) { try QEMUInstallation.checkedVersion(of: "/bin/false") }
    #expect(throws: QEMUError.self) { try QEMUInstallation.checkedVersion(of: "/nonexistent") }
  }

  /// A board that needs a newer emulator gets the one that was fetched, unless the user named one.
  @Test func takesTheFetchedEmulatorWhereItMust() throws {
    try Fixture.inFolder { folder in
      func write(_ path: String, _ text: String) throws {
        let file = "\(folder)/\(path)"
        try FileManager.default.createDirectory(
          atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
          withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        #expect(chmod(file, 0o755) == 0)
      }
      try write("path/qemu", "#!/bin/sh\necho QEMU emulator version 10.0.2\n")
      try write("scripts/build-kernel", "#!/bin/sh\n")
      try write("build/bin/hv", "#!/bin/sh\n")
      let environment = ["PATH": "\(folder)/path"]
      let checkout = try #require(Checkout(executable: "\(folder)/build/bin/hv"))
      func find(_ major: Int, _ environment: [String: String]) throws -> String {
        try QEMUInstallation.find(
          "qemu", major: major, checkout: checkout, environment: environment
        ).version
      }
      #expect(try find(10, environment) == "10.0.2")
      let missing = #expect(throws: QEMUError.self) { try find(11, environment) }
      #expect(missing?.description.contains("scripts/fetch-qemu") == true)
      try write("build/cache/qemu/bin/qemu", "#!/bin/sh\necho QEMU emulator version 11.1.3\n")
      #expect(try find(10, environment) == "10.0.2")
      #expect(try find(11, environment) == "11.1.3")
      #expect(throws: QEMUError.self) {
        try find(11, ["PATH": "/bin", "HV_QEMU": "\(folder)/path/qemu"])
      }
      #expect(throws: QEMUError.self) { try find(12, environment) }
    }
  }
}

@Suite struct OneHostCPUTests {
  @Test(
    arguments: [
      ("Name:\tx\nCpus_allowed_list:\t0-1\nMems:\t0", [0, 1]),
      ("Cpus_allowed_list:\t3,5-6", [3, 5, 6]), ("Cpus_allowed_list:\t7", [7]), ("", []),
      ("Cpus_allowed_list:\tx-,-,9-2,0-99999999999999", []),
    ] as [(String, [Int])]) func allowed(row: (String, [Int]))
  {
    #expect(OneHostCPU.allowedCPUs(in: row.0) == row.1)
  }

  @Test func leavesTheFirstCPUToOthers() {
    let path = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
    let cpus = (0..<6).map {
      OneHostCPU.launcher(allowed: [2, 3, 7], process: $0, environment: path).dropFirst(2).first
    }
    #expect(cpus == ["3", "7", "3", "7", "3", "7"])
    #expect(OneHostCPU.launcher(allowed: [4]).isEmpty)
    #expect(OneHostCPU.launcher(allowed: []).isEmpty)
    #expect(OneHostCPU.launcher(allowed: [0, 1], environment: [:]).isEmpty)
  }

  @Test func goesBeforeTheCommand() {
    var command = QEMUCommand(
      executable: "/q", machineArguments: [], icountShift: 4, image: "i")
    #expect(command.words.program == "/q")
    command.launcher = ["/t", "-c", "1"]
    #expect(command.words.program == "/t")
    #expect(command.shellLine.hasPrefix("/t -c 1 /q -display "))
  }
}

@Suite struct ToolOutputTests {
  @Test func passesInputThrough() throws {
    let input = [UInt8](repeating: 0x78, count: 300_000)
    let output = try ToolOutput("/bin/cat", [], input: input, patience: .seconds(20))
    #expect(output.bytes == input)
    #expect(output.status == 0)
  }

  @Test func doesNotWaitForEver() {
    #expect(throws: StartError.self) {
      try ToolOutput("/bin/sleep", ["60"], patience: .milliseconds(100))
    }
  }

  @Test func reportsErrors() throws {
    let output = try ToolOutput("/bin/sh", ["-c", "echo no >&2; exit 3"], patience: .seconds(10))
    #expect(output.status == 3)
    #expect(output.errorText == "no\n")
  }
}

@Suite struct KernelLocationTests {
  @Test func besideTheToolThenUpwards() {
    #expect(
      KernelLocation.candidates(
        architecture: "aarch64", executable: "/p/build/bin/hv", workingFolder: "/p/systems/x") == [
          "/p/build/images/kernel-aarch64.bin",
          "/p/systems/x/build/images/kernel-aarch64.bin",
          "/p/systems/build/images/kernel-aarch64.bin",
          "/p/build/images/kernel-aarch64.bin",
          "/build/images/kernel-aarch64.bin",
        ])
  }
}
