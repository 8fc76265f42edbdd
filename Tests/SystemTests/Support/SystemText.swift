/// A system description written out as YAML, with the images of `make build`.
struct SystemText {
  var board: TestBoard
  /// The board to boot when it is another one, for which the zones below are made to look like `board`.
  var boardName: String?
  /// CPUs of the board; nil: it has no choice.
  var cpus: Int? = 4
  /// nil: the board has no choice.
  var ram: String? = "1GiB"
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
    let ram = ram.map { "ram: \($0), " } ?? ""
    let cpus = cpus.map { "cpus: \($0), " } ?? ""
    var text =
      "board: { name: \(boardName ?? board.rawValue), \(ram)\(cpus)baseline: \(baseline) }\nzones:\n"
    for zone in zones {
      for (index, field) in zone.fields.enumerated() {
        text += "\(index == 0 ? "  - " : "    ")\(field.key): \(field.value)\n"
      }
    }
    return text
  }
}
