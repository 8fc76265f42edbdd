import Boards
import Foundation
import SepKernel
import Testing

@testable import ZoneLoader

@Suite struct BoardFileTests {
  static let text = BoardFileWriter(.qemuVirtAArch64).text

  /// What is written of a literal is read as the literal, but for what tests have shown of it.
  @Test(arguments: Board.all) func everyLiteralComesBack(_ board: Board) throws {
    var board = board
    board.evidence = [:]
    #expect(!board.sources.isEmpty && !board.sources.contains(""))
    board.sources += ["a manual, \"section\" 3", "tab\there \\"]
    var file = BoardFileWriter(board)
    file.header = ["A comment", "", "with: signs #"]
    #expect(try BoardFile.parse(file.text, path: "b.yaml") == board)
  }

  @Test func summariesOfAnyText() throws {
    var board = Board.qemuVirtAArch64
    board.evidence = [:]
    for summary in ["a: b # c", "\"\\'\n\t\u{7f}\u{85}\u{2028}\u{feff}x", "- ä*&!", "0x10", "~"] {
      board.summary = summary
      #expect(try BoardFile.parse(BoardFileWriter(board).text, path: "b") == board, "\(summary)")
    }
  }

  @Test func aSystemNamesAFile() throws {
    let folder = try Workspace()
    try folder.write(Array(Self.text.utf8), to: "boards/mine.yaml")
    let yaml = SystemDescriptionTests.minimal
    let plain = try folder.system(
      yaml.replacing("board: qemu-virt-aarch64", with: "board: boards/mine.yaml"))
    #expect(plain.board.devices == Board.qemuVirtAArch64.devices && plain.board.evidence.isEmpty)
    let chosen = try folder.system(
      yaml.replacing(
        "board: qemu-virt-aarch64", with: "board: { name: boards/mine.yaml, ram: 1GiB, cpus: 2 }"))
    #expect(chosen.board.ramSize == 1 << 30 && chosen.board.cpus.count == 2)
    #expect(throws: ConfigurationError.self) {
      try folder.system(yaml.replacing("board: qemu-virt-aarch64", with: "board: mine.yaml"))
    }
    try folder.write(Array("nme: x\n".utf8), to: "bad.yml")
    do {
      _ = try folder.system(yaml.replacing("board: qemu-virt-aarch64", with: "board: bad.yml"))
      Issue.record("accepted")
    } catch let error as ConfigurationError {
      #expect(error.file.hasSuffix("/bad.yml") && error.line == 1 && error.field == "nme")
    }
  }

  /// Only a typing error or an attack: each is refused where it stands.
  static let refusals: [SystemDescriptionTests.Refusal] = [
    refusal("name: qemu-virt-aarch64", "name: Q", "name", "1 to 31"),
    refusal("architecture: aarch64", "architecture: arm", "architecture", "aarch64, riscv64"),
    refusal("architecture: aarch64", "architecture: riscv64", "", "another architecture"),
    refusal("size: 2GiB", "size: 2047", "ram[0].size", "whole pages"),
    refusal("size: 2GiB", "size: 0", "ram[0].size", "whole pages"),
    refusal("size: 2GiB", "size: 0xffff_ffff_ffff_f000", "ram[0].base", "beyond 2^48"),
    refusal("kernelBase: 0x4020_0000", "kernelBase: 0x4020_1000", "kernelBase", "2MiB"),
    refusal("kernelBase: 0x4020_0000", "kernelBase: 0", "kernelBase", "free RAM"),
    refusal("kernelBase: 0x4020_0000", "", "kernelBase", "is missing"),
    refusal("  - 0x1\n", "  - 0x0\n", "cpus", "one id twice"),
    refusal("  - 0x1\n", "  - one\n", "cpus", "`one` is not"),
    refusal("cpuChoices:\n  - 0x0", "cpuChoices:\n  - 0x77", "cpuChoices", "begin"),
    refusal("kind: gicv3", "kind: gicv9", "interruptController.kind", "gicv3"),
    refusal("kind: gicv3", "kind: plic", "interruptController.distributor", "its keys"),
    refusal("  distributor:", "  plic:", "interruptController.plic", "unknown key"),
    refusal("line: 33", "line: 1024", "uart.line", "0 to 1023"),
    refusal("line: 33", "line: 31", "uart", "32 to 287"),
    refusal("line: 33", "line: 34", "devices", "also one of the UART"),
    refusal("line: 33", "line: 208", "uart", "doorbell"),
    refusal("kind: pl011", "kind: none", "uart.base", "remove it"),
    refusal("base: 0x900_0000", "base: 0x901_0000", "uart", "overlaps"),
    refusal("base: 0x900_0000", "base: 0x4000_0000", "uart", "overlaps"),
    refusal("counterFrequency: 62500000", "counterFrequency: -1", "counterFrequency", "number"),
    refusal("lineCount: 288", "lineCount: 1025", "lineCount", "1 to 1024"),
    refusal("lineCount: 288", "lineCount: 200", "doorbells", "not lines"),
    refusal("doorbells: 208-287", "doorbells: [208, 210]", "doorbells", "one run"),
    refusal("doorbells: 208-287", "doorbells: 287-208", "doorbells", "not a line or a run"),
    refusal("doorbells: 208-287", "doorbells: 0-99999999999", "doorbells", "not a line or a run"),
    refusal("doorbells: 208-287", "doorbells: []", "doorbells", "one run"),
    refusal("- name: rtc", "- name: flash", "devices[1].name", "twice"),
    refusal("lines: [34]", "lines: [39]", "devices", "also one of rtc"),
    refusal("lines: [34]", "lines: [1-1023, 1-1023]", "devices[1].lines", "more than"),
    refusal("dma: false", "dma: perhaps", "devices[0].dma", "true, false"),
    refusal("program: qemu-system-aarch64", "program: /bin/sh", "emulator.program", "use one of"),
    refusal(
      "program: qemu-system-aarch64", "program: qemu-system-riscv64", "emulator", "architecture"),
    refusal(
      "virt,virtualization=on,gic-version=3\"", "virt,dumpdtb=x\"", "emulator.machine",
      "not allowed"),
    refusal(
      "virt,virtualization=on,gic-version=3\"", "virt,firmware=x\"", "emulator.machine",
      "not allowed"),
    refusal("cpu: \"cortex-a53\"", "cpu: \"-S\"", "emulator.cpu", "cannot be one"),
    refusal("cpu: \"cortex-a53\"", "cpu: \"a b\"", "emulator.cpu", "cannot be one"),
    refusal("icountShift: 4", "icountShift: 11", "emulator.icountShift", "0 to 10"),
    refusal("sources:\n", "sources:\n  - { a: b }\n", "sources", "list of texts"),
  ]

  private static func refusal(
    _ old: String, _ new: String, _ field: String, _ says: String
  ) -> SystemDescriptionTests.Refusal {
    SystemDescriptionTests.Refusal(old: old, new: new, line: nil, field: field, says: says)
  }

  @Test(arguments: refusals) func refused(_ refusal: SystemDescriptionTests.Refusal) throws {
    let range = try #require(Self.text.range(of: refusal.old), "not in the text: \(refusal.old)")
    let text = Self.text.replacingCharacters(in: range, with: refusal.new)
    do {
      _ = try BoardFile.parse(text, path: "b.yaml")
      Issue.record("accepted")
    } catch {
      if !refusal.field.isEmpty { #expect(error.field == refusal.field, "\(error)") }
      #expect("\(error)".contains(refusal.says), "\(error)")
      #expect(error.line != nil && error.file == "b.yaml" && !error.advice.isEmpty)
    }
  }

  /// A word where a CPU waits is in a page of nobody, and each CPU has another or none has one.
  @Test(arguments: [
    ("release: 0xe0", "release: 0", "cpus[1].release"),
    ("release: 0xe0", "release: 0x1_0000_0000", "cpus[1].release"),
    ("release: 0xe0", "release: 0xd8", "cpus"), ("release: 0xe0", "release: 0xe4", "cpus"),
    (", release: 0xe0", "", "cpus"), ("release: 0xe0", "release: 0x1000", "cpus"),
    ("release: 0xe0", "release: 0xfe20_1000", "cpus"),
    ("release: 0xe0", "release: 0xff84_1008", "cpus"),
    ("release: 0xe0", "release: 0xfe34_0000", "cpus"),
    ("base: 0x0, size: 4KiB", "base: 0x3000, size: 4KiB", "cpus"),
  ])
  func releaseRefused(_ old: String, _ new: String, _ field: String) throws {
    let text = BoardFileWriter(.raspberryPi4B).text
    let range = try #require(text.range(of: old), "not in the text")
    do {
      _ = try BoardFile.parse(text.replacingCharacters(in: range, with: new), path: "b.yaml")
      Issue.record("accepted")
    } catch {
      #expect(error.field == field, "\(error)")
    }
  }

  @Test func releaseOfChoicesAndOtherArchitectures() throws {
    var board = Board.raspberryPi4B
    board.evidence = [:]
    board.configurableCPUs = board.cpus + [BoardCPU(4, releaseAddress: 0xf8)]
    #expect(try BoardFile.parse(BoardFileWriter(board).text, path: "b") == board)
    board.configurableCPUs = board.cpus + [BoardCPU(4)]
    let choice = #expect(throws: ConfigurationError.self) {
      try BoardFile.parse(BoardFileWriter(board).text, path: "b")
    }
    #expect(choice?.field == "cpuChoices")
    board = .qemuVirtRISCV64
    board.configurableCPUs = nil
    for index in board.cpus.indices { board.cpus[index].releaseAddress = 0xd8 + 8 * UInt32(index) }
    let other = #expect(throws: ConfigurationError.self) {
      try BoardFile.parse(BoardFileWriter(board).text, path: "b")
    }
    #expect(other?.problem.contains("architecture") == true)
  }

  /// Whatever fits a board file fits the Plan's tables.
  @Test func manyOfEverything() {
    func refused(_ change: (inout Board) -> Void) -> Bool {
      var board = Board.qemuVirtAArch64
      change(&board)
      return (try? BoardFile.parse(BoardFileWriter(board).text, path: "b")) == nil
    }
    let page: UInt64 = 4096
    #expect(
      refused { board in
        board.ramIsConfigurable = false
        board.ram = (0..<17).map { AddressRange(base: 0x4000_0000 + $0 << 24, size: 1 << 23) }
      })
    #expect(
      refused { board in
        board.reserved = (1..<18).map {
          AddressRange(base: 0x5000_0000 + UInt64($0) * 2 * page, size: page)
        }
      })
    #expect(refused { $0.cpus = (0..<65).map { BoardCPU(UInt64($0)) } })
    #expect(
      refused { board in
        board.devices = (0..<65).map {
          BoardDevice(
            name: "d\($0)", regions: [AddressRange(base: UInt64($0) * page, size: page)],
            summary: "x")
        }
      })
    #expect(!refused { _ in })
  }

  /// A Plan has room for more CPUs than the kernel has stacks for, and counts those nobody owns: refused before it.
  @Test func moreCPUsThanTheKernelHasStacksFor() throws {
    let folder = try Workspace()
    let kernel = KernelImageInfo(
      path: "", byteCount: 1 << 20, hash: [UInt8](repeating: 0, count: 16))
    try folder.write([UInt8](repeating: 0, count: 4096), to: "rt.bin")
    func plan(_ cpus: Int, _ board: String) throws -> PlannedSystem {
      var many = Board.qemuVirtAArch64
      let all = (0..<cpus).map { BoardCPU(UInt64($0 / 16) << 8 | UInt64($0 % 16)) }
      (many.cpus, many.configurableCPUs) = (all, board.contains("cpus") ? all : nil)
      try folder.write(Array(BoardFileWriter(many).text.utf8), to: "many.yaml")
      return try Planner.plan(
        folder.system(
          """
          # What is wrong is on the next line.
          board: \(board)
          zones:
            - { name: rt, kind: zoneR, cpus: [1], memory: 1MiB, image: rt.bin, format: raw, load: 0x4000_0000 }
          """), kernelImage: kernel)
    }
    #expect(try plan(16, "many.yaml").board.cpus.count == 16)
    #expect(try plan(20, "{ name: many.yaml, cpus: 16 }").board.cpus.count == 16)
    for board in ["many.yaml", "{ name: many.yaml, ram: 1GiB }"] {
      do {
        _ = try plan(17, board)
        Issue.record("accepted")
      } catch PlanningError.configuration(let error) {
        #expect(error.line == 2 && error.field == "board", "\(error)")
        #expect(error.file.hasSuffix(".yaml") && error.advice.contains("board file"), "\(error)")
        #expect(error.problem.contains("17 CPUs, and the kernel has stacks for 16"), "\(error)")
      }
    }
    #expect(throws: PlanningError.self) {
      var many = Board.qemuVirtAArch64
      many.cpus = (0..<17).map { BoardCPU(UInt64($0)) }
      return try Planner.bringup(many, image: kernel)
    }
  }

  /// What host tools believe of the kernel's stacks is what its linker scripts have.
  @Test(arguments: ["aarch64", "riscv64"]) func stacksOfTheKernel(_ architecture: String) throws {
    let script = repository.appendingPathComponent("Linker/\(architecture).ld")
    let text = try String(contentsOf: script, encoding: .utf8)
    #expect(text.contains("\nCPU_CAPACITY = \(PlanArchitecture.imageCPUs);\n"))
  }

  @Test func everyKindHasAWord() {
    for kind in PlanInterruptControllerKind.allCases {
      #expect(BoardWords.word(kind, in: BoardWords.controllers) != "?")
    }
    for raw in UInt32(0)..<64 {
      guard let kind = PlanUARTKind(rawValue: raw) else { continue }
      #expect(BoardWords.word(kind, in: BoardWords.uarts) != "?")
    }
  }
}
