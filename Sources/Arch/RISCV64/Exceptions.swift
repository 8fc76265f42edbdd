#if hasFeature(Embedded) && arch(riscv64)
internal import ArchShims

/// Gives the zone an illegal-instruction exception for the instruction that trapped: what a hart without
/// the hypervisor extension would have done.
func injectIllegalInstruction() { injectException(Cause.illegalInstruction) }

/// Takes an exception in VS-mode as the hart would have (Privileged Architecture, 12.1.1, 12.1.2): with
/// the value the trap had.
@inline(never)
func injectException(_ cause: UInt64) {
  shim_write_vscause(cause)
  shim_write_vsepc(shim_read_sepc())
  shim_write_vstval(shim_read_stval())
  let state = shim_read_vsstatus()
  let cameFrom = shim_read_sstatus() & SupervisorStatus.previousPrivilege
  let wasEnabled = state & SupervisorStatus.interruptEnable
  let cleared =
    state
    & ~(SupervisorStatus.previousPrivilege | SupervisorStatus.previousInterruptEnable
    | SupervisorStatus.interruptEnable)
  shim_write_vsstatus(cleared | cameFrom | wasEnabled << 4)
  // Exceptions go to the base address in either mode of stvec.
  shim_write_sepc(shim_read_vstvec() & ~3)
  shim_set_sstatus(SupervisorStatus.previousPrivilege)
}
#endif
