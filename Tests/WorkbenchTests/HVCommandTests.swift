import Foundation
import Testing
import ToolTestSupport

@testable import Workbench

/// The built `hv`, run as a user runs it, with a stand-in for the kernel and for QEMU: exit codes,
/// and what goes where.
@Suite struct HVCommandTests {
  /// Runs hv in a folder of its own.
  private func hv(
    _ arguments: [String], stream: String = "", environment: [String: String] = [:],
    then: (_ folder: String) throws -> Void = { _ in }
  ) throws -> ToolResult {
    try HVFolder.with { folder in
      try folder.write(stream, to: "stream")
      let result = try folder.hv(
        arguments,
        environment: ["FAKE_QEMU_STREAM": "\(folder.path)/stream"].merging(environment) { $1 })
      try then(folder.path)
      return result
    }
  }

  @Test func boards() throws {
    let table = try hv(["boards"])
    #expect(table.status == 0 && table.errors.isEmpty)
    #expect(table.output.contains(#/\nqemu-virt-aarch64 +aarch64 /#))
    let json = try JSONSerialization.jsonObject(with: Data(hv(["boards", "--json"]).output.utf8))
    #expect((json as? [[String: Any]])?.first?["name"] as? String == "qemu-virt-aarch64")
    #expect(try hv(["boards", "--markdown"]).output.contains("\n| qemu-virt-aarch64 | aarch64 |"))
    #expect(try hv(["boards", "--json", "--markdown"]).status == 64)
  }

  /// Where facts are from is in each form of a board, and survives its file.
  @Test func sourcesOfABoard() throws {
    try HVFolder.with { folder in
      let source = "QEMU 10.0, hw/arm/bcm2838.c, raspi4b.c and raspi.c, compared"
      func sources(_ name: String) throws -> [String]? {
        let json = try folder.hv(["boards", name, "--json"]).output
        let rows = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
        return rows?.first?["sources"] as? [String]
      }
      #expect(try sources("raspi4b")?.contains(source) == true)
      let file = try folder.hv(["boards", "raspi4b", "--yaml"]).output
      #expect(file.contains("\nsources:\n") && file.contains("  - \"\(source)\"\n"), "\(file)")
      try folder.write(file.replacing(source, with: "our own manual\\t"), to: "mine.yaml")
      #expect(try sources("mine.yaml")?.contains("our own manual\t") == true)
      let table = try folder.hv(["boards", "raspi4b"]).output
      #expect(table.contains("\nsources\n  Linux 6.12, ") && table.contains("  \(source)\n"))
      let own = try folder.hv(["boards", "mine.yaml"]).output
      #expect(own.contains("  our own manual\u{fffd}\n"), "\(own)")
      #expect(try !folder.hv(["boards"]).output.contains("\nsources\n"))
    }
  }

