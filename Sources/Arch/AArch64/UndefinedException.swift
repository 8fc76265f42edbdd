#if hasFeature(Embedded) && arch(arm64)
internal import ArchShims

// SAFETY: the frame belongs to the calling CPU; see Entry.swift.

/// Gives the zone the undefined-instruction exception the architecture would: what was trapped is not
/// there. ELR_EL2 still points at the instruction.
/// Full path only.
func injectUndefined(_ frame: UnsafeMutablePointer<TrapFrame>, isAArch32: Bool) {
  let state = shim_read_SPSR_EL2()
  if state & 0x10 != 0, isAArch32 {
    let address = shim_read_ELR_EL2()
    // AArch32 EL1: DDI 0487 G1.12. UND mode, link register past the instruction, vector 4.
    let isThumb = state & (1 << 5) != 0
    shim_write_SPSR_und(state)
    // LR_und is X22 seen from AArch64 (DDI 0487, D1.6.3).
    unsafe frame[register: 22] = address + (isThumb ? 2 : 4)
    // SCTLR of an AArch32 zone is SCTLR_EL1.
    let control = shim_read_SCTLR_EL1()
    var new: UInt64 = 0x1b | state & (1 << 8 | 1 << 6) | 1 << 7
    if control & (1 << 30) != 0 { new |= 1 << 5 }
    if control & (1 << 25) != 0 { new |= 1 << 9 }
    shim_write_SPSR_EL2(new)
    let base = control & (1 << 13) != 0 ? 0xffff_0000 : shim_read_VBAR_EL1()
    shim_write_ELR_EL2(base + 4)
    return
  }
  // Unknown reason, IL set.
  enterEL1(syndrome: 1 << 25)
}

/// Gives an AArch64 zone a synchronous external abort for the data access that trapped: what a bus
/// answers an access its device does not support.
func injectExternalAbort() {
  let isSameLevel = shim_read_SPSR_EL2() & 0xf != 0
  shim_write_FAR_EL1(shim_read_FAR_EL2())
  enterEL1(syndrome: (isSameLevel ? 0x25 : 0x24) << 26 | 1 << 25 | 0b01_0000)
}

/// Makes the zone's CPU take a synchronous exception to EL1 (DDI 0487, D1.3) at ELR_EL2.
private func enterEL1(syndrome: UInt64) {
  let state = shim_read_SPSR_EL2()
  let offset: UInt64 =
    switch state & 0x1f {
    case 0x05: 0x200  // EL1h
    case 0x04: 0x000  // EL1t
    case 0x00: 0x400  // EL0, AArch64
    default: 0x600  // EL0, AArch32
    }
  shim_write_SPSR_EL1(state)
  shim_write_ELR_EL1(shim_read_ELR_EL2())
  shim_write_ESR_EL1(syndrome)
  // PAN, DIT and SSBS (bits 22, 24, 12) stay; PAN is set where SCTLR_EL1.SPAN (bit 23) is 0.
  var new = SavedState.aarch64 | state & (1 << 22 | 1 << 24 | 1 << 12)
  if hasPrivilegedAccessNever, shim_read_SCTLR_EL1() & (1 << 23) == 0 { new |= 1 << 22 }
  shim_write_SPSR_EL2(new)
  shim_write_ELR_EL2(shim_read_VBAR_EL1() + offset)
}

/// ID_AA64MMFR1_EL1.PAN.
private var hasPrivilegedAccessNever: Bool { shim_read_ID_AA64MMFR1_EL1() >> 20 & 0xf != 0 }
#endif
