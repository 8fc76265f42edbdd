import Boards
import SepKernel
import Yams

extension ZoneDescription {
  /// Reads one entry of `zones`.
  init(reading reader: FieldReader, board: Board) throws(ConfigurationError) {
    name = try ZoneDescription.readName(reader)
    kind = try reader.required(
      "kind",
      try reader.choice(
        "kind", [("zone0", PlanZoneKind.zone0), ("zoneU", .zoneU), ("zoneR", .zoneR)]),
      example: "zoneU")
    cpus = try ZoneDescription.readCPUs(reader, board: board)
    memory = try ZoneDescription.readMemory(reader)
    image = HostFile.resolve(
      try reader.required("image", try reader.text("image"), example: "zephyr.elf"),
      besides: reader.file)
    format =
      try reader.choice(
        "format",
        [("auto", ImageFormat?.none)] + ImageFormat.allCases.map { ($0.rawValue, $0) }) ?? nil
    load = try reader.integer("load")
    entry = try reader.integer("entry")
    cmdline = try reader.text("cmdline")
    initrd = try reader.text("initrd").map { HostFile.resolve($0, besides: reader.file) }
    arguments = try ZoneDescription.readArguments(reader)
    deviceTree = try ZoneDescription.readDeviceTree(reader)
    devices = try ZoneDescription.readDevices(reader, board: board)
    lines = try reader.numbers("lines", limit: Plan.lineCapacity - 1) ?? []
    console = try ZoneDescription.readConsole(reader)
    interrupts = try ZoneDescription.readInterrupts(reader, board: board)
    absentReadsZero =
      try reader.choice("absent", [("fault", false), ("zero", true)]) ?? false
    stamps = try ZoneDescription.readStamps(reader)
    stimulusLine = try ZoneDescription.readStimulusLine(reader)
    manualStart = try reader.choice("start", [("auto", false), ("manual", true)]) ?? false
    execution =
      try reader.choice(
        "execution",
        [("auto", ExecutionState?.none)]
          + ExecutionState.allCases.filter { $0.architecture == board.architecture }
          .map { ($0.rawValue, $0) }) ?? nil
    sourceLines = [:]
    if let line = reader.line { sourceLines[""] = line }
    for key in ConfigurationSection.zone.keys where reader.node(key) != nil {
      sourceLines[key] = reader.line(of: key)
    }
  }

  private static func readName(_ reader: FieldReader) throws(ConfigurationError) -> String {
    let name = try reader.required("name", try reader.text("name"), example: "linux")
    let allowed = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
    guard allowed, name.utf8.count <= 15, name != "kernel" else {
      throw reader.error(
        "name", "`\(name)` cannot be a zone's name",
        "use 1 to 15 of a-z, 0-9 and -, but not `kernel`")
    }
    return name
  }

  private static func readCPUs(
    _ reader: FieldReader, board: Board
  ) throws(ConfigurationError) -> [Int] {
    let cpus = try reader.required(
      "cpus", try reader.numbers("cpus", limit: board.cpus.count - 1), example: "[0]")
    guard !cpus.isEmpty, Set(cpus).count == cpus.count else {
      throw reader.error("cpus", "is empty or names a CPU twice", "list each CPU once")
    }
    return cpus.sorted()
  }

  private static func readMemory(
    _ reader: FieldReader
  ) throws(ConfigurationError) -> [MemoryDescription] {
    let node = try reader.required("memory", reader.node("memory"), example: "256MiB")
    if case .scalar = node {
      let size = try reader.required("memory", try reader.integer("memory"), example: "256MiB")
      return [MemoryDescription(guest: nil, size: size, host: nil, permissions: .all)]
    }
    guard case .sequence(let sequence) = node, !sequence.isEmpty else {
      throw reader.error(
        "memory", "must be a size or a list of ranges",
        "write `memory: 256MiB` or `- { guest: 0x4000_0000, size: 256MiB }`")
    }
    var result: [MemoryDescription] = []
    for (index, element) in sequence.enumerated() {
      let range = try reader.nested("memory[\(index)]", element, section: .memory)
      let permissions =
        try range.choice(
          "permissions",
          [
            ("rwx", PlanPermissions.all), ("rw", .read.union(.write)),
            ("rx", .read.union(.execute)), ("r", .read),
          ]) ?? .all
      result.append(
        MemoryDescription(
          guest: try range.required(
            "guest", try range.integer("guest"), example: "0x4000_0000"),
          size: try range.required("size", try range.integer("size"), example: "256MiB"),
          host: try range.integer("host"), permissions: permissions))
    }
    return result
  }

  private static func readArguments(
    _ reader: FieldReader
  ) throws(ConfigurationError) -> [ArgumentDescription]? {
    guard let node = reader.node("arguments") else { return nil }
    var result: [ArgumentDescription] = []
    for element in try reader.elements("arguments", of: node) {
      if element.string == "dtb" {
        result.append(.deviceTree)
      } else if let text = element.string, let value = Quantity.parse(text) {
        result.append(.value(value))
      } else {
        throw reader.error(
          "arguments", "`\(element.string ?? "?")` is not a number or `dtb`",
          "write a list like [dtb, 0]")
      }
    }
    guard result.count <= 4 else {
      throw reader.error("arguments", "has \(result.count) values", "give at most 4")
    }
    return result
  }

