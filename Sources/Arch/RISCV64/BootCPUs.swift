#if hasFeature(Embedded) && arch(riscv64)
internal import ArchShims
import LatencyProbe
import SepKernel
import Synchronization

// SAFETY, throughout: blocks are reserved by the linker script; a CPU changes its own, the boot CPU
// those of CPUs that do not run yet.

// The last part of the boot: this CPU, and the other CPUs.

/// This CPU's part of the hardware: trap registers, what the hart has, probe block. False when the hart
/// lacks what the Plan wants of it.
@_optimize(size)
func initialiseCPU(_ block: UnsafeMutablePointer<CPUBlock>) -> Bool {
  shim_write_sscratch(UInt64(UInt(bitPattern: block)))
  shim_write_stvec(shim_kernel_vectors())
  shim_write_sie(0)
  shim_write_hedeleg(delegatedExceptions)
  shim_write_hideleg(delegatedInterrupts)
  shim_write_hcounteren(zoneCounters)
  shim_write_htimedelta(0)
  shim_write_hgatp(0)
  shim_set_sstatus(SupervisorStatus.extensions)
  // Harts before these registers trap on them, and some that have them do too.
  _ = kernel_try_write_hstateen0(HypervisorStateEnable.zone)
  let hasEnvironment = kernel_try_write_henvcfg(HypervisorEnvironment.zone) != 0
  let plan = unsafe block.pointee.shared.pointee.plan
  // Written in any case: at 0 it can hold the zone's timer interrupt pending, though zones do not get it.
  let hasCompare = kernel_try_write_vstimecmp(~0) != 0
  unsafe block.pointee.hasTimerCompare = hasEnvironment && hasCompare
  if unsafe block.pointee.hasInterruptFile {
    guard InterruptFile.isPresent, kernel_try_write_vsiselect(0) != 0 else { return false }
  }
  if unsafe block.pointee.countsCycles, kernel_try_read_cycle() == 0 { return false }
  if kernel_try_read_time() == 0 { return false }
  resetGuestRegisters()
  let index = unsafe block.pointee.index
  guard let records = recordRegion() else { return false }
  let probe = unsafe records.initialiseCPU(
    index, hardwareID: plan.cpu(index).hardwareID,
    zone: plan.cpu(index).owner == PlanOwner.nobody
      ? CPUProbeBlock.nobody : UInt32(plan.cpu(index).owner))
  unsafe block.pointee.probe = probe
  unsafe block.pointee.exitLog = records.exitLog(cpu: index)
  unsafe measureProbe(block)
  if plan.baselineSamples > 0 {
    unsafe BoardBaseline.measure(block, samples: plan.baselineSamples)
  }
  return true
}

/// What one `recordExit` costs, itself included in the records it makes. The trial is erased.
private func measureProbe(_ block: UnsafeMutablePointer<CPUBlock>) {
  let probe = unsafe block.pointee.probe
  let start = unsafe block.pointee.recordTime
  // Arguments the compiler does not know, as on an exit; a small number, as most exits take.
  unsafe probe.pointee.recordExit(
    reason: .other, ticks: shim_read_sepc() & 0xff, pc: shim_read_sepc())
  let cost = unsafe block.pointee.recordTime &- start
  unsafe probe.pointee.residency[Int(ExitReason.other.rawValue)] = Histogram()
  unsafe probe.pointee.probeCost = cost
}

/// Makes this hart the CPU the Plan has for it, and gives its index.
@_optimize(size)
func takeBootCPU(
  _ plan: PlanView, hart: UInt64, _ kernel: UnsafeMutablePointer<KernelBlock>
) -> Int {
  var boot: Int?
  for cpu in 0..<plan.cpuCount where plan.cpu(cpu).hardwareID == hart { boot = cpu }
  guard let boot else { unsafe refuse("the boot CPU is not in the Plan", kernel) }
  unsafe sharedBlock().pointee.bootCPU = boot
  if unsafe !initialiseCPU(cpuBlock(boot)) {
    unsafe refuse("the hart lacks what the Plan wants of it", kernel)
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
    unsafe kernel.pointee.powerOn(cpu, RISCV64Machine())
    if unsafe kernel.pointee.isReportedMissing(cpu) { continue }
    let limit = shim_read_time() &+ patience
    BoardBaseline.await(cpu, limit: limit)
    unsafe kernel.pointee.awaitCPU(cpu, limit: limit, RISCV64Machine())
  }
}

/// Runs on every other CPU, MMU on, stack ready.
func secondary(_ block: UnsafeMutablePointer<CPUBlock>) -> Never {
  if unsafe !initialiseCPU(block) { halt() }
  if unsafe block.pointee.shared.pointee.plan.baselineSamples > 0 {
    unsafe RISCV64Machine().wake(cpu: block.pointee.shared.pointee.bootCPU)
  }
  park()
}
#endif