  /// The table in docs/boards.md is the tool's. That its suites show what it says is for scripts/check-evidence.
  @Test func documentedEvidence() throws {
    let table = try hv(["boards", "--markdown"]).output
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let document = try String(
      contentsOf: root.appendingPathComponent("docs/boards.md"), encoding: .utf8)
    #expect(
      document.contains("<!-- evidence -->\n\(table)<!-- end of evidence -->\n"),
      """
      docs/boards.md is not what the literals say. Run:
      build/bin/hv boards --markdown | sed -i -e '/<!-- evidence -->/,/<!-- end of evidence -->/{//!d}' \
        -e '/<!-- evidence -->/r /dev/stdin' docs/boards.md
      """)
    let suites = Set(table.matches(of: #/`(\w+)`/#).map { String($0.1) })
    #expect(!suites.isEmpty)
    for suite in suites {
      let file = root.appendingPathComponent("Tests/SystemTests/\(suite).swift")
      let source = try String(contentsOf: file, encoding: .utf8)
      #expect(source.contains("struct \(suite) "), "\(suite)")
    }
    let json = try JSONSerialization.jsonObject(with: Data(hv(["boards", "--json"]).output.utf8))
    let first = (json as? [[String: Any]])?.first
    #expect((first?["status"] as? [String: String])?["UART"] == "emulated")
    #expect((first?["evidence"] as? [String: String])?["Linux"] == "LinuxTests")
    let megrez = (json as? [[String: Any]])?.first { $0["name"] as? String == "milkv-megrez" }
    #expect((megrez?["status"] as? [String: String])?["kernel start"] == "data only")
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
    #expect(try hv(["plan", "system.yaml", "-o", "x"]).status == 64)
    #expect(try hv(["plan", "system.yaml", "--dtb", "rt", "--json"]).status == 64)
    let noZone = try hv(["plan", "system.yaml", "--dtb", "tr"])
    #expect(noZone.status == 1 && noZone.errors.contains("use one of: rt"), "\(noZone.errors)")
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
      (["--timeout", "0"], "", 64, "above 0"), (["--smp", "0"], "", 64, "1 to 512"),
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

  /// `--dtb` prints the tree as source, and writes it as a blob that says the same.
  @Test func deviceTree() throws {
    let system = HVFolder.oneZone.replacing("kind:", with: "dtb: generate\n    kind:")
      .replacing("size: 1MiB", with: "size: 4MiB")
    try HVFolder.with(system) { folder in
      let tree = try ToolOutput(
        "/usr/bin/dtc", ["-q", "-I", "dts", "-O", "dtb", Fixture.boardTree],
        patience: .seconds(20))
      try #require(tree.status == 0)
      try folder.write(tree.bytes, to: "board.dtb")
      try folder.write(
        folder.system.replacing("ram: 1GiB,", with: "ram: 1GiB, dtb: board.dtb,"),
        to: "system.yaml")
      let source = try folder.hv(["plan", "system.yaml", "--dtb", "rt"])
      #expect(source.status == 0 && source.errors.isEmpty, "\(source.errors)")
      #expect(source.output.hasPrefix("/dts-v1/;\n"))
      #expect(source.output.contains("memory@40000000 {"))
      #expect(source.output.contains("reg = <0x00 0x40000000 0x00 0x400000>;"))
      let blob = try folder.hv(["plan", "system.yaml", "--dtb", "rt", "-o", "rt.dtb"])
      #expect(blob.status == 0 && blob.output.isEmpty && blob.errors.isEmpty, "\(blob.errors)")
      let back = try ToolOutput(
        "/usr/bin/dtc", ["-q", "-I", "dtb", "-O", "dts", "\(folder.path)/rt.dtb"],
        patience: .seconds(20))
      #expect(back.text == source.output)
      let nowhere = try folder.hv(["plan", "system.yaml", "--dtb", "rt", "-o", "/nonexistent/x"])
      #expect(nowhere.status == 1 && nowhere.errors.hasPrefix("hv: /nonexistent/x: "))
      let noCompiler = try folder.hv(
        ["plan", "system.yaml", "--dtb", "rt"], environment: ["PATH": "/nonexistent"])
      #expect(noCompiler.status == 1 && noCompiler.errors.contains("device-tree-compiler"))
    }
  }

  /// What is passed on to QEMU: `--gdb`, `--smp`, `--qemu-arg`, `--icount`.
  @Test func argumentsForQEMU() throws {
    let result = try hv(
      [
        "run", "system.yaml", "--json", "--until", "DONE", "--gdb", "--smp", "7", "--icount",
        "--qemu-arg", "-d", "--qemu-arg", "int",
      ], stream: "rt| DONE\r\n", environment: ["HV_PIN": "0"])
    #expect(result.status == 0 && result.errors.contains("target remote localhost:1234"))
    for words in [
      "-S -gdb tcp:127.0.0.1:1234 -d int -kernel", "-smp 7 ", "-icount shift=4,sleep=off ",
    ] { #expect(result.output.contains(words), "\(result.output)") }
  }

  @Test func qemuThatCannotBeUsed() throws {
    let old = try hv(["run", "system.yaml"], environment: ["FAKE_QEMU_VERSION": "7.2.15"])
    #expect(old.status == 6 && old.errors.contains("10 or later is needed"))
    let none = try hv(["run", "system.yaml"], environment: ["HV_QEMU": "/nonexistent"])
    #expect(none.status == 6 && none.errors.contains("no executable file"))
  }

  /// Wherever `--send` or `--until` is explained with Linux's prompt, the example matches it.
  @Test func examplesMatchThePrompt() throws {
    let document = try String(
      contentsOf: Fixture.repository.appendingPathComponent("docs/hv.md"), encoding: .utf8)
    let help = try hv(["run", "--help"]).output
    let advice = try hv(["run", "system.yaml", "--send", "x"]).errors
    let prompt = try String(
      contentsOf: Fixture.repository.appendingPathComponent("guests/linux/init"), encoding: .utf8)
    try #require(prompt.contains(#"PS1='zone0:\w# '"#))
    for text in [document, help, advice] {
      let zones = [RunZone(name: "linux"), RunZone(name: "rt-control")]
      let sends = text.matches(of: /'(linux:[^']*:uname -m)'/).map { String($0.1) }
      #expect(sends.count == 1, "\(text)")
      for send in sends {
        #expect(try SendStep(send, zones: zones).matchEnd(in: "zone0:/# ") == 9, "\(send)")
      }
      for until in text.matches(of: /--until '(linux:[^']*)'/).map({ String($0.1) }) {
        let pattern = try LinePattern(until, option: "--until", zones: zones.map(\.name))
        func matches(_ text: String) -> Bool {
          pattern.matches(ConsoleLine(source: .zone(0), number: 1, text: text))
        }
        #expect(matches("aarch64") && !matches("zone0: Linux 6.1.0 aarch64"), "\(until)")
      }
    }
  }

  @Test func usage() throws {
    for help in [["--help"], ["run", "--help"], ["plan", "--help"], []] {
      let result = try hv(help)
      #expect(result.status == 0 && result.output.contains("EXAMPLES"), "\(help)")
    }
    let general = try hv(["--help"]).output
    for word in ["hv checklist ", "hv dts import ", "2 checklist: an item fails"] {
      #expect(general.contains(word), "\(word)")
    }
    for command in [["checklist"], ["dts", "import"]] {
      #expect(try hv(command + ["--help"]).output.contains("EXIT CODES"), "\(command)")
    }
    let wrong = try hv(["frobnicate"])
    #expect(wrong.status == 64 && wrong.output.isEmpty && wrong.errors.contains("frobnicate"))
  }
}
