/// A system description written out as YAML, with the images of `make build`.
struct SystemText {
  var board = TestBoard.aarch64
  /// CPUs of the board.
  var cpus = 4
  var ram = "1GiB"
  /// Samples of the board baseline.
  var baseline = 0
  var zones: [Zone]

  /// One zone; `fields` are as in docs/configuration.md.
  struct Zone: Sendable {
    var name: String
    var fields: [(key: String, value: String)]

    init(_ name: String, _ kind: String, cpus: [Int], _ fields: [(String, String)]) {
      self.name = name
      self.fields = [("name", name), ("kind", kind), ("cpus", "\(cpus)")]
      self.fields += fields
    }

    /// The same zone under another name.
    func named(_ name: String) -> Zone {
      var zone = with("name", name)
      zone.name = name
      zone.fields.insert(zone.fields.removeLast(), at: 0)
      return zone
    }

    func with(_ key: String, _ value: String) -> Zone {
      var zone = self
      zone.fields.removeAll { $0.key == key }
      zone.fields.append((key, value))
      return zone
    }
  }

  var yaml: String {
    var text =
      "board: { name: \(board.rawValue), ram: \(ram), cpus: \(cpus), baseline: \(baseline) }\nzones:\n"
    for zone in zones {
      for (index, field) in zone.fields.enumerated() {
        text += "\(index == 0 ? "  - " : "    ")\(field.key): \(field.value)\n"
      }
    }
    return text
  }

  /// Memory where our bare-metal guests are linked.
  private static func bareMemory(_ size: String, _ board: TestBoard) -> (String, String) {
    ("memory", "[{ guest: \(board.ram), size: \(size) }]")
  }

  /// `rt-control`; the argument is described in guests/README.md.
  static func rtControl(
    _ name: String = "rt-control", kind: String = "zoneR", cpu: Int, samples: UInt64 = 1000,
    forEver: Bool = false, on board: TestBoard = .aarch64
  ) throws -> Zone {
    Zone(
      name, kind, cpus: [cpu],
      [
        bareMemory("16MiB", board), ("image", try Built.guest("rt-control", for: board)),
        ("arguments", "[\(samples | (forEver ? 1 << 32 : 0))]"),
      ])
  }

  /// `manager` as zone0, with a script of its own or none.
  static func manager(
    cpus: [Int], arguments: [UInt64] = [], on board: TestBoard = .aarch64
  ) throws -> Zone {
    Zone(
      "manager", "zone0", cpus: cpus,
      [
        bareMemory("16MiB", board), ("image", try Built.guest("manager", for: board)),
        ("arguments", "\(arguments)"), ("console", "{ line: \(board.consoleLine) }"),
      ])
  }

  /// `attacker`; attack 0 is all harmless ones, rounds 0 is for ever.
  static func attacker(
    _ name: String = "attacker", kind: String = "zoneU", cpu: Int, seed: UInt64 = 1,
    attack: UInt64 = 0, rounds: UInt64 = 1, operand: UInt64 = 0, on board: TestBoard = .aarch64
  ) throws -> Zone {
    Zone(
      name, kind, cpus: [cpu],
      [
        bareMemory("16MiB", board), ("image", try Built.guest("attacker", for: board)),
        ("arguments", "[\(seed), \(attack), \(rounds), \(operand)]"),
      ])
  }

  /// Debian's Linux as zone0. `words` go to its kernel command line.
  static func linux(
    cpus: [Int], memory: String = "256MiB", words: String = "", on board: TestBoard = .aarch64
  ) throws -> Zone {
    Zone(
      "linux", "zone0", cpus: cpus,
      [
        ("memory", memory), ("image", try Built.linux(board)), ("initrd", try Built.initrd(board)),
        ("cmdline", "console=\(board.terminal) quiet \(words)"),
      ])
  }
}
