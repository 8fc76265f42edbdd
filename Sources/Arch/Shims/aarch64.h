#ifndef ARCH_SHIMS_AARCH64_H
#define ARCH_SHIMS_AARCH64_H

#include "common.h"

// Barriers, hints, maintenance.
SHIM void shim_isb(void) { __asm__ volatile("isb" ::: "memory"); }
SHIM void shim_dsb_sy(void) { __asm__ volatile("dsb sy" ::: "memory"); }
SHIM void shim_dsb_ish(void) { __asm__ volatile("dsb ish" ::: "memory"); }
/// Orders accesses of this CPU as other CPUs see them, whatever the architecture.
SHIM void shim_order(void) { __asm__ volatile("dmb ish" ::: "memory"); }
SHIM void shim_dsb_ishst(void) { __asm__ volatile("dsb ishst" ::: "memory"); }
SHIM void shim_wfi(void) { __asm__ volatile("wfi" ::: "memory"); }
SHIM void shim_sev(void) { __asm__ volatile("sev" ::: "memory"); }
SHIM void shim_yield(void) { __asm__ volatile("yield" ::: "memory"); }
SHIM void shim_mask_interrupts(void) { __asm__ volatile("msr DAIFSet, #2" ::: "memory"); }
SHIM void shim_unmask_interrupts(void) { __asm__ volatile("msr DAIFClr, #2" ::: "memory"); }
SHIM void shim_ic_iallu(void) { __asm__ volatile("ic iallu" ::: "memory"); }
SHIM void shim_dc_civac(uint64_t a) { __asm__ volatile("dc civac, %0" ::"r"(a) : "memory"); }
SHIM void shim_tlbi_vae2(uint64_t a) { __asm__ volatile("tlbi vae2, %0" ::"r"(a) : "memory"); }
SHIM void shim_tlbi_vmalls12e1(void) { __asm__ volatile("tlbi vmalls12e1" ::: "memory"); }
SHIM void shim_tlbi_alle1(void) { __asm__ volatile("tlbi alle1" ::: "memory"); }
SHIM void shim_tlbi_vmalls12e1is(void) { __asm__ volatile("tlbi vmalls12e1is" ::: "memory"); }

/// Secure monitor call with four arguments (SMC Calling Convention 1.0 preserves x4-x17 and up).
SHIM uint64_t shim_smc(uint64_t f, uint64_t a, uint64_t b, uint64_t c) {
  register uint64_t x0 __asm__("x0") = f;
  register uint64_t x1 __asm__("x1") = a;
  register uint64_t x2 __asm__("x2") = b;
  register uint64_t x3 __asm__("x3") = c;
  __asm__ volatile("smc #0"
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
                   :
                   : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
                     "x16", "x17", "memory");
  return x0;
}

// System registers: shim_read_NAME and shim_write_NAME.
#define READ(name, reg)                              \
  SHIM uint64_t shim_read_##name(void) {             \
    uint64_t v;                                      \
    __asm__ volatile("mrs %0, " reg : "=r"(v)::"memory"); \
    return v;                                        \
  }
#define WRITE(name, reg) \
  SHIM void shim_write_##name(uint64_t v) { __asm__ volatile("msr " reg ", %0" ::"r"(v) : "memory"); }
#define READ_WRITE(name, reg) READ(name, reg) WRITE(name, reg)

