import Boards
import Foundation
import Testing

@testable import ZoneLoader

/// Every error in the tables of docs/configuration.md can be had, and names file, line and field.
@Suite struct DocumentedErrorTests {
  /// A change of the demo system (PlannerTests.demo) that makes a documented error.
  struct Case: CustomTestStringConvertible {
    /// `SECTION.KEY: WORDS`, as in the document.
    var error: String
    /// Replacements in the demo system.
    var edits: [(String, String)]
    /// Line of the file and a part of the message.
    var line: Int
    var says: String
    var testDescription: String { error }

    init(_ error: String, _ edits: (String, String)..., line: Int, says: String) {
      self.error = error
      self.edits = edits
      self.line = line
      self.says = says
    }
  }

  /// Adds lines to the zoneR, whose name is on line 10; the first new line is 12.
  static func zone(_ text: String) -> (String, String) {
    ("kind: zoneR\n", "kind: zoneR\n    \(text)\n")
  }

  /// Replaces the zoneR's memory range on line 14.
  private static func range(_ text: String) -> (String, String) {
    ("{ guest: 0x4000_0000, size: 16MiB }", text)
  }

  private static func board(_ choices: String) -> (String, String) {
    ("board: qemu-virt-aarch64", "board: { name: qemu-virt-aarch64, \(choices) }")
  }

  static let riscv = "board: qemu-virt-riscv64"

  /// Lines 208 to 287, all doorbells of the board.
  private static let allDoorbells = (208..<288).map(String.init).joined(separator: ", ")

  static let systemCases: [Case] = [
    Case("system.board: missing", ("board: qemu-virt-aarch64\n", ""), line: 1, says: "missing"),
    Case("system.board: unknown board", ("virt-", "virtue-"), line: 1, says: "use one of"),
    Case("board.name: unknown board", ("qemu-virt-aarch64", "{ name: x }"), line: 1, says: "`x`"),
    Case(
      "board.ram: not a multiple of 2MiB from 16MiB to 255GiB", board("ram: 15MiB"), line: 1,
      says: "multiple of 2MiB"),
    Case(
      "board.ram: kernel and images do not fit", board("ram: 16MiB"),
      ("image: rt.elf", "image: big\n    load: 0x4000_0000"),
      range("{ guest: 0x4000_0000, size: 32MiB }"),
      line: 1, says: "which is more RAM than there is"),
    Case("board.cpus: not 1 to the board's most", board("cpus: 17"), line: 1, says: "1 to 16"),
    Case("board.dtb: unreadable", board("dtb: x.dtb"), line: 1, says: "does not exist"),
    Case("board.dtb: malformed", board("dtb: initrd"), line: 1, says: "malformed"),
    Case("board.baseline: more than 100000", board("baseline: 100001"), line: 1, says: "too many"),
  ]

