import Boards
import ZoneLoader

/// `hv dts import --json` (docs/hv.md). Kinds are the words of a board file; what is missing is not there.
struct ImportReport: Encodable {
  struct Window: Encodable {
    var base: UInt64
    var size: UInt64

    init(_ range: AddressRange) {
      base = range.base
      size = range.size
    }
  }

  struct CPU: Encodable {
    var id: UInt64
    var index: UInt16
    /// Where it waits in memory; absent where firmware starts it.
    var release: UInt32?
  }

  struct Controller: Encodable {
    var kind: String
    var windows: [Window]
    /// PLIC: sources; AIA: guest index bits.
    var parameter: UInt32
  }

  struct UART: Encodable {
    var kind: String
    var window: Window
    var line: Int
    var registerShift: UInt8
    var registerWidth: UInt8
  }

  struct Device: Encodable {
    var name: String
    var summary: String
    var windows: [Window]
    var lines: [Int]
    var dma: Bool
    /// Absent where the tree has none in front of it.
    var iommu: String?
  }

  struct Question: Encodable {
    var key: String
    var text: String
  }

  struct Translation: Encodable {
    var node: String
    var compatible: String
    var masters: [String]
  }

  var name: String
  var summary: String
  var architecture: String
  var cpuStart: String
  var cpus: [CPU]
  var ram: [Window]
  var reserved: [Window]
  var kernelBase: UInt64?
  var interruptController: Controller?
  var uart: UART?
  var counterFrequency: UInt64?
  var lineCount: Int?
  var doorbells: [Int]?
  var devices: [Device]
  var missing: [String]
  var questions: [Question]
  var iommus: [Translation]
  var notes: [String]

  init(_ imported: BoardImport) {
    let board = imported.board
    func known<Value>(_ key: String, _ value: Value) -> Value? {
      imported.missing.contains(key) ? nil : value
    }
    name = board.name
    summary = board.summary
    architecture = board.architecture.word
    cpuStart = imported.cpuStart
    cpus = board.cpus.map {
      CPU(
        id: $0.hardwareID, index: $0.controllerIndex,
        release: $0.releaseAddress == 0 ? nil : $0.releaseAddress)
    }
    ram = board.ram.map(Window.init)
    reserved = board.reserved.map(Window.init)
    kernelBase = known("kernelBase", board.kernelBase)
    let controller = board.interruptController
    interruptController = known(
      "interruptController",
      Controller(
        kind: "\(controller.kind)".lowercased(), windows: controller.regions.map(Window.init),
        parameter: controller.parameter))
    uart = known(
      "uart",
      UART(
        kind: "\(board.uart.kind)".lowercased(), window: Window(board.uart.region),
        line: board.uart.line, registerShift: board.uart.registerShift,
        registerWidth: board.uart.registerWidth))
    counterFrequency = known("counterFrequency", board.counterFrequency)
    lineCount = known("lineCount", board.lineCount)
    doorbells = known("doorbells", [board.doorbells.lowerBound, board.doorbells.upperBound - 1])
    devices = board.devices.map {
      Device(
        name: $0.name, summary: $0.summary, windows: $0.regions.map(Window.init),
        lines: $0.lines, dma: $0.reachesAllMemory,
        iommu: $0.translation.isEmpty ? nil : $0.translation)
    }
    missing = imported.missing.sorted()
    questions = imported.questions.map { Question(key: $0.key, text: $0.text) }
    iommus = imported.translations.map {
      Translation(node: $0.node, compatible: $0.compatible, masters: $0.masters)
    }
    notes = imported.notes
  }
}
