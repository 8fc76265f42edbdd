extension PlanCheck {
  /// Checks the table of CPUs: each is one physical CPU with at most one owner.
  @_optimize(size)
  func cpus() throws(PlanError) {
    var booted = context.bootHardwareID == nil
    for index in 0..<plan.cpuCount {
      let cpu = plan.cpu(index)
      guard cpu.hardwareID & ~controllerKind.hardwareIDMask == 0 else {
        throw PlanError(.cpuHardwareID, item: index)
      }
      guard plan.interruptController.holds(index: cpu.controllerIndex) else {
        throw PlanError(.cpuController, item: index)
      }
      try differs(cpu, index)
      guard cpu.owner == PlanOwner.nobody || cpu.owner < plan.zoneCount else {
        throw PlanError(.cpuOwner, item: index)
      }
      guard cpu.reserved0 == 0 else { throw PlanError(.cpuReserved, item: index) }
      guard isReleasable(cpu) else { throw PlanError(.cpuRelease, item: index) }
      booted = booted || cpu.hardwareID == context.bootHardwareID
    }
    try unusedCPUs()
    guard booted else { throw PlanError(.bootCPUMissing) }
  }

  /// The kernel writes to the page of the word where a CPU waits: it must be in nobody's memory, or its owner could
  /// start CPUs. All CPUs have such a word, or none.
  @inline(never) @_optimize(size)
  private func isReleasable(_ cpu: PlanCPU) -> Bool {
    let address = UInt64(cpu.releaseAddress)
    guard (address == 0) == plan.startsByFirmware else { return false }
    if address == 0 { return true }
    let page = PlanRegion(base: address & ~0xfff, size: PlanLimits.granule)
    guard controllerKind.architecture == .aarch64, address & 7 == 0, ramOverlapping(page) == nil
    else { return false }
    for index in 0..<plan.deviceCount where plan.device(index).overlaps(page) { return false }
    for index in 0..<4 where kernelDeviceRegion(index).overlaps(page) { return false }
    return true
  }

  @inline(never)
  private func unusedCPUs() throws(PlanError) {
    for index in plan.cpuCount..<Plan.cpuCapacity {
      guard plan.cpu(index).hardwareID == 0, plan.cpuOwnerWord(index) == PlanOwner.nobody else {
        throw PlanError(.cpuUnused, item: index)
      }
    }
  }

  /// Compares a CPU with those before it. Where CPUs have an index in the interrupt controller, two
  /// with one would take each other's interrupts.
  @_optimize(size)
  private func differs(_ cpu: PlanCPU, _ index: Int) throws(PlanError) {
    for item in 0..<index {
      let other = plan.cpu(item)
      guard other.hardwareID != cpu.hardwareID else {
        throw PlanError(.cpuDuplicate, item: index, otherItem: item)
      }
      guard other.controllerIndex != cpu.controllerIndex || !controllerKind.numbersCPUs else {
        throw PlanError(.cpuControllerDuplicate, item: index, otherItem: item)
      }
      guard other.releaseAddress != cpu.releaseAddress || cpu.releaseAddress == 0 else {
        throw PlanError(.cpuRelease, item: index)
      }
    }
  }

  /// CPUs that `zone` owns.
  @_optimize(size)
  func ownedCPUs(_ zone: Int) -> Int {
    var count = 0
    for index in 0..<plan.cpuCount where Int(plan.cpu(index).owner) == zone { count += 1 }
    return count
  }

  /// Checks the table of lines, four at a time: most belong to nobody.
  @_optimize(size)
  func lines() throws(PlanError) {
    let idle: UInt64 = 0x00ff_00ff_00ff_00ff
    for word in 0..<Plan.lineCapacity / 4 where plan.fourLines(word) != idle {
      for index in word * 4..<word * 4 + 4 { try line(index) }
    }
  }

  @_optimize(size)
  private func line(_ index: Int) throws(PlanError) {
    let line = plan.line(index)
    guard line.owner != PlanOwner.nobody || line.kind != PlanLine.wired else { return }
    guard index >= controllerKind.firstSharedLine else {
      throw PlanError(.linePrivate, item: index)
    }
    guard index < controllerKind.firstSpecialLine else {
      throw PlanError(.lineSpecial, item: index)
    }
    guard index < plan.lineCount else { throw PlanError(.lineBeyondCount, item: index) }
    guard
      line.owner < plan.zoneCount || line.owner == PlanOwner.kernel
        || line.owner == PlanOwner.nobody
    else { throw PlanError(.lineOwner, item: index) }
    guard line.kind == PlanLine.wired || line.kind == PlanLine.doorbell else {
      throw PlanError(.lineKind, item: index)
    }
    try source(of: line, index)
    if index == Int(plan.uart.line), line.owner < plan.zoneCount {
      guard line.kind == PlanLine.doorbell else { throw PlanError(.uartLineWired, item: index) }
    }
  }

  /// Checks, where doorbells are lines without a source, that each is and no wired line is. The
  /// UART's line may be a doorbell all the same: the kernel takes it and pends it for its owner.
  @_optimize(size)
  private func source(of line: PlanLine, _ index: Int) throws(PlanError) {
    let controller = plan.interruptController
    let virtual = controller.virtualLines
    let isVirtual =
      line.kind == PlanLine.doorbell && !virtual.isEmpty && index != Int(plan.uart.line)
    guard isVirtual ? virtual.contains(index) : controller.hasSource(index) else {
      throw PlanError(.lineSource, item: index)
    }
  }
}