  private static func readDeviceTree(
    _ reader: FieldReader
  ) throws(ConfigurationError) -> DeviceTreePlacement {
    guard let node = reader.node("dtb") else { return .automatic }
    if case .mapping = node {
      let tree = try reader.nested("dtb", node, section: .dtb)
      return .address(
        try tree.required("address", try tree.integer("address"), example: "0x4000_0000"))
    }
    return try reader.choice(
      "dtb",
      [("auto", DeviceTreePlacement.automatic), ("none", .none), ("generate", .generate)])
      ?? .automatic
  }

  private static func readDevices(
    _ reader: FieldReader, board: Board
  ) throws(ConfigurationError) -> [DeviceDescription] {
    guard let node = reader.node("devices") else { return [] }
    var result: [DeviceDescription] = []
    for (index, element) in try reader.elements("devices", of: node).enumerated() {
      if case .scalar(let scalar) = element {
        guard board.device(named: scalar.string) != nil else {
          let names = board.devices.map { $0.name }
          let nearest = Suggestion.nearest(to: scalar.string, in: names)
          throw reader.error(
            "devices", "\(board.name) has no device `\(scalar.string)`",
            nearest.map { "did you mean `\($0)`?" }
              ?? "use one of: \(names.joined(separator: ", "))")
        }
        result.append(.named(scalar.string))
      } else {
        let window = try reader.nested("devices[\(index)]", element, section: .device)
        let host = try window.required(
          "host", try window.integer("host"), example: "0x0901_0000")
        result.append(
          .window(
            guest: try window.integer("guest") ?? host, host: host,
            size: try window.required("size", try window.integer("size"), example: "4KiB")))
      }
    }
    return result
  }

  private static func readConsole(
    _ reader: FieldReader
  ) throws(ConfigurationError) -> ConsoleDescription {
    guard let node = reader.node("console") else { return .uart(base: nil, line: nil) }
    if case .mapping = node {
      let console = try reader.nested("console", node, section: .console)
      let lines = try console.numbers("line", limit: Plan.lineCapacity - 1)
      guard lines == nil || lines?.count == 1 else {
        throw console.error("line", "must be one number", "write `line: 33`")
      }
      return .uart(base: try console.integer("base"), line: lines?.first)
    }
    return try reader.choice(
      "console", [("auto", ConsoleDescription.uart(base: nil, line: nil)), ("none", .none)])
      ?? .none
  }

  private static func readInterrupts(
    _ reader: FieldReader, board: Board
  ) throws(ConfigurationError) -> InterruptsDescription {
    var result = InterruptsDescription(bases: [:])
    guard let node = reader.node("interrupts") else { return result }
    let view = try reader.nested("interrupts", node, section: .interrupts)
    let known = board.interruptController.kind.windows.map { $0.key }
    for key in ConfigurationSection.interrupts.keys where view.node(key) != nil {
      if key == "its", board.interruptController.translation != nil {
        result.hasTranslation =
          try view.choice(key, [("true", true), ("false", false)]) ?? false
        continue
      }
      guard let index = known.firstIndex(of: key) else {
        throw view.error(
          key, "the interrupt controller of \(board.name) has none",
          "use \(known.map { "`\($0)`" }.joined(separator: " or "))")
      }
      result.bases[index] = try view.integer(key)
    }
    return result
  }

  private static func readStamps(
    _ reader: FieldReader
  ) throws(ConfigurationError) -> StampsDescription {
    guard let node = reader.node("stamps") else { return .automatic }
    if case .mapping = node {
      let stamps = try reader.nested("stamps", node, section: .stamps)
      return .pages(guest: try stamps.integer("guest"), size: try stamps.integer("size"))
    }
    return try reader.choice("stamps", [("auto", StampsDescription.automatic), ("none", .none)])
      ?? .automatic
  }

  private static func readStimulusLine(
    _ reader: FieldReader
  ) throws(ConfigurationError) -> LineChoice {
    guard let text = try reader.text("stimulusLine") else { return .automatic }
    switch text {
    case "auto": return .automatic
    case "none": return .none
    default:
      guard let value = Quantity.parse(text), value < UInt64(Plan.lineCapacity) else {
        throw reader.error(
          "stimulusLine", "`\(text)` is not a line", "use auto, none or a line number")
      }
      return .line(Int(value))
    }
  }
}

extension FieldReader {
  /// A reader for a mapping inside this one.
  func nested(
    _ key: String, _ node: Node, section: ConfigurationSection
  ) throws(ConfigurationError) -> FieldReader {
    try FieldReader(node, section: section, file: file, path: FieldReader.join(path, key))
  }
}
