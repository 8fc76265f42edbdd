public import Boards
import SepKernel

/// A board as a Swift literal, to become a file of Sources/Boards. Each fact still wants its source
/// beside it. What is missing is left out, so that it does not compile before somebody knows it.
public struct BoardLiteralWriter {
  private let board: Board
  /// Lines for the doc comment.
  public var comments: [String] = []
  /// What has to be asked, by key of a board file.
  public var questions: [String: [String]] = [:]
  /// Keys of a board file with no value.
  public var missing: Set<String> = []

  /// For `board`.
  public init(_ board: Board) {
    self.board = board
  }

  /// The file.
  public var text: String {
    var lines = ["import SepKernel", "", "extension Board {"]
    lines += (["\(board.summary)."] + comments).map { "  /// \($0)" }
    lines.append("  public static let \(identifier) = Board(")
    let arguments = ConfigurationSection.boardFile.keys.compactMap(argument)
    for (index, argument) in arguments.enumerated() {
      let isLast = index == arguments.count - 1
      lines += argument.comments.map { "    // \($0)" }
      lines.append("    \(argument.text)\(isLast ? ")" : ",")")
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  /// `rk3588-evb1` as `rk3588Evb1`.
  private var identifier: String {
    let words = board.name.split(separator: "-")
    let rest = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
    let name = (words.first.map(String.init) ?? "") + rest.joined()
    return name.first?.isNumber == false ? name : "board" + name
  }

  private func argument(_ key: String) -> (comments: [String], text: String)? {
    let comments = (questions[key] ?? []).map { (missing.contains(key) ? "ASK " : "CHECK ") + $0 }
    if missing.contains(key) { return (comments, "// \(key)") }
    return value(key).map { (comments, $0) }
  }

  private func value(_ key: String) -> String? {
    switch key {
    case "name": return "name: \(quoted(board.name))"
    case "summary": return "summary: \(quoted(board.summary))"
    case "sources":
      return board.sources.isEmpty ? nil : "sources: \(list(board.sources.map(quoted)))"
    case "architecture": return "architecture: .\(board.architecture)"
    case "ram": return "ram: \(list(board.ram.map(range)))"
    case "ramConfigurable": return "ramIsConfigurable: \(board.ramIsConfigurable)"
    case "reserved":
      return board.reserved.isEmpty ? nil : "reserved: \(list(board.reserved.map(range)))"
    case "kernelBase": return "kernelBase: \(Quantity.grouped(board.kernelBase))"
    case "cpus": return "cpus: \(list(board.cpus.map(cpu)))"
    case "cpuChoices":
      return board.configurableCPUs.map { "configurableCPUs: \(list($0.map(cpu)))" }
    case "interruptController": return "interruptController: \(controller)"
    case "uart": return "uart: \(uart)"
    case "counterFrequency": return "counterFrequency: \(board.counterFrequency)"
    case "cycleFrequency":
      return board.cycleFrequency == 0 ? nil : "cycleFrequency: \(board.cycleFrequency)"
    case "lineCount": return "lineCount: \(board.lineCount)"
    case "doorbells":
      return "doorbells: \(board.doorbells.lowerBound)..<\(board.doorbells.upperBound)"
    case "devices": return "devices: \(list(board.devices.map(device)))"
    default: return nil
    }
  }

  private var controller: String {
    let controller = board.interruptController
    let regions = controller.regions.map(range)
    switch controller.kind {
    case .gicV2:
      return ".gicV2(\n      distributor: \(regions[0]),\n      cpuInterface: \(regions[1]))"
    case .gicV3:
      let its = regions.count > 2 ? regions[2] : "nil"
      return ".gicV3(\n      distributor: \(regions[0]),\n      redistributors: \(regions[1]),\n"
        + "      interruptTranslation: \(its))"
    case .plic: return ".plic(\n      registers: \(regions[0]), sources: \(controller.parameter))"
    case .aia:
      return ".aia(\n      aplic: \(regions[0]),\n      imsic: \(regions[1]),\n"
        + "      guestIndexBits: \(controller.parameter))"
    }
  }

  private var uart: String {
    let uart = board.uart
    var text =
      "BoardUART(\n      kind: .\(uart.kind), region: \(range(uart.region)),\n      line: \(uart.line)"
    if uart.registerShift != 0 { text += ", registerShift: \(uart.registerShift)" }
    if uart.registerWidth != 0 { text += ", registerWidth: \(uart.registerWidth)" }
    return text + ")"
  }

  private func device(_ device: BoardDevice) -> String {
    var text = "BoardDevice(\n        name: \(quoted(device.name)),\n        regions: ["
    text += device.regions.map(range).joined(separator: ", ") + "],\n        "
    if !device.lines.isEmpty { text += "lines: \(device.lines), " }
    if device.reachesAllMemory { text += "reachesAllMemory: true, " }
    if !device.translation.isEmpty { text += "translation: \(quoted(device.translation)), " }
    return text + "summary: \(quoted(device.summary)))"
  }

  private func cpu(_ cpu: BoardCPU) -> String {
    let index = cpu.controllerIndex == 0 ? "" : ", controllerIndex: \(cpu.controllerIndex)"
    let release =
      cpu.releaseAddress == 0
      ? "" : ", releaseAddress: \(Quantity.grouped(UInt64(cpu.releaseAddress)))"
    return "BoardCPU(\(Quantity.grouped(cpu.hardwareID))\(index)\(release))"
  }

  private func range(_ range: AddressRange) -> String {
    "AddressRange(base: \(Quantity.grouped(range.base)), size: \(Quantity.grouped(range.size)))"
  }

  private func list(_ elements: [String]) -> String {
    guard !elements.isEmpty else { return "[]" }
    return "[\n" + elements.map { "      \($0),\n" }.joined() + "    ]"
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20: result += "\\u{\(String(scalar.value, radix: 16))}"
      case _: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
