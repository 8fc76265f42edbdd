#if BRINGUP && hasFeature(Embedded) && arch(riscv64)
import ArchCommon
import Bringup
internal import ArchShims
import SepKernel

// SAFETY, throughout: as in Sources/Arch/Common/BringupState.swift.

// Checks of PLIC or AIA.

private var controllerBase: UInt64 {
  unsafe sharedBlock().pointee.plan.interruptController.regions[0].base
}

private var isAIA: Bool {
  unsafe sharedBlock().pointee.plan.interruptController.kind
    == PlanInterruptControllerKind.aia.rawValue
}

/// Identifies the controller, silences it, and prepares this hart.
func takeController() -> CheckStatus {
  let state = unsafe bringupState()
  let plan = unsafe sharedBlock().pointee.plan
  let base = controllerBase
  initialiseHart()
  let status: CheckStatus
  if isAIA {
    shim_store32(base, 0x8000_0004)
    status = unsafe judgeAIA(
      domain: shim_load32(base), guestFile: InterruptFile.isPresent, &state.pointee.line)
    if status == .ok {
      APLIC(bus: HardwareBus(), base: base).initialise(lineCount: UInt32(plan.lineCount))
    }
  } else {
    // riscv-plic-spec 1.0.0, chapters 6 and 7: enables 0x80 bytes, thresholds a page for each context.
    let context = UInt64(plan.cpu(unsafe state.pointee.own).controllerIndex)
    let enable = base + 0x2000 + context * 0x80
    let threshold = base + 0x20_0000 + context * 0x1000
    shim_store32(enable, 1 << 1)
    let enableKept = shim_load32(enable) & 2 != 0
    shim_store32(enable, 0)
    shim_store32(threshold, 1)
    let thresholdKept = shim_load32(threshold) == 1
    shim_store32(threshold, 0)
    status = unsafe judgePLIC(
      enableKept: enableKept, thresholdKept: thresholdKept, &state.pointee.line)
    if status == .ok { disableAll(plan) }
  }
  unsafe state.pointee.controllerReady = status == .ok
  return status
}

/// Nothing is enabled in any context of the Plan's harts.
private func disableAll(_ plan: PlanView) {
  for cpu in 0..<plan.cpuCount {
    let enable = controllerBase + 0x2000 + UInt64(plan.cpu(cpu).controllerIndex) * 0x80
    for word in 0..<UInt64(32) { shim_store32(enable + word * 4, 0) }
  }
}

/// Whether a source has a register that keeps what is written: its priority, or its configuration.
private func keeps(source: UInt64) -> Bool {
  let register = controllerBase + source * 4
  let old = shim_load32(register)
  // A rising edge for an APLIC (AIA 1.0, 4.5.2); any priority for a PLIC.
  let value: UInt32 = isAIA ? 4 : 1
  shim_store32(register, value)
  let kept = shim_load32(register) == value
  shim_store32(register, old)
  return kept
}

func countLines() -> CheckStatus {
  let state = unsafe bringupState()
  let plan = unsafe sharedBlock().pointee.plan
  var count: UInt64 = 0
  while count < 1023, keeps(source: count + 1) { count += 1 }
  let wanted =
    isAIA ? UInt64(plan.lineCount) - 1 : UInt64(plan.interruptController.parameter)
  return unsafe judgeLineCount(hardware: count, plan: wanted, &state.pointee.line)
}

func trySource() -> CheckStatus {
  let state = unsafe bringupState()
  let source = unsafe sharedBlock().pointee.plan.uart.line
  return unsafe judgeSourceAccess(kept: keeps(source: max(UInt64(source), 1)), &state.pointee.line)
}

/// Sources whose wire is up with nothing enabled. The UART's is the kernel's.
func findStuckLines() -> CheckStatus {
  let state = unsafe bringupState()
  let plan = unsafe sharedBlock().pointee.plan
  let base = controllerBase
  let last = isAIA ? UInt64(plan.lineCount) - 1 : UInt64(plan.interruptController.parameter)
  var count = 0
  for source in 1...max(last, 1) where source != UInt64(plan.uart.line) {
    let word = source / 32 * 4
    let isUp: Bool
    if isAIA {
      // Level-sensitive for a moment: in_clrip is then the wire (4.7).
      shim_store32(base + source * 4, 6)
      isUp = shim_load32(base + 0x1d00 + word) >> UInt32(source % 32) & 1 != 0
      shim_store32(base + source * 4, 0)
    } else {
      isUp = shim_load32(base + 0x1000 + word) >> UInt32(source % 32) & 1 != 0
    }
    guard isUp else { continue }
    unsafe state.pointee.line.addItem("lines", source, isFirst: count == 0)
    count += 1
  }
  return unsafe judgeStuckLines(count: count, looked: Int(last), &state.pointee.line)
}
#endif
