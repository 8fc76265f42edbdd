public import Boards
import SepKernel
import Yams

/// A board as a YAML file beside a `system.yaml`: every fact that a `Board` literal has
/// (docs/configuration.md, "Board files").
public enum BoardFile {
  /// Whether the `board` of a `system.yaml` is the path of a file: no board's name looks like one.
  public static func isPath(_ text: String) -> Bool {
    text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml")
  }

  /// What a board can be called.
  static var advice: String {
    let names = Board.all.map(\.name).joined(separator: ", ")
    return "use one of: \(names), or the path of a board file, which ends in .yaml"
  }

  /// The board that a word stands for: a name, or the path of a board file.
  public static func board(_ word: String) throws(ConfigurationError) -> Board {
    if let board = Board.named(word) { return board }
    guard isPath(word) else { throw unknown(word) }
    return try load(path: word)
  }

  /// That a word is neither a name nor a path.
  public static func unknown(_ word: String) -> ConfigurationError {
    ConfigurationError(
      file: word, line: nil, field: "", problem: "no board is called that", advice: advice)
  }

  /// Whether the file is one of a board rather than of a system; false for one that cannot be read.
  public static func isBoardFile(path: String) -> Bool {
    guard let text = try? YAMLDocument.text(path: path, what: "a board file"),
      let root = try? YAMLDocument.root(of: text, path: path, start: "")
    else { return false }
    return root.mapping?["architecture"] != nil
  }

  /// Reads and checks a board file.
  public static func load(path: String) throws(ConfigurationError) -> Board {
    try read(path: path).board
  }

  /// The same, and the bytes that it was read from.
  public static func read(
    path: String
  ) throws(ConfigurationError) -> (board: Board, bytes: [UInt8]) {
    let text = try YAMLDocument.text(path: path, what: "a board file")
    return (try parse(text, path: path), Array(text.utf8))
  }

  /// Checks the text of a board file; `path` is for messages.
  public static func parse(_ text: String, path: String) throws(ConfigurationError) -> Board {
    let root = try YAMLDocument.root(
      of: text, path: path, start: "name: \(Board.qemuVirtAArch64.name)")
    let reader = try FieldReader(root, section: .boardFile, file: path, path: "")
    let architecture = try reader.required(
      "architecture", try reader.choice("architecture", BoardWords.architectures),
      example: "aarch64")
    let cpus = try readCPUs(reader, "cpus")
    var board = Board(
      name: try reader.name("name"),
      summary: try reader.required("summary", try reader.text("summary"), example: "my board"),
      sources: try readSources(reader),
      architecture: architecture,
      ram: try reader.ranges("ram"),
      ramIsConfigurable: try reader.flag("ramConfigurable") ?? false,
      reserved: reader.node("reserved") == nil ? [] : try reader.ranges("reserved"),
      kernelBase: try reader.required(
        "kernelBase", try reader.integer("kernelBase"), example: "0x4020_0000"),
      cpus: try reader.required("cpus", cpus, example: "[0x0, 0x1]"),
      configurableCPUs: try readCPUs(reader, "cpuChoices"),
      interruptController: try readController(reader),
      uart: try readUART(reader),
      counterFrequency: try readFrequency(reader, architecture),
      cycleFrequency: try reader.bounded("cycleFrequency", 0...1 << 40) ?? 0,
      lineCount: Int(
        try reader.required(
          "lineCount", try reader.bounded("lineCount", 1...UInt64(Plan.lineCapacity)),
          example: "288")),
      doorbells: try readDoorbells(reader),
      devices: try readDevices(reader))
    if let node = reader.node("emulator") {
      board.emulator = try readEmulator(reader.nested("emulator", node, section: .boardEmulator))
    }
    try BoardFileCheck(board: board, reader: reader).run()
    return board
  }

  /// Where the facts are from; none where the key is absent.
  private static func readSources(_ reader: FieldReader) throws(ConfigurationError) -> [String] {
    guard let node = reader.node("sources") else { return [] }
    var sources: [String] = []
    for element in try reader.elements("sources", of: node) {
      guard let text = element.scalar?.string else {
        throw reader.error(
          "sources", "must be a text or a list of texts", "write `sources: [\"manual, section 3\"]`"
        )
      }
      sources.append(text)
    }
    return sources
  }

  private static func readFrequency(
    _ reader: FieldReader, _ architecture: PlanArchitecture
  ) throws(ConfigurationError) -> UInt64 {
    let lowest: UInt64 = architecture.tellsCounterFrequency ? 0 : 1
    return try reader.required(
      "counterFrequency",
      try reader.bounded("counterFrequency", lowest...UInt64(UInt32.max)), example: "24000000")
  }

  private static func readDoorbells(_ reader: FieldReader) throws(ConfigurationError) -> Range<Int>
  {
    let lines = try reader.required(
      "doorbells", try reader.lineList("doorbells"), example: "208-287")
    guard let first = lines.first, let last = lines.last, lines == Array(first...max(first, last))
    else {
      throw reader.error("doorbells", "is not one run of lines", "write it like `208-287`")
    }
    return first..<(last + 1)
  }
}

/// The words of a board file for what the Plan has numbers for. A kind that is new to the Plan needs
/// one line here.
enum BoardWords {
  static let architectures = PlanArchitecture.all.map { (word: $0.word, value: $0) }

  static let controllers: [(word: String, value: PlanInterruptControllerKind)] = [
    ("gicv2", .gicV2), ("gicv3", .gicV3), ("plic", .plic), ("aia", .aia),
  ]

  static let uarts: [(word: String, value: PlanUARTKind)] = [
    ("none", .none), ("pl011", .pl011), ("ns16550", .ns16550), ("designware", .designWare),
    ("cadence", .cadence), ("imx", .imx),
  ]

  /// The word for `value`, which is in the table as a test says.
  static func word<Value: Equatable>(
    _ value: Value, in table: [(word: String, value: Value)]
  ) -> String {
    table.first { $0.value == value }?.word ?? "?"
  }
}
