/// Who owns what on a board, as a page that a person can check and sign.
package struct OwnershipSheet: Equatable, Sendable, Encodable {
  /// One thing that has exactly one owner.
  package struct Row: Equatable, Sendable, Encodable {
    /// `cpu`, `memory`, `line`, `device`, ...
    package var resource: String
    /// Which one: a number, a name, an address range.
    package var identifier: String
    /// Zone name, `kernel` or `nobody`.
    package var owner: String
    /// What else a reader should know; may be empty.
    package var note: String
    /// Base of an address range, host-physical.
    package var base: UInt64?
    /// Bytes of an address range.
    package var size: UInt64?

    /// A row; `base` and `size` for address ranges only.
    package init(
      resource: String, identifier: String, owner: String, note: String, base: UInt64? = nil,
      size: UInt64? = nil
    ) {
      self.resource = resource
      self.identifier = identifier
      self.owner = owner
      self.note = note
      self.base = base
      self.size = size
    }
  }

  /// One zone in short.
  package struct Zone: Equatable, Sendable, Encodable {
    /// In the Plan.
    package var index: Int
    /// As it prefixes console lines.
    package var name: String
    /// `zone0`, `zoneU` or `zoneR`.
    package var kind: String
    /// CPU numbers of the board.
    package var cpus: [Int]
    /// Bytes of RAM.
    package var memory: UInt64
    /// Path of the image.
    package var image: String

    /// All that the page says of a zone.
    package init(
      index: Int, name: String, kind: String, cpus: [Int], memory: UInt64, image: String
    ) {
      self.index = index
      self.name = name
      self.kind = kind
      self.cpus = cpus
      self.memory = memory
      self.image = image
    }
  }

  /// Path of the system description.
  package var file: String
  /// Name of the board.
  package var board: String
  /// The Plan's checksum, 16 hexadecimal digits.
  package var planChecksum: String
  /// The part of the kernel image's SHA-256 that the Plan carries, in hexadecimal; nil: planned
  /// without a kernel.
  package var imageHash: String?
  /// By index in the Plan.
  package var zones: [Zone]
  /// One for each resource, in the order of the page.
  package var rows: [Row]

  /// All that the page says.
  package init(
    file: String, board: String, planChecksum: String, imageHash: String?, zones: [Zone],
    rows: [Row]
  ) {
    self.file = file
    self.board = board
    self.planChecksum = planChecksum
    self.imageHash = imageHash
    self.zones = zones
    self.rows = rows
  }

  /// The page: what was planned, the zones, every resource with its owner, a line to sign on.
  package var text: String {
    let zoneTable = TextTable(
      header: ["zone", "kind", "CPUs", "memory", "image"],
      rows: zones.map {
        [
          $0.name, $0.kind, $0.cpus.map(String.init).joined(separator: ","),
          OwnershipSheet.size($0.memory), $0.image,
        ]
      })
    let ownerTable = TextTable(
      header: ["resource", "which", "owner", "note"],
      rows: OwnershipSheet.joined(rows).map { [$0.resource, $0.identifier, $0.owner, $0.note] })
    let kernel =
      imageHash.map { "\($0) (SHA-256, first 16 bytes)" }
      ?? "not built: addresses and checksum are provisional, do not sign"
    return """
      Ownership of every CPU, page, line and device
      system  \(file)
      board   \(board)
      plan    \(planChecksum) (checksum)
      kernel  \(kernel)

      \(zoneTable.plain)
      \(ownerTable.plain)
      Every resource has at most one owner; the kernel checks this plan again before it starts.

      Signed: ____________________________  Date: ______________

      """
  }

  /// Runs of numbered resources with the same owner and note become one row, `48-55`.
  static func joined(_ rows: [Row]) -> [Row] {
    var result: [Row] = []
    var run: (first: Int, last: Int)?
    for row in rows {
      let number = Int(row.identifier)
      if let last = result.last, let current = run, number == current.last + 1,
        (last.resource, last.owner, last.note) == (row.resource, row.owner, row.note)
      {
        run = (current.first, current.last + 1)
        result[result.count - 1].identifier = "\(current.first)-\(current.last + 1)"
      } else {
        run = number.map { ($0, $0) }
        result.append(row)
      }
    }
    return result
  }

  /// The same for machines, with a row for every number.
  package var json: String {
    PrettyJSON.text(self)
  }

  /// `64 KiB`, `512 MiB`, `2 GiB`: the largest unit that divides the number.
  package static func size(_ bytes: UInt64) -> String {
    let units: [(String, UInt64)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
    for (name, unit) in units where bytes >= unit && bytes % unit == 0 {
      return "\(bytes / unit) \(name)"
    }
    return "\(bytes) bytes"
  }
}
