import LatencyProbe
import SepKernel

extension BruteForceChecker {
  typealias Span = PlanModel.Span

  var hostLimit: UInt128 { 1 << UInt128(min(context.hostAddressBits, 48)) }
  var usedRAM: [Span] { Array(model.ram.prefix(Int(model.ramCount))) }
  var usedWindows: [Span] { Array(model.windows.prefix(Int(model.windowCount))) }
  var image: Span { Span(start: UInt128(context.image.base), size: UInt128(context.image.size)) }
  var planSpan: Span {
    Span(start: UInt128(context.planBase), size: UInt128(model.header.byteCount))
  }
  /// Distributor, redistributors, ITS, UART: what the board has of them.
  var kernelDevices: [Span] {
    (model.controller.prefix(3) + [model.uart.region]).filter { $0.size > 0 }
  }

  /// Lines a zone may have, as far as the kind of controller goes.
  var ownable: ClosedRange<Int> { [2, 3].contains(model.controllerKind) ? 32...1019 : 1...1023 }
  var isPLIC: Bool { model.controllerKind == 16 }
  /// Bytes from one hart's IMSIC files to the next's.
  var imsicStride: UInt128 { 4096 << UInt128(min(model.controllerParameter, 8)) }

  mutating func board() {
    let text = model.boardName.prefix { $0 != 0 }
    require(!text.isEmpty && text.allSatisfy { (32...126).contains($0) }, .boardName)
    require(model.boardName.dropFirst(text.count).allSatisfy { $0 == 0 }, .boardName)
    require(model.boardReserved == 0, .boardReserved)
    require((0...100_000).contains(model.baselineSamples), .baselineSamples)
    for region in usedRAM {
      require(region.isMultiple(of: 4096), .ramAlignment)
      require(region.size != 0, .ramEmpty)
      require(region.end <= hostLimit, .ramAddress)
    }
    for (left, right) in zip(usedRAM, usedRAM.dropFirst()) {
      require(left.end <= right.start, .ramOrder)
    }
    require(model.ram.dropFirst(usedRAM.count).allSatisfy(\.isZero), .ramUnused)
    for window in usedWindows {
      require(window.isMultiple(of: 4096), .windowAlignment)
      require(window.size != 0, .windowEmpty)
      require(window.end <= hostLimit, .windowAddress)
      require(usedRAM.allSatisfy { !$0.touches(window) }, .windowOverRAM)
    }
    require(model.windows.dropFirst(usedWindows.count).allSatisfy(\.isZero), .windowUnused)
    devices()
  }

  private mutating func devices() {
    let controller = model.controller
    switch (model.controllerKind, context.architecture) {
    case (2, .aarch64):
      require(model.controllerParameter == 0, .controllerParameter)
      require(controller[2].isZero && controller[3].isZero, .controllerUnused)
      device(controller[0], unit: 4096, least: 4096)
      device(controller[1], unit: 4096, least: 8192)
    case (3, .aarch64):
      let owners = controller[2].size == 0 ? 0 : UInt64(model.zones.count)
      require(model.controllerParameter <= owners, .controllerParameter)
      require(controller[3].isZero, .controllerUnused)
      let its = controller[2]
      require(its.size != 0 || its.isZero, .controllerUnused)
      device(controller[0], unit: 0x10000, least: 0x10000)
      device(controller[1], unit: 0x10000, least: 0x20000 * UInt128(model.header.cpuCount))
      if its.size != 0 { device(its, unit: 0x10000, least: 0x20000) }
    case (16, .riscv64):
      require((1...1023).contains(model.controllerParameter), .controllerParameter)
      require(controller.dropFirst().allSatisfy(\.isZero), .controllerUnused)
      device(controller[0], unit: 4096, least: 0x20_1000)
    case (17, .riscv64):
      require((1...7).contains(model.controllerParameter), .controllerParameter)
      require(controller.dropFirst(2).allSatisfy(\.isZero), .controllerUnused)
      device(controller[0], unit: 4096, least: 0x4000)
      device(controller[1], unit: imsicStride, least: imsicStride)
    default: require(false, .controllerKind)
    }
    require(
      model.counterFrequency != 0 || [2, 3].contains(model.controllerKind), .counterFrequency)
    uart()
    for (index, device) in kernelDevices.enumerated() {
      for other in kernelDevices[..<index] { require(!device.touches(other), .kernelDeviceOverlap) }
    }
  }