  static let zoneCases: [Case] = [
    Case("zone.name: other characters", ("name: rt", "name: R_T"), line: 10, says: "a-z, 0-9"),
    Case("zone.name: `kernel`", ("name: rt", "name: kernel"), line: 10, says: "not `kernel`"),
    Case("zone.name: used twice", ("name: rt", "name: linux"), line: 10, says: "used twice"),
    Case("zone.kind: a second zone0", ("zoneR", "zone0"), line: 11, says: "already zone0"),
    Case("zone.cpus: empty", ("cpus: [2]", "cpus: []"), line: 12, says: "empty"),
    Case("zone.cpus: unknown", ("cpus: [2]", "cpus: [4]"), line: 12, says: "0 to 3"),
    Case("zone.cpus: named twice", ("cpus: [2]", "cpus: [2, 2]"), line: 12, says: "twice"),
    Case("zone.cpus: owned by another zone", ("cpus: [2]", "cpus: [0]"), line: 12, says: "`linux`"),
    Case(
      "zone.memory: overlap",
      range("{ guest: 0x4000_0000, size: 16MiB }\n      - { guest: 0x40f0_0000, size: 2MiB }"),
      line: 14, says: "overlaps"),
    Case("zone.memory: no room", ("512MiB", "4GiB"), line: 6, says: "no room for 4 GiB"),
    Case("zone.memory: not whole 4 KiB pages", ("512MiB", "1000"), line: 6, says: "4 KiB pages"),
    Case(
      "zone.memory: more than 64 ranges with devices and stamps",
      range(
        "{ guest: 0x4000_0000, size: 16MiB }"
          + (0..<65).map { "\n      - { guest: \(0x5000_0000 + $0 * 0x2000), size: 4KiB }" }
          .joined()), line: 14, says: "use at most 64"),
    Case("zone.image: unreadable", ("rt.elf", "x.elf"), line: 15, says: "does not exist"),
    Case(
      "zone.image: refused (see \"Images\")", ("rt.elf", "cut.elf"), line: 15,
      says: "cut.elf: ends inside its ELF header; the file is damaged"),
    Case(
      "zone.image: more than 16 payloads", ("rt.elf", "many.elf"),
      range("{ guest: 0x4000_0000, size: 64MiB }"), line: 15, says: "separate pieces"),
    Case(
      "zone.format: content is something else", zone("format: linux"), line: 12,
      says: "format: "),
    Case("zone.load: missing", zone("format: raw"), line: 10, says: "add `load: ADDRESS`"),
    Case(
      "zone.load: outside memory", zone("format: raw\n    load: 0x5000_0000"), line: 13,
      says: "is not inside one range of the zone's memory"),
    Case(
      "zone.load: misaligned", ("image: Image", "image: Image\n    load: 0x4000_1000"), line: 8,
      says: "above a 2 MiB boundary"),
    Case(
      "zone.entry: not in an executable segment", zone("entry: 0x4000_0000"), line: 12,
      says: "not in an executable segment"),
    Case(
      "zone.entry: not a multiple of 4 (RISC-V: 2)", zone("entry: 0x4008_0012"), line: 12,
      says: "multiple of 4"),
    Case(
      "zone.entry: in zeroed memory", zone("entry: 0x4008_0100"), line: 16, says: "zeroed memory"),
    Case("zone.cmdline: zone has no device tree", zone("cmdline: x"), line: 12, says: "no effect"),
    Case(
      "zone.initrd: unreadable", ("initrd: initrd", "initrd: x"), line: 8, says: "does not exist"),
    Case("zone.initrd: empty", ("initrd: initrd", "initrd: empty"), line: 8, says: "is empty"),
    Case("zone.initrd: no room", ("512MiB", "2MiB"), line: 8, says: "no room for its 3000 bytes"),
    Case(
      "zone.initrd: zone has no device tree", zone("initrd: initrd"), line: 12,
      says: "no effect"),
    Case(
      "zone.arguments: more than 4", zone("arguments: [0, 1, 2, 3, 4]"), line: 12,
      says: "at most 4"),
    Case(
      "zone.dtb: no room", zone("dtb: generate"), range("{ guest: 0x4008_0000, size: 64KiB }"),
      line: 12, says: "no room"),
    Case("zone.devices: unknown", zone("devices: [rtcc]"), line: 12, says: "`rtc`?"),
    Case(
      "zone.devices: owned by another zone", zone("devices: [flash]"),
      ("kind: zone0", "kind: zone0\n    devices: [flash]"), line: 13, says: "zone `linux`"),
    Case("zone.lines: not the board's", zone("lines: [288]"), line: 12, says: "32 to 287"),
    Case(
      "zone.lines: owned by another zone", zone("lines: [211]"),
      ("kind: zone0", "kind: zone0\n    lines: [211]"), line: 13, says: "zone `linux`"),
    Case("zone.lines: wired to the UART", zone("lines: [33]"), line: 12, says: "the UART's"),
    Case(
      "zone.console: no line of the board is free", zone("console: auto\n    stimulusLine: none"),
      ("kind: zone0", "kind: zone0\n    lines: [\(allDoorbells)]"), line: 13,
      says: "line of the board"),
    Case(
      "zone.interrupts: overlap", zone("interrupts: { distributor: 0x4000_0000 }"), line: 15,
      says: "overlaps the interrupt distributor"),
    Case(
      "zone.interrupts: misaligned", zone("interrupts: { distributor: 0x1000 }"), line: 12,
      says: "multiple of 64 KiB"),
    Case(
      "zone.stamps: overlap", zone("stamps: auto"), range("{ guest: 0x1fff_0000, size: 1GiB }"),
      ("rt.elf", "raw\n    load: 0x2000_0000"), line: 12, says: "overlaps the memory"),
    Case(
      "zone.stamps: no room", zone("stamps: { size: 1GiB, guest: 0x10_0000_0000 }"), line: 3,
      says: "latency records"),
    Case(
      "zone.stimulusLine: owned by another zone or use", zone("stimulusLine: 33"), line: 12,
      says: "line 33"),
    Case(
      "zone.stimulusLine: wired to a device", zone("stimulusLine: 34"), line: 12,
      says: "wired to `rtc`"),
    Case(
      "zone.stimulusLine: wired to the UART", zone("stimulusLine: 33"), line: 12,
      says: "only a console can have it"),
    Case(
      "zone.stimulusLine: no line of the board is free",
      zone("console: none\n    stimulusLine: auto"),
      ("kind: zone0", "kind: zone0\n    lines: [\(allDoorbells)]"), line: 14,
      says: "line of the board"),
    Case(
      "zone.start: `manual` for zone0 or without a zone0", zone("start: manual"),
      ("zone0", "zoneU"), line: 12, says: "another zone of kind zone0"),
    Case(
      "zone.execution: an ELF of the other state", zone("execution: aarch32"), line: 12,
      says: "is an aarch64 image"),
  ]

