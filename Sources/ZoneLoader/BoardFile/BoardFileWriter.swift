public import Boards
import SepKernel

/// A board as the text of a board file. What it writes of a board, `BoardFile` reads as the same board.
public struct BoardFileWriter {
  private let board: Board
  /// Comment lines at the head.
  public var header: [String] = []
  /// What has to be asked, by key: stands above the key as a comment.
  public var questions: [String: [String]] = [:]
  /// Keys with no value: left out, so that the reader asks for them.
  public var missing: Set<String> = []

  /// For `board`.
  public init(_ board: Board) {
    self.board = board
  }

  /// The file.
  public var text: String {
    var lines = header.map { $0.isEmpty ? "#" : "# \($0)" }
    for key in ConfigurationSection.boardFile.keys {
      let word = missing.contains(key) ? "ASK" : "CHECK"
      lines += (questions[key] ?? []).map { "# \(word) \($0)" }
      if missing.contains(key) {
        lines.append("# \(key):")
      } else {
        lines += value(of: key)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func value(of key: String) -> [String] {
    switch key {
    case "name": return ["name: \(board.name)"]
    case "summary": return ["summary: \(quoted(board.summary))"]
    case "sources": return list(key, board.sources.map(quoted))
    case "architecture":
      return ["architecture: \(board.architecture.word)"]
    case "ram": return list(key, board.ram.map(range))
    case "ramConfigurable": return board.ramIsConfigurable ? ["ramConfigurable: true"] : []
    case "reserved": return list(key, board.reserved.map(range))
    case "kernelBase": return ["kernelBase: \(hex(board.kernelBase))"]
    case "cpus": return list(key, board.cpus.map(cpu))
    case "cpuChoices": return list(key, (board.configurableCPUs ?? []).map(cpu))
    case "interruptController": return ["interruptController:"] + controller.map { "  \($0)" }
    case "uart": return ["uart:"] + uart.map { "  \($0)" }
    case "counterFrequency": return ["counterFrequency: \(board.counterFrequency)"]
    case "cycleFrequency":
      return board.cycleFrequency == 0 ? [] : ["cycleFrequency: \(board.cycleFrequency)"]
    case "lineCount": return ["lineCount: \(board.lineCount)"]
    case "doorbells":
      return ["doorbells: \(board.doorbells.lowerBound)-\(board.doorbells.upperBound - 1)"]
    case "devices": return board.devices.isEmpty ? [] : ["devices:"] + board.devices.flatMap(device)
    case "emulator":
      guard let emulator = board.emulator else { return [] }
      return ["emulator:"] + words(emulator).map { "  \($0)" }
    default: return []
    }
  }

  private var controller: [String] {
    let controller = board.interruptController
    let kind = ["kind: \(BoardWords.word(controller.kind, in: BoardWords.controllers))"]
    func regions(_ keys: [String]) -> [String] {
      zip(keys, controller.regions).map { "\($0): \(range($1))" }
    }
    switch controller.kind {
    case .gicV2: return kind + regions(["distributor", "interface"])
    case .gicV3: return kind + regions(["distributor", "redistributors", "its"])
    case .plic: return kind + regions(["registers"]) + ["sources: \(controller.parameter)"]
    case .aia:
      return kind + regions(["aplic", "imsic"]) + ["guestIndexBits: \(controller.parameter)"]
    }
  }

  private var uart: [String] {
    let uart = board.uart
    let kind = ["kind: \(BoardWords.word(uart.kind, in: BoardWords.uarts))"]
    if uart.kind == .none { return kind }
    var lines =
      kind + [
        "base: \(hex(uart.region.base))", "size: \(size(uart.region.size))", "line: \(uart.line)",
      ]
    if uart.registerShift != 0 { lines.append("registerShift: \(uart.registerShift)") }
    if uart.registerWidth != 0 { lines.append("registerWidth: \(uart.registerWidth)") }
    return lines
  }

  private func device(_ device: BoardDevice) -> [String] {
    var lines = ["- name: \(device.name)", "  summary: \(quoted(device.summary))"]
    if !device.regions.isEmpty {
      lines += list("windows", device.regions.map(range)).map { "  \($0)" }
    }
    if !device.lines.isEmpty {
      lines.append("  lines: [\(runs(device.lines).joined(separator: ", "))]")
    }
    lines.append("  dma: \(device.reachesAllMemory)")
    if !device.translation.isEmpty { lines.append("  iommu: \(quoted(device.translation))") }
    return lines.map { "  \($0)" }
  }

  private func words(_ emulator: BoardEmulator) -> [String] {
    var lines = [
      "program: \(emulator.program)", "minimumVersion: \(emulator.minimumVersion)",
      "machine: \(quoted(emulator.machine))", "cpu: \(quoted(emulator.cpu))",
      "icountShift: \(emulator.icountShift)",
    ]
    if !emulator.icountArguments.isEmpty { lines.append("icountTimer: true") }
    if !emulator.machineArguments.isEmpty { lines.append("sound: false") }
    if let firmware = emulator.firmware {
      lines += [
        "firmware:", "  clint: \(range(firmware.clint))",
        "  aplic: \(range(firmware.machineAPLIC))", "  imsic: \(range(firmware.machineIMSIC))",
        "  identities: \(firmware.identities)", "  isa: \(quoted(firmware.isa))",
      ]
    }
    if !emulator.hasTree { lines.append("tree: false") }
    if emulator.serialPort != 0 { lines.append("serialPort: \(emulator.serialPort)") }
    return lines
  }

  private func cpu(_ cpu: BoardCPU) -> String {
    let index = cpu.controllerIndex == 0 ? "" : ", index: \(cpu.controllerIndex)"
    let release = cpu.releaseAddress == 0 ? "" : ", release: \(hex(UInt64(cpu.releaseAddress)))"
    let id = hex(cpu.hardwareID)
    return index.isEmpty && release.isEmpty ? id : "{ id: \(id)\(index)\(release) }"
  }

  private func list(_ key: String, _ elements: [String]) -> [String] {
    elements.isEmpty ? [] : ["\(key):"] + elements.map { "  - \($0)" }
  }

  private func range(_ range: AddressRange) -> String {
    "{ base: \(hex(range.base)), size: \(size(range.size)) }"
  }

  private func size(_ size: UInt64) -> String {
    Quantity.format(size: size).replacing(" bytes", with: "").replacing(" ", with: "")
  }

  /// `0x`, with an underscore before each four digits.
  private func hex(_ value: UInt64) -> String { Quantity.grouped(value) }

  /// A double-quoted YAML scalar (YAML 1.2.2, section 7.3.1).
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.count == 1 ? "0" : "") + digits
      case _ where scalar.value == 0x2028 || scalar.value == 0x2029 || scalar.value == 0xfeff:
        result += "\\u" + (scalar.value == 0xfeff ? "feff" : String(scalar.value, radix: 16))
      case _: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Consecutive lines as `48-55`, in the order they have.
  private func runs(_ lines: [Int]) -> [String] {
    var result: [ClosedRange<Int>] = []
    for line in lines {
      if let last = result.last, last.upperBound + 1 == line {
        result[result.count - 1] = last.lowerBound...line
      } else {
        result.append(line...line)
      }
    }
    return result.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
  }
}
