#if BRINGUP && hasFeature(Embedded) && arch(arm64)
import ArchCommon
import Bringup
internal import ArchShims
import SepKernel

// SAFETY, throughout: as in Sources/Arch/Common/BringupState.swift.

// Checks of the interrupt controller.

/// What the distributor says that it is, against the Plan.
func identifyController(_ plan: PlanView, _ line: inout ReportLine) -> CheckStatus {
  let gicd = plan.interruptController.regions[0].base
  let isV2 = InterruptController.isV2
  // ICPIDR2 of a GIC-400 (DDI 0471, 3.2), GICD_PIDR2 (IHI 0069, 12.9.31).
  let pidr2 = UInt64(shim_load32(gicd + (isV2 ? 0xfe8 : 0xffe8)))
  let iidr = UInt64(shim_load32(gicd + 8))
  return judgeGIC(pidr2: pidr2, iidr: iidr, wanted: isV2 ? 2 : 3, &line)
}

/// Identifies the controller, takes it, and this CPU's part of it.
func takeController() -> CheckStatus {
  let state = unsafe bringupState()
  guard let plan = unsafe state.pointee.plan else { return .skip }
  let isV2 = InterruptController.isV2
  let status = unsafe identifyController(plan, &state.pointee.line)
  guard status == .ok else { return status }
  guard InterruptController.matchesCPU else {
    unsafe state.pointee.line.note(
      isV2
        ? "this CPU has system registers for another interrupt controller"
        : "this CPU has no system registers for the interrupt controller")
    return .fail
  }
  let isWhole = findInterfaces(plan)
  InterruptController.initialise(lineCount: UInt32(plan.lineCount))
  enterInterface()
  guard InterruptController.isReady else {
    unsafe state.pointee.line.note(
      isV2
        ? "the distributor does not say which CPU interface is this CPU's"
        : "no redistributor of this CPU is there, or it does not wake up")
    return .fail
  }
  unsafe state.pointee.controllerReady = true
  guard isWhole else {
    unsafe state.pointee.line.note(
      isV2
        ? "fewer CPU interfaces than CPUs in the Plan" : "a CPU of the Plan has no redistributor")
    return .fail
  }
  return .ok
}

/// Looks for every CPU's part of the controller, and remembers which have none. Of a GICv2's interfaces only the number can
/// be known: GICD_TYPER.CPUNumber (IHI 0048, 4.3.2); whose they are their CPUs say (`cpu-start`).
private func findInterfaces(_ plan: PlanView) -> Bool {
  let state = unsafe bringupState()
  if InterruptController.isV2 {
    let typer = shim_load32(plan.interruptController.regions[0].base + 4)
    let count = Int(typer >> 5 & 7) + 1
    unsafe state.pointee.line.add("interfaces", count: count)
    return count >= plan.cpuCount
  }
  var missing: UInt64 = 0
  for cpu in 0..<plan.cpuCount where !hasRedistributor(cpu, plan) {
    missing |= 1 << UInt64(cpu)
  }
  unsafe state.pointee.line.add(
    "redistributors", count: plan.cpuCount - missing.nonzeroBitCount)
  var isFirst = true
  for cpu in 0..<plan.cpuCount where missing >> UInt64(cpu) & 1 != 0 {
    unsafe state.pointee.line.addItem("missing", UInt64(cpu), isFirst: isFirst)
    isFirst = false
  }
  unsafe state.pointee.interfaces &= ~missing
  return missing == 0
}

/// The calling CPU's part of the controller.
func enterInterface() {
  let block = unsafe currentCPU()
  unsafe block.pointee.redistributor = 0
  guard unsafe InterruptController.initialiseCPU(block, block.pointee.shared.pointee.plan) else {
    return
  }
  InterruptController.resetPrivate()
  reopenWatchdog()
}

extension InterruptController {
  /// Whether `initialiseCPU` found the calling CPU's part.
  static var isReady: Bool {
    let block = unsafe currentCPU()
    return unsafe isV2
      ? block.pointee.shared.pointee.interfaces[block.pointee.index] != 0
      : block.pointee.redistributor != 0
  }
}

/// A function of its own in the image, where tests have it say no.
@inline(never)
private func hasRedistributor(_ cpu: Int, _ plan: PlanView) -> Bool {
  findRedistributor(plan.cpu(cpu).hardwareID, plan) != nil
}

func countLines() -> CheckStatus {
  let state = unsafe bringupState()
  guard let plan = unsafe state.pointee.plan else { return .skip }
  // GICD_TYPER.ITLinesNumber (IHI 0069, 12.9.38).
  let typer = UInt64(shim_load32(plan.interruptController.regions[0].base + 4))
  return unsafe judgeLineCount(
    hardware: min(32 * ((typer & 0x1f) + 1), 1020), plan: UInt64(plan.lineCount),
    &state.pointee.line)
}

/// Tries group and priority of a line of this CPU that nothing uses meanwhile.
func trySecurityState() -> CheckStatus {
  let state = unsafe bringupState()
  let lines = InterruptController.privateLines
  let gicd = unsafe sharedBlock().pointee.gicd
  let bit: UInt32 = 1 << 30
  let group = lines + 0x80
  let old = shim_load32(group)
  shim_store32(group, old | bit)
  let group1 = shim_load32(group) & bit != 0
  shim_store32(group, old & ~bit)
  let group0 = shim_load32(group) & bit == 0
  shim_store32(group, old)
  shim_store8(lines + LineRegisters.priority + 30, 0xff)
  let priority = shim_load8(lines + LineRegisters.priority + 30)
  shim_store8(lines + LineRegisters.priority + 30, 0)
  // GICD_TYPER.SecurityExtn (IHI 0048, 4.3.2), GICD_CTLR.DS (IHI 0069, 12.9.4).
  let oneState =
    InterruptController.isV2
    ? shim_load32(gicd + 4) & 1 << 10 == 0 : shim_load32(gicd) & 1 << 6 != 0
  var interfaceHasGroup0 = false
  if !InterruptController.isV2 {
    // The watchdog's interrupt comes through this mask.
    let mask = shim_read_ICC_PMR_EL1()
    interfaceHasGroup0 = GICv3.hasGroup0
    shim_write_ICC_PMR_EL1(mask)
  }
  return unsafe judge(
    SecurityState(
      oneState: oneState, group1: group1, group0: group0, priority: priority,
      interfaceHasGroup0: interfaceHasGroup0),
    &state.pointee.line)
}

/// Lines that are pending again after `takeController` forgot what was pending. The UART's is the kernel's.
func findStuckLines() -> CheckStatus {
  let state = unsafe bringupState()
  guard let plan = unsafe state.pointee.plan else { return .skip }
  let gicd = unsafe sharedBlock().pointee.gicd
  var count = 0
  for line in UInt64(plan.firstSharedLine)..<UInt64(plan.lineCount)
  where line != UInt64(plan.uart.line) {
    guard shim_load32(gicd + 0x200 + line / 32 * 4) >> UInt32(line % 32) & 1 != 0 else { continue }
    unsafe state.pointee.line.addItem("lines", line, isFirst: count == 0)
    count += 1
  }
  return unsafe judgeStuckLines(
    count: count, looked: plan.lineCount - plan.firstSharedLine, &state.pointee.line)
}
#endif
