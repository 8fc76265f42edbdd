#if BRINGUP && hasFeature(Embedded) && arch(arm64)
import ArchCommon
import Bringup
internal import ArchShims
import SepKernel

// SAFETY, throughout: as in Sources/Arch/Common/BringupState.swift.

extension AArch64Bringup {
  /// The least of the interrupt controller that lets one line of this CPU through, long before `interrupt-controller` judges
  /// it. Only what it finds where the Plan says is written to.
  func openWatchdog() {
    let state = unsafe bringupState()
    guard let plan = unsafe state.pointee.plan, hasPlan else { return }
    var line = ReportLine()
    guard identifyController(plan, &line) == .ok, InterruptController.matchesCPU else { return }
    let gicd = plan.interruptController.regions[0].base
    let block = unsafe currentCPU()
    unsafe block.pointee.redistributor = 0
    guard unsafe InterruptController.initialiseCPU(block, plan) else { return }
    // A boot loader may have left lines enabled: the first one would mask the others (Sources/BringupEntry).
    for word in 1..<UInt64(plan.lineCount + 31) / 32 {
      shim_store32(gicd + 0x180 + word * 4, ~0)
    }
    let lines = InterruptController.privateLines
    let bit: UInt32 = 1 << UInt32(watchdogLine)
    let isV2 = InterruptController.isV2
    let group = shim_load32(lines + 0x080)
    shim_store32(lines + 0x180, ~0)
    shim_store32(lines + 0x080, isV2 ? group & ~bit : group | bit)
    shim_store8(lines + LineRegisters.priority + watchdogLine, 0)
    // As `InterruptController.initialise`.
    shim_store32(gicd, 0)
    shim_store32(gicd, isV2 ? 1 : 0x12)
    shim_dsb_sy()
    unsafe state.pointee.hasWatchdog = true
  }
}

/// The interrupt controller came anew, and with it this CPU's lines: the watchdog's comes through again.
func reopenWatchdog() {
  if unsafe bringupState().pointee.hasWatchdog { openTimer(watchdogLine) }
}
#endif
