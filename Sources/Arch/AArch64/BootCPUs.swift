#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: blocks are reserved by the linker script; a CPU changes its own, the boot CPU
// those of CPUs that do not run yet.

// The last part of the boot: this CPU, the other CPUs, and the zones they start.

/// Starts a CPU by PSCI, or where the Plan says that it waits; 0, or PSCI's error.
@inline(never) @_optimize(size)
func startCPU(_ cpu: Int) -> Int64 {
  let block = unsafe cpuBlock(cpu)
  let address = UInt64(UInt(bitPattern: block))
  let shared = unsafe sharedBlock()
  let affinity = unsafe shared.pointee.affinities[cpu]
  unsafe block.pointee.ownID = affinity | 1 << 31
  // Read with the MMU off: all of the block's page.
  cleanInvalidate(address, 0x1000)
  let release = unsafe UInt64(shared.pointee.plan.cpu(cpu).releaseAddress)
  if release == 0 {
    return Int64(
      bitPattern: shim_smc(
        UInt64(FirmwareFunction.cpuOn | FirmwareFunction.smc64), affinity,
        shim_kernel_secondary_start(), address))
  }
  shim_store64(release, shim_kernel_released_start())
  shim_dsb_sy()
  shim_sev()
  return 0
}

/// This CPU's part of the hardware: trap registers, interrupt controller, probe block. False when
/// its part of the interrupt controller is not there or does not wake up.
@_optimize(size)
func initialiseCPU(_ block: UnsafeMutablePointer<CPUBlock>) -> Bool {
  shim_write_TPIDR_EL2(UInt64(UInt(bitPattern: block)))
  shim_write_VBAR_EL2(shim_kernel_vectors())
  shim_isb()
  let features = shim_read_ID_AA64MMFR0_EL1()
  shim_write_HCR_EL2(HypervisorConfiguration.zone(aarch32: false, trapsWait: false))
  shim_write_VTCR_EL2(ZoneTranslation.vtcr(paRange: features))
  shim_write_VTTBR_EL2(0)
  shim_write_VPIDR_EL2(shim_read_MIDR_EL1())
  // CPTR_EL2: trace, SVE and SME trap, floating point does not.
  shim_write_CPTR_EL2(0x33ff | 1 << 20)
  shim_write_HSTR_EL2(0)
  // Reset values of these are unknown (DDI 0487, D23): no fine-grained trap, no extended feature.
  if features >> 56 & 0xf != 0 {
    shim_write_HFGRTR_EL2(0)
    shim_write_HFGWTR_EL2(0)
    shim_write_HFGITR_EL2(0)
    shim_write_HDFGRTR_EL2(0)
    shim_write_HDFGWTR_EL2(0)
  }
  if shim_read_ID_AA64MMFR1_EL1() >> 40 & 0xf != 0 { shim_write_HCRX_EL2(0) }
  if PerformanceMonitor.isPresent {
    // All counters are the zone's: MDCR_EL2.HPMN = PMCR_EL0.N.
    shim_write_MDCR_EL2(1 << 14 | shim_read_PMCR_EL0() >> 11 & 0x1f)
  } else {
    shim_write_MDCR_EL2(1 << 14)
  }
  // Both timers are the zone's (EL1PCTEN, EL1PCEN); the kernel uses none.
  shim_write_CNTHCTL_EL2(3)
  shim_write_CNTHP_CTL_EL2(0)
  shim_write_CNTVOFF_EL2(0)
  shim_tlbi_alle1()
  let plan = unsafe block.pointee.shared.pointee.plan
  let index = unsafe block.pointee.index
  guard InterruptController.matchesCPU, unsafe InterruptController.initialiseCPU(block, plan)
  else { return false }
  guard let records = recordRegion() else { return false }
  let probe = unsafe records.initialiseCPU(
    index, hardwareID: plan.cpu(index).hardwareID,
    zone: plan.cpu(index).owner == PlanOwner.nobody
      ? CPUProbeBlock.nobody : UInt32(plan.cpu(index).owner))
  unsafe block.pointee.probe = probe
  unsafe block.pointee.exitLog = records.exitLog(cpu: index)
  unsafe measureProbe(probe)
  if plan.baselineSamples > 0 {
    unsafe BoardBaseline.measure(block, samples: plan.baselineSamples)
  }
  return true
}

/// What one `recordExit` costs, itself included in the records it makes. The trial is erased.
@_optimize(size)
private func measureProbe(_ probe: UnsafeMutablePointer<CPUProbeBlock>) {
  let start = shim_read_CNTPCT_EL0()
  // Arguments the compiler does not know, as on an exit; a small number, as most exits take.
  unsafe probe.pointee.recordExit(
    reason: .other, ticks: shim_read_ELR_EL2() & 0xff, pc: shim_read_ELR_EL2())
  let cost = shim_read_CNTPCT_EL0() &- start
  unsafe probe.pointee.residency[Int(ExitReason.other.rawValue)] = Histogram()
  unsafe probe.pointee.probeCost = cost
}

/// Makes this CPU the one the Plan has for it, and gives its index.
@_optimize(size)
func takeBootCPU(_ plan: PlanView, _ kernel: UnsafeMutablePointer<KernelBlock>) -> Int {
  let own = shim_read_MPIDR_EL1() & 0xff_00ff_ffff
  var boot: Int?
  for cpu in 0..<plan.cpuCount where plan.cpu(cpu).hardwareID == own { boot = cpu }
  guard let boot else { unsafe refuse("the boot CPU is not in the Plan", kernel) }
  unsafe sharedBlock().pointee.bootCPU = boot
  if unsafe !initialiseCPU(cpuBlock(boot)) {
    unsafe refuse("the interrupt controller is not the Plan's", kernel)
  }
  unsafe kernel.pointee.cpus[boot].state.store(
    CPUState.idle.rawValue, ordering: .sequentiallyConsistent)
  return boot
}

/// Brings up the other CPUs one after the other, for each to measure the board while nobody else
/// does anything. Zones wait for that, real-time zones too: a choice of the Plan.
@_optimize(size)
func measureBoard(
  _ own: Int, _ plan: PlanView, _ shared: UnsafeMutablePointer<SharedBlock>,
  _ kernel: UnsafeMutablePointer<KernelBlock>
) {
  let frequency = unsafe shared.pointee.counterFrequency
  // Twice the time that the samples take, and 200 ms to come up.
  let patience =
    frequency / 5 + UInt64(plan.baselineSamples) * BoardBaseline.period(frequency) * 2
  for cpu in 0..<plan.cpuCount where cpu != own {
    unsafe kernel.pointee.powerOn(cpu, AArch64Machine())
    if unsafe kernel.pointee.isReportedMissing(cpu) { continue }
    let limit = shim_read_CNTPCT_EL0() &+ patience
    BoardBaseline.await(cpu, limit: limit)
    unsafe kernel.pointee.awaitCPU(cpu, limit: limit, AArch64Machine())
  }
}

/// Runs on every other CPU, MMU on, stack ready.
func secondary(_ block: UnsafeMutablePointer<CPUBlock>) -> Never {
  if unsafe !initialiseCPU(block) { halt() }
  if unsafe block.pointee.shared.pointee.plan.baselineSamples > 0 {
    unsafe BoardBaseline.reportEnd(block.pointee.shared)
  }
  park()
}
#endif
