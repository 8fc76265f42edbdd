#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims
import SepKernel

// SAFETY: the block belongs to the calling CPU; see Entry.swift.

/// Waits for an interrupt of this CPU on behalf of its zone (trapped WFI, CPU_SUSPEND).
///
/// A zone could make itself deaf: with its interrupt groups disabled, its priority mask closed or an
/// interrupt of the highest priority active, not even the kernel's wake-up ends a WFI. So the wait
/// happens with the CPU interface open. WFI may end early; that is all the zone sees of it.
///
/// The time spent here is the zone's own, not the kernel's: the exit is timed from the end.
func waitForInterrupt(_ block: UnsafeMutablePointer<CPUBlock>) {
  if InterruptController.isV2 {
    let shared = unsafe block.pointee.shared
    GICv2.wait(unsafe shared.pointee.gicd, unsafe shared.pointee.gicc)
    unsafe block.pointee.entryTick = shim_read_CNTPCT_EL0()
    return
  }
  let mask = shim_read_ICC_PMR_EL1()
  let enabled = shim_read_ICC_IGRPEN1_EL1()
  let active = shim_read_ICC_AP1R0_EL1()
  shim_write_ICC_AP1R0_EL1(0)
  shim_write_ICC_PMR_EL1(0xff)
  shim_write_ICC_IGRPEN1_EL1(1)
  shim_isb()
  shim_wfi()
  shim_write_ICC_IGRPEN1_EL1(enabled)
  shim_write_ICC_PMR_EL1(mask)
  shim_write_ICC_AP1R0_EL1(active)
  shim_isb()
  unsafe block.pointee.entryTick = shim_read_CNTPCT_EL0()
}
#endif