  static let partCases: [Case] = [
    Case(
      "memory.guest: overlap with another part of the zone",
      range("{ guest: 0x0800_0000, size: 1GiB }"), line: 14,
      says: "overlaps the interrupt distributor"),
    Case(
      "memory.guest: beyond 2^39", range("{ guest: 0x80_0000_0000, size: 4KiB }"), line: 14,
      says: "beyond 0x8000000000"),
    Case(
      "memory.size: no room", range("{ guest: 0x4000_0000, size: 4GiB }"), line: 14,
      says: "no room for 4 GiB"),
    Case(
      "memory.host: not free RAM", range("{ guest: 0x4000_0000, size: 16MiB, host: 0x4020_0000 }"),
      line: 14, says: "not free RAM"),
    Case(
      "memory.permissions: entry point in a range without `x`",
      range("{ guest: 0x4000_0000, size: 16MiB, permissions: rw }"), line: 14, says: "without `x`"),
    Case(
      "memory.permissions: a zoneR without `w` anywhere",
      range("{ guest: 0x4000_0000, size: 16MiB, permissions: rx }"), line: 14, says: "can write"),
    Case(
      "dtb.address: not free", zone("dtb: { address: 0x4008_0000 }"), line: 12, says: "not free"),
    Case(
      "dtb.address: not in memory", zone("dtb: { address: 0x5000_0000 }"), line: 12,
      says: "not in the zone's memory"),
    Case(
      "dtb.address: not a multiple of 8", zone("dtb: { address: 0x4000_0004 }"), line: 12,
      says: "multiple of 8"),
    Case(
      "device.guest: overlap",
      zone("devices: [{ guest: 0x4000_0000, host: 0x0901_0000, size: 4KiB }]"), line: 12,
      says: "overlaps"),
    Case(
      "device.host: not in a device", zone("devices: [{ host: 0x0900_0000, size: 4KiB }]"),
      line: 12, says: "not inside a device"),
    Case(
      "device.size: not whole pages", zone("devices: [{ host: 0x0901_0000, size: 100 }]"),
      line: 12, says: "4 KiB pages"),
    Case(
      "console.base: overlap", zone("console: { base: 0x4000_0000 }"), line: 15,
      says: "overlaps the console"),
    Case(
      "console.line: owned by another zone", zone("console: { line: 211 }"),
      ("kind: zone0", "kind: zone0\n    lines: [211]"), line: 13, says: "zone `linux`"),
    Case(
      "console.line: wired to a device", zone("console: { line: 34 }"), line: 12,
      says: "line 34 is wired to `rtc`"),
    Case(
      "console.line: no line of the board is free", zone("console: {}\n    stimulusLine: none"),
      ("kind: zone0", "kind: zone0\n    lines: [\(allDoorbells)]"), line: 13,
      says: "line of the board"),
    Case(
      "stamps.guest: overlap", zone("stamps: { guest: 0x4000_0000 }"), line: 12,
      says: "overlaps the memory"),
    Case(
      "stamps.size: no room", zone("stamps: { size: 1GiB, guest: 0x10_0000_0000 }"), line: 3,
      says: "latency records"),
  ]

  /// Errors that no change of the demo system makes; each has a test of its own below.
  static let elsewhere: Set<String> = [
    "system.zones: missing", "system.zones: empty", "system.zones: more than 16",
    "system.zones: a name used twice",
    "interrupts.interface: overlap", "interrupts.interface: misaligned",
    "interrupts.plic: overlap", "interrupts.plic: misaligned", "interrupts.aplic: overlap",
    "interrupts.aplic: misaligned", "interrupts.imsic: overlap", "interrupts.imsic: misaligned",
    "board.ram: RAM of the board is fixed", "board.cpus: CPUs of the board are fixed",
    "dtb.address: does not fit beside the image",
  ]

  static let cases = systemCases + zoneCases + partCases + interruptCases

  private static func workspace() throws -> Workspace {
    let work = try PlannerTests.demoWorkspace()
    try work.write([], to: "empty")
    try work.write([UInt8](repeating: 0, count: 4096), to: "raw")
    try work.write(
      [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 20), to: "cut.elf")
    try work.write(
      ElfBuilder(
        entry: 0x4000_0000,
        segments: (0..<17).map { .init(at: 0x4000_0000 + UInt64($0) << 21) }
      ).build(), to: "many.elf")
    return work
  }

