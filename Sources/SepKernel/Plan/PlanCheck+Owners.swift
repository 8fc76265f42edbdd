extension PlanCheck {
  /// Checks the table of CPUs: each is one physical CPU with at most one owner.
  @_optimize(size)
  func cpus() throws(PlanError) {
    var booted = context.bootHardwareID == nil
    for index in 0..<plan.cpuCount {
      let cpu = plan.cpu(index)
      // Only AArch64 boards pass the check of the interrupt controller.
      guard cpu.hardwareID & ~PlanLimits.affinityMask == 0 else {
        throw PlanError(.cpuHardwareID, item: index)
      }
      for other in 0..<index where plan.cpu(other).hardwareID == cpu.hardwareID {
        throw PlanError(.cpuDuplicate, item: index, otherItem: other)
      }
      guard cpu.owner == PlanOwner.nobody || cpu.owner < plan.zoneCount else {
        throw PlanError(.cpuOwner, item: index)
      }
      guard plan.cpuOwnerWord(index) >> 8 == 0 else { throw PlanError(.cpuReserved, item: index) }
      booted = booted || cpu.hardwareID == context.bootHardwareID
    }
    for index in plan.cpuCount..<Plan.cpuCapacity {
      guard plan.cpu(index).hardwareID == 0, plan.cpuOwnerWord(index) == PlanOwner.nobody else {
        throw PlanError(.cpuUnused, item: index)
      }
    }
    guard booted else { throw PlanError(.bootCPUMissing) }
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
    guard index >= PlanLimits.firstSharedLine else { throw PlanError(.linePrivate, item: index) }
    guard index < PlanLimits.firstSpecialLine else { throw PlanError(.lineSpecial, item: index) }
    guard index < plan.lineCount else { throw PlanError(.lineBeyondCount, item: index) }
    guard
      line.owner < plan.zoneCount || line.owner == PlanOwner.kernel
        || line.owner == PlanOwner.nobody
    else { throw PlanError(.lineOwner, item: index) }
    guard line.kind == PlanLine.wired || line.kind == PlanLine.doorbell else {
      throw PlanError(.lineKind, item: index)
    }
    if index == Int(plan.uart.line), line.owner < plan.zoneCount {
      guard line.kind == PlanLine.doorbell else { throw PlanError(.uartLineWired, item: index) }
    }
  }
}