READ(CNTPCT_EL0, "CNTPCT_EL0")
READ(CNTFRQ_EL0, "CNTFRQ_EL0")
READ(MPIDR_EL1, "MPIDR_EL1")
READ(MIDR_EL1, "MIDR_EL1")
READ(CTR_EL0, "CTR_EL0")
READ(CLIDR_EL1, "CLIDR_EL1")
READ(CCSIDR_EL1, "CCSIDR_EL1")
READ(CurrentEL, "CurrentEL")
READ(ID_AA64MMFR0_EL1, "ID_AA64MMFR0_EL1")
READ(ESR_EL2, "ESR_EL2")
READ(FAR_EL2, "FAR_EL2")
READ(HPFAR_EL2, "HPFAR_EL2")
READ_WRITE(ELR_EL2, "ELR_EL2")
READ_WRITE(SPSR_EL2, "SPSR_EL2")
READ_WRITE(TPIDR_EL2, "TPIDR_EL2")
READ_WRITE(HCR_EL2, "HCR_EL2")
WRITE(VTCR_EL2, "VTCR_EL2")
READ_WRITE(VTTBR_EL2, "VTTBR_EL2")
WRITE(VPIDR_EL2, "VPIDR_EL2")
WRITE(VMPIDR_EL2, "VMPIDR_EL2")
WRITE(CPTR_EL2, "CPTR_EL2")
WRITE(HSTR_EL2, "HSTR_EL2")
WRITE(MDCR_EL2, "MDCR_EL2")
READ(PMCR_EL0, "PMCR_EL0")
READ(ID_AA64DFR0_EL1, "ID_AA64DFR0_EL1")
WRITE(CNTHCTL_EL2, "CNTHCTL_EL2")
WRITE(CNTHP_CTL_EL2, "CNTHP_CTL_EL2")
WRITE(CNTHP_CVAL_EL2, "CNTHP_CVAL_EL2")
WRITE(CNTVOFF_EL2, "CNTVOFF_EL2")
READ(ID_AA64MMFR1_EL1, "ID_AA64MMFR1_EL1")
WRITE(HCRX_EL2, "S3_4_C1_C2_2")
WRITE(HFGRTR_EL2, "S3_4_C1_C1_4")
WRITE(HFGWTR_EL2, "S3_4_C1_C1_5")
WRITE(HFGITR_EL2, "S3_4_C1_C1_6")
WRITE(HDFGRTR_EL2, "S3_4_C3_C1_4")
WRITE(HDFGWTR_EL2, "S3_4_C3_C1_5")
WRITE(VBAR_EL2, "VBAR_EL2")
WRITE(ICC_SRE_EL2, "S3_4_C12_C9_5")
READ_WRITE(ICH_HCR_EL2, "S3_4_C12_C11_0")
READ_WRITE(ICC_PMR_EL1, "S3_0_C4_C6_0")
READ(ICC_RPR_EL1, "S3_0_C12_C11_3")
WRITE(ICC_DIR_EL1, "S3_0_C12_C11_1")
READ(ICC_IAR1_EL1, "S3_0_C12_C12_0")
WRITE(ICC_EOIR1_EL1, "S3_0_C12_C12_1")
READ_WRITE(ICC_CTLR_EL1, "S3_0_C12_C12_4")
WRITE(ICC_SRE_EL1, "S3_0_C12_C12_5")
WRITE(ICC_IGRPEN0_EL1, "S3_0_C12_C12_6")
READ_WRITE(ICC_IGRPEN1_EL1, "S3_0_C12_C12_7")
WRITE(ICC_BPR1_EL1, "S3_0_C12_C12_3")
WRITE(ICC_SGI1R_EL1, "S3_0_C12_C11_5")
WRITE(ICC_AP0R0_EL1, "S3_0_C12_C8_4")
READ_WRITE(ICC_AP1R0_EL1, "S3_0_C12_C9_0")