  @Test(arguments: cases) func isAnError(_ row: Case) throws {
    var yaml = PlannerTests.demo
    for (old, new) in row.edits {
      let range = try #require(yaml.range(of: old, options: .backwards), "no '\(old)'")
      yaml.replaceSubrange(range, with: new)
    }
    let work = try Self.workspace()
    if yaml.contains("image: big") {
      try work.write([UInt8](repeating: 1, count: 20 << 20), to: "big")
    }
    let error = #expect(throws: (any Error).self) {
      try Planner.plan(
        try work.system(yaml), kernelImage: kernel,
        deviceTree: yaml.contains("dtb: x") || yaml.contains("dtb: initrd")
          ? .automatic : .blob(boardTree()))
    }
    let configuration: ConfigurationError? =
      switch error {
      case let error as ConfigurationError: error
      case PlanningError.configuration(let error)?: error
      default: nil
      }
    let found = try #require(configuration, "\(String(describing: error))")
    #expect(found.line == row.line, "\(found)")
    #expect(found.description.contains(row.says), "\(found)")
    #expect(found.description.hasPrefix("\(work.path)/system.yaml:"), "\(found)")
    #expect(!found.advice.isEmpty)
  }

  /// The errors of a table's last column, as `SECTION.KEY: WORDS`. Those of board files are in BoardFileTests.
  private static func documented() throws -> [String] {
    let document = try String(
      contentsOf: repository.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
    var section = ""
    var result: [String] = []
    for line in document.split(separator: "\n") {
      if let match = line.firstMatch(of: /<!-- keys: (\w+) -->/) {
        section = String(match.1)
      } else if section == "board" || !section.hasPrefix("board"),
        let row = line.firstMatch(of: /^\| `(\w+)` \|.*\| ([^|]*) \|$/)
      {
        result += row.2.split(separator: ", ").map { "\(section).\(row.1): \($0)" }
      }
    }
    return result
  }

  /// A new error in the document needs a case here, and a case that is no longer documented goes.
  @Test func everyDocumentedErrorHasACase() throws {
    let documented = try Self.documented()
    #expect(documented.count > 60)
    let tested = Set(Self.cases.map(\.error)).union(Self.elsewhere)
    #expect(Set(documented).subtracting(tested).sorted() == [], "documented, but no case")
    #expect(tested.subtracting(documented).sorted() == [], "a case, but not documented")
  }

  @Test func zonesAsAList() throws {
    let zone = SystemDescriptionTests.minimal.split(separator: "\n").dropFirst(2)
      .joined(separator: "\n")
    func zones(_ names: [String]) -> String {
      "zones:\n"
        + names.map { zone.replacing("name: a", with: "name: \($0)") }.joined(separator: "\n")
    }
    for (text, line, says) in [
      ("", 1, "zones: is missing"), ("zones: []", 2, "zones: must be a list with at least one"),
      (zones((0..<17).map { "z\($0)" }), 3, "zones: has 17 zones"),
      (zones(["a", "a"]), 8, "name: `a` is used twice"),
    ] {
      let error = try #require(throws: ConfigurationError.self) {
        try SystemDescription.parse("board: qemu-virt-aarch64\n" + text, path: "s")
      }
      #expect(error.description.contains(says), "\(error)")
      #expect(error.line == line, "\(error)")
    }
  }

  /// No board of today is fixed, so one is made.
  @Test(arguments: [("ram: 1GiB", "RAM", "ram"), ("cpus: 2", "CPUs", "cpus")])
  func fixedBoards(_ choice: (text: String, says: String, key: String)) throws {
    var board = Board.qemuVirtAArch64
    board.ramIsConfigurable = false
    board.configurableCPUs = nil
    let reader = try FieldReader(
      try YAMLDocument.root(of: "{ name: x, \(choice.text) }", path: "s", start: ""),
      section: .board, file: "s", path: "board")
    let error = #expect(throws: ConfigurationError.self) {
      try BoardChoices(of: board, reader)
    }
    #expect(error?.description.contains("s:1: board.\(choice.key): the \(choice.says)") == true)
    #expect(error?.description.contains("remove `\(choice.key)`") == true)
  }

  /// The tree grows when the place of the initrd is known, and then runs into the image.
  @Test func treeThatGrowsIntoTheImage() throws {
    let work = try Self.workspace()
    func plan(_ lines: String) throws -> PlannedSystem {
      try work.plan(
        PlannerTests.demo.replacing("kind: zoneR\n", with: "kind: zoneR\n\(lines)"))
    }
    let size = try #require(try plan("    dtb: generate\n").deviceTree(zone: "rt")).count
    let address = 0x4008_0000 - (size + 7) / 8 * 8
    #expect(throws: Never.self) { try plan("    dtb: { address: \(address) }\n") }
    let error = #expect(throws: PlanningError.self) {
      try plan("    dtb: { address: \(address) }\n    initrd: initrd\n")
    }
    #expect(error?.description.contains("does not fit beside the image") == true)
  }
}