  private mutating func uart() {
    let uart = model.uart
    require(uart.reserved.allSatisfy { $0 == 0 }, .boardReserved)
    let registers = [uart.shift, uart.width]
    switch uart.kind {
    case 0:
      require(uart.line == 0 && uart.region.isZero, .uartUnused)
      require(registers == [0, 0], .uartRegisters)
      return
    case 1, 4, 5: require(registers == [0, 0], .uartRegisters)
    case 2, 3: require([[0, 1], [1, 1], [2, 1], [2, 4]].contains(registers), .uartRegisters)
    default: require(false, .uartKind)
    }
    device(uart.region, unit: 4096, least: 4096)
    require(ownable.contains(Int(uart.line)), .uartLine)
    require(uart.line < model.header.lineCount, .uartLine)
    require(!isPLIC || uart.line <= model.controllerParameter, .uartLine)
  }

  private mutating func device(_ region: Span, unit: UInt128, least: UInt128) {
    require(region.isMultiple(of: unit), .kernelDeviceAlignment)
    require(region.size >= least && region.size <= 0x400_0000, .kernelDeviceSize)
    require(region.end <= hostLimit, .kernelDeviceAddress)
    require(usedRAM.allSatisfy { !$0.touches(region) }, .kernelDeviceOverRAM)
  }

  mutating func kernelPlaces() {
    let kernel = model.kernel
    require(kernel.isMultiple(of: 4096), .kernelAlignment)
    require(kernel.start == image.start, .kernelBase)
    require(usedRAM.contains { kernel.isWithin($0) }, .kernelOutsideRAM)
    require(image.isWithin(kernel), .kernelImage)
    require(planSpan.isWithin(kernel), .kernelPlan)
    let tables = model.tables
    require(tables.isMultiple(of: 4096), .tablesAlignment)
    let root: UInt128 = context.architecture == .riscv64 ? 16384 : 4096
    let owner = model.controllerKind == 3 ? Int(model.controllerParameter) - 1 : -1
    let its: UInt128 =
      model.zones.indices.contains(owner)
      ? 0x1_0000 * (8 + UInt128(model.zones[owner].cpuCount)) : 0
    require(tables.size >= root * UInt128(max(1, model.zones.count)) + its, .tablesSize)
    require(tables.isWithin(kernel), .tablesOutsideKernel)
    require(!tables.touches(image), .tablesOverImage)
    require(!tables.touches(planSpan), .tablesOverPlan)
    let records = model.records
    if records.size == 0 {
      require(records.start == 0, .recordsUnused)
    } else {
      require(records.isMultiple(of: 4096), .recordsAlignment)
      require(usedRAM.contains { records.isWithin($0) }, .recordsOutsideRAM)
      require(!records.touches(kernel), .recordsOverKernel)
      require(recordLayout != nil, .recordsSize)
    }
  }

  private var recordLayout: RecordLayout? {
    RecordLayout(
      cpus: Int(model.header.cpuCount), zones: model.zones.count,
      regionBytes: UInt64(clamping: model.records.size))
  }

  /// Pages a zone may map as stamps.
  func stampPages(_ zone: Int) -> Range<UInt128> {
    guard model.records.size != 0, let layout = recordLayout else { return 0..<0 }
    let start = model.records.start + UInt128(layout.stampOffset(zone: zone))
    return start / 4096..<(start + UInt128(layout.stampByteCount)) / 4096
  }
}