// EL1 state a zone starts with.
READ_WRITE(SCTLR_EL1, "SCTLR_EL1")
WRITE(CPACR_EL1, "CPACR_EL1")
WRITE(TTBR0_EL1, "TTBR0_EL1")
WRITE(TTBR1_EL1, "TTBR1_EL1")
WRITE(TCR_EL1, "TCR_EL1")
WRITE(MAIR_EL1, "MAIR_EL1")
WRITE(AMAIR_EL1, "AMAIR_EL1")
READ_WRITE(VBAR_EL1, "VBAR_EL1")
WRITE(ELR_EL1, "ELR_EL1")
WRITE(SPSR_EL1, "SPSR_EL1")
WRITE(ESR_EL1, "ESR_EL1")
WRITE(FAR_EL1, "FAR_EL1")
WRITE(AFSR0_EL1, "AFSR0_EL1")
WRITE(AFSR1_EL1, "AFSR1_EL1")
WRITE(PAR_EL1, "PAR_EL1")
WRITE(SP_EL0, "SP_EL0")
WRITE(SP_EL1, "SP_EL1")
WRITE(TPIDR_EL0, "TPIDR_EL0")
WRITE(TPIDRRO_EL0, "TPIDRRO_EL0")
WRITE(TPIDR_EL1, "TPIDR_EL1")
WRITE(CONTEXTIDR_EL1, "CONTEXTIDR_EL1")
WRITE(CSSELR_EL1, "CSSELR_EL1")
WRITE(CNTKCTL_EL1, "CNTKCTL_EL1")
WRITE(CNTV_CTL_EL0, "CNTV_CTL_EL0")
WRITE(CNTP_CTL_EL0, "CNTP_CTL_EL0")
WRITE(CNTV_CVAL_EL0, "CNTV_CVAL_EL0")
WRITE(CNTP_CVAL_EL0, "CNTP_CVAL_EL0")
WRITE(MDSCR_EL1, "MDSCR_EL1")
WRITE(DACR32_EL2, "DACR32_EL2")
WRITE(IFSR32_EL2, "IFSR32_EL2")
WRITE(SPSR_abt, "SPSR_abt")
WRITE(SPSR_und, "SPSR_und")
WRITE(SPSR_irq, "SPSR_irq")
WRITE(SPSR_fiq, "SPSR_fiq")
WRITE(PMCR_EL0, "PMCR_EL0")
WRITE(PMUSERENR_EL0, "PMUSERENR_EL0")
WRITE(PMINTENCLR_EL1, "PMINTENCLR_EL1")
WRITE(PMCNTENCLR_EL0, "PMCNTENCLR_EL0")
WRITE(PMOVSCLR_EL0, "PMOVSCLR_EL0")

/// AArch64 and AArch32 identification register at CRm `crm` (1-7), op2 `op2` (0-7): op0 3, op1 0,
/// CRn 0. One MRS per encoding, because the encoding is part of the instruction.
SHIM uint64_t shim_read_id(uint32_t crm, uint32_t op2) {
#define ID(c, o)                                                      \
  case (c) * 8 + (o): {                                               \
    uint64_t v;                                                       \
    __asm__ volatile("mrs %0, S3_0_C0_C" #c "_" #o : "=r"(v));        \
    return v;                                                         \
  }
#define ID_ROW(c) ID(c, 0) ID(c, 1) ID(c, 2) ID(c, 3) ID(c, 4) ID(c, 5) ID(c, 6) ID(c, 7)
  switch (crm * 8 + op2) {
    ID_ROW(1) ID_ROW(2) ID_ROW(3) ID_ROW(4) ID_ROW(5) ID_ROW(6) ID_ROW(7)
  }
  return 0;
#undef ID
#undef ID_ROW
}

#undef READ
#undef WRITE
#undef READ_WRITE

// Routines in Sources/KernelEntry.
/// Exception vectors of EL2.
extern uint8_t kernel_vectors;
SHIM uint64_t shim_kernel_vectors(void) { return (uint64_t)&kernel_vectors; }
/// Where PSCI CPU_ON starts a CPU; x0 is its stack top.
extern uint8_t kernel_secondary_start;
SHIM uint64_t shim_kernel_secondary_start(void) { return (uint64_t)&kernel_secondary_start; }
/// Where a CPU comes that firmware without PSCI let go.
extern uint8_t kernel_released_start;
SHIM uint64_t shim_kernel_released_start(void) { return (uint64_t)&kernel_released_start; }
/// Enables the MMU with the tables at `root`; the caller is identity mapped.
__attribute__((swift_attr("@_noLocks"), swift_attr("@safe")))
void kernel_enable_mmu(uint64_t root, uint64_t tcr, uint64_t mair, uint64_t sctlr);
/// Leaves for EL1 with x0-x3 as given, every other general register zero, and the stack reset to
/// `stack_top`. ELR_EL2 and SPSR_EL2 are already set.
__attribute__((noreturn, swift_attr("@_noLocks"), swift_attr("@safe")))
void kernel_enter_guest(uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t stack_top);

#endif
