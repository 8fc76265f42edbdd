import Boards
import SepKernel
import Testing

@testable import ZoneLoader

@Suite struct SystemDescriptionTests {
  static let minimal = """
    board: qemu-virt-aarch64
    zones:
      - name: a
        kind: zoneU
        cpus: [0]
        memory: 64MiB
        image: a.elf
    """

  @Test func defaults() throws {
    let system = try SystemDescription.parse(Self.minimal, path: "dir/system.yaml")
    #expect(system.board == .qemuVirtAArch64)
    let zone = try #require(system.zones.first)
    #expect(zone.image == "dir/a.elf")
    #expect(
      zone.memory == [MemoryDescription(guest: nil, size: 64 << 20, host: nil, permissions: .all)])
    #expect(zone.format == nil)
    #expect(zone.deviceTree == .automatic)
    #expect(zone.console == .uart(base: nil, line: nil))
    #expect(zone.stamps == .automatic)
    #expect(zone.stimulusLine == .automatic)
    #expect(!zone.absentReadsZero)
    #expect(!zone.manualStart)
    #expect(zone.execution == nil)
    #expect(zone.arguments == nil)
    #expect(zone.sourceLines["memory"] == 6)
  }

  /// A system with every field.
  static let every = """
    board: { name: qemu-virt-aarch64, ram: 1GiB, cpus: 8, dtb: board.dtb, baseline: 500 }
    zones:
      - name: zone-1
        kind: zoneR
        cpus: [7, 3]
        memory:
          - { guest: 0x4000_0000, size: 16MiB, host: 0x5000_0000, permissions: rx }
        image: /abs/image
        format: raw
        load: 0x4000_0000
        entry: 1073745920
        cmdline: "a b"
        initrd: x/initrd
        arguments: [1, dtb]
        dtb: { address: 0x4010_0000 }
        devices: [rtc, { guest: 0x1000, host: 0x0903_0000, size: 4096 }]
        lines: [210]
        console: { base: 0x0a00_0000, line: 211 }
        interrupts: { distributor: 0x1000_0000, redistributors: 0x1100_0000 }
        absent: zero
        stamps: { guest: 0x3000_0000, size: 1MiB }
        stimulusLine: 212
        start: manual
        execution: aarch32
    """

  @Test func everyField() throws {
    let system = try SystemDescription.parse(Self.every, path: "system.yaml")
    #expect(system.board.ram == [AddressRange(base: 0x4000_0000, size: 1 << 30)])
    #expect(system.baselineSamples == 500)
    #expect(system.board.cpus.count == 8)
    #expect(system.deviceTreePath == "board.dtb")
    let zone = try #require(system.zones.first)
    #expect(zone.kind == .zoneR)
    #expect(zone.cpus == [3, 7])
    #expect(
      zone.memory == [
        MemoryDescription(
          guest: 0x4000_0000, size: 16 << 20, host: 0x5000_0000,
          permissions: .read.union(.execute))
      ])
    #expect(zone.image == "/abs/image")
    #expect(zone.format == .raw)
    #expect(zone.load == 0x4000_0000)
    #expect(zone.entry == 0x4000_1000)
    #expect(zone.cmdline == "a b")
    #expect(zone.initrd == "x/initrd")
    #expect(zone.arguments == [.value(1), .deviceTree])
    #expect(zone.deviceTree == .address(0x4010_0000))
    #expect(
      zone.devices == [.named("rtc"), .window(guest: 0x1000, host: 0x0903_0000, size: 4096)])
    #expect(zone.lines == [210])
    #expect(zone.console == .uart(base: 0x0a00_0000, line: 211))
    #expect(
      zone.interrupts
        == InterruptsDescription(bases: [0: 0x1000_0000, 1: 0x1100_0000]))
    #expect(zone.absentReadsZero)
    #expect(zone.stamps == .pages(guest: 0x3000_0000, size: 1 << 20))
    #expect(zone.stimulusLine == .line(212))
    #expect(zone.manualStart)
    #expect(zone.execution == .aarch32)
  }

  struct Refusal: CustomTestStringConvertible {
    /// Replacement in `minimal`.
    var old: String
    var new: String
    var line: Int?
    var field: String
    /// Part of the description.
    var says: String
    var testDescription: String { new }
  }

  static let refusals: [Refusal] = [
    Refusal(old: "board: qemu-virt-aarch64\n", new: "", line: 1, field: "board", says: "missing"),
    Refusal(
      old: "qemu-virt-aarch64", new: "qemu-virt", line: 1, field: "board",
      says: "use one of: qemu-virt-aarch64"),
    Refusal(
      old: "board: qemu-virt-aarch64", new: "board: { name: qemu-virt-aarch64, ram: 3MB }",
      line: 1, field: "board.ram", says: "`3MB` is not a number"),
    Refusal(
      old: "board: qemu-virt-aarch64", new: "board: { name: qemu-virt-aarch64, ram: 3MiB }",
      line: 1, field: "board.ram", says: "multiple of 2MiB"),
    Refusal(
      old: "board: qemu-virt-aarch64", new: "board: { name: qemu-virt-aarch64, cpus: 17 }",
      line: 1, field: "board.cpus", says: "use 1 to 16: the kernel has stacks for no more"),
    Refusal(
      old: "board: qemu-virt-aarch64", new: "board: { name: qemu-virt-aarch64, baseline: 100001 }",
      line: 1, field: "board.baseline", says: "use 0 to 100000"),
    Refusal(
      old: "zones:", new: "zone:", line: 2, field: "zone", says: "did you mean `zones`?"),
    Refusal(
      old: "    kind: zoneU", new: "    kind: zoneU\n    memmory: 1MiB", line: 5,
      field: "zones[0].memmory", says: "did you mean `memory`?"),
    Refusal(
      old: "    kind: zoneU", new: "    kind: zoneU\n    colour: blue", line: 5,
      field: "zones[0].colour", says: "known keys: name, kind"),
    Refusal(
      old: "kind: zoneU", new: "kind: zoneX", line: 4, field: "zones[0].kind",
      says: "zone0, zoneU, zoneR"),
    Refusal(
      old: "name: a", new: "name: A", line: 3, field: "zones[0].name", says: "a-z, 0-9"),
    Refusal(
      old: "name: a", new: "name: kernel", line: 3, field: "zones[0].name", says: "not `kernel`"),
    Refusal(
      old: "name: a", new: "name: abcdefghijklmnop", line: 3, field: "zones[0].name",
      says: "1 to 15"),
    Refusal(
      old: "cpus: [0]", new: "cpus: [4]", line: 5, field: "zones[0].cpus", says: "0 to 3"),
    Refusal(
      old: "cpus: [0]", new: "cpus: [1, 1]", line: 5, field: "zones[0].cpus", says: "twice"),
    Refusal(
      old: "cpus: [0]", new: "cpus: []", line: 5, field: "zones[0].cpus", says: "empty"),
    Refusal(
      old: "    cpus: [0]\n", new: "", line: 3, field: "zones[0].cpus", says: "missing"),
    Refusal(
      old: "memory: 64MiB", new: "memory: many", line: 6, field: "zones[0].memory",
      says: "not a number"),
    Refusal(
      old: "memory: 64MiB", new: "memory: []", line: 6, field: "zones[0].memory",
      says: "must be a size or a list"),
    Refusal(
      old: "memory: 64MiB", new: "memory: [{ size: 1MiB }]", line: 6,
      field: "zones[0].memory[0].guest", says: "missing"),
    Refusal(
      old: "memory: 64MiB", new: "memory: [{ guest: 0, size: 1MiB, permissions: wx }]", line: 6,
      field: "zones[0].memory[0].permissions", says: "rwx, rw, rx, r"),
    Refusal(
      old: "memory: 64MiB", new: "memory: 99999999999999999999", line: 6,
      field: "zones[0].memory", says: "not a number"),
    Refusal(
      old: "image: a.elf", new: "image:", line: 7, field: "zones[0].image", says: "is empty"),
    Refusal(
      old: "image: a.elf", new: "image: [a]", line: 7, field: "zones[0].image",
      says: "single value"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    format: efl", line: 8, field: "zones[0].format",
      says: "did you mean `elf`?"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    arguments: [1, 2, 3, 4, 5]", line: 8,
      field: "zones[0].arguments", says: "at most 4"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    arguments: [x]", line: 8,
      field: "zones[0].arguments", says: "not a number or `dtb`"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    dtb: maybe", line: 8, field: "zones[0].dtb",
      says: "auto, none, generate"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    dtb: {}", line: 8, field: "zones[0].dtb.address",
      says: "missing"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    devices: [rtcc]", line: 8,
      field: "zones[0].devices", says: "did you mean `rtc`?"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    devices: [{ host: 1 }]", line: 8,
      field: "zones[0].devices[0].size", says: "missing"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    lines: [1024]", line: 8,
      field: "zones[0].lines", says: "0 to 1023"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    console: off", line: 8,
      field: "zones[0].console", says: "auto, none"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    console: { line: [1, 2] }", line: 8,
      field: "zones[0].console.line", says: "one number"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    interrupts: { gicd: 1 }", line: 8,
      field: "zones[0].interrupts.gicd", says: "distributor, redistributors"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    absent: ones", line: 8,
      field: "zones[0].absent", says: "fault, zero"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    stamps: { at: 1 }", line: 8,
      field: "zones[0].stamps.at", says: "guest, size"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    stimulusLine: x", line: 8,
      field: "zones[0].stimulusLine", says: "auto, none or a line number"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    start: later", line: 8, field: "zones[0].start",
      says: "auto, manual"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    execution: thumb", line: 8,
      field: "zones[0].execution", says: "aarch64, aarch32"),
    Refusal(
      old: "image: a.elf", new: "image: a\n    image: b", line: 7, field: "",
      says: "same key twice"),
    Refusal(
      old: "image: a.elf", new: "image: \"a\\0b\"", line: 7, field: "zones[0].image",
      says: "NUL"),
    Refusal(
      old: "    image: a.elf", new: "   image: a.elf", line: 7, field: "", says: "not valid YAML"),
    Refusal(
      old: "zones:\n", new: "zones: 5\nx:\n", line: 3, field: "x", says: "known keys: board, zones"),
  ]

  @Test(arguments: refusals) func refuses(_ refusal: Refusal) throws {
    let yaml = Self.minimal.replacing(refusal.old, with: refusal.new)
    try #require(yaml != Self.minimal)
    let error = try #require(throws: ConfigurationError.self) {
      _ = try SystemDescription.parse(yaml, path: "system.yaml")
    }
    #expect(error.description.contains(refusal.says), "\(error)")
    #expect(error.field == refusal.field, "\(error)")
    #expect(error.line == refusal.line, "\(error)")
    #expect(error.description.hasPrefix("system.yaml:"))
  }

  @Test(arguments: [
    "", "- a", "a", "~", "{}", "? [a]\n: b", "\u{feff}", "%YAML 3.0",
    String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000),
    "board: qemu-virt-aarch64\nzones: []", "board: qemu-virt-aarch64\nzones: [1]",
  ])
  func refusesOddDocuments(_ yaml: String) {
    #expect(throws: ConfigurationError.self) {
      _ = try SystemDescription.parse(yaml, path: "s")
    }
  }

  /// What else is not supported is refused for what it is, in systems that are good otherwise.
  @Test(arguments: [
    ("cpus: [0]", "cpus: &a [0]", 5, "has a YAML anchor (`&name`)"),
    ("image: a.elf", "image: &a a.elf\n    cmdline: *a", 7, "has a YAML anchor (`&name`)"),
    ("  - name: a", "  - &z\n    name: a", 3, "has a YAML anchor (`&name`)"),
    ("name: a", "&k name: a", 3, "has a YAML anchor (`&name`)"),
    ("image: a.elf", "image: *a", 7, "undefined alias"),
    (
      "    image: a.elf", "    <<: { kind: zone0 }\n    image: a.elf", 7, "zones[0].<<: unknown key"
    ),
    ("image: a.elf", "image: a.elf\n---\nboard: qemu-virt-aarch64", 8, "another document"),
  ])
  func refusesUnsupportedYAML(_ row: (old: String, new: String, line: Int, says: String)) throws {
    let yaml = Self.minimal.replacing(row.old, with: row.new)
    let error = try #require(throws: ConfigurationError.self) {
      try SystemDescription.parse(yaml, path: "s")
    }
    #expect(error.description.contains(row.says), "\(error)")
    #expect(error.line == row.line, "\(error)")
  }

  /// A star or an ampersand in a value is nothing special.
  @Test func starsInValues() throws {
    let yaml = Self.minimal.replacing(
      "image: a.elf", with: "image: a.elf # *x and &y\n    cmdline: \"root=*a &b *c\"")
    #expect(
      try SystemDescription.parse(yaml, path: "s").zones.first?.cmdline == "root=*a &b *c")
  }

  /// Hashing a key made of aliases of aliases would take 2^40 steps.
  @Test(.timeLimit(.minutes(1))) func aliasBomb() throws {
    var yaml = "a0: &a0 [x, x]\n"
    for level in 1...40 { yaml += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    yaml += "? *a40 \n: 1\n"
    let error = try #require(throws: ConfigurationError.self) {
      _ = try SystemDescription.parse(yaml, path: "s")
    }
    #expect(error.problem.contains("aliases"))
  }

  @Test func files() throws {
    let work = try Workspace()
    for (name, bytes) in [("latin1", [0x61, 0xe4] as [UInt8]), ("empty", [])] {
      let path = try work.write(bytes, to: name)
      #expect(throws: ConfigurationError.self) { _ = try SystemDescription.load(path: path) }
    }
    for path in ["\(work.path)/missing.yaml", work.path, "/dev/zero"] {
      let error = try #require(throws: ConfigurationError.self) {
        _ = try SystemDescription.load(path: path)
      }
      #expect(error.file == path)
    }
    let path = try work.write(Array(Self.minimal.utf8), to: "good.yaml")
    #expect(try SystemDescription.load(path: path).zones.count == 1)
  }
}
