import Foundation
import Testing
import ToolTestSupport

@testable import Checklist

/// `hv checklist` as a user runs it.
@Suite struct CommandTests {
  private func hv(_ arguments: [String], in folder: URL) throws -> ToolResult {
    let process = Process()
    process.executableURL = builtTool("hv")
    process.arguments = ["checklist"] + arguments
    process.currentDirectoryURL = folder
    return try result(of: process)
  }

  @Test func exitCodes() throws {
    let (good, hung) = (Fixture.path("good-aarch64.log"), Fixture.path("hung-aarch64.log"))
    try withFolder { folder in
      let text = folder.appendingPathComponent("text.hvlat")
      try Data("no record".utf8).write(to: text)
      for (arguments, status) in [
        (["qemu-virt-aarch64"], 0), (["qemu-virt-aarch64", "--log", good], 0),
        (["qemu-virt-aarch64", "--log", hung], 2),
        (["qemu-virt-aarch64", "--log", hung, "--log", good], 0),
        (["no-such-board"], 1), (["qemu-virt-aarch64", "--log", "none.log"], 1),
        (["qemu-virt-aarch64", "--log", "."], 1),
        (["qemu-virt-aarch64", "--record", "text.hvlat"], 1),
        (["qemu-virt-aarch64", "--system", "none.yaml"], 1),
        (["qemu-virt-aarch64", "--kernel", "text.hvlat"], 1),
        (["qemu-virt-aarch64", "--html", "no/such/folder/x.html"], 1),
        (["qemu-virt-aarch64", "--json", "--markdown"], 64), ([], 64),
      ] as [([String], Int32)] {
        let run = try hv(arguments, in: folder)
        #expect(run.status == status, "\(arguments): \(run.errors)")
        #expect((run.status == 0 || run.status == 2) == !run.output.isEmpty, "\(arguments)")
        if status == 1 { #expect(run.errors.hasPrefix("hv: "), "\(run.errors)") }
      }
    }
  }

  @Test func formsOfAList() throws {
    let log = Fixture.path("good-aarch64.log")
    try withFolder { folder in
      let json = try hv(
        ["qemu-virt-aarch64", "--log", log, "--html", "list.html", "--json"], in: folder)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(object["board"] as? String == "qemu-virt-aarch64")
      let provenance = "\(object["provenance"] ?? "")"
      let digest = try digest(log)
      #expect(digest.count == 64 && provenance.contains(digest), "\(provenance)")
      let page = try String(
        contentsOf: folder.appendingPathComponent("list.html"), encoding: .utf8)
      #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains(digest))
      let markdown = try hv(["qemu-virt-aarch64", "--log", log, "--markdown"], in: folder)
      #expect(markdown.output.hasPrefix("# Bring-up checklist: qemu-virt-aarch64\n"))
    }
  }

  /// sha256sum of a file, by another program.
  private func digest(_ path: String) throws -> String {
    let sum = Process()
    sum.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    sum.arguments = [path]
    return String(try result(of: sum).output.prefix(64))
  }

  private func boards(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = builtTool("hv")
    process.arguments = ["boards"] + arguments
    return try result(of: process).output
  }

  /// Every input has its name and its whole SHA-256, in each form of the list.
  @Test func inputsAreNamed() throws {
    try withFolder { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
      }
      let known = try boards(["qemu-virt-aarch64", "--yaml"])
      try write(known, "known.yaml")
      // Other facts under the name of a board that is known.
      try write(known.replacing("icountShift: 4", with: "icountShift: 5"), "mine.yaml")
      var kernel = Data(count: 4096)
      kernel[17] = 0x10
      kernel.replaceSubrange(56..<60, with: Data("ARM\u{64}".utf8))
      try kernel.write(to: URL(fileURLWithPath: path("kernel.bin")))
      try Data([1, 2, 3, 4]).write(to: URL(fileURLWithPath: path("rt.bin")))
      try write(
        "board: mine.yaml\n" + Self.zones, "s.yaml")
      let page = path("list.html")
      for form in [[], ["--json"], ["--markdown"], ["--html", page]] {
        let run = try hv(
          ["mine.yaml", "--kernel", "kernel.bin", "--system", "s.yaml"] + form, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let text =
          try form.last == page ? String(contentsOfFile: page, encoding: .utf8) : run.output
        for name in ["mine.yaml", "kernel.bin", "s.yaml", "rt.bin"] {
          let digest = try digest(path(name))
          #expect(
            text.contains(name) && text.contains("SHA-256 \(digest)"), "\(name) in \(form): \(text)"
          )
        }
        #expect(text.contains("not the qemu-virt-aarch64 that hv knows: board file mine.yaml"))
      }
      let plain = try hv(["qemu-virt-aarch64"], in: folder).output
      #expect(plain.contains("qemu-virt-aarch64, as hv 0.1 knows it"), "\(plain)")
      #expect(plain.contains(try digest(path("known.yaml"))), "\(plain)")
      // The system is for the file's board, whatever that is called.
      for (board, says) in [
        ("qemu-virt-aarch64", "mine.yaml, whose facts"), ("./known.yaml", "mine.yaml, whose facts"),
      ] {
        let other = try hv([board, "--kernel", "kernel.bin", "--system", "s.yaml"], in: folder)
        #expect(other.status == 1 && other.errors.contains(says), "\(other)")
      }
      try write("board: qemu-virt-aarch64\n" + Self.zones, "s.yaml")
      let other = try hv(
        ["mine.yaml", "--kernel", "kernel.bin", "--system", "s.yaml"], in: folder)
      #expect(other.status == 1 && other.errors.contains("that hv knows"), "\(other)")
    }
  }

  private static let zones = """
    zones:
      - name: rt
        kind: zoneR
        cpus: [1]
        memory: [{ guest: 0x4000_0000, size: 1MiB }]
        image: rt.bin
        format: raw
        load: 0x4000_0000

    """

  /// A system that is refused is an item; one of another board is a mistake.
  @Test func systems() throws {
    let one = Self.zones
    try withFolder { folder in
      try Data(count: 4096).write(to: folder.appendingPathComponent("rt.bin"))
      func list(_ head: String, _ zones: String) throws -> (Int32, ToolResult) {
        try Data("\(head)\n\(zones)".utf8).write(to: folder.appendingPathComponent("s.yaml"))
        let run = try hv(["qemu-virt-aarch64", "--system", "s.yaml"], in: folder)
        return (run.status, run)
      }
      let (good, text) = try list("board: { name: qemu-virt-aarch64, cpus: 2 }", one)
      #expect(good == 0 && text.output.contains("restart.rt "), "\(text)")
      // The board has the CPUs the system chose.
      #expect(text.output.contains("cpu-start.1 ") && !text.output.contains("cpu-start.2 "))
      let (bad, refusal) = try list(
        "board: qemu-virt-aarch64", one.replacingOccurrences(of: "[1]", with: "[9]"))
      #expect(bad == 2 && refusal.output.contains("s.yaml:5: "), "\(refusal)")
      let (other, message) = try list("board: qemu-virt-riscv64", one)
      #expect(other == 1 || other == 2, "\(message)")
    }
  }
}
