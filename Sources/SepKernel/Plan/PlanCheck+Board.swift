extension PlanCheck {
  /// Checks the board record: what exists, and what of it the kernel keeps for itself.
  @_optimize(size)
  func board() throws(PlanError) {
    try boardIdentity()
    try ram()
    try windows()
    try interruptController()
    try uart()
    try kernel()
    try tables()
    try records()
  }

  @_optimize(size)
  private func boardIdentity() throws(PlanError) {
    var length = 0
    while length < 32, plan.boardName(length) >= 0x20, plan.boardName(length) < 0x7f {
      length += 1
    }
    guard length > 0 else { throw PlanError(.boardName) }
    for index in length..<32 where plan.boardName(index) != 0 { throw PlanError(.boardName) }
    guard plan.boardReserved == 0 else { throw PlanError(.boardReserved) }
    guard plan.baselineSamples <= Plan.baselineLimit else { throw PlanError(.baselineSamples) }
    guard plan.ramCount >= 1, plan.ramCount <= Plan.ramCapacity else { throw PlanError(.ramCount) }
    guard plan.deviceCount <= Plan.deviceCapacity else { throw PlanError(.deviceCount) }
  }

  @_optimize(size)
  private func ram() throws(PlanError) {
    var end: UInt64 = 0
    for index in 0..<plan.ramCount {
      let region = plan.ram(index)
      guard region.isGranular else { throw PlanError(.ramAlignment, item: index) }
      guard region.size > 0 else { throw PlanError(.ramEmpty, item: index) }
      guard region.lies(below: hostLimit) else { throw PlanError(.ramAddress, item: index) }
      guard region.base >= end else { throw PlanError(.ramOrder, item: index) }
      end = region.end
    }
    let start = PlanView.ramOffset + plan.ramCount * MemoryLayout<PlanRegion>.stride
    guard plan.isZero(from: start, to: PlanView.devicesOffset) else { throw PlanError(.ramUnused) }
  }

  /// Windows may overlap each other and the kernel's devices: only ranges give anything away, and
  /// they are checked one by one.
  @_optimize(size)
  private func windows() throws(PlanError) {
    for index in 0..<plan.deviceCount {
      let window = plan.device(index)
      guard window.isGranular else { throw PlanError(.windowAlignment, item: index) }
      guard window.size > 0 else { throw PlanError(.windowEmpty, item: index) }
      guard window.lies(below: hostLimit) else { throw PlanError(.windowAddress, item: index) }
      if let ram = ramOverlapping(window) {
        throw PlanError(.windowOverRAM, item: index, otherItem: ram)
      }
    }
    let start = PlanView.devicesOffset + plan.deviceCount * MemoryLayout<PlanRegion>.stride
    let end = PlanView.devicesOffset + Plan.deviceCapacity * MemoryLayout<PlanRegion>.stride
    guard plan.isZero(from: start, to: end) else { throw PlanError(.windowUnused) }
  }

  @_optimize(size)
  private func interruptController() throws(PlanError) {
    let controller = plan.interruptController
    guard let kind = controller.knownKind, kind.architecture == context.architecture else {
      throw PlanError(.controllerKind)
    }
    guard plan.cpuCount <= kind.cpuLimit else { throw PlanError(.cpuCount) }
    switch kind {
    case .gicV2: try gicV2(controller)
    case .gicV3: try gicV3(controller)
    case .plic: try plic(controller)
    case .aia: try aia(controller)
    }
    guard plan.counterFrequency > 0 || kind.architecture.tellsCounterFrequency else {
      throw PlanError(.counterFrequency)
    }
  }

  @_optimize(size)
  private func gicV2(_ controller: PlanInterruptController) throws(PlanError) {
    guard controller.parameter == 0 else { throw PlanError(.controllerParameter) }
    try unusedRegions(of: controller, from: 2)
    try kernelDevice(0, granule: PlanLimits.granule, atLeast: PlanLimits.granule)
    try kernelDevice(1, granule: PlanLimits.granule, atLeast: PlanLimits.gicInterface)
  }

  @_optimize(size)
  private func gicV3(_ controller: PlanInterruptController) throws(PlanError) {
    let its = controller.regions[2]
    guard controller.parameter <= UInt32(its.size > 0 ? plan.zoneCount : 0) else {
      throw PlanError(.controllerParameter)
    }
    try unusedRegions(of: controller, from: 3)
    guard its.size > 0 || its.base == 0 else { throw PlanError(.controllerUnused) }
    let redistributors = UInt64(plan.cpuCount) * PlanLimits.gicRedistributor
    try kernelDevice(0, granule: PlanLimits.gicFrame, atLeast: PlanLimits.gicFrame)
    try kernelDevice(1, granule: PlanLimits.gicFrame, atLeast: redistributors)
    if its.size > 0 {
      try kernelDevice(2, granule: PlanLimits.gicFrame, atLeast: PlanLimits.gicITS)
    }
  }

  @_optimize(size)
  private func plic(_ controller: PlanInterruptController) throws(PlanError) {
    guard controller.parameter >= 1, controller.parameter < Plan.lineCapacity else {
      throw PlanError(.controllerParameter)
    }
    try unusedRegions(of: controller, from: 1)
    try kernelDevice(
      0, granule: PlanLimits.granule, atLeast: PlanLimits.plicContexts + PlanLimits.granule)
  }

  @_optimize(size)
  private func aia(_ controller: PlanInterruptController) throws(PlanError) {
    guard controller.parameter >= 1, controller.parameter <= PlanLimits.imsicGuestBits else {
      throw PlanError(.controllerParameter)
    }
    try unusedRegions(of: controller, from: 2)
    let files: UInt64 = 1 << controller.imsicShift
    try kernelDevice(0, granule: PlanLimits.granule, atLeast: PlanLimits.aplicDomain)
    try kernelDevice(1, granule: files, atLeast: files)
  }

  @_optimize(size)
  private func unusedRegions(
    of controller: PlanInterruptController, from first: Int
  ) throws(PlanError) {
    for index in first..<4 {
      let region = controller.regions[index]
      guard region.base | region.size == 0 else { throw PlanError(.controllerUnused) }
    }
  }

  @_optimize(size)
  private func uart() throws(PlanError) {
    let uart = plan.uart
    guard uart.reservedIsZero else { throw PlanError(.boardReserved) }
    guard let kind = PlanUARTKind(rawValue: uart.kind) else { throw PlanError(.uartKind) }
    guard kind.allows(registerShift: uart.registerShift, registerWidth: uart.registerWidth) else {
      throw PlanError(.uartRegisters)
    }
    guard kind != .none else {
      guard uart.line == 0, uart.region.base | uart.region.size == 0 else {
        throw PlanError(.uartUnused)
      }
      return
    }
    try kernelDevice(3, granule: PlanLimits.granule, atLeast: PlanLimits.granule)
    guard isOwnable(line: uart.line), plan.interruptController.hasSource(Int(uart.line)) else {
      throw PlanError(.uartLine, item: Int(uart.line))
    }
  }

  /// Checks the region of a device the kernel drives, against RAM and the devices before it.
  @_optimize(size)
  private func kernelDevice(
    _ index: Int, granule: UInt64, atLeast size: UInt64
  ) throws(PlanError) {
    let region = kernelDeviceRegion(index)
    guard (region.base | region.size) & (granule - 1) == 0 else {
      throw PlanError(.kernelDeviceAlignment, item: index)
    }
    guard region.size >= size, region.size <= PlanLimits.kernelDeviceSize else {
      throw PlanError(.kernelDeviceSize, item: index)
    }
    guard region.lies(below: hostLimit) else {
      throw PlanError(.kernelDeviceAddress, item: index)
    }
    if let ram = ramOverlapping(region) {
      throw PlanError(.kernelDeviceOverRAM, item: index, otherItem: ram)
    }
    for other in 0..<index where region.overlaps(kernelDeviceRegion(other)) {
      throw PlanError(.kernelDeviceOverlap, item: index, otherItem: other)
    }
  }

  @_optimize(size)
  private func kernel() throws(PlanError) {
    let kernel = plan.kernel
    guard kernel.isGranular else { throw PlanError(.kernelAlignment) }
    guard kernel.base == context.image.base else { throw PlanError(.kernelBase) }
    guard isInRAM(kernel) else { throw PlanError(.kernelOutsideRAM) }
    guard kernel.contains(context.image) else { throw PlanError(.kernelImage) }
    guard kernel.contains(planRegion) else { throw PlanError(.kernelPlan) }
  }

  @_optimize(size)
  private func tables() throws(PlanError) {
    let tables = plan.tables
    guard tables.isGranular else { throw PlanError(.tablesAlignment) }
    let roots = UInt64(max(plan.zoneCount, 1)) * context.architecture.rootTableSize
    guard tables.size >= roots &+ translationTables else { throw PlanError(.tablesSize) }
    guard plan.kernel.contains(tables) else { throw PlanError(.tablesOutsideKernel) }
    guard !tables.overlaps(context.image) else { throw PlanError(.tablesOverImage) }
    guard !tables.overlaps(planRegion) else { throw PlanError(.tablesOverPlan) }
  }

  @_optimize(size)
  private func records() throws(PlanError) {
    let records = plan.records
    guard records.size > 0 else {
      guard records.base == 0 else { throw PlanError(.recordsUnused) }
      return
    }
    guard records.isGranular else { throw PlanError(.recordsAlignment) }
    guard isInRAM(records) else { throw PlanError(.recordsOutsideRAM) }
    guard !records.overlaps(plan.kernel) else { throw PlanError(.recordsOverKernel) }
    guard recordLayout != nil else { throw PlanError(.recordsSize) }
  }
}
