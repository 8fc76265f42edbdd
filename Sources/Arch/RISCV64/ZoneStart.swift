#if hasFeature(Embedded) && arch(riscv64)
internal import ArchShims
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
  shim_write_sie(InterruptBit.software)
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
    // Pending and enabled ends it, masked as it is.
    shim_wfi()
    shim_clear_sip(InterruptBit.software)
  }
}

/// Loads the zone of this CPU from its pristine image and enters it. The zone is `starting`.
func startZone() -> Never {
  let block = unsafe currentCPU()
  let zone = unsafe block.pointee.zone
  unsafe block.pointee.kernel.pointee.load(
    zone: zone, block.pointee.shared.pointee.plan.zone(zone), RISCV64Machine())
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

/// Enters the zone on this CPU with a CPU as it is after reset: a0 is the vCPU number (SBI 2.0, 9.1),
/// `arguments` are a1-a4.
func enterZone(entry: UInt64, arguments: InlineArray<4, UInt64>) -> Never {
  let block = unsafe currentCPU()
  let zone = unsafe block.pointee.zone
  resetGuestRegisters()
  // Before it could be seen: what an IPI left of the zone's last life.
  unsafe block.pointee.shared.pointee.requests[block.pointee.index].store(0, ordering: .relaxed)
  shim_write_hgatp(unsafe block.pointee.shared.pointee.zones[zone].hgatp)
  shim_hfence_gvma()
  shim_hfence_vvma()
  shim_fence_i()
  let external = unsafe block.pointee.hasInterruptFile ? 0 : InterruptBit.external
  shim_write_sie(InterruptBit.software | external)
  shim_write_sepc(entry)
  shim_set_sstatus(SupervisorStatus.previousPrivilege)
  shim_clear_sstatus(SupervisorStatus.previousInterruptEnable)
  let stackTop = UInt64(UInt(bitPattern: block))
  kernel_enter_guest(
    unsafe block.pointee.vcpu, arguments[0], arguments[1], arguments[2], arguments[3], stackTop)
}

/// hstatus with which zones of this CPU run. VTVM, VTW and VTSR are clear: address spaces, WFI and SRET
/// are the zone's own.
func zoneStatus(_ block: UnsafeMutablePointer<CPUBlock>) -> UInt64 {
  HypervisorStatus.previousVirtualization | HypervisorStatus.previousVirtualPrivilege
    | HypervisorStatus.xlen64
    | (unsafe block.pointee.hasInterruptFile ? HypervisorStatus.guestFile(1) : 0)
}

/// VS-mode state of this CPU as after reset, timer and interrupt file off.
func resetGuestRegisters() {
  let block = unsafe currentCPU()
  shim_write_hstatus(unsafe zoneStatus(block))
  shim_write_hvip(0)
  shim_write_hie(0)
  shim_write_vsstatus(SupervisorStatus.userXLEN64)
  shim_write_vstvec(0)
  shim_write_vsscratch(0)
  shim_write_vsepc(0)
  shim_write_vscause(0)
  shim_write_vstval(0)
  shim_write_vsatp(0)
  // Shared with the zone, because there are no copies of them for VS-mode.
  shim_write_scounteren(0)
  shim_write_senvcfg(0)
  if unsafe block.pointee.hasTimerCompare {
    shim_write_vstimecmp(~0)
  } else {
    _ = shim_sbi(SBIExtension.timer, 0, ~0, 0, 0, 0)
  }
  if unsafe block.pointee.hasInterruptFile { InterruptFile.reset() }
}
#endif
