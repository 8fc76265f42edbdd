import Foundation
import Testing

@testable import Workbench

/// The built `hv`, run as a user runs it, with a stand-in for the kernel and for QEMU: exit codes,
/// and what goes where.
@Suite struct HVCommandTests {
  private struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Executables are built beside the test bundle.
  private static let tool = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("hv").path

  private static let system = """
    board: { name: qemu-virt-aarch64, ram: 1GiB, cpus: 2 }
    zones:
      - name: rt
        kind: zoneR
        cpus: [1]
        memory: [{ guest: 0x4000_0000, size: 1MiB }]
        image: rt.bin
        format: raw
        load: 0x4000_0000
    """

  /// Runs hv in a folder with `system.yaml`, its image and `build/images/kernel-aarch64.bin`.
  private func hv(
    _ arguments: [String], stream: String = "", environment: [String: String] = [:],
    then: (_ folder: String) throws -> Void = { _ in }
  ) throws -> Result {
    try Fixture.inFolder { folder in
      let images = "\(folder)/build/images"
      try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
      try Self.system.write(
        toFile: "\(folder)/system.yaml", atomically: false, encoding: .utf8)
      try Data(count: 4096).write(to: URL(fileURLWithPath: "\(folder)/rt.bin"))
      try Self.kernel.write(to: URL(fileURLWithPath: "\(images)/kernel-aarch64.bin"))
      try stream.write(toFile: "\(folder)/stream", atomically: false, encoding: .utf8)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Self.tool)
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      process.environment = ProcessInfo.processInfo.environment.merging([
        "HV_QEMU": Fixture.path("fake-qemu"), "FAKE_QEMU_STREAM": "\(folder)/stream",
      ]) { $1 }.merging(environment) { $1 }
      let (output, errors) = (Pipe(), Pipe())
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = output
      process.standardError = errors
      try process.run()
      let text = output.fileHandleForReading.readDataToEndOfFile()
      let errorText = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      try then(folder)
      return Result(
        status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
        errors: String(decoding: errorText, as: UTF8.self))
    }
  }

  /// The 64-byte header of an arm64 `Image` whose `image_size` is the file's, 4 KiB.
  private static var kernel: Data {
    var bytes = Data(count: 4096)
    bytes[17] = 0x10
    bytes.replaceSubrange(56..<60, with: Array("ARM\u{64}".utf8))
    return bytes
  }

  @Test func boards() throws {
    let table = try hv(["boards"])
    #expect(table.status == 0 && table.errors.isEmpty)
    #expect(table.output.contains("\nqemu-virt-aarch64  aarch64"))
    let json = try JSONSerialization.jsonObject(with: Data(hv(["boards", "--json"]).output.utf8))
    #expect((json as? [[String: Any]])?.first?["name"] as? String == "qemu-virt-aarch64")
    #expect(try hv(["boards", "--markdown"]).output.contains("\n| qemu-virt-aarch64 | aarch64 |"))
    #expect(try hv(["boards", "--json", "--markdown"]).status == 1)
  }

  @Test func plan() throws {
    let page = try hv(["plan", "system.yaml"])
    #expect(page.status == 0 && page.errors.isEmpty, "\(page.errors)")
    #expect(page.output.contains("\nsystem  system.yaml\nboard   qemu-virt-aarch64\nplan    "))
    #expect(page.output.contains("\nSigned: ____"))
    let json = try JSONSerialization.jsonObject(
      with: Data(hv(["plan", "system.yaml", "--json"]).output.utf8))
    let checksum = (json as? [String: Any])?["planChecksum"] as? String
    #expect(checksum?.count == 16)
    #expect(page.output.contains(checksum ?? "?"))
    #expect(try hv(["plan", "system.yaml", "--dtb", "rt"]).errors.contains("dtb: generate"))
    #expect(try hv(["plan", "system.yaml", "-o", "x"]).status == 1)
    #expect(try hv(["plan", "none.yaml"]).errors.hasPrefix("hv: none.yaml: "))
  }

  @Test func image() throws {
    let result = try hv(["image", "system.yaml", "-o", "boot.img"]) { folder in
      let image = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/boot.img"))
      #expect(image[56..<60] == Data("ARM\u{64}".utf8))
    }
    #expect(result.status == 0 && result.output.hasPrefix("boot.img: "), "\(result.errors)")
    #expect(try hv(["image", "system.yaml", "-o", "/nonexistent/x"]).status == 1)
    let missing = try hv(["image", "system.yaml", "-o", "x", "--kernel", "nothing.bin"])
    #expect(missing.status == 1 && missing.errors.contains("make build"))
  }

  /// Arguments and console stream of a run, and its exit code and a part of the reason.
  @Test(
    arguments: [
      (["--until", "rt:DONE"], "kernel| zone rt started\r\nrt| DONE\r\n", 0, "every --until"),
      (["--until", "x", "--timeout", "0.5"], "rt| DONE\r\n", 5, "still waiting for 'x'"),
      ([], "kernel| PANIC x\r\n", 3, "the kernel panicked: x"),
      ([], "kernel| plan refused: x\r\n", 3, "refused the plan: x"),
      ([], "kernel| zone rt failed: cpu=1\r\n", 4, "zone rt failed: cpu=1"),
      (["--allow-failed", "rt"], "kernel| zone rt failed: x\r\n", 0, "all zones have stopped"),
      (["--until", "("], "", 1, "no regular expression"),
      (["--until", "tr:x"], "", 1, "there is no zone 'tr'"),
      (["--send", "rt:x"], "", 1, "ZONE:REGEX:TEXT"),
      (["--console", "x"], "", 1, "there is no such zone (there are: rt)"),
      (["--timeout", "0"], "", 1, "above 0"),
      (["--log-dir", "/proc/x"], "", 1, "/proc/x"),
      (["--record", "r", "--until", "DONE"], "rt| DONE\r\n", 6, "no latency records"),
    ] as [([String], String, Int32, String)])
  func run(row: (arguments: [String], stream: String, code: Int32, reason: String)) throws {
    var arguments = row.arguments
    arguments += arguments.contains("--timeout") ? [] : ["--timeout", "10"]
    let result = try hv(["run", "system.yaml"] + arguments, stream: row.stream)
    #expect(result.status == row.code, "\(result.errors)")
    #expect(result.errors.contains(row.reason), "\(result.errors)")
  }

  @Test func runAsJSON() throws {
    let result = try hv(
      ["run", "system.yaml", "--json", "--until", "DONE"], stream: "rt| DONE\r\n")
    #expect(result.status == 0)
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let object = try #require(json as? [String: Any])
    #expect(object["end"] as? String == "matched")
    #expect(object["qemuVersion"] as? String == "10.0.2")
    #expect((object["qemuCommand"] as? String)?.hasSuffix("build/run/system/boot.img") == true)
    #expect(result.errors.hasPrefix("rt| DONE\n"))
  }

  @Test func qemuThatCannotBeUsed() throws {
    let old = try hv(["run", "system.yaml"], environment: ["FAKE_QEMU_VERSION": "7.2.15"])
    #expect(old.status == 6 && old.errors.contains("10 or later is needed"))
    let none = try hv(["run", "system.yaml"], environment: ["HV_QEMU": "/nonexistent"])
    #expect(none.status == 6 && none.errors.contains("no executable file"))
  }

  @Test func usage() throws {
    for help in [["--help"], ["run", "--help"], ["plan", "--help"], []] {
      let result = try hv(help)
      #expect(result.status == 0 && result.output.contains("EXAMPLES"), "\(help)")
    }
    let wrong = try hv(["frobnicate"])
    #expect(wrong.status == 1 && wrong.output.isEmpty && wrong.errors.contains("frobnicate"))
  }
}
