#if hasFeature(Embedded) && arch(arm64)
import ArchCommon
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: the block belongs to the calling CPU; the Plan was admitted at boot.

// A CPU outside its zone: waiting for a command, loading the zone, entering it.

/// Waits in the kernel until this CPU is told to enter its zone. The stack is reset on the way in, so
/// this may be called from any depth.
func park() -> Never {
  let block = unsafe currentCPU()
  let cpu = unsafe block.pointee.index
  let zone = unsafe block.pointee.zone
  let kernel = unsafe block.pointee.kernel
  resetGuestRegisters()
  InterruptController.listenForWake()
  unsafe kernel.pointee.cpus[cpu].state.store(
    CPUState.idle.rawValue, ordering: .sequentiallyConsistent)
  while true {
    if zone >= 0 {
      switch unsafe kernel.pointee.takeCommand(cpu: cpu, zone: zone) {
      case .none, .reserved: break
      case .startZone: startZone()
      case .enterZone: enterBootCPU()
      case .startVCPU:
        let entry = unsafe kernel.pointee.cpus[cpu].entry.load(ordering: .acquiring)
        let context = unsafe kernel.pointee.cpus[cpu].context.load(ordering: .acquiring)
        enterZone(entry: entry, arguments: [context, 0, 0, 0])
      }
    }
    shim_wfi()
    InterruptController.clearWake()
  }
}

/// Loads the zone of this CPU from its pristine image and enters it. The zone is `starting`.
func startZone() -> Never {
  let block = unsafe currentCPU()
  let zone = unsafe block.pointee.zone
  // Every CPU that enters the zone empties its own instruction cache then (`enterZone`); a broadcast
  // would empty those of other zones, too.
  unsafe block.pointee.kernel.pointee.load(
    zone: zone, block.pointee.shared.pointee.plan.zone(zone), AArch64Machine())
  enterBootCPU()
}

/// Enters the zone of this CPU where its Plan says.
func enterBootCPU() -> Never {
  let block = unsafe currentCPU()
  let plan = unsafe block.pointee.shared.pointee.plan.zone(block.pointee.zone)
  enterZone(
    entry: plan.entry,
    arguments: [plan.argument(0), plan.argument(1), plan.argument(2), plan.argument(3)])
}

/// Enters the zone on this CPU with a CPU as it is after reset.
func enterZone(entry: UInt64, arguments: InlineArray<4, UInt64>) -> Never {
  let block = unsafe currentCPU()
  let zone = unsafe block.pointee.zone
  let isAArch32 = unsafe block.pointee.shared.pointee.zones[zone].isAArch32
  InterruptController.resetPrivate()
  // Open, although nothing is enabled: a zone that ends in WFI before it set its interrupts up can
  // still be woken, and so stopped.
  InterruptController.open()
  resetGuestRegisters()
  shim_write_SCTLR_EL1(isAArch32 ? resetControlAArch32 : resetControlAArch64)
  shim_write_HCR_EL2(unsafe block.pointee.shared.pointee.zones[zone].hcr)
  shim_write_VTTBR_EL2(unsafe block.pointee.shared.pointee.zones[zone].vttbr)
  shim_write_VMPIDR_EL2(unsafe block.pointee.vcpu | 1 << 31)
  shim_write_ELR_EL2(isAArch32 ? entry & ~1 : entry)
  shim_write_SPSR_EL2(
    isAArch32 ? SavedState.aarch32(thumb: entry & 1 != 0) : SavedState.aarch64)
  shim_tlbi_vmalls12e1()
  shim_ic_iallu()
  shim_dsb_ish()
  shim_isb()
  let stackTop = UInt64(UInt(bitPattern: block))
  kernel_enter_guest(arguments[0], arguments[1], arguments[2], arguments[3], stackTop)
}

/// EL1 and EL0 state of this CPU as after reset, timers and debug off.
func resetGuestRegisters() {
  shim_write_CNTV_CTL_EL0(0)
  shim_write_CNTP_CTL_EL0(0)
  shim_write_CNTV_CVAL_EL0(0)
  shim_write_CNTP_CVAL_EL0(0)
  shim_write_CNTKCTL_EL1(0)
  shim_write_CPACR_EL1(0)
  shim_write_TTBR0_EL1(0)
  shim_write_TTBR1_EL1(0)
  shim_write_TCR_EL1(0)
  shim_write_MAIR_EL1(0)
  shim_write_AMAIR_EL1(0)
  shim_write_VBAR_EL1(0)
  shim_write_ELR_EL1(0)
  shim_write_SPSR_EL1(0)
  shim_write_ESR_EL1(0)
  shim_write_FAR_EL1(0)
  shim_write_AFSR0_EL1(0)
  shim_write_AFSR1_EL1(0)
  shim_write_PAR_EL1(0)
  shim_write_SP_EL0(0)
  shim_write_SP_EL1(0)
  shim_write_TPIDR_EL0(0)
  shim_write_TPIDRRO_EL0(0)
  shim_write_TPIDR_EL1(0)
  shim_write_CONTEXTIDR_EL1(0)
  shim_write_CSSELR_EL1(0)
  shim_write_MDSCR_EL1(0)
  shim_write_DACR32_EL2(0)
  shim_write_IFSR32_EL2(0)
  shim_write_SPSR_abt(0)
  shim_write_SPSR_und(0)
  shim_write_SPSR_irq(0)
  shim_write_SPSR_fiq(0)
  if PerformanceMonitor.isPresent {
    // E and D off, event and cycle counters reset.
    shim_write_PMCR_EL0(0b110)
    shim_write_PMUSERENR_EL0(0)
    shim_write_PMINTENCLR_EL1(0xffff_ffff)
    shim_write_PMCNTENCLR_EL0(0xffff_ffff)
    shim_write_PMOVSCLR_EL0(0xffff_ffff)
  }
}

/// PMUv3, which the zone that owns the CPU owns too.
enum PerformanceMonitor {
  /// ID_AA64DFR0_EL1.PMUVer names a PMUv3.
  static var isPresent: Bool {
    let version = shim_read_ID_AA64DFR0_EL1() >> 8 & 0xf
    return version != 0 && version != 0xf
  }
}
#endif
