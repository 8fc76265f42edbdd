import Boards
import SepKernel
import Yams

/// CPUs, interrupt controller, UART and devices of a board file.
extension BoardFile {
  /// Hardware ids, or mappings that say the controller's index, too; nil where the key is absent.
  static func readCPUs(
    _ reader: FieldReader, _ key: String
  ) throws(ConfigurationError) -> [BoardCPU]? {
    guard let node = reader.node(key) else { return nil }
    var cpus: [BoardCPU] = []
    for (index, element) in try reader.elements(key, of: node).enumerated() {
      if let scalar = element.scalar {
        guard let id = Quantity.parse(scalar.string) else {
          throw reader.error(
            key, "`\(scalar.string)` is not a CPU's hardware id",
            "write a list like [0x0, 0x100], or of mappings like { id: 0, index: 1 }")
        }
        cpus.append(BoardCPU(id))
        continue
      }
      let cpu = try reader.nested("\(key)[\(index)]", element, section: .boardCPU)
      cpus.append(
        BoardCPU(
          try cpu.required("id", try cpu.integer("id"), example: "0x100"),
          controllerIndex: UInt16(try cpu.bounded("index", 0...UInt64(UInt16.max)) ?? 0),
          releaseAddress: UInt32(
            try cpu.bounded("release", 1...UInt64(UInt32.max)) ?? 0)))
    }
    guard (1...Plan.cpuCapacity).contains(cpus.count),
      Set(cpus.map(\.hardwareID)).count == cpus.count
    else {
      throw reader.error(
        key, "has no CPU, more than \(Plan.cpuCapacity), or one id twice", "name each CPU once")
    }
    return cpus
  }

  /// The interrupt controller, with the keys of its kind and no others.
  static func readController(
    _ reader: FieldReader
  ) throws(ConfigurationError) -> BoardInterruptController {
    let key = "interruptController"
    let controller = try reader.nested(
      key, try reader.required(key, reader.node(key), example: "{ kind: gicv3, ... }"),
      section: .boardController)
    let kind = try controller.required(
      "kind", try controller.choice("kind", BoardWords.controllers), example: "gicv3")
    for key in ConfigurationSection.boardController.keys.dropFirst()
    where controller.node(key) != nil && !keys(of: kind).contains(key) {
      throw controller.error(
        key, "a \(BoardWords.word(kind, in: BoardWords.controllers)) has none",
        "remove it, or correct `kind`; its keys: \(keys(of: kind).joined(separator: ", "))")
    }
    func region(_ key: String) throws(ConfigurationError) -> AddressRange {
      try controller.required(
        key, try controller.range(key), example: "{ base: 0x0800_0000, size: 64KiB }")
    }
    switch kind {
    case .gicV2:
      return .gicV2(
        distributor: try region("distributor"), cpuInterface: try region("interface"))
    case .gicV3:
      return .gicV3(
        distributor: try region("distributor"), redistributors: try region("redistributors"),
        interruptTranslation: try controller.range("its"))
    case .plic:
      let limit = UInt64(Plan.lineCapacity) - 1
      let sources = try controller.required(
        "sources", try controller.bounded("sources", 1...limit), example: "95")
      return .plic(registers: try region("registers"), sources: UInt32(sources))
    case .aia:
      let bits = try controller.required(
        "guestIndexBits",
        try controller.bounded("guestIndexBits", 0...UInt64(PlanLimits.imsicGuestBits)),
        example: "1")
      return .aia(
        aplic: try region("aplic"), imsic: try region("imsic"), guestIndexBits: UInt32(bits))
    }
  }

  private static func keys(of kind: PlanInterruptControllerKind) -> [String] {
    switch kind {
    case .gicV2: ["distributor", "interface"]
    case .gicV3: ["distributor", "redistributors", "its"]
    case .plic: ["registers", "sources"]
    case .aia: ["aplic", "imsic", "guestIndexBits"]
    }
  }

  /// The UART; `kind: none` alone where the board has none for the kernel.
  static func readUART(_ reader: FieldReader) throws(ConfigurationError) -> BoardUART {
    let node = try reader.required("uart", reader.node("uart"), example: "{ kind: pl011, ... }")
    let uart = try reader.nested("uart", node, section: .boardUART)
    let kind = try uart.required(
      "kind", try uart.choice("kind", BoardWords.uarts), example: "pl011")
    if kind == .none {
      for key in ConfigurationSection.boardUART.keys.dropFirst() where uart.node(key) != nil {
        throw uart.error(key, "a UART of kind `none` has none", "remove it, or correct `kind`")
      }
      return BoardUART(kind: .none, region: AddressRange(base: 0, size: 0), line: 0)
    }
    let line = try uart.required(
      "line", try uart.bounded("line", 0...UInt64(Plan.lineCapacity) - 1), example: "33")
    return BoardUART(
      kind: kind, region: try uart.addressRange(), line: Int(line),
      registerShift: UInt8(try uart.bounded("registerShift", 0...2) ?? 0),
      registerWidth: UInt8(try uart.bounded("registerWidth", 0...4) ?? 0))
  }

  /// The devices; none where the key is absent.
  static func readDevices(_ reader: FieldReader) throws(ConfigurationError) -> [BoardDevice] {
    guard let node = reader.node("devices") else { return [] }
    var devices: [BoardDevice] = []
    for (index, element) in try reader.elements("devices", of: node).enumerated() {
      let device = try reader.nested("devices[\(index)]", element, section: .boardDevice)
      let name = try device.name("name")
      guard !devices.contains(where: { $0.name == name }) else {
        throw device.error("name", "`\(name)` is used twice", "give each device its own name")
      }
      devices.append(
        BoardDevice(
          name: name,
          regions: device.node("windows") == nil ? [] : try device.ranges("windows"),
          lines: try device.lineList("lines") ?? [],
          reachesAllMemory: try device.required(
            "dma", try device.flag("dma"), example: "true"),
          translation: try device.text("iommu") ?? "",
          summary: try device.required(
            "summary", try device.text("summary"), example: "Ethernet")))
    }
    let windows = devices.reduce(0) { $0 + $1.regions.count }
    guard windows <= Plan.deviceCapacity else {
      throw reader.error(
        "devices", "has \(windows) windows, and a Plan has room for \(Plan.deviceCapacity)",
        "remove devices that no zone gets")
    }
    return devices
  }
}
