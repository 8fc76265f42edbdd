#if hasFeature(Embedded)
internal import ArchShims

/// Gives the zone the undefined-instruction exception the architecture would: what was trapped is not
/// there. ELR_EL2 still points at the instruction.
/// Full path only.
func injectUndefined(_ frame: UnsafeMutablePointer<TrapFrame>, isAArch32: Bool) {
  let state = shim_read_SPSR_EL2()
  let address = shim_read_ELR_EL2()
  if state & 0x10 != 0, isAArch32 {
    // AArch32 EL1: DDI 0487 G1.12. UND mode, link register past the instruction, vector 4.
    let isThumb = state & (1 << 5) != 0
    shim_write_SPSR_und(state)
    // LR_und is X22 seen from AArch64 (DDI 0487, D1.6.3).
    unsafe frame[register: 22] = address + (isThumb ? 2 : 4)
    // SCTLR of an AArch32 zone is SCTLR_EL1.
    let control = shim_read_SCTLR_EL1()
    var new: UInt64 = 0x1b | state & (1 << 8) | 1 << 7
    if control & (1 << 30) != 0 { new |= 1 << 5 }
    if control & (1 << 25) != 0 { new |= 1 << 9 }
    shim_write_SPSR_EL2(new)
    let base = control & (1 << 13) != 0 ? 0xffff_0000 : shim_read_VBAR_EL1()
    shim_write_ELR_EL2(base + 4)
    return
  }
  // AArch64 EL1: DDI 0487 D1.3. Unknown reason, IL set.
  let mode = state & 0x1f
  let offset: UInt64 =
    switch mode {
    case 0x05: 0x200  // EL1h
    case 0x04: 0x000  // EL1t
    case 0x00: 0x400  // EL0, AArch64
    default: 0x600  // EL0, AArch32
    }
  shim_write_SPSR_EL1(state)
  shim_write_ELR_EL1(address)
  shim_write_ESR_EL1(1 << 25)
  shim_write_SPSR_EL2(SavedState.aarch64)
  shim_write_ELR_EL2(shim_read_VBAR_EL1() + offset)
}

#endif
